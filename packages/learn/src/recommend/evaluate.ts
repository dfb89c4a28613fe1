import type { Interval } from "../metrics/bootstrap.js";
import { random } from "../random.js";
import { historiesOf } from "./histories.js";
import { rowCounts, transpose } from "./matrix.js";
import type { Interactions, Recommendations, RecommenderModel } from "./types.js";

export interface EvaluateOptions {
  /** Length of the lists. Defaults to 20. */
  readonly k?: number;
  readonly seed: number;
  /** Defaults to 1000. */
  readonly resamples?: number;
  readonly threads?: number;
}

/** How good lists were, over users with something to find. */
export interface RecommendationMetrics {
  readonly users: number;
  /** Share of what a user went on to have that was in the list. */
  readonly recall: Interval;
  /** Binary gains, 1 / log2(rank + 1), against the best possible list. */
  readonly ndcg: Interval;
  /** Share of all items that are in somebody's list. */
  readonly coverage: number;
  /** Mean surprise of what is listed: −log2 of the share of users who had it. */
  readonly novelty: number;
  /** Mean number of users of what is listed, over that of what users had. */
  readonly popularityLift: number;
}

/**
 * Ranks all items but those a user is known to have had, for every user with something in `test`. Items are never sampled.
 *
 * Intervals are 95 % bootstrap percentiles over users: models judged on the same users with one seed see the same resamples.
 */
export async function evaluateRecommendations(
  model: RecommenderModel,
  train: Interactions,
  test: Interactions,
  options: EvaluateOptions,
): Promise<RecommendationMetrics> {
  const { k = 20, threads = 0 } = options;
  const truth = testSets("evaluate", test);
  const users = Int32Array.from(truth.keys());
  const lists = await model.recommend(users, { k, threads });
  return judge(lists, users, truth, train, options);
}

/** What each user with something to find went on to have. */
export function testSets(who: string, test: Interactions): Map<number, Set<number>> {
  const { entries } = historiesOf(who, test);
  const sets = new Map<number, Set<number>>();
  for (let user = 0; user < entries.rows; user++)
    if (entries.pointers[user + 1] > entries.pointers[user])
      sets.set(
        user,
        new Set(entries.indices.subarray(entries.pointers[user], entries.pointers[user + 1])),
      );
  return sets;
}

export function judge(
  { k, items }: Pick<Recommendations, "k" | "items">,
  users: Int32Array,
  truth: ReadonlyMap<number, ReadonlySet<number>>,
  train: Interactions,
  { seed, resamples = 1000 }: EvaluateOptions,
): RecommendationMetrics {
  const { entries } = historiesOf("evaluate", train);
  const had = rowCounts(transpose(entries));
  const recalls = new Float64Array(users.length);
  const gains = new Float64Array(users.length);
  const isListed = new Uint8Array(train.itemCount);
  let listed = 0;
  let surprise = 0;
  let popularity = 0;
  users.forEach((user, row) => {
    const list = items.subarray(row * k, (row + 1) * k);
    const wanted = truth.get(user) ?? new Set<number>();
    [recalls[row], gains[row]] = hits(list, wanted);
    for (const item of list) {
      if (item < 0) continue;
      isListed[item] = 1;
      listed++;
      popularity += had[item];
      surprise -= Math.log2(Math.max(1, had[item]) / entries.rows);
    }
  });
  const own = entries.indices.reduce((sum, item) => sum + had[item], 0) / entries.indices.length;
  return {
    users: users.length,
    recall: intervalOf(recalls, seed, resamples),
    ndcg: intervalOf(gains, seed, resamples),
    coverage: isListed.reduce((sum, one) => sum + one, 0) / train.itemCount,
    novelty: listed > 0 ? surprise / listed : 0,
    popularityLift: listed > 0 ? popularity / listed / own : 0,
  };
}

/** Recall and NDCG of one list; both 0 where there is nothing to find. */
export function hits(list: Int32Array, wanted: ReadonlySet<number>): [number, number] {
  let found = 0;
  let gain = 0;
  let ideal = 0;
  for (let rank = 0; rank < list.length; rank++) {
    const discount = 1 / Math.log2(rank + 2);
    if (wanted.has(list[rank])) {
      found++;
      gain += discount;
    }
    if (rank < wanted.size) ideal += discount;
  }
  return wanted.size === 0 ? [0, 0] : [found / wanted.size, gain / ideal];
}

function intervalOf(values: Float64Array, seed: number, resamples: number): Interval {
  const count = values.length;
  if (count === 0) return { value: 0, low: 0, high: 0 };
  const value = values.reduce((sum, one) => sum + one, 0) / count;
  const draw = random(seed, 23);
  const means = new Float64Array(resamples);
  for (let sample = 0; sample < resamples; sample++) {
    let sum = 0;
    for (let drawn = 0; drawn < count; drawn++) sum += values[draw.below(count)];
    means[sample] = sum / count;
  }
  means.sort();
  const at = (share: number): number => means[Math.round(share * (resamples - 1))];
  return { value, low: at(0.025), high: at(0.975) };
}
