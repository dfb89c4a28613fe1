import { asBefore, levels, quantile, type Rule } from "./next-order-rules.js";
import type { Came, Customers } from "./value-customers.js";

/** What people did at an earlier day, and in the `days` after. */
export interface Earlier {
  readonly customers: Customers;
  readonly came: Came;
  readonly days: number;
}

/**
 * The simple rules that a model must beat. One amount each: what customers spent on average before; each customer's own rate; and
 * the same for those not silent for too long, nothing for the others (the hiatus heuristic of Wübben & Wangenheim 2008), the
 * longest silence chosen at the earlier day. Ranges: the same for everybody, the best there are in hindsight; and what came of
 * customers in the same tenth at the earlier day, by silence or by own rate.
 */
export function valueRules(
  earlier: Earlier,
  now: Customers,
  horizonDays: number,
  truth: Float64Array,
): readonly Rule[] {
  const scale = horizonDays / earlier.days;
  const came = earlier.came.spent.map((amount) => amount * scale);
  const mean = came.reduce((sum, amount) => sum + amount, 0) / came.length;
  const sorted = truth.slice().sort();
  const everybody = (amount: number) => new Float64Array(truth.length).fill(amount);
  const alone = (values: Float64Array) => levels.map(() => values);
  const longest = longestSilence(earlier);
  const own = ownRate(now, horizonDays);
  return [
    { name: "historic mean", forecasts: alone(everybody(mean)) },
    { name: "own rate", forecasts: alone(own) },
    {
      name: "recency rule",
      forecasts: alone(own.map((amount, row) => (now.idle[row] <= longest ? amount : 0))),
    },
    {
      name: "everybody alike, in hindsight",
      forecasts: levels.map((level) => everybody(quantile(sorted, level))),
    },
    {
      name: "same tenth by silence",
      forecasts: asBefore({ key: earlier.customers.idle, came }, now.idle, 10),
    },
    {
      name: "same tenth by own rate",
      forecasts: asBefore({ key: ownRate(earlier.customers, 1), came }, ownRate(now, 1), 10),
    },
  ];
}

/** Repeat orders per day of the customer's past, at the customer's mean spend. */
const ownRate = ({ purchases, spending }: Customers, days: number): Float64Array =>
  purchases.frequency.map(
    (orders, row) => (orders / purchases.age[row]) * days * spending.monetary[row],
  );

/**
 * Doing again what was done in the last `days` days, the first order aside, at the customer's mean spend; `undefined` where less is
 * known. Not among the rules: of single amounts it is the best on some shops, and says nothing of ranges; cards tell its error.
 */
export function sameAgain(
  { purchases, spending }: Customers,
  before: Came,
  days: number,
): Float64Array | undefined {
  const known = purchases.age.reduce((most, age) => Math.max(most, age), 0);
  if (known + 1 < days) return undefined;
  return before.orders.map(
    (orders, row) =>
      Math.max(0, purchases.age[row] < days ? orders - 1 : orders) * spending.monetary[row],
  );
}

/** The silence, in days, that told best who would come back: the sum of absolute errors is least when the others are given up. */
function longestSilence({ customers, came, days }: Earlier): number {
  const own = ownRate(customers, days);
  const order = Int32Array.from(own.keys()).sort(
    (left, right) => customers.idle[left] - customers.idle[right],
  );
  let [loss, least, longest] = [0, 0, 0];
  for (const [place, row] of order.entries()) {
    loss += Math.abs(own[row] - came.spent[row]) - came.spent[row];
    const last = customers.idle[order[place + 1]] !== customers.idle[row];
    if (last && loss < least) [least, longest] = [loss, customers.idle[row]];
  }
  return longest;
}
