import { logBeta } from "../special/gamma.js";

/**
 * Mean of a smooth function of a probability ~ beta(a, b): the trapezoid rule on the log odds, stretched by sinh about the middle so
 * that it converges twice exponentially (Takahasi & Mori 1974) however wide or narrow the beta is.
 */
export function expectationOverBeta(
  a: number,
  b: number,
  of: (probability: number) => number,
): number {
  const middle = Math.log(a / b);
  const width = Math.sqrt(1 / a + 1 / b);
  const constant = -logBeta(a, b);
  const step = 1 / 16;
  let sum = 0;
  for (let index = -160; index <= 160; index++) {
    const u = index * step;
    const odds = middle + width * Math.sinh(u);
    // ln p = −ln(1 + e^−odds), ln(1 − p) = −ln(1 + e^odds)
    const logP = odds > 0 ? -Math.log1p(Math.exp(-odds)) : odds - Math.log1p(Math.exp(odds));
    const logRest = logP - odds;
    const density = constant + a * logP + b * logRest;
    if (!(density > -745)) continue;
    // where p underflows, the function has reached its limit at 0
    sum += Math.exp(density) * Math.cosh(u) * of(Math.max(Math.exp(logP), 1e-290));
  }
  return sum * step * width;
}
