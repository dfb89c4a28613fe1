import type { Parameter } from "./sql.js";
import type { Param } from "./values.js";

/**
 * The functions that engines spell differently, and nothing else: what DuckDB and ClickHouse share is written out in the queries.
 * Arguments and results are SQL.
 */
export interface Functions {
  /** Days from one timestamp to another as a double, broken days included. */
  days(from: string, to: string): string;
  /** Whole days from one date to another. */
  dates(from: string, to: string): string;
  /** A timestamp as UTC milliseconds, a double. */
  ms(value: string): string;
  /** As double precision. */
  f64(value: string): string;
  /** As single precision, NULL as NaN: the form in which columns leave the engine. */
  f32(value: string): string;
  /** A double as a number whose sum does not depend on the order of adding. */
  exact(value: string): string;
  /** The largest value among the rows that hold, NULL if there is none. */
  maxWhere(value: string, condition: string): string;
  /** The smallest value among the rows that hold, NULL if there is none. */
  minWhere(value: string, condition: string): string;
  /** The value where `by` is largest; a row whose value is NULL does not count. */
  argMax(value: string, by: string): string;
  /** The middle value, or the mean of the middle two. */
  median(value: string): string;
  /** The value of the row before, NULL on the first. */
  lag(value: string): string;
}

/** What an engine needs so that the store's queries run on it. */
export interface Dialect {
  readonly name: string;
  readonly functions: Functions;
  /** The placeholder of the n-th parameter, counted from 1. */
  parameter(type: Parameter["type"], index: number): string;
  bind(parameter: Parameter): Param;
}

const microsecondsPerDay = "86400000000.0";

export const duckdb: Dialect = {
  name: "duckdb",
  functions: {
    days: (from, to) => `((epoch_us(${to}) - epoch_us(${from})) / ${microsecondsPerDay})`,
    dates: (from, to) => `date_diff('day', ${from}, ${to})`,
    ms: (value) => `(epoch_us(${value}) / 1000.0)`,
    f64: (value) => `cast(${value} as double)`,
    f32: (value) => `coalesce(cast(${value} as float), 'nan'::float)`,
    exact: (value) => `try_cast(${value} as decimal(30, 6))`,
    maxWhere: (value, condition) => `max(${value}) filter (where ${condition})`,
    minWhere: (value, condition) => `min(${value}) filter (where ${condition})`,
    argMax: (value, by) => `arg_max(${value}, ${by})`,
    median: (value) => `median(${value})`,
    lag: (value) => `lag(${value})`,
  },
  parameter: (_, index) => `$${index}`,
  bind: ({ type, value }) => (type === "instant" ? new Date(value) : value),
};
