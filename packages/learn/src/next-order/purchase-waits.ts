import { distinctRows } from "../value/cells.js";
import type { PurchaseModel, Purchases } from "../value/types.js";
import type { Clock } from "./clock.js";
import type { OrderHistory, Summary } from "./summary.js";
import type { Waits } from "./waits.js";

/** No order later than this is counted: ten years on, no shop and no customer is what it was. */
export const longest = 3650;
const soonest = 0.25;
const points = 41;
const step = Math.log(longest / soonest) / (points - 1);
const horizons = Float64Array.from({ length: points }, (_, index) =>
  Math.min(longest, soonest * Math.exp(index * step)),
);
/** Log odds beyond these cannot be told from certainty. */
const surest = 600;

/** Ages and numbers of purchases this much apart, relative to themselves, share a table. */
const fine = 0.005;
const exactUntil = 100;

/** What models of purchases ask of each customer who has ordered, on the clock's time; `rows` are the summary's. */
export function purchasesOf(summary: Summary): Purchases & { readonly of: Int32Array } {
  const { orders, open, age } = summary;
  const of = Int32Array.from(orders.keys()).filter((row) => orders[row] > 0);
  return {
    rows: of.length,
    frequency: Float64Array.from(of, (row) => orders[row] - 1),
    recency: Float64Array.from(of, (row) => (orders[row] > 1 ? age[row] - open[row] : 0)),
    age: Float64Array.from(of, (row) => age[row]),
    of,
  };
}

/**
 * What a model of purchases says of the time to the next one: how likely the customer is still there, and, of one who is, a table
 * of the probability of an order by horizon. The table depends on the number of orders and the customer's age alone, so that many
 * share one; in between it is straight in log odds over log days, to about a thousandth.
 */
export function purchaseWaits(
  { asOf }: OrderHistory,
  summary: Summary,
  clock: Clock,
  model: PurchaseModel,
): Waits {
  const purchases = purchasesOf(summary);
  const { tableOf, logOdds } = tables(purchases, model);
  const { first, group } = distinctRows(purchases);
  const take = (values: Float64Array) => Float64Array.from(first, (row) => values[row]);
  const there = model.probabilityAlive({
    rows: first.length,
    frequency: take(purchases.frequency),
    recency: take(purchases.recency),
    age: take(purchases.age),
  });

  const empty = () => new Float64Array(summary.customers).fill(Number.NaN);
  const [alive, again] = [empty(), empty()];
  const start = new Int32Array(summary.customers);
  for (const [index, row] of purchases.of.entries()) {
    start[row] = tableOf[index] * points;
    alive[row] = there[group[index]];
    again[row] = alive[row] * share(logOdds[start[row] + points - 1]);
  }
  const now = clock.at(asOf);
  return {
    again,
    within(row, days) {
      const ahead = clock.at(asOf + days) - now;
      if (!(ahead > 0)) return 0 * again[row];
      if (ahead >= longest) return again[row];
      const place = Math.log(ahead / soonest) / step;
      const at = Math.max(0, Math.min(points - 2, Math.floor(place))) + start[row];
      const odds = logOdds[at] + (place - at + start[row]) * (logOdds[at + 1] - logOdds[at]);
      return alive[row] * share(odds);
    },
    day(row, reached) {
      const wanted = (reached * again[row]) / alive[row];
      const odds = Math.log(wanted) - Math.log1p(-wanted);
      let low = start[row];
      let high = low + points - 1;
      while (high - low > 1) {
        const middle = (low + high) >> 1;
        if (logOdds[middle] <= odds) low = middle;
        else high = middle;
      }
      const rise = logOdds[high] - logOdds[low];
      const place = low - start[row] + (rise > 0 ? (odds - logOdds[low]) / rise : 0);
      const ahead = Math.min(longest, soonest * Math.exp(place * step));
      return Math.max(0, clock.dayAt(now + ahead) - asOf);
    },
  };
}

const share = (odds: number): number => 1 / (1 + Math.exp(-odds));

/** For each row its table, and all tables one after another: log odds of an order within each horizon, of one still there. */
function tables(
  { rows, frequency, age }: Purchases,
  model: PurchaseModel,
): { readonly tableOf: Int32Array; readonly logOdds: Float64Array } {
  const known = new Map<number, number>();
  const [counts, ages]: [number[], number[]] = [[], []];
  const tableOf = new Int32Array(rows);
  for (let row = 0; row < rows; row++) {
    const x = frequency[row];
    const many = x <= exactUntil ? x : Math.round(Math.exp(fine * Math.round(Math.log(x) / fine)));
    const old = Math.round(Math.log1p(age[row]) / fine);
    const key = old * 1e6 + many;
    let table = known.get(key);
    if (table === undefined) {
      table = counts.length;
      known.set(key, table);
      counts.push(many);
      ages.push(Math.expm1(old * fine));
    }
    tableOf[row] = table;
  }
  // somebody who has just bought is there if anybody is: what is not sure of that is divided out again
  const probes: Purchases = {
    rows: counts.length,
    frequency: Float64Array.from(counts),
    recency: Float64Array.from(counts, (many, table) => (many > 0 ? ages[table] : 0)),
    age: Float64Array.from(ages),
  };
  const there = model.probabilityAlive(probes);
  const logOdds = new Float64Array(probes.rows * points);
  for (const [index, horizon] of horizons.entries()) {
    const orders = model.probabilityOfOrder(probes, horizon);
    for (let table = 0; table < probes.rows; table++) {
      const of = there[table] > 0 ? orders[table] / there[table] : 0;
      const odds = Math.log(of) - Math.log1p(-of);
      const at = table * points + index;
      logOdds[at] = Math.max(-surest, Math.min(surest, odds));
      if (index > 0) logOdds[at] = Math.max(logOdds[at], logOdds[at - 1]);
    }
  }
  return { tableOf, logOdds };
}
