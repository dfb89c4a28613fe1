import type { PurchaseModel } from "@inchworm/learn";
import { type Customers, customersAt, outcomes, someOf, weekDays } from "./customers.js";
import type { History } from "./history.js";
import { purchaseEstimators } from "./models.js";

/** How well each model foretold what its fit had not seen. */
export interface Race {
  /** The day at whose end it was fitted, days since 1970, and how many days it was judged on. */
  readonly cut: number;
  readonly days: number;
  readonly customers: number;
  /** Mean surprise at each customer's number of orders, −ln of its probability; the least first. */
  readonly results: readonly { readonly name: string; readonly logLoss: number }[];
}

/** Customers who take part: enough to tell the models apart. */
const mostCustomers = 20_000;
/** Below this, chance decides. */
export const fewest = { customers: 20, days: 7, orders: 10 };
/** Counts beyond are all one. */
const mostOrders = 60;

/**
 * Has the models foretell the last part of what came up to `until`, and nothing later. `undefined` where there is too little to tell.
 */
export async function race(
  history: History,
  until: number,
  horizonDays: number,
  signal: AbortSignal | undefined,
  onDone: (share: number) => void,
): Promise<Race | undefined> {
  const days = Math.min(horizonDays, Math.floor((until - history.first) / 3));
  if (days < fewest.days) return undefined;
  const all = customersAt(history, until - days);
  const some = sampled(all, mostCustomers);
  const { orders } = outcomes(history, some, until);
  const came = orders.reduce((sum, count) => sum + count, 0);
  if (some.rows < fewest.customers || came < fewest.orders) return undefined;
  const results: { name: string; logLoss: number }[] = [];
  for (const [index, estimator] of purchaseEstimators.entries()) {
    const model = await estimator.fit(some.purchases, signal ? { signal } : {});
    results.push({ name: model.name, logLoss: logLoss(model, some, orders, days / weekDays) });
    onDone((index + 1) / purchaseEstimators.length);
  }
  results.sort((one, other) => one.logLoss - other.logLoss);
  return { cut: until - days, days, customers: some.rows, results };
}

/** So many of the customers, spread evenly over all. */
export function sampled(all: Customers, most: number): Customers {
  if (all.rows <= most) return all;
  return someOf(
    all,
    Int32Array.from({ length: most }, (_, index) => Math.floor((index * all.rows) / most)),
  );
}

const batch = 4096;

function logLoss(
  model: PurchaseModel,
  customers: Customers,
  orders: Float64Array,
  horizon: number,
): number {
  const most = Math.min(
    mostOrders,
    orders.reduce((count, other) => Math.max(count, other), 1),
  );
  let sum = 0;
  for (let from = 0; from < customers.rows; from += batch) {
    const rows = Int32Array.from(
      { length: Math.min(batch, customers.rows - from) },
      (_, index) => from + index,
    );
    const { purchases } = someOf(customers, rows);
    const chances = model.orderProbabilities(purchases, horizon, most);
    for (const [index, row] of rows.entries()) {
      const own = chances.subarray(index * (most + 1), (index + 1) * (most + 1));
      const beyond = () => 1 - own.reduce((total, chance) => total + chance, 0);
      sum -= Math.log(Math.max(1e-12, orders[row] <= most ? own[orders[row]] : beyond()));
    }
  }
  return sum / customers.rows;
}
