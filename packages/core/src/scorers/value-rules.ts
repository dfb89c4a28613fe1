import type { Came, Customers } from "./value-customers.js";

export interface ValueRule {
  readonly name: string;
  readonly values: Float64Array;
}

/** What people did at an earlier day, and in the `days` after. */
export interface Earlier {
  readonly customers: Customers;
  readonly came: Came;
  readonly days: number;
}

/**
 * The simple rules that a model must beat: what customers spent on average before; the one amount for everybody that proves best
 * in hindsight; each customer's own rate; and the same for those not silent for too long, nothing for the others (the hiatus
 * heuristic of Wübben & Wangenheim 2008), the longest silence chosen at the earlier day.
 */
export function valueRules(
  earlier: Earlier,
  now: Customers,
  horizonDays: number,
  truth: Float64Array,
): readonly ValueRule[] {
  const everybody = (amount: number) => new Float64Array(truth.length).fill(amount);
  const mean = earlier.came.spent.reduce((sum, amount) => sum + amount, 0) / earlier.days;
  const longest = longestSilence(earlier);
  const own = ownRate(now, horizonDays);
  return [
    {
      name: "historic mean",
      values: everybody((mean * horizonDays) / Math.max(1, earlier.came.spent.length)),
    },
    { name: "the best one amount in hindsight", values: everybody(median(truth)) },
    { name: "own rate", values: own },
    {
      name: "recency rule",
      values: own.map((amount, row) => (now.idle[row] <= longest ? amount : 0)),
    },
  ];
}

/** Repeat orders per day of the customer's past, at the customer's mean spend. */
const ownRate = ({ purchases, spending }: Customers, days: number): Float64Array =>
  purchases.frequency.map(
    (orders, row) => (orders / purchases.age[row]) * days * spending.monetary[row],
  );

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

function median(values: Float64Array): number {
  const sorted = values.slice().sort();
  const middle = (sorted.length - 1) / 2;
  return (sorted[Math.floor(middle)] + sorted[Math.ceil(middle)]) / 2;
}
