import {
  BIGINT,
  DOUBLE,
  DuckDBDateValue,
  DuckDBDecimalValue,
  DuckDBListValue,
  DuckDBStructValue,
  DuckDBTimestampTZValue,
  DuckDBTimestampValue,
  type DuckDBType,
  type DuckDBValue,
  LIST,
  listValue,
  timestampValue,
  VARCHAR,
} from "@duckdb/node-api";

/** What a statement can be given. A list reaches SQL as a list: `where x in (select unnest(?))`. */
export type Param = null | boolean | number | bigint | string | Date | readonly (number | string)[];
export type Params = readonly Param[] | Readonly<Record<string, Param>>;

const msPerDay = 86_400_000;

/** Microseconds since 1970 to milliseconds; part of a millisecond is kept as a fraction. */
const milliseconds = (micros: bigint): number =>
  Number(micros / 1000n) + Number(micros % 1000n) / 1000;

/**
 * A value of the engine as plain JavaScript: integers and decimals as numbers, instants as UTC milliseconds, lists as arrays,
 * NULL as `null`. Integers past 2^53 lose their last digits: read such columns as text.
 */
export function plain(value: DuckDBValue): unknown {
  if (typeof value === "bigint") return Number(value);
  if (typeof value !== "object" || value === null) return value;
  if (value instanceof DuckDBDecimalValue) return Number(value.toString());
  if (value instanceof DuckDBTimestampValue) return milliseconds(value.micros);
  if (value instanceof DuckDBTimestampTZValue) return milliseconds(value.micros);
  if (value instanceof DuckDBDateValue) return value.days * msPerDay;
  if (value instanceof DuckDBListValue) return value.items.map(plain);
  if (value instanceof DuckDBStructValue) {
    return Object.fromEntries(
      Object.entries(value.entries).map(([key, item]) => [key, plain(item)]),
    );
  }
  return String(value);
}

function bound(param: Param): [DuckDBValue, DuckDBType | undefined] {
  if (param instanceof Date) return [timestampValue(BigInt(param.getTime()) * 1000n), undefined];
  if (Array.isArray(param)) {
    const items = param as readonly (number | string)[];
    if (items.some((item) => typeof item === "string")) return [listValue(items), LIST(VARCHAR)];
    const whole = items.every((item) => Number.isSafeInteger(item));
    return whole
      ? [listValue(items.map((item) => BigInt(item))), LIST(BIGINT)]
      : [listValue(items), LIST(DOUBLE)];
  }
  if (typeof param === "number") {
    return Number.isSafeInteger(param) ? [BigInt(param), BIGINT] : [param, DOUBLE];
  }
  return [param as DuckDBValue, undefined];
}

type Bound =
  | { values: DuckDBValue[]; types: DuckDBType[] }
  | { values: Record<string, DuckDBValue>; types: Record<string, DuckDBType | undefined> };

/** Parameters as the engine's binding wants them. Whole numbers are bound as 64-bit integers, others as doubles. */
export function bind(params: Params): Bound {
  if (Array.isArray(params)) {
    const pairs = (params as readonly Param[]).map(bound);
    return {
      values: pairs.map(([value]) => value),
      types: pairs.map(([, type]) => type) as DuckDBType[],
    };
  }
  const pairs = Object.entries(params).map(([name, param]) => [name, bound(param)] as const);
  return {
    values: Object.fromEntries(pairs.map(([name, [value]]) => [name, value])),
    types: Object.fromEntries(pairs.map(([name, [, type]]) => [name, type])),
  };
}

/** A text as an SQL literal. For names that come from code and options; what comes from rows travels in tables. */
export const literal = (text: string): string => `'${text.replaceAll("'", "''")}'`;
