import { LearnError } from "../error.js";
import { type Constraints, checkOptions } from "../options.js";
import { random } from "../random.js";
import type { Metric } from "./metric.js";

/** A measured number and its 95 % interval. */
export interface Interval {
  readonly value: number;
  readonly low: number;
  readonly high: number;
}

export interface BootstrapOptions {
  readonly seed: number;
  /** Defaults to 1000. */
  readonly resamples?: number;
  /** One id per row, such as the person: rows of one id are drawn together, because they are not independent. */
  readonly clusters?: ArrayLike<number>;
}

const constraints: Constraints = {
  seed: { min: 0, integer: true },
  resamples: { min: 20, max: 1_000_000, integer: true },
};

/**
 * The metric with a 95 % bootstrap interval. Every metric measured with one seed on as many rows sees the same resamples.
 *
 * @throws LearnError "input" as the metric does
 */
export function measure(
  metric: Metric,
  scores: Float64Array,
  labels: Float64Array,
  options: BootstrapOptions,
): Interval {
  const value = metric(scores, labels);
  const evaluate = metric.prepare(scores, labels);
  const { low, high } = interval(value, metric.metric, labels.length, options, evaluate);
  return { value, low: Math.max(0, low), high: Math.min(metric.most, high) };
}

/** `metric(a) − metric(b)` on the same rows, both scored on the same resamples. */
export function pairedDifference(
  metric: Metric,
  a: Float64Array,
  b: Float64Array,
  labels: Float64Array,
  options: BootstrapOptions,
): Interval {
  const value = metric(a, labels) - metric(b, labels);
  const first = metric.prepare(a, labels);
  const second = metric.prepare(b, labels);
  const difference = (weights: Float64Array) => first(weights) - second(weights);
  return { value, ...interval(value, metric.metric, labels.length, options, difference) };
}

/**
 * Percentiles of the resampled values, moved by their bias: a calibration error only grows when rows are resampled, and plain
 * percentiles would leave the measured value out. Resamples on which the metric is not defined are left out.
 */
function interval(
  value: number,
  who: string,
  rows: number,
  options: BootstrapOptions,
  evaluate: (weights: Float64Array) => number,
): { low: number; high: number } {
  const { seed, resamples = 1000, clusters } = options;
  checkOptions(who, { seed, resamples }, constraints);
  const values: number[] = [];
  for (const weights of resample(who, rows, seed, resamples, clusters)) {
    const resampled = evaluate(weights);
    if (!Number.isNaN(resampled)) values.push(resampled);
  }
  if (values.length === 0) return { low: value, high: value };
  values.sort((left, right) => left - right);
  const bias = values.reduce((sum, resampled) => sum + resampled, 0) / values.length - value;
  return {
    low: Math.min(value, quantile(values, 0.025) - bias),
    high: Math.max(value, quantile(values, 0.975) - bias),
  };
}

/** How often each row was drawn. The array is used again for the next resample. */
function* resample(
  who: string,
  rows: number,
  seed: number,
  resamples: number,
  clusters: ArrayLike<number> | undefined,
): Generator<Float64Array> {
  const { below } = random(seed);
  if (!clusters) {
    const counts = new Float64Array(rows);
    for (let sample = 0; sample < resamples; sample++) {
      counts.fill(0);
      for (let draw = 0; draw < rows; draw++) counts[below(rows)]++;
      yield counts;
    }
    return;
  }
  if (clusters.length !== rows)
    throw new LearnError("input", `${who}: ${clusters.length} clusters for ${rows} rows.`);
  const known = new Map<number, number>();
  const cluster = Int32Array.from({ length: rows }, (_, row) => {
    const id = clusters[row];
    const index = known.get(id) ?? known.size;
    known.set(id, index);
    return index;
  });
  const drawn = new Int32Array(known.size);
  const counts = new Float64Array(rows);
  for (let sample = 0; sample < resamples; sample++) {
    drawn.fill(0);
    for (let draw = 0; draw < known.size; draw++) drawn[below(known.size)]++;
    for (let row = 0; row < rows; row++) counts[row] = drawn[cluster[row]];
    yield counts;
  }
}

/** Linear between order statistics (Hyndman & Fan 1996, type 7). */
function quantile(sorted: readonly number[], share: number): number {
  const place = share * (sorted.length - 1);
  const below = Math.floor(place);
  const above = Math.min(sorted.length - 1, below + 1);
  return sorted[below] + (place - below) * (sorted[above] - sorted[below]);
}
