import { breathe } from "../abort.js";
import { LearnError } from "../error.js";
import { blend, blendFitted, sampleUsers } from "./blend.js";
import { blendDepth, merge } from "./blend-ranker.js";
import { chooseWeights } from "./blend-weights.js";
import { contenders, type Family } from "./contenders.js";
import { blendReach, grown, shapeOf } from "./cost.js";
import { hits, testSets } from "./evaluate.js";
import { joinLists, type Lists } from "./ranker.js";
import { someUsers } from "./sample.js";
import { type Parts, splitInteractions } from "./split.js";
import type {
  Interactions,
  RecommenderEstimator,
  RecommenderFitOptions,
  RecommenderModel,
} from "./types.js";

export interface RecommenderRaceOptions extends RecommenderFitOptions {
  readonly seed: number;
  /** Length of the lists that are judged. Defaults to 20. */
  readonly k?: number;
  /** How many interactions the best is to learn from in the end, where these are some of them. Defaults to these. */
  readonly pairs?: number;
  /** Models of one's own that race beside the others, such as one that was imported. */
  readonly further?: readonly NamedRecommender[];
  /** 0 = as many threads as there are cores. Defaults to 0; the outcome does not depend on it. */
  readonly threads?: number;
}

export interface NamedRecommender {
  readonly name: string;
  readonly estimator: RecommenderEstimator;
}

/** A kind of model with the settings that did best on what was kept back, and how it did there. */
export interface RacedRecommender extends NamedRecommender {
  readonly recall: number;
  readonly ndcg: number;
}

export interface RecommenderRace {
  /** The kinds tried, and last their blend. */
  readonly models: readonly RacedRecommender[];
  /** Weights of the kinds in the blend, in the order of the models. */
  readonly weights: readonly number[];
  /** How many users raced with how many interactions; of very many users some are drawn, with all they had. */
  readonly raced: { readonly users: number; readonly interactions: number };
  /** Kinds that were not tried because learning from everything would take too long, see `reach`. */
  readonly outOfReach: readonly string[];
  /** Name of the blend, or of a model whose mean of recall and NDCG is better by more than twice the standard error of the difference. */
  readonly chosen: string;
}

/** So few interactions are split this often: one part kept back tells too little. */
const few = 300_000;
const fewSplits = 3;
/** Of more, all that some users had race. */
const most = 1_000_000;
const keptBack = 0.1;

/**
 * Tries every kind of model that suits the data with several settings, and their blend, on a tenth of the interactions that is kept back:
 * the latest where there are times, else a random tenth of each user's. Nothing is fitted on everything yet.
 *
 * @throws LearnError "input" for interactions that cannot be used or are too few to keep any back; "aborted"
 */
export async function raceRecommenders(
  interactions: Interactions,
  options: RecommenderRaceOptions,
): Promise<RecommenderRace> {
  const { seed, k = 20, threads = 0, pairs, further = [], signal, onProgress } = options;
  const shape = shapeOf(interactions);
  const full = grown(shape, pairs ?? 0);
  const sample = someUsers(interactions, most, seed);
  const isSample = full.pairs > most;
  const splits = splitsOf(sample, seed);
  const wanted = splits.flatMap(({ users, truth }) =>
    Array.from(users, (user) => truth.get(user) ?? new Set<number>()),
  );
  if (wanted.length === 0)
    throw new LearnError("input", "recommend: no user has enough interactions to keep one back.", {
      hint: "Users with two different items at least are needed.",
    });
  const usual = contenders(sample, full, seed, threads);
  const families = [...usual.families, ...further.map(ownFamily)];
  const rounds = families.reduce((sum, { settings }) => sum + settings.length, 0) * splits.length;
  let done = 0;
  const lists = async (estimator: RecommenderEstimator): Promise<Lists> => {
    const found: Lists[] = [];
    for (const { parts, users } of splits) {
      const model = await estimator.fit(parts.train, {
        ...(signal && { signal }),
        onProgress: (share) => onProgress?.((done + 0.9 * share) / rounds),
      });
      found.push(await model.recommend(users, { k: Math.max(blendDepth, 2 * k), threads }));
      onProgress?.(++done / rounds);
      await breathe(signal);
    }
    return joined(found);
  };
  const best: Tried[] = [];
  for (const family of families) best.push(await bestOf(family, isSample, lists, wanted, k));
  const weights = withinReach(
    chooseWeights(
      best.map((one) => one.lists),
      wanted,
      k,
    ),
    best.map(({ seconds }) => seconds),
  );
  const mixed = scored(
    merge(
      best.map((one) => one.lists),
      weights,
      wanted.length,
      k,
    ),
    wanted,
    k,
  );
  const whole = blend({ seed, models: best.map(({ estimator }) => estimator), weights, k });
  const models: RacedRecommender[] = [
    ...best.map(({ name, estimator, recall, ndcg }) => ({ name, estimator, recall, ndcg })),
    { name: "blend", estimator: whole, recall: mixed.recall, ndcg: mixed.ndcg },
  ];
  const alone = best.reduce((one, other) => (meanOf(other) > meanOf(one) ? other : one));
  const chosen = isClearlyBetter(alone.values, mixed.values) ? alone.name : "blend";
  const raced = { users: shapeOf(sample).users, interactions: sample.users.length };
  return { models, weights, raced, outOfReach: usual.outOfReach, chosen };
}

