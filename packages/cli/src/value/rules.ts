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
  const again = each((row) => {
    const { offsets, days: at } = history;
    let count = 0;
    for (let index = offsets[customers.codes[row]] + 1; at[index] <= until; index++) {
      if (index >= offsets[customers.codes[row] + 1]) break;
      if (at[index] > until - days) count++;
    }
    return count;
  });
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
    rule("the same again as in as many days before", again, worth),
  ];
}

/** The last order is recent when it is no longer ago than so many of the customer's own mean gaps. */
const recentGaps = 2;
