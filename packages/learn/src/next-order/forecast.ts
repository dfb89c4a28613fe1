import type { PurchaseModel } from "../value/types.js";
import { type Gaps, gapWaits } from "./gap-waits.js";
import { purchaseWaits } from "./purchase-waits.js";
import { type OrderHistory, type Summary, summarise } from "./summary.js";
import { mixWaits, type Waits } from "./waits.js";

/** What is to be expected of each customer. `NaN` for one who has not ordered. Days count from the history's `asOf`. */
export interface NextOrderForecast {
  readonly customers: number;
  /** Days with an order. */
  readonly orders: Int32Array;
  /** Since the last order, in days. */
  readonly elapsed: Float64Array;
  /** The customer's own typical gap (geometric mean) in days; `NaN` before the second order. */
  readonly usualGap: Float64Array;
  /** Probability of ever ordering again; a model of purchases looks no further than ten years. */
  readonly again: Float64Array;
  /** Probability of an order within so many days, one number for all or one per customer. */
  within(days: number | ArrayLike<number>): Float64Array;
  /**
   * The day by which the next order has come with this probability, among customers like this one who order again. The whole
   * part is the calendar day: 0 = the day `asOf`.
   */
  date(probability: number): Float64Array;
  /** As `date`, counting those who never come back: `Infinity` where the probability is not reached. */
  quantile(probability: number): Float64Array;
}

/** Gaps alone, or with a model of purchases that has a share `weight` of the word. */
export interface Fitted {
  readonly gaps: Gaps;
  readonly purchase?: { readonly model: PurchaseModel; readonly weight: number } | undefined;
}

export function forecast(history: OrderHistory, fitted: Fitted): NextOrderForecast {
  const { asOf } = history;
  const { clock } = fitted.gaps;
  const summary = summarise(history, clock);
  const { customers, orders, open, mean } = summary;
  const waits = waitsOf(history, summary, fitted);
  const now = clock.at(asOf);
  const each = (of: (row: number) => number): Float64Array =>
    Float64Array.from(orders, (count, row) => (count > 0 ? of(row) : Number.NaN));
  const day = (row: number, share: number): number =>
    share <= 0 ? 0 : share < 1 ? waits.day(row, share) : Infinity;
  return {
    customers,
    orders,
    elapsed: each((row) => asOf - Math.floor(clock.dayAt(now - open[row]))),
    usualGap: each((row) => (orders[row] > 1 ? Math.exp(mean[row]) : Number.NaN)),
    again: waits.again,
    within: (days) => each((row) => waits.within(row, typeof days === "number" ? days : days[row])),
    date: (probability) => each((row) => day(row, probability)),
    quantile: (probability) => each((row) => day(row, probability / waits.again[row])),
  };
}

function waitsOf(history: OrderHistory, summary: Summary, { gaps, purchase }: Fitted): Waits {
  const { model, weight } = purchase ?? { weight: 0 };
  if (!model || weight === 0) return gapWaits(history, summary, gaps);
  const bought = purchaseWaits(history, summary, gaps.clock, model);
  return weight === 1 ? bought : mixWaits(gapWaits(history, summary, gaps), bought, weight);
}
