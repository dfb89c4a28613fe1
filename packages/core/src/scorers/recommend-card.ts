import {
  type Interactions,
  itemKnn,
  type Recommendations,
  type RecommenderEstimator,
  type RecommenderModel,
  type RecommenderRace,
  type RecommenderRaceOptions,
  raceRecommenders,
} from "@inchworm/learn";
import { InchwormError, type RankingCard, type RankingMetrics } from "@inchworm/spec";
import type { Interactions as Pairs } from "@inchworm/store";
import { uniform } from "../dataset.js";
import { day } from "../windows.js";
import { featuresOf } from "./recommend-features.js";
import type { Goods } from "./recommend-goods.js";
import { compareLists, judgeLists } from "./recommend-judge.js";
import type { Raced } from "./recommend-notes.js";
import type { RecommendSettings } from "./recommend-options.js";
import { type Past, pastOf, placesOf, repeatGoods } from "./recommend-past.js";
import { type Homes, segmentRows, segmentsOf } from "./recommend-segments.js";
import { placesIn } from "./value-customers.js";

export interface JudgeInput {
  readonly settings: RecommendSettings;
  readonly goods: Goods;
  /** Up to the evaluation day, and from it on. */
  readonly before: Pairs;
  readonly after: Pairs;
  readonly homes: Homes;
  readonly evaluation: number;
  /** How many pairs the best is to learn from in the end. */
  readonly pairs: number;
  readonly seed: number;
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: (share: number) => void;
}

export interface JudgedRace {
  readonly estimator: RecommenderEstimator;
  readonly card: Pick<
    RankingCard,
    "verdict" | "because" | "model" | "metrics" | "rule" | "gain" | "beside" | "candidates"
  > & { readonly people: number };
  /** Of offers; see `offerRates`. */
  readonly rates: { readonly personal: number[]; readonly popular: number[] };
  readonly raced: Omit<Raced, "people" | "pairs">;
}

/** People judged, at most; the same ones every time. */
const mostJudged = 20_000;
const least = { people: 50, items: 5, judged: 20 };

/**
 * The race of all kinds of model on what was known on the evaluation day, and the winner against the popular list on what came
 * after it. Published only when recall and NDCG are both better, NDCG beyond doubt.
 *
 * @throws InchwormError "insufficient-data" with the count that is missing
 */
export async function judgeRecommenders(input: JudgeInput): Promise<JudgedRace> {
  const { settings, goods, before, homes, evaluation, seed, signal } = input;
  const { kind, k, diversity } = settings;
  const short = (what: string, needed: number, there: number) =>
    new InchwormError(
      "insufficient-data",
      `recommend-${kind}: needs ${needed} ${what}, and there are ${there}: ${needed - there} are missing.`,
      { hint: "Import more orders, views or clicks that name an item." },
    );
  const { contacts } = before;
  const past = pastOf(before, contacts, goods, repeatGoods(before, goods), settings, evaluation);
  const people = withHistory(past).length;
  const items = new Set(past.interactions.items).size;
  if (people < least.people)
    throw short("people with a history before the backtest", least.people, people);
  if (items < least.items)
    throw short("items that somebody had before the backtest", least.items, items);
  const { users, wanted } = wantedOf(input, past);
  if (users.length < least.judged)
    throw short(
      "people with a history who had something new to them in the backtest",
      least.judged,
      users.length,
    );

  const train = {
    ...past.interactions,
    segments: segmentRows(homes, contacts.length, segmentsOf(homes, past.pointers)),
    ...featuresOf(goods),
  };
  const work = signal ? { signal } : {};
  const race = await raceOn(train, {
    seed,
    k: Math.max(10, k),
    pairs: input.pairs,
    ...work,
    onProgress: (share) => input.onProgress?.(0.7 * share),
  });
  if (!race) throw short("people with two different items before the backtest", least.people, 0);
  const named = (name: string) => race.models.find((model) => model.name === name);
  const chosen = named(race.chosen) ?? race.models[0];
  const popular = named("popularity") ?? race.models[0];
  const models = [chosen, popular, named("item-knn") ?? { name: "item-knn", estimator: itemKnn() }];
  const fitted: RecommenderModel[] = [];
  for (const { estimator } of models) {
    const onProgress = (share: number) => input.onProgress?.(0.7 + 0.1 * (fitted.length + share));
    fitted.push(await estimator.fit(train, { ...work, onProgress }));
  }
  const lists = (model: RecommenderModel, whose: Int32Array, length: number, variety = 0) =>
    model.recommend(whose, { ...rulesOf(goods, past), k: length, diversity: variety });
  const judged = [];
  for (const [at, model] of fitted.entries())
    judged.push(judgeLists(await lists(model, users, k, at === 0 ? diversity : 0), wanted, train));
  const { metrics, gain } = compareLists(judged, seed);
  const [own, simple, knn] = metrics;
  const published = gain.ndcg.low > 0 && gain.recall.value > 0;
  const rates = { personal: [] as number[], popular: [] as number[] };
  if (kind === "offer") {
    const everybody = sample(withHistory(past), contacts, seed);
    const taken = takenBy(input, past);
    for (const [at, name] of [
      [0, "personal"],
      [1, "popular"],
    ] as const) {
      const long = await lists(fitted[at], everybody, Math.min(50, goods.ids.length));
      rates[name] = offerRates(long, everybody, taken);
    }
  }
  return {
    estimator: chosen.estimator,
    rates,
    raced: {
      raced: race.raced,
      outOfReach: race.outOfReach,
      judged: { people, pairs: train.users.length },
    },
    card: {
      people: users.length,
      verdict: published ? "published" : "withheld",
      because: because(published, k, own, simple, gain),
      model: chosen.name,
      metrics: own,
      rule: { name: "popular list", ...simple },
      gain,
      beside: [{ name: "item-knn", ...knn }],
      candidates: [chosen, ...race.models.filter((model) => model !== chosen)].map(
        ({ name, recall, ndcg }) => ({ name, metrics: { recall, ndcg } }),
      ),
    },
  };
}

