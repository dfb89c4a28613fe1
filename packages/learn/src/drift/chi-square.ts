import { logGamma } from "../special/gamma.js";

const precision = 1e-15;
const mostTerms = 10_000;

/**
 * Probability that a chi-square variable exceeds `statistic`: the regularised upper incomplete gamma function, by its series below
 * the mean and by its continued fraction above (Abramowitz & Stegun 26.4, 6.5.29 and 6.5.31; modified Lentz).
 */
export function chiSquareTail(statistic: number, degrees: number): number {
  if (!(statistic > 0)) return 1;
  const shape = degrees / 2;
  const x = statistic / 2;
  const scale = Math.exp(shape * Math.log(x) - x - logGamma(shape));
  if (x < shape + 1) {
    let term = 1 / shape;
    let sum = term;
    for (let n = 1; n < mostTerms && term > sum * precision; n++) {
      term *= x / (shape + n);
      sum += term;
    }
    return Math.max(0, 1 - sum * scale);
  }
  const tiny = 1e-300;
  let b = x + 1 - shape;
  let c = 1 / tiny;
  let d = 1 / b;
  let fraction = d;
  for (let n = 1; n < mostTerms; n++) {
    const a = -n * (n - shape);
    b += 2;
    d = a * d + b;
    if (Math.abs(d) < tiny) d = tiny;
    c = b + a / c;
    if (Math.abs(c) < tiny) c = tiny;
    d = 1 / d;
    const step = d * c;
    fraction *= step;
    if (Math.abs(step - 1) < precision) break;
  }
  return Math.min(1, fraction * scale);
}
