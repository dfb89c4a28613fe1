import type { Interactions, Recommendations } from "@inchworm/learn";
import type { Measured, RankingMetrics } from "@inchworm/spec";
import { type PreparedMetric, resampled } from "../quantity-metrics.js";

/** What each person asked about went on to have; one entry per person. */
export type Wanted = readonly ReadonlySet<number>[];

export interface Judged {
  readonly recall: Float64Array;
  readonly ndcg: Float64Array;
  readonly rest: Pick<RankingMetrics, "coverage" | "novelty" | "popularityLift">;
}

/** How good each person's list was, and what the lists are like together. */
export function judgeLists(
  { k, items }: Pick<Recommendations, "k" | "items">,
  wanted: Wanted,
  train: Interactions,
): Judged {
  const had = new Float64Array(train.itemCount);
  for (const item of train.items) had[item]++;
  const ownPopularity = train.items.reduce((sum, item) => sum + had[item], 0) / train.items.length;
  const people = new Set(train.users).size;
  const recall = new Float64Array(wanted.length);
  const ndcg = new Float64Array(wanted.length);
  const isListed = new Uint8Array(train.itemCount);
  let listed = 0;
  let surprise = 0;
  let popularity = 0;
  wanted.forEach((set, row) => {
    let found = 0;
    let gain = 0;
    let ideal = 0;
    for (let rank = 0; rank < k; rank++) {
      const item = items[row * k + rank];
      const discount = 1 / Math.log2(rank + 2);
      if (rank < set.size) ideal += discount;
      if (item < 0) continue;
      isListed[item] = 1;
      listed++;
      popularity += had[item];
      surprise -= Math.log2(Math.max(1, had[item]) / people);
      if (!set.has(item)) continue;
      found++;
      gain += discount;
    }
    recall[row] = found / set.size;
    ndcg[row] = gain / ideal;
  });
  return {
    recall,
    ndcg,
    rest: {
      coverage: isListed.reduce((sum, one) => sum + one, 0) / train.itemCount,
      novelty: listed > 0 ? surprise / listed : 0,
      popularityLift: listed > 0 ? popularity / listed / ownPopularity : 0,
    },
  };
}

/** Metrics of each with intervals, and how much the first is better than the second, all on the same resampled people. */
export function compareLists(judged: readonly Judged[], seed: number) {
  const [first, second] = judged;
  const minus = (one: Float64Array, other: Float64Array) =>
    one.map((value, row) => value - other[row]);
  const prepared: Record<string, PreparedMetric> = {
    "gain recall": meanOf(minus(first.recall, second.recall), -1),
    "gain ndcg": meanOf(minus(first.ndcg, second.ndcg), -1),
  };
  judged.forEach(({ recall, ndcg }, at) => {
    prepared[`${at} recall`] = meanOf(recall, 0);
    prepared[`${at} ndcg`] = meanOf(ndcg, 0);
  });
  const found = resampled(prepared, first.recall.length, seed);
  const both = (name: string): { recall: Measured; ndcg: Measured } => ({
    recall: found[`${name} recall`],
    ndcg: found[`${name} ndcg`],
  });
  const metrics: RankingMetrics[] = judged.map(({ rest }, at) => ({ ...both(`${at}`), ...rest }));
  return { metrics, gain: both("gain") };
}

const meanOf = (values: Float64Array, least: number): PreparedMetric =>
  Object.assign(
    (weights: Float64Array) => {
      let sum = 0;
      let total = 0;
      for (let row = 0; row < values.length; row++) {
        sum += weights[row] * values[row];
        total += weights[row];
      }
      return sum / total;
    },
    { least, most: 1 },
  );
