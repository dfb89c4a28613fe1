import { type Constraints, checkOptions } from "../options.js";
import { eachProductRow } from "./co-rows.js";
import { neighbourEstimator } from "./item-knn.js";
import { rowPowers, transpose, withValues } from "./matrix.js";
import type { InnerModel } from "./model.js";
import { keepLargest } from "./neighbours.js";
import { shortened } from "./shortened.js";
import type { RecommenderEstimator } from "./types.js";

export interface Rp3betaOptions {
  /** Power of the chances of each step of the walk. Defaults to 0.6. */
  readonly alpha?: number;
  /** Power of an item's popularity that its score is divided by. Defaults to 0.2. */
  readonly beta?: number;
  /** Items kept per item. Defaults to 300. */
  readonly neighbours?: number;
  /** Whether what leads away from each item is made to sum to one. Defaults to true. */
  readonly normalise?: boolean;
}

const defaults = { alpha: 0.6, beta: 0.2, neighbours: 300, normalise: true };
const constraints: Constraints = {
  alpha: { min: 0, max: 4 },
  beta: { min: 0, max: 4 },
  neighbours: { min: 1, max: 10_000, integer: true },
};
const kind = "rp3beta";

/** Walks of three steps from a user to items, popular ones held back (Paudel, Christoffel, Newell & Bernstein 2017). */
export function rp3beta(options: Rp3betaOptions = {}): RecommenderEstimator<InnerModel> {
  const { normalise, ...settings } = { ...defaults, ...options };
  checkOptions(kind, settings, constraints);
  const { alpha, beta, neighbours } = settings;
  return neighbourEstimator(kind, async (histories, fitOptions) => {
    const entries = shortened(histories);
    const byItem = transpose(entries);
    const userSums = rowPowers(entries, 1);
    const itemSums = rowPowers(byItem, 1);
    const toUsers = withValues(byItem, (item, _user, value) => (value / itemSums[item]) ** alpha);
    const toItems = withValues(entries, (user, _item, value) => (value / userSums[user]) ** alpha);
    const held = itemSums.map((sum) => sum ** -beta);
    const rows = keepLargest(entries.columns, neighbours);
    await eachProductRow(
      toUsers,
      toItems,
      (item, others, chances) => {
        for (const other of others)
          if (other !== item) rows.add(other, chances[other] * held[other]);
        rows.endRow(normalise ? sumToOne : undefined);
      },
      fitOptions,
    );
    return rows.done();
  });
}

function sumToOne(values: Float32Array): void {
  const sum = values.reduce((total, value) => total + value, 0);
  for (let at = 0; at < values.length; at++) values[at] /= sum;
}
