import { levelFactor, lifetimeValue, type PurchaseEstimator } from "@inchworm/learn";
import { customersAt, outcomes, weekDays } from "./customers.js";
import { levels } from "./forecast.js";
import type { History } from "./history.js";
import { fitSpend } from "./models.js";
import { fewest, sampled } from "./race.js";

/** What an earlier forecast of value lacked. */
export interface Correction {
  /** The day at whose end it was made (since 1970), how far it looked ahead, and of how many customers. */
  readonly cut: number;
  readonly days: number;
  readonly customers: number;
  /** What to multiply the amounts at each of `levels` by. */
  readonly factors: readonly number[];
}

/** Customers whose outcomes are looked at. */
const mostCustomers = 20_000;

/**
 * Has the model foretell the last part of what came up to `until`, from as much history in proportion as the forecast that is to be
 * set right, and sees by how much its amounts were too low or too high where money is. Nothing later than `until` is looked at;
 * `undefined` where there is too little to tell.
 */
export async function correct(
  history: History,
  until: number,
  horizonDays: number,
  estimator: PurchaseEstimator,
  signal: AbortSignal | undefined,
): Promise<Correction | undefined> {
  if (!history.spent) return undefined;
  const known = until - history.first;
  const days = Math.round((known * horizonDays) / (known + horizonDays));
  if (days < fewest.days) return undefined;
  const customers = sampled(customersAt(history, until - days), mostCustomers);
  const came = outcomes(history, customers, until);
  const orders = came.orders.reduce((sum, count) => sum + count, 0);
  if (customers.rows < fewest.customers || orders < fewest.orders) return undefined;
  const { purchases, spending } = customers;
  const spend = (await fitSpend(customers, signal)).model;
  if (!spend) return undefined;
  const model = await estimator.fit(purchases, signal ? { signal } : {});
  const found = lifetimeValue(model, spend).quantiles(purchases, spending, days / weekDays, levels);
  return {
    cut: until - days,
    days,
    customers: customers.rows,
    factors: levels.map((level, index) => levelFactor(found[index], came.spent, level)),
  };
}

/** Amounts at each of `levels` set right; those at a higher level are never less than at a lower one. */
export function corrected(
  quantiles: readonly Float64Array[],
  correction: Correction | undefined,
): Float64Array[] {
  const found: Float64Array[] = [];
  for (const [index, amounts] of quantiles.entries()) {
    const factor = correction?.factors[index] ?? 1;
    const below = found.at(-1);
    found.push(amounts.map((amount, row) => Math.max(below?.[row] ?? 0, factor * amount)));
  }
  return found;
}
