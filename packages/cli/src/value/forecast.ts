import { lifetimeValue, type PurchaseModel, type SpendModel } from "@inchworm/learn";
import { type Customers, weekDays } from "./customers.js";

/** What is expected of each customer in some days to come. */
export interface Forecast {
  readonly orders: Float64Array;
  readonly alive: Float64Array;
  /** Undefined when nothing is known of amounts. */
  readonly value: Float64Array | undefined;
  /** 80 %: of value, or of orders when nothing is known of amounts. Worked out when asked for. */
  interval(): { readonly low: Float64Array; readonly high: Float64Array };
}

export function forecast(
  { purchases, spending }: Customers,
  days: number,
  model: PurchaseModel,
  spend: SpendModel | undefined,
): Forecast {
  const weeks = days / weekDays;
  const value = spend && lifetimeValue(model, spend);
  return {
    orders: model.expectedOrders(purchases, weeks),
    alive: model.probabilityAlive(purchases),
    value: value?.expected(purchases, spending, weeks),
    interval() {
      const [low, high] = value
        ? value.quantiles(purchases, spending, weeks, [0.1, 0.9])
        : model.orderQuantiles(purchases, weeks, [0.1, 0.9]);
      return { low, high };
    },
  };
}

/** Share of all that the greatest tenth has. */
export function topTenth(values: Float64Array): number {
  const sorted = values.slice().sort();
  const sum = (from: number) => sorted.subarray(from).reduce((total, value) => total + value, 0);
  return sum(0) > 0 ? sum(Math.floor(0.9 * sorted.length)) / sum(0) : 0;
}

/** Of each value, the share of the others that are smaller, in per cent; equal ones have the same. */
export function percentiles(values: Float64Array): Float64Array {
  const sorted = values.slice().sort();
  const most = Math.max(1, sorted.length - 1);
  return values.map((value) => {
    let [low, high] = [0, sorted.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (sorted[middle] < value) low = middle + 1;
      else high = middle;
    }
    let [first, past] = [low, sorted.length];
    while (first < past) {
      const middle = (first + past) >> 1;
      if (sorted[middle] <= value) first = middle + 1;
      else past = middle;
    }
    return (100 * (low + first - 1)) / 2 / most;
  });
}
