import { normalCdf, normalQuantile } from "@inchworm/learn";
import { levels } from "./next-order-rules.js";

/** How one customer's spending in the horizon may turn out: nothing with 1 − `buys`, else lognormal around a mean of `mean / buys`. */
export interface Spread {
  /** Probability of any order. */
  readonly buys: Float64Array;
  /** Expected spending, those who buy nothing counted. */
  readonly mean: Float64Array;
  /** Standard deviation of the logarithm of what is spent, given that something is. */
  readonly deviation: Float64Array;
}

/** From one probability to another. */
export interface Span {
  readonly low: number;
  readonly high: number;
}

/** The amount that spending stays below with probability `level`. */
export function amountAt(spread: Spread, row: number, level: number): number {
  const buys = spread.buys[row];
  const within = 1 - (1 - level) / buys;
  if (!(within > 0)) return 0;
  const deviation = spread.deviation[row];
  const centre = Math.log(spread.mean[row] / buys) - 0.5 * deviation * deviation;
  return Math.exp(centre + deviation * normalQuantile(Math.min(within, 1 - 1e-12)));
}

/** The amounts at each level, one array per level. */
export const quantilesOf = (spread: Spread, at: readonly number[] = levels): Float64Array[] =>
  at.map((level) => spread.mean.map((_, row) => amountAt(spread, row, level)));

/** Where an outcome lies in its distribution: a point, or for a customer who bought nothing all of that probability. */
export function place(spread: Spread, row: number, spent: number): Span {
  const buys = spread.buys[row];
  if (!(spent > 0)) return { low: 0, high: 1 - buys };
  const deviation = spread.deviation[row];
  const centre = Math.log(spread.mean[row] / buys) - 0.5 * deviation * deviation;
  const at = 1 - buys + buys * normalCdf((Math.log(spent) - centre) / Math.max(deviation, 1e-9));
  return { low: at, high: at };
}

/** The share of an outcome's place that lies within a span: 0 or 1 for money spent, a part for nothing spent. */
export function inside({ low, high }: Span, span: Span): number {
  if (high > low)
    return Math.max(0, Math.min(high, span.high) - Math.max(low, span.low)) / (high - low);
  return low >= span.low && low <= span.high ? 1 : 0;
}
