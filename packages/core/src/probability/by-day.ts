import type { Metric } from "@inchworm/learn";

/**
 * A metric within each day, averaged by rows: what was foretold of one day is not ranked against what was foretold of another. Rows
 * of a day stand together.
 */
export function byDay(metric: Metric, days: Int32Array): Metric {
  const starts = Array.from(days.keys()).filter((row) => row === 0 || days[row] !== days[row - 1]);
  const spans = starts.map((start, place) => [start, starts[place + 1] ?? days.length] as const);
  const prepare: Metric["prepare"] = (scores, labels) => {
    const parts = spans.map(([start, end]) => ({
      share: (end - start) / days.length,
      start,
      end,
      evaluate: metric.prepare(scores.subarray(start, end), labels.subarray(start, end)),
    }));
    return (weights) =>
      parts.reduce(
        (sum, { share, start, end, evaluate }) =>
          sum + share * evaluate(weights.subarray(start, end)),
        0,
      );
  };
  const call = (scores: Float64Array, labels: Float64Array, weights?: Float64Array) =>
    prepare(scores, labels)(weights ?? new Float64Array(scores.length).fill(1));
  const { metric: name, most, better } = metric;
  return Object.assign(call, { metric: name, prepare, most, better });
}
