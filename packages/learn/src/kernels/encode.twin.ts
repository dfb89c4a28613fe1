import { binLevels, type Feature } from "../tree/encode.js";
import type { Tree } from "../tree/forest.js";
import type { GrowInput } from "../tree/grow.js";
import { byRank, leafRanks, permute } from "../tree/leaf-order.js";
import { binTwin, thresholdsTwin } from "./bins.twin.js";
import type { Margins } from "./gradients.twin.js";
import { MISSING } from "./layout.js";

const largestFloat = 3.4028234663852886e38;

/** Puts rows in the order of a tree's leaves. */
export function reorderTwin(
  tree: Tree,
  features: readonly Feature[],
  bins: readonly Uint8Array[],
  data: Margins,
  trained: number,
): void {
  const ranks = leafRanks(tree);
  const order = byRank(
    Uint16Array.from({ length: trained }, (_, row) => {
      let node = 0;
      while (tree.feature[node] >= 0) {
        const index = features.findIndex(({ column }) => column === tree.feature[node]);
        const { [index]: source } = features;
        const bin = bins[index][row];
        const isLeft =
          source.kind === "category"
            ? tree.sets[tree.set[node]][bin] === 1
            : bin === MISSING
              ? tree.missing[node] === tree.left[node]
              : bin < source.thresholds.length
                ? source.thresholds[bin] <= tree.threshold[node]
                : tree.threshold[node] === largestFloat;
        node = isLeft ? tree.left[node] : tree.right[node];
      }
      return ranks[node];
    }),
  );
  for (const values of [...bins, data.labels, ...data.margins]) permute(values, order);
  if (data.weights) permute(data.weights, order);
}

/** Bins of every feature, and what they stand for. */
export function encodeTwin(input: GrowInput): { features: Feature[]; bins: Uint8Array[] } {
  const { rows, trained, order } = input;
  const features: Feature[] = [];
  const bins: Uint8Array[] = [];
  input.table.columns.forEach((source, column) => {
    const out = new Uint8Array(rows);
    if (source.kind === "category") {
      const levels = binLevels(input, source, out);
      if (levels) features.push({ kind: "category", column, levels });
      if (levels) bins.push(out);
      return;
    }
    const values = Float32Array.from(
      { length: rows },
      (_, place) => source.values[order ? order[place] : place],
    );
    const thresholds = thresholdsTwin(values.slice(0, trained), input.bins);
    const hasMissing = values.some(Number.isNaN);
    if (!thresholds || (thresholds.length === 0 && !hasMissing)) return;
    features.push({ kind: "number", column, thresholds });
    bins.push(out.map((_, place) => binTwin(values[place], thresholds)));
  });
  return { features, bins };
}
