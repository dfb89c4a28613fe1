import type { Purchases, Spending } from "@inchworm/learn";
import type { OrderDays } from "@inchworm/store";

/** Everybody who had ordered before a day, and what of it counts for models of purchases and spending. Times in days. */
export interface Customers {
  readonly contacts: Int32Array;
  readonly purchases: Purchases;
  /** Means over all order days, the first included. */
  readonly spending: Spending;
  readonly orders: Float64Array;
  readonly spent: Float64Array;
  /** Since the last order day. */
  readonly idle: Float64Array;
}

/** An order is taken to lie in the middle of its day. */
const noon = 0.5;

/** @param cutoff day since 1970: orders on or after it do not count */
export function customersAt(
  { contacts, offsets, days, spend }: OrderDays,
  cutoff: number,
): Customers {
  const rows: number[] = [];
  for (let row = 0; row < contacts.length; row++) if (days[offsets[row]] < cutoff) rows.push(row);
  const column = () => new Float64Array(rows.length);
  const [frequency, recency, age] = [column(), column(), column()];
  const [orders, spent, monetary, idle] = [column(), column(), column(), column()];
  for (const [index, row] of rows.entries()) {
    const first = days[offsets[row]];
    let last = first;
    for (let at = offsets[row]; at < offsets[row + 1] && days[at] < cutoff; at++) {
      last = days[at];
      orders[index]++;
      spent[index] += spend[at];
    }
    frequency[index] = orders[index] - 1;
    recency[index] = last - first;
    age[index] = cutoff - first - noon;
    monetary[index] = spent[index] / orders[index];
    idle[index] = cutoff - last;
  }
  return {
    contacts: Int32Array.from(rows, (row) => contacts[row]),
    purchases: { rows: rows.length, frequency, recency, age },
    spending: { rows: rows.length, frequency: orders, monetary },
    orders,
    spent,
    idle,
  };
}

/** Some of the customers, by place. */
export function someOf(customers: Customers, rows: Int32Array): Customers {
  const take = (values: Float64Array) => Float64Array.from(rows, (row) => values[row]);
  const { purchases, spending } = customers;
  return {
    contacts: Int32Array.from(rows, (row) => customers.contacts[row]),
    purchases: {
      rows: rows.length,
      frequency: take(purchases.frequency),
      recency: take(purchases.recency),
      age: take(purchases.age),
    },
    spending: {
      rows: rows.length,
      frequency: take(spending.frequency),
      monetary: take(spending.monetary),
    },
    orders: take(customers.orders),
    spent: take(customers.spent),
    idle: take(customers.idle),
  };
}

/** What each contact did in `[from, to)`. */
export interface Came {
  /** Days with an order. */
  readonly orders: Float64Array;
  readonly spent: Float64Array;
}

/** @param wanted contacts, ascending; days since 1970 */
export function cameOf(orders: OrderDays, wanted: Int32Array, from: number, to: number): Came {
  const { contacts, offsets, days, spend } = orders;
  const counts = new Float64Array(wanted.length);
  const spent = new Float64Array(wanted.length);
  for (const [index, row] of placesIn(wanted, contacts).entries()) {
    if (row < 0) continue;
    for (let at = offsets[row]; at < offsets[row + 1]; at++) {
      if (days[at] < from || days[at] >= to) continue;
      counts[index]++;
      spent[index] += spend[at];
    }
  }
  return { orders: counts, spent };
}

/** For each contact its place among `others`, -1 where it has none. Both ascending. */
export function placesIn(contacts: Int32Array, others: Int32Array): Int32Array {
  let next = 0;
  return contacts.map((contact) => {
    while (next < others.length && others[next] < contact) next++;
    return others[next] === contact ? next : -1;
  });
}
