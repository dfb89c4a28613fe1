import type { Random } from "../random.js";

/** A draw of the gamma distribution with this shape and scale 1 (Marsaglia & Tsang 2000). */
export function drawGamma(shape: number, draws: Random): number {
  // their section 6: below 1, a draw of shape + 1 times a power of a uniform one
  if (shape < 1) return drawGamma(shape + 1, draws) * (1 - draws.uniform()) ** (1 / shape);
  const d = shape - 1 / 3;
  const c = 1 / Math.sqrt(9 * d);
  for (;;) {
    const x = draws.normal();
    const v = (1 + c * x) ** 3;
    if (v <= 0) continue;
    const u = 1 - draws.uniform();
    if (Math.log(u) < 0.5 * x * x + d - d * v + d * Math.log(v)) return d * v;
  }
}

/** A draw of the beta distribution, both parameters above 0. */
export function drawBeta(a: number, b: number, draws: Random): number {
  const first = drawGamma(a, draws);
  const second = drawGamma(b, draws);
  // two shapes near 0 can both come out as 0
  return first + second > 0 ? first / (first + second) : draws.uniform() < a / (a + b) ? 1 : 0;
}
