import { invert } from "./invert.js";
import type { MixedFit } from "./mixed.js";

/** One level against the others of its block, or a column against its absence: log-odds, with what else there is corrected for. */
export interface Estimate {
  readonly value: number;
  readonly error: number;
}

/** Columns that are no more drawn towards 0 than by this variance, when they are the ones asked about. */
const loose = 100;

/**
 * What each column of a block does as if the block alone were not drawn towards 0: the posterior less the part of the prior. `counts` says how
 * often each column is, and a column is held against the others in the proportions in which they were sent; of a block of one, against its absence.
 */
export function contrastsOf(
  fit: MixedFit,
  columns: number,
  block: { readonly from: number; readonly variance: number; readonly counts: readonly number[] },
): Estimate[] {
  const { from, variance, counts } = block;
  const size = counts.length;
  const own = new Float64Array(size * size);
  for (let row = 0; row < size; row++)
    for (let column = 0; column <= row; column++)
      own[row * size + column] = fit.covariance[(from + row) * columns + from + column];
  const precision = invert(own, size);
  const pull = Float64Array.from({ length: size }, (_, row) => {
    let sum = 0;
    for (let column = 0; column < size; column++)
      sum += precision[row * size + column] * fit.means[from + column];
    return sum;
  });
  const freed = precision.slice();
  for (let at = 0; at < size; at++) {
    const cell = at * size + at;
    // rounding must not make information of none
    freed[cell] = Math.max(precision[cell] * 1e-9, precision[cell] - 1 / variance) + 1 / loose;
  }
  const covariance = invert(freed, size);
  const means = Float64Array.from({ length: size }, (_, row) => {
    let sum = 0;
    for (let column = 0; column < size; column++)
      sum += covariance[row * size + column] * pull[column];
    return sum;
  });
  const all = counts.reduce((sum, count) => sum + count, 0);
  return counts.map((count, level) => {
    const against = counts.map((other, at) =>
      at === level ? 1 : size === 1 || all === count ? 0 : -other / (all - count),
    );
    let value = 0;
    let square = 0;
    for (let row = 0; row < size; row++) {
      value += against[row] * means[row];
      for (let column = 0; column < size; column++)
        square += against[row] * against[column] * covariance[row * size + column];
    }
    return { value, error: Math.sqrt(Math.max(square, 1e-12)) };
  });
}
