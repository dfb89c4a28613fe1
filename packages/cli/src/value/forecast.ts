import { lifetimeValue, type PurchaseModel, type SpendModel } from "@inchworm/learn";
import { type Correction, corrected } from "./correct.js";
import { type Customers, weekDays } from "./customers.js";

/** An 80 % interval, and the middle, which has the least absolute error. */
export const levels: readonly number[] = [0.1, 0.5, 0.9];

/** What is expected of each customer in some days to come. */
export interface Forecast {
  readonly orders: Float64Array;
  readonly alive: Float64Array;
  /** Undefined when nothing is known of amounts. */
  readonly value: Float64Array | undefined;
  /** The ends of 80 %, and the middle: of value, or of orders when nothing is known of amounts. Worked out when asked for. */
  interval(): {
    readonly low: Float64Array;
    readonly middle: Float64Array;
    readonly high: Float64Array;
  };
}

export function forecast(
  { purchases, spending }: Customers,
  days: number,
  model: PurchaseModel,
  spend: SpendModel | undefined,
  correction: Correction | undefined,
): Forecast {
  const weeks = days / weekDays;
  const value = spend && lifetimeValue(model, spend);
  return {
    orders: model.expectedOrders(purchases, weeks),
    alive: model.probabilityAlive(purchases),
    value: value?.expected(purchases, spending, weeks),
    interval() {
      const [low, middle, high] = value
        ? corrected(value.quantiles(purchases, spending, weeks, levels), correction)
        : model.orderQuantiles(purchases, weeks, levels);
      return { low, middle, high };
    },
  };
}

/** Share of all that the greatest tenth has. */
export function topTenth(values: Float64Array): number {
  const sorted = values.slice().sort();
  const sum = (from: number) => sorted.subarray(from).reduce((total, value) => total + value, 0);
  return sum(0) > 0 ? sum(Math.floor(0.9 * sorted.length)) / sum(0) : 0;
}

/** Of each value, the share of the others that are smaller, in per cent; half of the equal ones count. */
export function percentiles(values: Float64Array): Float64Array {
  const order = Int32Array.from(values.keys()).sort((one, other) => values[one] - values[other]);
  const ranks = new Float64Array(values.length);
  const most = Math.max(1, values.length - 1);
  for (let start = 0; start < order.length; ) {
    let end = start + 1;
    while (end < order.length && values[order[end]] === values[order[start]]) end++;
    for (let at = start; at < end; at++) ranks[order[at]] = (50 * (start + end - 1)) / most;
    start = end;
  }
  return ranks;
}
