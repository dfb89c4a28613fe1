import { LearnError } from "../error.js";

/** How well scores (higher = more likely) fit labels of 0 and 1. Rows of equal score are never told apart by their order. */
export interface Metric {
  /**
   * The metric on all rows, or with one weight ≥ 0 per row.
   *
   * @throws LearnError "input" when lengths differ, a score is not finite (or, where probabilities are needed, outside 0 … 1), a
   * label is not 0 or 1, or the metric is not defined because one class is missing
   */
  (scores: Float64Array, labels: Float64Array, weights?: Float64Array): number;
  readonly metric: string;
  /** Sorts once; the function it returns then costs one pass per set of weights. It gives NaN where the metric is not defined. */
  prepare(scores: Float64Array, labels: Float64Array): (weights: Float64Array) => number;
  /** The largest value possible. All metrics are ≥ 0. */
  readonly most: number;
  readonly better: "higher" | "lower";
}

export function makeMetric(
  metric: string,
  options: {
    readonly probabilities: boolean;
    readonly most: number;
    readonly better: "higher" | "lower";
  },
  prepare: Metric["prepare"],
): Metric {
  const checked: Metric["prepare"] = (scores, labels) => {
    check(metric, scores, labels, options.probabilities);
    return prepare(scores, labels);
  };
  const call = (scores: Float64Array, labels: Float64Array, weights?: Float64Array): number => {
    const evaluate = checked(scores, labels);
    if (weights && weights.length !== scores.length)
      throw new LearnError(
        "input",
        `${metric}: ${weights.length} weights for ${scores.length} scores.`,
      );
    const value = evaluate(weights ?? new Float64Array(scores.length).fill(1));
    if (Number.isNaN(value))
      throw new LearnError("input", `${metric}: is not defined on these rows.`, {
        hint: "Both outcomes must occur among the rows that count.",
      });
    return value;
  };
  return Object.assign(call, {
    metric,
    prepare: checked,
    most: options.most,
    better: options.better,
  });
}

function check(
  metric: string,
  scores: Float64Array,
  labels: Float64Array,
  probabilities: boolean,
): void {
  if (scores.length !== labels.length)
    throw new LearnError(
      "input",
      `${metric}: ${scores.length} scores for ${labels.length} labels.`,
    );
  for (let row = 0; row < scores.length; row++) {
    const score = scores[row];
    if (!Number.isFinite(score) || (probabilities && (score < 0 || score > 1)))
      throw new LearnError(
        "input",
        `${metric}: scores must be ${probabilities ? "probabilities" : "finite numbers"}, got ${score} in row ${row}.`,
      );
    if (labels[row] !== 0 && labels[row] !== 1)
      throw new LearnError(
        "input",
        `${metric}: labels must be 0 or 1, got ${labels[row]} in row ${row}.`,
      );
  }
}

/** Rows from the highest score to the lowest. */
export interface Ranking {
  readonly order: Int32Array;
  /** Label of the row at each place. */
  readonly labels: Uint8Array;
  /** Places after which the score changes, ascending; the last is the number of rows. */
  readonly ends: Int32Array;
}

export function rank(scores: Float64Array, labels: Float64Array): Ranking {
  const order = sortedOrder(scores).reverse();
  const ends: number[] = [];
  for (let place = 1; place <= order.length; place++)
    if (place === order.length || scores[order[place]] !== scores[order[place - 1]])
      ends.push(place);
  const sorted = Uint8Array.from(order, (row) => labels[row]);
  return { order, labels: sorted, ends: Int32Array.from(ends) };
}

/** Indices that put `values` in ascending order; equal values keep theirs. */
export function sortedOrder(values: Float64Array): Int32Array {
  const order = new Int32Array(values.length);
  for (let index = 0; index < order.length; index++) order[index] = index;
  return order.sort((left, right) => values[left] - values[right] || left - right);
}
