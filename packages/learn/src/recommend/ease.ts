import { availableParallelism } from "node:os";
import { breathe } from "../abort.js";
import { LearnError } from "../error.js";
import { withInverse } from "../kernels/inverse.js";
import { type Constraints, checkOptions } from "../options.js";
import { neighbourEstimator } from "./item-knn.js";
import { transpose } from "./matrix.js";
import type { InnerModel } from "./model.js";
import { keepLargest } from "./neighbours.js";
import type { RecommenderEstimator } from "./types.js";

export interface EaseOptions {
  /** Added to the diagonal of the items' co-occurrences. Defaults to 300. */
  readonly ridge?: number;
  /** Weights kept per item, those of largest magnitude. Defaults to as many as make 10 million in all, at least 100; 0 says the same. */
  readonly neighbours?: number;
  /** 0 = as many threads as there are cores. Defaults to 0; the model does not depend on it. */
  readonly threads?: number;
}

const defaults = { ridge: 300, threads: 0 };
const keptWeights = 10_000_000;
const constraints: Constraints = {
  ridge: { above: 0 },
  neighbours: { min: 0, max: 20_000, integer: true },
  threads: { min: 0, integer: true },
};
const kind = "ease";
/** The matrix takes 4 bytes per pair of items: 1.6 GB for so many. */
export const mostEaseItems = 20_000;
export const keptByEase = (items: number): number =>
  Math.min(items, Math.max(100, Math.floor(keptWeights / items)));

/**
 * Each item as a linear function of the others, in closed form (Steck 2019): the inverse of the regularised co-occurrences, divided by
 * its diagonal. For up to 20,000 items.
 */
export function ease(options: EaseOptions = {}): RecommenderEstimator<InnerModel> {
  const { ridge, neighbours, threads } = { ...defaults, neighbours: 0, ...options };
  checkOptions(kind, { ridge, neighbours, threads }, constraints);
  return neighbourEstimator(kind, async ({ entries }, { signal, onProgress }) => {
    const items = entries.columns;
    if (items > mostEaseItems)
      throw new LearnError("input", `${kind}: ${items} items are more than ${mostEaseItems}.`, {
        hint: "Use ials or item-knn, or leave out rare items.",
      });
    const crew = threads > 0 ? threads : items < 500 ? 1 : availableParallelism();
    return withInverse(
      entries,
      transpose(entries),
      ridge,
      crew,
      ({ stride, negative }) => {
        const kept = neighbours > 0 ? neighbours : keptByEase(items);
        const rows = keepLargest(items, Math.min(items, kept));
        // column j of B is −P_ij / P_jj: each item keeps the weights it is told from
        for (let item = 0; item < items; item++) {
          const diagonal = -negative[item * stride + item];
          for (let other = 0; other < items; other++) {
            if (other === item) continue;
            const cell =
              other < item ? negative[item * stride + other] : negative[other * stride + item];
            rows.add(other, cell / diagonal);
          }
          rows.endRow();
        }
        return transpose(rows.done());
      },
      async (share) => {
        onProgress?.(0.9 * share);
        await breathe(signal);
      },
    );
  });
}
