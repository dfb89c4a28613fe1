import type { Purchases, Spending } from "@inchworm/learn";
import type { History } from "./history.js";

/** Models count time in weeks, as the papers do. */
export const weekDays = 7;

/** What is known at the end of a day of everybody who has ordered by then. */
export interface Customers {
  readonly rows: number;
  /** Their codes in the history, ascending. */
  readonly codes: Int32Array;
  /** Orders after the first, in weeks. */
  readonly purchases: Purchases;
  /** The first order and the last one, days since 1970. */
  readonly first: Int32Array;
  readonly last: Int32Array;
  /** The end of that day. */
  readonly until: number;
  /** What all orders brought, and how many of them brought something; empty when amounts are not known. */
  readonly spent: Float64Array;
  readonly paid: Float64Array;
  /** Mean spend of the orders after the first: what the model of spending is fitted to, as in its paper. */
  readonly repeatSpending: Spending;
  /** Mean spend of all orders that brought something: what a customer's next one is foretold from. */
  readonly spending: Spending;
}

export function customersAt(history: History, until: number): Customers {
  const { offsets, days, spent } = history;
  const known = new Int32Array(history.customers);
  let rows = 0;
  for (let code = 0; code < history.customers; code++)
    if (offsets[code] < offsets[code + 1] && days[offsets[code]] <= until) known[rows++] = code;
  const codes = known.slice(0, rows);
  const numbers = () => new Float64Array(rows);
  const purchases = { rows, frequency: numbers(), recency: numbers(), age: numbers() };
  const repeat = { rows, frequency: numbers(), monetary: numbers() };
  const all = { rows, frequency: numbers(), monetary: numbers() };
  const first = new Int32Array(rows);
  const last = new Int32Array(rows);
  const total = new Float64Array(spent ? rows : 0);
  const paid = new Float64Array(spent ? rows : 0);
  for (let row = 0; row < rows; row++) {
    const start = offsets[codes[row]];
    let end = start;
    let sum = 0;
    for (; end < offsets[codes[row] + 1] && days[end] <= until; end++) {
      if (!spent) continue;
      sum += spent[end];
      if (spent[end] > 0) paid[row]++;
    }
    first[row] = days[start];
    last[row] = days[end - 1];
    purchases.frequency[row] = end - start - 1;
    purchases.recency[row] = (last[row] - first[row]) / weekDays;
    purchases.age[row] = (until - first[row]) / weekDays;
    if (!spent) continue;
    total[row] = sum;
    all.frequency[row] = paid[row];
    all.monetary[row] = sum / paid[row];
    repeat.frequency[row] = purchases.frequency[row];
    repeat.monetary[row] = (sum - spent[start]) / purchases.frequency[row];
  }
  return {
    rows,
    codes,
    purchases,
    first,
    last,
    until,
    spent: total,
    paid,
    repeatSpending: repeat,
    spending: all,
  };
}

/** What came of the same customers on the days after `until`, up to and with `to`. */
export function outcomes(
  history: History,
  { codes, until, rows }: Customers,
  to: number,
): { readonly orders: Float64Array; readonly spent: Float64Array } {
  const { offsets, days, spent } = history;
  const orders = new Float64Array(rows);
  const sums = new Float64Array(rows);
  for (let row = 0; row < rows; row++)
    for (let at = offsets[codes[row] + 1] - 1; at >= offsets[codes[row]]; at--) {
      if (days[at] <= until) break;
      if (days[at] > to) continue;
      orders[row]++;
      if (spent) sums[row] += spent[at];
    }
  return { orders, spent: sums };
}

/** Some of the customers, in the order of `rows`. */
export function someOf(all: Customers, rows: Int32Array): Customers {
  const pick = <Numbers extends Float64Array | Int32Array>(values: Numbers): Numbers => {
    const picked = new (values.constructor as new (length: number) => Numbers)(rows.length);
    if (values.length > 0) for (const [at, row] of rows.entries()) picked[at] = values[row];
    return picked;
  };
  const spending = ({ frequency, monetary }: Spending): Spending => ({
    rows: rows.length,
    frequency: pick(frequency),
    monetary: pick(monetary),
  });
  const { frequency, recency, age } = all.purchases;
  return {
    rows: rows.length,
    codes: pick(all.codes),
    purchases: {
      rows: rows.length,
      frequency: pick(frequency),
      recency: pick(recency),
      age: pick(age),
    },
    first: pick(all.first),
    last: pick(all.last),
    until: all.until,
    spent: all.spent.length > 0 ? pick(all.spent) : all.spent,
    paid: all.paid.length > 0 ? pick(all.paid) : all.paid,
    repeatSpending: spending(all.repeatSpending),
    spending: spending(all.spending),
  };
}
