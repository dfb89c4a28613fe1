import { type Explanation, type Table, takeRows } from "@inchworm/learn";
import type { FeatureTable } from "@inchworm/store";
import { reasonsFor, topicOf } from "../reasons.js";

/** Rows explained at a time: contributions are wide, and rows that are alike are explained once. */
const chunkRows = 200_000;

interface Explainable {
  predict(table: Table): Float64Array;
  explain(table: Table): Explanation;
}

export interface ScoredRows {
  readonly probabilities: Float64Array;
  readonly reasons: readonly string[][];
}

/**
 * Probability and reasons of some rows of the features. `signals` makes what the model looks at of them; by default it looks at the
 * features themselves.
 */
export function scoreRows(
  model: Explainable,
  table: FeatureTable,
  rows: Int32Array,
  options: {
    readonly signal?: AbortSignal | undefined;
    readonly signals?: (table: Table) => Table;
    readonly mostReasons?: number;
  } = {},
): ScoredRows {
  const { signal, signals = (features) => features, mostReasons } = options;
  const column = new Map(table.columns.map(({ name, values }) => [name, values]));
  const probabilities = new Float64Array(rows.length);
  const reasons: string[][] = [];
  for (let at = 0; at < rows.length; at += chunkRows) {
    signal?.throwIfAborted();
    const chunk = rows.subarray(at, at + chunkRows);
    const part = signals(takeRows(table, chunk));
    probabilities.set(model.predict(part), at);
    const { columns, contributions } = model.explain(part);
    const topics = topicOf(columns);
    for (let index = 0; index < chunk.length; index++) {
      const own = contributions.subarray(index * columns.length, (index + 1) * columns.length);
      let sum = 0;
      for (let place = 0; place < own.length; place++) sum += own[place];
      const row = chunk[index];
      const feature = (name: string) => column.get(name)?.[row] ?? Number.NaN;
      reasons.push(reasonsFor(topics, own, sum >= 0 ? 1 : -1, feature, mostReasons));
    }
  }
  return { probabilities, reasons };
}

/** Where the highest fifth and the highest half of the probabilities begin. */
export function bandsOf(probabilities: Float64Array): (probability: number) => string {
  const sorted = probabilities.toSorted();
  const from = (share: number) => sorted[Math.ceil(sorted.length * share)] ?? Infinity;
  const [medium, high] = [from(0.5), from(0.8)];
  return (probability) => {
    if (probability >= high) return "high";
    return probability >= medium ? "medium" : "low";
  };
}

/** Where each stands among all, 0 (lowest) to 100 (highest), a whole number; equals stand alike, and one alone in the middle. */
export function percentiles(probabilities: Float64Array): Float64Array {
  const order = Int32Array.from(probabilities.keys()).sort(
    (left, right) => probabilities[left] - probabilities[right],
  );
  const ranks = new Float64Array(order.length);
  for (let start = 0; start < order.length; ) {
    let end = start + 1;
    while (end < order.length && probabilities[order[end]] === probabilities[order[start]]) end++;
    const middle = (start + end - 1) / 2;
    const rank = order.length > 1 ? Math.round((100 * middle) / (order.length - 1)) : 50;
    for (let place = start; place < end; place++) ranks[order[place]] = rank;
    start = end;
  }
  return ranks;
}
