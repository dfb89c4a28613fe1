import { digamma, logGamma } from "../special/gamma.js";
import { type Student, student } from "./student.js";
import type { Summary } from "./summary.js";

/** Log gaps ~ N(μ, σ²) per customer; μ | σ² ~ N(location, σ²/trust); σ² ~ inverse gamma; after each order a customer stops for good with a probability ~ beta. */
export interface GapParameters {
  /** Mean log gap of the customers at large. */
  readonly location: number;
  /** The location counts as much as this many gaps of a customer's own (κ₀). */
  readonly trust: number;
  /** Inverse gamma of the variance of a customer's log gaps (α₀). */
  readonly shape: number;
  /** (β₀) */
  readonly scale: number;
  /** Beta of the probability to stop after an order. */
  readonly stop: number;
  readonly stay: number;
}

export const parameterCount = 6;

export const fromVector = (at: ArrayLike<number>): GapParameters => ({
  location: at[0],
  trust: Math.exp(at[1]),
  shape: Math.exp(at[2]),
  scale: Math.exp(at[3]),
  stop: Math.exp(at[4]),
  stay: Math.exp(at[5]),
});

/** Weak priors on the vector's entries, as mean and standard deviation: gaps of days to a year, a third of customers stopping. */
export const priors: readonly (readonly [mean: number, deviation: number])[] = [
  [Math.log(40), 1.5],
  [0, 1.5],
  [Math.log(2.5), 1],
  [Math.log(2), 1.5],
  [0, 1.5],
  [Math.log(2), 1.5],
];

/** What depends on the number of gaps alone. */
interface ByGaps {
  readonly student: Student;
  readonly bumped: Student;
  readonly constant: number;
  readonly shapeSlope: number;
  readonly stopSlope: number;
  readonly staySlope: number;
}

const bump = 1e-4;

/**
 * Log marginal likelihood of every customer's gaps, the open one censored, with its gradient in the vector's entries. Closed form:
 * Student's t for the gaps, and a two-point mixture of "stopped after the last order" and "will order again".
 */
export function logLikelihood(summary: Summary, at: Float64Array, gradient: Float64Array): number {
  const { trust, shape, scale, stop, stay } = fromVector(at);
  const byGaps = new Map<number, ByGaps>();
  const rowOf = (gaps: number): ByGaps => {
    const known = byGaps.get(gaps);
    if (known) return known;
    const freedom = 2 * shape + gaps;
    let staySum = 0;
    let bothSum = 0;
    for (let gap = 0; gap < gaps; gap++) staySum += 1 / (stay + gap);
    for (let gap = 0; gap <= gaps; gap++) bothSum += 1 / (stop + stay + gap);
    const made: ByGaps = {
      student: student(freedom),
      bumped: student(freedom * (1 + bump)),
      constant:
        logGamma(shape + gaps / 2) -
        logGamma(shape) +
        shape * Math.log(scale) +
        0.5 * Math.log(trust / (trust + gaps)) -
        (gaps / 2) * Math.log(2 * Math.PI) +
        logGamma(stop + stay) -
        logGamma(stay) +
        logGamma(stay + gaps) -
        logGamma(stop + stay + gaps + 1),
      shapeSlope: digamma(shape + gaps / 2) - digamma(shape) + Math.log(scale),
      stopSlope: -bothSum,
      staySlope: staySum - bothSum,
    };
    byGaps.set(gaps, made);
    return made;
  };
  let total = 0;
  gradient.fill(0);
  for (let row = 0; row < summary.customers; row++) {
    const gaps = summary.orders[row] - 1;
    if (gaps < 0) continue;
    const own = rowOf(gaps);
    const location = at[0];
    const weight = trust + gaps;
    const away = gaps > 0 ? summary.mean[row] - location : 0;
    const mean = location + (gaps * away) / weight;
    const half = shape + gaps / 2;
    const spread = scale + 0.5 * (summary.squares[row] + (trust * gaps * away * away) / weight);
    const logDeviation =
      0.5 * (Math.log(spread) + Math.log(weight + 1) - Math.log(half) - Math.log(weight));
    const deviation = Math.exp(logDeviation);
    const z = (Math.log(summary.open[row]) - mean) / deviation;
    const survival = own.student.survival(z);
    const mixture = (stay + gaps) * survival + stop;
    total += own.constant - half * Math.log(spread) + Math.log(mixture);

    const survivalSlope = (stay + gaps) / mixture;
    const zSlope = -own.student.density(z) * survivalSlope;
    const freedomSlope =
      ((own.bumped.survival(z) - survival) / (own.student.freedom * bump)) * survivalSlope;
    const spreadByLocation = (-trust * gaps * away) / weight;
    const spreadByTrust = (0.5 * away * away * gaps * gaps) / (weight * weight);
    const bySpread = -half / spread - (zSlope * z * 0.5) / spread;
    gradient[0] += bySpread * spreadByLocation - (zSlope * trust) / weight / deviation;
    gradient[1] +=
      bySpread * spreadByTrust +
      0.5 * (1 / trust - 1 / weight) -
      (zSlope * (location - mean)) / weight / deviation -
      zSlope * z * 0.5 * (1 / (weight + 1) - 1 / weight);
    gradient[2] += own.shapeSlope - Math.log(spread) + (zSlope * z * 0.5) / half + 2 * freedomSlope;
    gradient[3] += bySpread + shape / scale;
    gradient[4] += own.stopSlope + 1 / mixture;
    gradient[5] += own.staySlope + survival / mixture;
  }
  gradient[1] *= trust;
  gradient[2] *= shape;
  gradient[3] *= scale;
  gradient[4] *= stop;
  gradient[5] *= stay;
  return total;
}
