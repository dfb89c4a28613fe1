import { incompleteBeta } from "../special/incomplete-beta.js";
import { normalCdf, normalQuantile } from "../special/normal.js";

/** More degrees than this differ from the normal by terms that a series gives to seven digits. */
const many = 200;

/** P(|T| > t) of Student's t. */
export function studentTails(t: number, freedom: number): number {
  if (!Number.isFinite(freedom)) return 2 * normalCdf(-Math.abs(t));
  return incompleteBeta(freedom / 2, 0.5, freedom / (freedom + t * t));
}

/** The t that is exceeded on both sides together with probability `level`. */
export function studentCritical(level: number, freedom: number): number {
  const z = -normalQuantile(level / 2);
  if (!Number.isFinite(freedom)) return z;
  if (freedom > many) {
    // Abramowitz & Stegun 26.7.5
    const square = z * z;
    const first = (z * (square + 1)) / 4;
    const second = (z * (5 * square * square + 16 * square + 3)) / 96;
    const third = (z * (3 * square ** 3 + 19 * square ** 2 + 17 * square - 15)) / 384;
    return z + first / freedom + second / freedom ** 2 + third / freedom ** 3;
  }
  let low = 0;
  let high = Math.max(z, 1);
  while (studentTails(high, freedom) > level && high < 1e150) high *= 2;
  for (let step = 0; step < 100 && high - low > 1e-10 * high; step++) {
    const middle = (low + high) / 2;
    if (studentTails(middle, freedom) > level) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}
