import { type Constraints, checkOptions } from "../options.js";
import { eachProductRow } from "./co-rows.js";
import type { Histories } from "./histories.js";
import type { Sparse } from "./matrix.js";
import { rowPowers, transpose } from "./matrix.js";
import { estimator, type InnerModel } from "./model.js";
import { keepLargest, loadNeighbours, neighbourRanker, saveNeighbours } from "./neighbours.js";
import type { Weigh } from "./ranker.js";
import { shortened } from "./shortened.js";
import type { RecommenderEstimator, RecommenderFitOptions } from "./types.js";

export interface ItemKnnOptions {
  /** Similar items kept per item. Defaults to 100. */
  readonly neighbours?: number;
  /** Draws the similarity of rare items to zero: added to the product of their lengths. Defaults to 10. */
  readonly shrinkage?: number;
}

const defaults = { neighbours: 100, shrinkage: 10 };
const constraints: Constraints = {
  neighbours: { min: 1, max: 10_000, integer: true },
  shrinkage: { min: 0 },
};
const kind = "item-knn";

/** Items had by the same users: cosine similarity, shrunk, and the sum of it over a history. */
export function itemKnn(options: ItemKnnOptions = {}): RecommenderEstimator<InnerModel> {
  const settings = { ...defaults, ...options };
  checkOptions(kind, settings, constraints);
  return neighbourEstimator(kind, async (histories, fitOptions) => {
    const entries = shortened(histories);
    const byItem = transpose(entries);
    const lengths = rowPowers(byItem, 2).map(Math.sqrt);
    // a row holds what an item's users had besides: as the product is symmetric, also what leads to it
    const rows = keepLargest(entries.columns, settings.neighbours);
    await eachProductRow(
      byItem,
      entries,
      (item, others, products) => {
        for (const other of others)
          if (other !== item)
            rows.add(
              other,
              products[other] / (lengths[item] * lengths[other] + settings.shrinkage),
            );
        rows.endRow();
      },
      fitOptions,
    );
    // each item keeps those most similar to it, and a history is asked what leads to the item
    return transpose(rows.done());
  });
}

/** Models that are a matrix of items to items. */
export function neighbourEstimator(
  kind: string,
  fit: (histories: Histories, options: RecommenderFitOptions) => Promise<Sparse>,
  weigh?: Weigh,
): RecommenderEstimator<InnerModel> {
  const ranker = (matrix: Sparse) => ({ ...neighbourRanker(matrix, weigh), matrix });
  return estimator(kind, {
    fit: async (histories, options) => ranker(await fit(histories, options)),
    save: ({ matrix }) => saveNeighbours(matrix),
    load: (data, itemCount) => ranker(loadNeighbours(kind, data, itemCount)),
  });
}
