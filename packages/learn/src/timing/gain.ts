import { normalQuantile } from "../special/normal.js";
import type { Fitted } from "./fitted.js";
import type { Person } from "./person.js";

/** Probabilities at two hours, and the gain of the first over the last. */
export interface Gain {
  best: number;
  global: number;
  mean: number;
  low: number;
  high: number;
}

/** Levels are taken at the middles of so many equally likely parts. */
const nodes = 3;
const middles = Float64Array.from({ length: nodes }, (_, node) =>
  normalQuantile((node + 0.5) / nodes),
);
const steps = 64;
/**
 * Rhythms are learned, not known, and likelihoods are tempered: intervals are so much wider than the posterior's. Measured on simulated
 * people, where intervals of 80 % then hold 80 %.
 */
const widening = { "at sending": 1.22, later: 0.9 };

/**
 * Sums over what a person may be like: rhythm by its probability, level by its gamma distribution.
 *
 * @param table hazards of a usual person, `168 × rhythms`
 */
export function gainOf(
  { basis, reading: { reading }, prior: { count } }: Fitted,
  table: Float64Array,
) {
  const gains = new Float64Array(count * nodes);
  const weights = new Float64Array(count * nodes);
  const factors = new Float64Array(nodes);
  const histogram = new Float64Array(steps);
  const found: Gain = { best: 0, global: 0, mean: 0, low: 0, high: 0 };
  const sends = basis === "sends";
  const levels = sends ? nodes : 1;

  /** `own`: factors that the person's own events put on the two hazards, and the relative variances of these. */
  return (
    { kept, rhythms, shares, levels: rates, power }: Person,
    cells: readonly [best: number, global: number],
    own: readonly [best: number, global: number],
    doubt: readonly [best: number, global: number],
  ): Gain => {
    const at = cells[0] * count;
    const globalAt = cells[1] * count;
    // Wilson & Hilferty 1931: the cube root of a gamma is nearly normal
    const root = 1 / (3 * Math.sqrt(power));
    for (let node = 0; node < levels; node++)
      factors[node] = power * Math.max(0, 1 - 1 / (9 * power) + middles[node] * root) ** 3;
    let best = 0;
    let global = 0;
    let bestSlope = 0;
    let globalSlope = 0;
    let low = Infinity;
    let high = -Infinity;
    let many = 0;
    for (let index = 0; index < kept; index++) {
      const rhythm = rhythms[index];
      const share = shares[index] / levels;
      const hazard = table[at + rhythm] * own[0];
      const common = table[globalAt + rhythm] * own[1];
      for (let node = 0; node < levels; node++) {
        let one = hazard;
        let two = common;
        if (sends) {
          const level = factors[node] / rates[index];
          const none = Math.exp(-level * hazard);
          const noneCommon = Math.exp(-level * common);
          bestSlope += share * level * hazard * none;
          globalSlope += share * level * common * noneCommon;
          one = 1 - none;
          two = 1 - noneCommon;
        }
        best += share * one;
        global += share * two;
        const gain = one - two;
        if (gain < low) low = gain;
        if (gain > high) high = gain;
        gains[many] = gain;
        weights[many++] = share;
      }
    }
    if (!sends) {
      bestSlope = best;
      globalSlope = global;
    }
    found.best = best;
    found.global = global;
    found.mean = best - global;
    interval(many, low, high, bestSlope ** 2 * doubt[0] + globalSlope ** 2 * doubt[1]);
    return found;
  };

  function interval(many: number, least: number, most: number, noise: number): void {
    const { mean } = found;
    found.low = found.high = mean;
    if (!(most > least)) {
      if (noise > 0) spread(Math.sqrt(noise) * 1.2816);
      return;
    }
    histogram.fill(0);
    const scale = steps / (most - least);
    let variance = 0;
    for (let index = 0; index < many; index++) {
      histogram[Math.min(steps - 1, Math.floor((gains[index] - least) * scale))] += weights[index];
      variance += weights[index] * (gains[index] - mean) ** 2;
    }
    const widen = widening[reading] * Math.sqrt(1 + noise / Math.max(variance, 1e-18));
    const low = least + quantile(0.1) / scale;
    const high = least + quantile(0.9) / scale;
    found.low = mean - (mean - low) * widen;
    found.high = mean + (high - mean) * widen;
  }

  function spread(half: number): void {
    found.low = found.mean - half;
    found.high = found.mean + half;
  }

  function quantile(level: number): number {
    let before = 0;
    for (let step = 0; step < steps; step++) {
      const inside = histogram[step];
      if (before + inside >= level) return step + (inside > 0 ? (level - before) / inside : 0);
      before += inside;
    }
    return steps;
  }
}
