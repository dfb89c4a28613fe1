import { LearnError } from "../error.js";
import { type Constraints, checkOptions } from "../options.js";
import type { Histories } from "./histories.js";
import { neighbourEstimator } from "./item-knn.js";
import type { InnerModel } from "./model.js";
import { checkHalfLife } from "./popularity.js";
import { inTime, transitions } from "./transitions.js";
import type { RecommenderEstimator } from "./types.js";

export interface SequenceOptions {
  /** How many later items of a history each item leads to. Defaults to 10. */
  readonly window?: number;
  /** A transition counts half for each so many items between. Defaults to 2. */
  readonly stepHalfLife?: number;
  /** An item of a history counts half after this long before the last one, in the unit of the times. Defaults to Infinity. */
  readonly halfLife?: number;
  /** Items kept per item. Defaults to 100. */
  readonly neighbours?: number;
  /** Draws the transitions of rare items to zero: added to how often an item led anywhere. Defaults to 5. */
  readonly shrinkage?: number;
}

const defaults = { window: 10, stepHalfLife: 2, halfLife: Infinity, neighbours: 100, shrinkage: 5 };
const constraints: Constraints = {
  window: { min: 1, max: 1000, integer: true },
  stepHalfLife: { above: 0 },
  neighbours: { min: 1, max: 10_000, integer: true },
  shrinkage: { min: 0 },
};
const kind = "sequence";

/** What people had next: transitions between items of a history, fewer the further apart, asked of its latest items. */
export function sequence(options: SequenceOptions = {}): RecommenderEstimator<InnerModel> {
  const settings = { ...defaults, ...options };
  checkOptions(kind, settings, constraints);
  checkHalfLife(kind, settings.halfLife);
  const { window, stepHalfLife, halfLife, neighbours, shrinkage } = settings;
  const weigh = latestFirst(stepHalfLife, halfLife);
  return neighbourEstimator(
    kind,
    async (histories, fitOptions) => {
      if (!histories.times)
        throw new LearnError("input", `${kind}: the interactions have no times.`, {
          hint: "Pass them, or use item-knn.",
        });
      return transitions(histories, { window, stepHalfLife, neighbours, shrinkage }, fitOptions);
    },
    weigh,
  );
}

/** Each entry counts by how many came after it, and by how long before the last one it was. Without times all count alike. */
function latestFirst(stepHalfLife: number, halfLife: number) {
  return (histories: Histories): Float32Array => {
    const { entries, times } = histories;
    if (!times) return entries.values;
    const weights = new Float32Array(entries.values.length);
    for (let user = 0; user < entries.rows; user++) {
      const order = inTime(histories, user);
      const last = order.length - 1;
      order.forEach((entry, at) => {
        const age = (times[order[last]] - times[entry]) / halfLife;
        weights[entry] = 2 ** -((last - at) / stepHalfLife + age);
      });
    }
    return weights;
  };
}
