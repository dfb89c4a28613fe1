import type { Feature } from "../tree/encode.js";
import { emptyNodes, type Tree } from "../tree/forest.js";
import type { GrowInput } from "../tree/grow.js";
import type { Margins } from "./gradients.twin.js";
import type { SplitTwin } from "./split.twin.js";

const f = Math.fround;
const largestFloat = 3.4028234663852886e38;

export type NodeSplit = SplitTwin & { readonly feature: number };

/** The quantile of a leaf's residuals by weight. */
export function residualTwin(
  { quantile, trained }: GrowInput,
  data: Margins,
  leaf: { readonly rows: readonly number[]; readonly low: number; readonly high: number },
): number {
  const largest = data.weights ? Math.max(...data.weights.subarray(0, trained)) : 1;
  const weight = (row: number): number =>
    data.weights ? Math.floor(data.weights[row] * (2 ** 36 / largest)) : 1;
  const residuals = leaf.rows
    .map((row) => ({ value: f(data.labels[row] - data.margins[0][row]), weight: weight(row) }))
    .sort((one, other) => one.value - other.value);
  const wanted = quantile * residuals.reduce((total, { weight }) => total + weight, 0);
  let sum = 0;
  let value = 0;
  for (const next of residuals) {
    value = next.value;
    sum += next.weight;
    if (sum >= wanted) break;
  }
  return Math.max(leaf.low, Math.min(leaf.high, value));
}

/** The tree in terms of the table's columns and values. */
export function treeTwin(
  { scale }: GrowInput,
  features: readonly Feature[],
  splits: ReadonlyMap<number, NodeSplit | undefined>,
  counts: readonly number[],
  values: ReadonlyMap<number, number>,
): Tree {
  const nodes = emptyNodes(counts.length);
  nodes.rows.set(counts);
  const sets: Uint8Array[] = [];
  let next = 1;
  // children are numbered in the order of the splits, which is how `splits` is filled
  for (const [node, split] of splits) {
    if (!split) continue;
    const source = features[split.feature];
    nodes.feature[node] = source.column;
    nodes.left[node] = next;
    nodes.right[node] = next + 1;
    nodes.missing[node] = split.missingLeft ? next : next + 1;
    nodes.gain[node] = split.gain * scale * scale;
    next += 2;
    if (source.kind === "number")
      nodes.threshold[node] =
        split.bin < source.thresholds.length ? source.thresholds[split.bin] : largestFloat;
  }
  for (let node = 0; node < counts.length; node++) {
    const split = splits.get(node);
    if (split?.set) {
      nodes.set[node] = sets.length;
      sets.push(split.set);
    }
    if (!split) nodes.value[node] = f((values.get(node) as number) * scale);
  }
  return { ...nodes, sets };
}
