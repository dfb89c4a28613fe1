import { type Customers, weekDays } from "./customers.js";
import type { History } from "./history.js";

/** A forecast that needs no model: orders and spending of each customer in the days after `until`. */
export interface Rule {
  readonly name: string;
  readonly orders: Float64Array;
  readonly spent: Float64Array;
}

/** What people do without a model, for the given number of days after `until`. */
export function simpleRules(history: History, customers: Customers, days: number): Rule[] {
  const { rows, purchases, spent, paid, first, last, until } = customers;
  const { frequency, age } = purchases;
  const weeks = days / weekDays;
  const sum = (values: Float64Array) => values.reduce((total, value) => total + value, 0);
  const meanRate = sum(frequency) / Math.max(1 / weekDays, sum(age));
  const meanPaid = sum(spent) / Math.max(1, sum(paid));
  const each = (value: (row: number) => number) =>
    Float64Array.from({ length: rows }, (_, row) => value(row));
  const perOrder = each((row) => (paid[row] > 0 ? spent[row] / paid[row] : 0));
  const rule = (name: string, orders: Float64Array, worth: (row: number) => number): Rule => ({
    name,
    orders,
    spent: each((row) => (spent.length > 0 ? orders[row] * worth(row) : 0)),
  });

  const own = each((row) => (age[row] > 0 ? (frequency[row] / age[row]) * weeks : 0));
  const meanGap = sum(each((row) => last[row] - first[row])) / Math.max(1, sum(frequency));
  const isRecent = (row: number) =>
    until - last[row] <=
    recentGaps * (frequency[row] > 0 ? (last[row] - first[row]) / frequency[row] : meanGap);
  const medianGaps = each((row) => medianGap(history, customers.codes[row], frequency[row]));
  const worth = (row: number) => perOrder[row];
  return [
    rule(
      "everybody's mean rate",
      each(() => meanRate * weeks),
      () => meanPaid,
    ),
    rule("own rate so far", own, worth),
    rule(
      "own rate while the last order is recent",
      each((row) => (isRecent(row) ? own[row] : 0)),
      worth,
    ),
    rule(
      "own median gap",
      medianGaps.map((gap) => (gap > 0 ? days / gap : 0)),
      worth,
    ),
  ];
}

/** What each customer did in the last `days` days, the first order aside, once more; `undefined` where less than that is known. */
export function sameAgain(
  { offsets, days: at, first }: History,
  { rows, codes, spent, paid, until }: Customers,
  days: number,
): Rule | undefined {
  if (until - days < first - 1) return undefined;
  const orders = Float64Array.from(codes, (code) => {
    let count = 0;
    for (let index = offsets[code] + 1; index < offsets[code + 1] && at[index] <= until; index++)
      if (at[index] > until - days) count++;
    return count;
  });
  return {
    name: "the same again",
    orders,
    spent: Float64Array.from({ length: rows }, (_, row) =>
      paid[row] > 0 ? (orders[row] * spent[row]) / paid[row] : 0,
    ),
  };
}

/** The last order is recent when it is no longer ago than so many of the customer's own mean gaps. */
const recentGaps = 2;

/** The median of the days between a customer's first `count` + 1 orders; 0 when there is none. */
function medianGap({ offsets, days }: History, code: number, count: number): number {
  const start = offsets[code];
  const gaps = Float64Array.from(
    { length: count },
    (_, at) => days[start + at + 1] - days[start + at],
  );
  gaps.sort();
  const middle = count >> 1;
  if (count === 0) return 0;
  return count % 2 === 1 ? gaps[middle] : (gaps[middle - 1] + gaps[middle]) / 2;
}