/** What a model that is not ours costs is not known. */
const ownFamily = ({ name, estimator }: NamedRecommender): Family => ({
  name,
  settings: [{ estimator, onSample: estimator, seconds: 0 }],
});

/** A blend does without its lightest parts as long as all together would take too long. */
function withinReach(weights: readonly number[], seconds: readonly number[]): number[] {
  const kept = [...weights];
  const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0);
  while (sum(seconds.filter((_, part) => kept[part] > 0)) > blendReach) {
    const parts = [...kept.keys()].filter((part) => kept[part] > 0);
    if (parts.length === 1) break;
    kept[parts.reduce((one, other) => (kept[other] < kept[one] ? other : one))] = 0;
  }
  const total = sum(kept);
  return kept.map((weight) => weight / total);
}

/** All models of a race fitted on everything; the blend is made of the others. `seconds` is what fitting took. */
export async function fitRace(
  { models, weights }: RecommenderRace,
  interactions: Interactions,
  { signal, onProgress }: RecommenderFitOptions = {},
): Promise<
  { readonly name: string; readonly model: RecommenderModel; readonly seconds: number }[]
> {
  const fitted: { name: string; model: RecommenderModel; seconds: number }[] = [];
  const own = models.slice(0, weights.length);
  for (const [index, { name, estimator }] of own.entries()) {
    const began = performance.now();
    const model = await estimator.fit(interactions, {
      ...(signal && { signal }),
      onProgress: (share) => onProgress?.((index + share) / own.length),
    });
    fitted.push({ name, model, seconds: (performance.now() - began) / 1000 });
  }
  const parts = fitted
    .map(({ model, seconds }, index) => ({ model, seconds, weight: weights[index] }))
    .filter(({ weight }) => weight > 0);
  const model = await blendFitted(parts, interactions);
  const seconds = parts.reduce((sum, part) => sum + part.seconds, 0);
  return [...fitted, { name: "blend", model, seconds }];
}

interface Tried extends RacedRecommender, Scored {
  readonly lists: Lists;
  readonly seconds: number;
}

async function bestOf(
  { name, settings }: Family,
  isSample: boolean,
  listsOf: (estimator: RecommenderEstimator) => Promise<Lists>,
  wanted: readonly ReadonlySet<number>[],
  k: number,
): Promise<Tried> {
  let best: Tried | undefined;
  for (const { estimator, onSample, seconds } of settings) {
    const lists = await listsOf(isSample ? onSample : estimator);
    const tried = { name, estimator, seconds, lists, ...scored(lists, wanted, k) };
    if (!best || meanOf(tried) > meanOf(best)) best = tried;
  }
  return best as Tried;
}

const meanOf = ({ recall, ndcg }: Pick<RacedRecommender, "recall" | "ndcg">): number =>
  (recall + ndcg) / 2;

interface Scored {
  readonly recall: number;
  readonly ndcg: number;
  /** Mean of both for each list. */
  readonly values: Float64Array;
}

function scored(lists: Lists, wanted: readonly ReadonlySet<number>[], k: number): Scored {
  let recall = 0;
  let ndcg = 0;
  const values = new Float64Array(wanted.length);
  wanted.forEach((set, row) => {
    const [found, gain] = hits(lists.items.subarray(row * lists.k, row * lists.k + k), set);
    recall += found / wanted.length;
    ndcg += gain / wanted.length;
    values[row] = (found + gain) / 2;
  });
  return { recall, ndcg, values };
}

/** The best of many settings looks better on what is kept back than it is: to be preferred it must be so beyond chance. */
function isClearlyBetter(one: Float64Array, other: Float64Array): boolean {
  let sum = 0;
  let squares = 0;
  for (let row = 0; row < one.length; row++) {
    const difference = one[row] - other[row];
    sum += difference;
    squares += difference * difference;
  }
  const mean = sum / one.length;
  return mean > 2 * Math.sqrt((squares / one.length - mean * mean) / one.length);
}

interface Split {
  readonly parts: Parts;
  readonly truth: ReadonlyMap<number, ReadonlySet<number>>;
  readonly users: Int32Array;
}

function splitsOf(interactions: Interactions, seed: number): Split[] {
  // in the order of time there is only one way to split
  const count = interactions.times || interactions.users.length > few ? 1 : fewSplits;
  return Array.from({ length: count }, (_, index) => {
    const parts = splitInteractions(interactions, { seed: seed + index, share: keptBack });
    const truth = testSets("recommend", parts.test);
    return { parts, truth, users: sampleUsers(truth, seed) };
  });
}

const joined = (lists: readonly Lists[]): Lists =>
  lists.length === 1 ? lists[0] : joinLists(lists);
