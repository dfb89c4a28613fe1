import { type Interval, type Metric, measure, pairedDifference } from "@inchworm/learn";

/** Draws and rows together: intervals of large data need fewer draws than anybody waits for. */
const mostWork = 20_000_000;

export interface Measures {
  of(metric: Metric, scores: Float64Array): Interval;
  difference(metric: Metric, scores: Float64Array, other: Float64Array): Interval;
}

/**
 * Measures scores of which there is one per row and repeat: the mean over the repeats, with a 95 % interval by drawing rows, each
 * with all its repeats.
 */
export function measures(labels: Float64Array, repeats: number, seed: number): Measures {
  const draws = Math.round(mostWork / (labels.length * repeats));
  const options = { seed, resamples: Math.min(1000, Math.max(100, draws)) };
  return {
    of: (metric, scores) => measure(overRepeats(metric, repeats), scores, labels, options),
    difference: (metric, scores, other) =>
      pairedDifference(overRepeats(metric, repeats), scores, other, labels, options),
  };
}

function overRepeats(metric: Metric, repeats: number): Metric {
  const each = <T>(scores: Float64Array, take: (part: Float64Array) => T): T[] => {
    const rows = scores.length / repeats;
    return Array.from({ length: repeats }, (_, repeat) =>
      take(scores.subarray(repeat * rows, (repeat + 1) * rows)),
    );
  };
  const mean = (values: number[]) => values.reduce((sum, value) => sum + value, 0) / repeats;
  const call = (scores: Float64Array, labels: Float64Array, weights?: Float64Array) =>
    mean(each(scores, (part) => metric(part, labels, weights)));
  return Object.assign(call, {
    metric: metric.metric,
    most: metric.most,
    better: metric.better,
    prepare(scores: Float64Array, labels: Float64Array) {
      const evaluate = each(scores, (part) => metric.prepare(part, labels));
      return (weights: Float64Array) => mean(evaluate.map((one) => one(weights)));
    },
  });
}
