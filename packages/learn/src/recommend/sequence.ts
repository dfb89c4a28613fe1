import { LearnError } from "../error.js";
import { type Constraints, checkOptions } from "../options.js";
import type { Histories } from "./histories.js";
import { neighbourEstimator } from "./item-knn.js";
import type { InnerModel } from "./model.js";
import { keepLargest } from "./neighbours.js";
import { checkHalfLife } from "./popularity.js";
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
    async (histories) => {
      if (!histories.times)
        throw new LearnError("input", `${kind}: the interactions have no times.`, {
          hint: "Pass them, or use item-knn.",
        });
      const { entries, times } = histories;
      const leads = Array.from({ length: entries.columns }, () => new Map<number, number>());
      const led = new Float64Array(entries.columns);
      for (let user = 0; user < entries.rows; user++) {
        const order = inTime(histories, user);
        for (let at = 0; at < order.length; at++) {
          const from = entries.indices[order[at]];
          for (let next = at + 1; next < order.length && next - at <= window; next++) {
            const to = entries.indices[order[next]];
            // bought together: neither came first
            const weight = 2 ** ((at + 1 - next) / stepHalfLife);
            leads[from].set(to, (leads[from].get(to) ?? 0) + weight);
            led[from] += weight;
            if (times[order[at]] !== times[order[next]]) continue;
            leads[to].set(from, (leads[to].get(from) ?? 0) + weight);
            led[to] += weight;
          }
        }
      }
      const rows = keepLargest(entries.columns, neighbours);
      leads.forEach((counts, from) => {
        for (const [to, count] of counts) rows.add(to, count / (led[from] + shrinkage));
        rows.endRow();
      });
      return rows.done();
    },
    weigh,
  );
}

/** Entries of a user in the order of time, of equal times in that of items. */
function inTime({ entries, times }: Histories, user: number): Int32Array {
  const from = entries.pointers[user];
  const order = Int32Array.from(
    { length: entries.pointers[user + 1] - from },
    (_, at) => from + at,
  );
  return times ? order.sort((one, other) => times[one] - times[other] || one - other) : order;
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
