import {
  bgNbd,
  gammaGamma,
  LearnError,
  mbgNbd,
  type PurchaseEstimator,
  paretoNbd,
  type SpendModel,
} from "@inchworm/learn";
import type { Customers } from "./customers.js";

/** Models of when people buy, the simplest first. */
export const purchaseEstimators: readonly PurchaseEstimator[] = [bgNbd(), mbgNbd(), paretoNbd()];

/** The model of what people spend, or why there is none. */
export interface Spend {
  readonly model?: SpendModel;
  readonly note?: string;
}

/** Fitted to the orders after the first, as its paper does; where nobody has two, to all of them. */
export async function fitSpend(customers: Customers, signal?: AbortSignal): Promise<Spend> {
  const { paid, purchases, repeatSpending, spending } = customers;
  if (!paid.some((count) => count > 0))
    return { note: "No amount is above 0, so nothing is said of value." };
  const repeats = purchases.frequency.some(
    (count, row) => count > 0 && repeatSpending.monetary[row] > 0,
  );
  const options = signal ? { signal } : {};
  try {
    const model = await gammaGamma().fit(repeats ? repeatSpending : spending, options);
    return {
      model,
      ...(model.correlated && {
        note: `Those who order more often spend ${model.correlation > 0 ? "more" : "less"} per order (correlation ${model.correlation.toFixed(2)}), which the model of spending does not know: the value of the most frequent customers is off.`,
      }),
    };
  } catch (error) {
    if (!LearnError.is(error, "input")) throw error;
    return { note: `Nothing is said of value: ${error.message}` };
  }
}
