import { LearnError } from "../error.js";
import { type Clock, weekdayOf } from "./clock.js";

/** The days on which each customer ordered, one customer after another. */
export interface OrderHistory {
  /** Customer `i` has the days `offsets[i]` up to `offsets[i + 1]`; one entry more than customers. */
  readonly offsets: ArrayLike<number>;
  /** Days since 1970-01-01, ascending within a customer; orders of one day are one event. */
  readonly days: ArrayLike<number>;
  /** Orders on or after this day do not count. */
  readonly asOf: number;
  /** A group per customer, such as a segment, to shrink towards; -1 = none. */
  readonly groups?: ArrayLike<number>;
}

/** What the model needs of each customer, on the clock's time. */
export interface Summary {
  readonly customers: number;
  /** Days with an order; 0 = has not ordered. */
  readonly orders: Int32Array;
  /** Mean of the logarithms of the gaps; 0 where there is none. */
  readonly mean: Float64Array;
  /** Sum of squares around it. */
  readonly squares: Float64Array;
  /** Since the last order: the gap that is still open. */
  readonly open: Float64Array;
  /** Since the first order. */
  readonly age: Float64Array;
  /** Sum of log gaps less the log weights of the days that ended them: makes clocks comparable. */
  readonly jacobian: number;
}

/** @throws LearnError "input" when offsets and days do not fit each other */
export function checkHistory(who: string, { offsets, days, asOf, groups }: OrderHistory): number {
  const customers = offsets.length - 1;
  const bad = (what: string) => new LearnError("input", `${who}: ${what}`);
  if (customers < 0 || offsets[0] !== 0 || offsets[customers] !== days.length)
    throw bad(
      `"offsets" must go from 0 to the ${days.length} days, with one entry more than customers.`,
    );
  if (!Number.isFinite(asOf)) throw bad(`"asOf" must be a day number, got ${asOf}.`);
  if (groups && groups.length !== customers)
    throw bad(`${groups.length} groups for ${customers} customers.`);
  for (let customer = 0; customer < customers; customer++) {
    if (!(offsets[customer + 1] >= offsets[customer])) throw bad(`"offsets" must ascend.`);
    for (let index = offsets[customer] + 1; index < offsets[customer + 1]; index++)
      if (!(days[index] >= days[index - 1]))
        throw bad(`the days of customer ${customer} must ascend.`);
  }
  return customers;
}

/** An order is taken to lie in the middle of its day. */
export const noon = 0.5;

export function summarise(history: OrderHistory, clock: Clock, rows?: Int32Array): Summary {
  const { offsets, days, asOf } = history;
  const customers = rows ? rows.length : offsets.length - 1;
  const orders = new Int32Array(customers);
  const mean = new Float64Array(customers);
  const squares = new Float64Array(customers);
  const open = new Float64Array(customers);
  const age = new Float64Array(customers);
  const logWeight = clock.weekdays.map(Math.log);
  const now = clock.at(asOf);
  let jacobian = 0;
  for (let row = 0; row < customers; row++) {
    const customer = rows ? rows[row] : row;
    let gaps = -1;
    let last = -Infinity;
    let begin = Number.NaN;
    let before = 0;
    for (let index = offsets[customer]; index < offsets[customer + 1]; index++) {
      const day = days[index];
      if (day >= asOf) break;
      if (day === last) continue;
      const time = clock.at(day + noon);
      gaps++;
      if (gaps === 0) begin = time;
      if (gaps > 0) {
        const logGap = Math.log(time - before);
        const change = logGap - mean[row];
        mean[row] += change / gaps;
        squares[row] += change * (logGap - mean[row]); // Welford
        jacobian += logGap - logWeight[weekdayOf(day)];
      }
      last = day;
      before = time;
    }
    orders[row] = gaps + 1;
    open[row] = gaps >= 0 ? now - before : Number.NaN;
    age[row] = now - begin;
  }
  return { customers, orders, mean, squares, open, age, jacobian };
}

/** Events per weekday, Sunday first. Each customer's first order counts too. */
export function weekdayCounts({ offsets, days, asOf }: OrderHistory): Float64Array {
  const counts = new Float64Array(7);
  for (let customer = 0; customer + 1 < offsets.length; customer++)
    for (let index = offsets[customer]; index < offsets[customer + 1]; index++)
      if (days[index] < asOf && (index === offsets[customer] || days[index] !== days[index - 1]))
        counts[weekdayOf(days[index])]++;
  return counts;
}

/** The history of some of the customers. */
export function someOf(history: OrderHistory, rows: Int32Array): OrderHistory {
  const { offsets, days, asOf, groups } = history;
  const some = [0];
  const kept: number[] = [];
  for (const row of rows) {
    for (let index = offsets[row]; index < offsets[row + 1]; index++) kept.push(days[index]);
    some.push(kept.length);
  }
  return {
    offsets: some,
    days: kept,
    asOf,
    ...(groups && { groups: Int32Array.from(rows, (row) => groups[row]) }),
  };
}