/** In the order of time; at random where all ends on one day, and undefined where nobody has anything to keep back. */
async function raceOn(
  train: Interactions,
  options: RecommenderRaceOptions,
): Promise<RecommenderRace | undefined> {
  const { times: _, ...timeless } = train;
  for (const interactions of [train, timeless])
    try {
      return await raceRecommenders(interactions, options);
    } catch (error) {
      if (!InchwormError.is(error, "input")) throw error;
    }
  return undefined;
}

/** What keeps items out of lists on a past day: what can be had today says nothing of it. */
const rulesOf = (goods: Goods, past: Past) => ({
  filter: (item: number) => goods.ruled[item] === 1,
  exclude: past.banned,
  keepSeen: true,
});

/** People with a history who went on to have something that a list could have held, and what. */
function wantedOf(input: JudgeInput, past: Past) {
  const { before, goods, seed } = input;
  const taken = takenBy(input, past);
  const users: number[] = [];
  for (const user of withHistory(past)) {
    const own = taken.get(user);
    if (!own) continue;
    for (const item of past.banned(user)) own.delete(item);
    for (const item of own) if (goods.ruled[item] !== 1) own.delete(item);
    if (own.size > 0) users.push(user);
  }
  const chosen = sample(users, before.contacts, seed);
  return { users: chosen, wanted: Array.from(chosen, (user) => taken.get(user) as Set<number>) };
}

/** What each person bought (of content and offers: took in any way) from the evaluation day on. */
function takenBy(
  { before, after, goods, settings }: JudgeInput,
  past: Past,
): Map<number, Set<number>> {
  const userOf = placesIn(after.contacts, before.contacts);
  const placeOf = placesOf(after.ids, goods);
  const taken = new Map<number, Set<number>>();
  for (let at = 0; at < after.rows.length; at++) {
    const user = userOf[after.rows[at]];
    const isTaken = settings.kind === "product" ? after.bought[at] > 0 : after.weights[at] > 0;
    if (user < 0 || !isTaken || past.pointers[user + 1] === past.pointers[user]) continue;
    const own = taken.get(user) ?? new Set();
    taken.set(user, own.add(placeOf[after.items[at]]));
  }
  return taken;
}

function withHistory({ pointers }: Past): number[] {
  const users: number[] = [];
  for (let user = 0; user + 1 < pointers.length; user++)
    if (pointers[user + 1] > pointers[user]) users.push(user);
  return users;
}

function sample(users: readonly number[], contacts: Int32Array, seed: number): Int32Array {
  const share = mostJudged / users.length;
  return Int32Array.from(
    share >= 1 ? users : users.filter((user) => uniform(contacts[user], seed) < share),
  );
}

/**
 * The chance that what stands at each place of a list is taken in the time that the backtest looks ahead; never rising down the
 * list (pooled adjacent violators).
 */
export function offerRates(
  { k, items }: Pick<Recommendations, "k" | "items">,
  users: Int32Array,
  taken: ReadonlyMap<number, ReadonlySet<number>>,
): number[] {
  const pools: { taken: number; listed: number; places: number }[] = [];
  for (let place = 0; place < k; place++) {
    let pool = { taken: 0, listed: 0, places: 1 };
    users.forEach((user, row) => {
      const item = items[row * k + place];
      if (item < 0) return;
      pool.listed++;
      if (taken.get(user)?.has(item)) pool.taken++;
    });
    // half a taker more than came: what nobody took so far may yet be taken
    if (place === 0) pool.taken += 0.5;
    for (let last = pools.at(-1); last && rateOf(last) < rateOf(pool); last = pools.at(-1)) {
      pool = {
        taken: pool.taken + last.taken,
        listed: pool.listed + last.listed,
        places: pool.places + last.places,
      };
      pools.pop();
    }
    pools.push(pool);
  }
  return pools.flatMap((pool) => new Array<number>(pool.places).fill(rateOf(pool)));
}

const rateOf = ({ taken, listed }: { readonly taken: number; readonly listed: number }): number =>
  listed > 0 ? Math.min(1, taken / listed) : 0;

function because(
  published: boolean,
  k: number,
  own: RankingMetrics,
  simple: RankingMetrics,
  gain: RankingCard["gain"],
): string {
  const numbers = `NDCG of ${k} ${own.ndcg.value.toFixed(3)} against ${simple.ndcg.value.toFixed(3)} of the popular list (gain ${gain.ndcg.low.toFixed(3)} to ${gain.ndcg.high.toFixed(3)}), recall ${own.recall.value.toFixed(3)} against ${simple.recall.value.toFixed(3)}`;
  return published
    ? `It beat the popular list on later days: ${numbers}.`
    : `Withheld: it did not beat the popular list beyond doubt, ${numbers}.`;
}

/** Windows of a card: one day is learned up to, and judged from. */
export const rankingWindows = (evaluation: number, asOf: number): RankingCard["windows"] => ({
  training: { cutoffs: [evaluation], labelsUntil: evaluation },
  evaluation: { cutoff: evaluation, labelsUntil: asOf },
  refit: { cutoffs: [asOf], labelsUntil: asOf },
});

/** How far ahead a backtest can look: at most a third of the history. */
export const horizonOf = (first: number, asOf: number, wantedDays: number): number =>
  Math.min(wantedDays, Math.floor((asOf - first) / day / 3));
