import { studentCritical } from "../experiment/student.js";
import { normalCdf, normalQuantile } from "../special/normal.js";

/** Standard deviations of effects in log-odds that are held possible: from one per cent to doubling. */
const sizes = [0.01, 0.02, 0.04, 0.08, 0.16, 0.32, 0.64];
const rounds = 200;

export interface Shrunk {
  readonly mean: number;
  readonly low: number;
  readonly high: number;
  readonly deviation: number;
  /** Chance that it is above 0. */
  readonly above: number;
}

export interface Found {
  readonly value: number;
  readonly error: number;
  readonly freedom: number;
}

export interface EffectSizes {
  /** What one effect is, given the others. */
  of(one: Found): Shrunk;
  /** From which of the normals it may be, and their variances. */
  parts(one: Found): readonly { readonly chance: number; readonly variance: number }[];
}

/**
 * How large effects of one kind are, from all that were found: a mixture of normals about 0, its weights by expectation maximisation with one
 * pseudo-count each (Stephens 2017). Many small effects and a few large ones are both drawn towards 0 as they should, which one normal cannot do.
 */
export function effectSizes(found: readonly Found[]): EffectSizes {
  let weights: readonly number[] = sizes.map(() => 1 / sizes.length);
  const wide = found.map(widened);
  for (let round = 0; round < rounds && found.length > 0; round++) {
    const sums = sizes.map(() => 1);
    for (const one of wide) {
      const parts = parted(one, weights);
      for (const [at, part] of parts.entries()) sums[at] += part;
    }
    const all = sums.reduce((sum, part) => sum + part, 0);
    weights = sums.map((part) => part / all);
  }
  return {
    of: (one) => posterior(widened(one), weights),
    parts: (one) =>
      parted(widened(one), weights).map((chance, at) => ({ chance, variance: sizes[at] ** 2 })),
  };
}

/** The error of a normal whose 95 % interval is as wide as Student's. */
const widened = ({ value, error, freedom }: Found): Normal => ({
  value,
  error: (error * studentCritical(0.05, freedom)) / normalQuantile(0.975),
});

type Normal = Omit<Found, "freedom">;

function parted({ value, error }: Normal, weights: readonly number[]): number[] {
  const logs = sizes.map((size, at) => {
    const variance = size * size + error * error;
    return Math.log(weights[at]) - 0.5 * Math.log(variance) - (0.5 * value ** 2) / variance;
  });
  const top = Math.max(...logs);
  const parts = logs.map((log) => Math.exp(log - top));
  const all = parts.reduce((sum, part) => sum + part, 0);
  return parts.map((part) => part / all);
}

function posterior(one: Normal, weights: readonly number[]): Shrunk {
  const { value, error } = one;
  const parts = parted(one, weights);
  const normals = sizes.map((size) => {
    const kept = size ** 2 / (size ** 2 + error ** 2);
    return { mean: kept * value, deviation: Math.sqrt(kept) * error };
  });
  const below = (at: number) =>
    normals.reduce(
      (sum, { mean, deviation }, index) => sum + parts[index] * normalCdf((at - mean) / deviation),
      0,
    );
  const mean = normals.reduce((sum, normal, at) => sum + parts[at] * normal.mean, 0);
  const square = normals.reduce(
    (sum, normal, at) => sum + parts[at] * (normal.deviation ** 2 + (normal.mean - mean) ** 2),
    0,
  );
  const quantile = (chance: number) => {
    let low = Math.min(...normals.map((normal) => normal.mean - 8 * normal.deviation));
    let high = Math.max(...normals.map((normal) => normal.mean + 8 * normal.deviation));
    for (let step = 0; step < 60; step++) {
      const middle = (low + high) / 2;
      if (below(middle) < chance) low = middle;
      else high = middle;
    }
    return (low + high) / 2;
  };
  return {
    mean,
    deviation: Math.sqrt(square),
    low: quantile(0.025),
    high: quantile(0.975),
    above: 1 - below(0),
  };
}
