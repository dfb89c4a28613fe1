import type { Column, Table } from "../types.js";

/** What the signals are made of, one entry per customer; `NaN` = not defined or not known. */
export interface LapseInput {
  readonly daysSinceOrder: ArrayLike<number>;
  readonly daysSinceFirstOrder: ArrayLike<number>;
  readonly orders: ArrayLike<number>;
  /** Mean days between days with an order; missing before the second. */
  readonly gapDays: ArrayLike<number>;
  /** Days in the last 90 with an open, a click, a visit or the like. */
  readonly activeDays: ArrayLike<number>;
}

/**
 * Signals of whether a customer orders within `horizonDays`, free of the shop's own scale, so that one set of priors fits shops of
 * any rhythm:
 * - `recency`: log of the days since the last order, in horizons
 * - `pace`: log of the orders to be expected in the horizon at the customer's rate so far
 * - `overdue`: log of how often the usual gap has passed since, 0 while it has not and before the second order
 * - `frequency`: log of the orders so far
 * - `activity`: log of the active days, 1 added; missing for all where nobody has any
 */
export function lapseSignals(input: LapseInput, horizonDays: number): Table {
  const rows = input.orders.length;
  const { daysSinceOrder: since, daysSinceFirstOrder: age, orders, gapDays: gap } = input;
  const anyActivity = Array.from(input.activeDays).some((days) => days > 0);
  const column = (name: string, value: (row: number) => number): Column => ({
    name,
    kind: "number",
    values: Float32Array.from({ length: rows }, (_, row) => value(row)),
  });
  return {
    rows,
    columns: [
      column("recency", (row) => Math.log((since[row] + 1) / (horizonDays + 1))),
      column("pace", (row) => Math.log((horizonDays * orders[row]) / (age[row] + horizonDays))),
      column("overdue", (row) => Math.max(0, Math.log((since[row] + 1) / (gap[row] + 1))) || 0),
      column("frequency", (row) => Math.log(orders[row])),
      column("activity", (row) => (anyActivity ? Math.log1p(input.activeDays[row]) : Number.NaN)),
    ],
  };
}
