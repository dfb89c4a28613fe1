import {
  evaluateRecommendations,
  fitRace,
  type Interactions,
  type RecommendationMetrics,
  type RecommenderModel,
  raceRecommenders,
  splitInteractions,
} from "@inchworm/learn";
import { InchwormError, type OnProgress } from "@inchworm/spec";
import { plural } from "../terminal.js";
import { type InteractionOptions, numberInteractions, readInteractions } from "./data.js";
import { type SequenceFiles, sequenceModel } from "./sequence-model.js";

export interface RecommendFileOptions extends InteractionOptions {
  /** What is learned is judged on this file. Undefined keeps a part of the first back. */
  readonly test?: string;
  readonly k: number;
  readonly seed: number;
  /** A sequence model that was trained elsewhere, to race with the others. */
  readonly sequence?: SequenceFiles;
  /** Whether the chosen model is wanted, learned from all there is. */
  readonly keep: boolean;
  readonly signal?: AbortSignal;
  readonly onProgress?: OnProgress;
}

export interface RecommendCard {
  readonly users: number;
  readonly items: number;
  readonly models: readonly ModelLine[];
  readonly chosen: string;
  readonly interactions: number;
  readonly k: number;
  readonly method: string;
  readonly blend: Readonly<Record<string, number>>;
  readonly notes: readonly string[];
}

export interface ModelLine {
  readonly name: string;
  readonly recall: number;
  readonly ndcg: number;
  readonly coverage: number;
  /** What fitting took. */
  readonly seconds: number;
  readonly recallInterval: readonly [low: number, high: number];
  readonly ndcgInterval: readonly [low: number, high: number];
  readonly novelty: number;
  readonly popularityLift: number;
}

export interface PersonList {
  readonly user: string;
  readonly items: readonly { readonly item: string; readonly score: number | undefined }[];
}

/** The chosen model, and what it numbers. */
export interface KeptModel {
  readonly model: RecommenderModel;
  readonly userNames: readonly string[];
  readonly itemNames: readonly string[];
}

/**
 * Learns from a file, chooses among models on a part of it, and judges all of them on another file or on a part that was kept back. That
 * part has no say in any choice.
 *
 * @throws InchwormError "input" when a file cannot be used
 */
export async function recommendFile(
  path: string,
  options: RecommendFileOptions,
): Promise<{ readonly card: RecommendCard; readonly kept: KeptModel | undefined }> {
  const { test: testPath, k, seed, signal, onProgress } = options;
  const named = await readInteractions(path, options);
  const other = testPath === undefined ? undefined : await readInteractions(testPath, options);
  const all = numberInteractions(named, other);
  const parts = all.test
    ? { train: all.train, test: all.test }
    : splitInteractions(all.train, { seed });
  if (parts.test.users.length === 0)
    throw new InchwormError("input", "There is nothing to judge recommendations by.", {
      hint: all.test
        ? "The test file holds nothing that the first file does not."
        : "Users with two different items at least are needed.",
    });
  const progress = (step: string) => (share: number) =>
    onProgress?.({ step, done: Math.round(100 * share), total: 100, unit: "%" });
  const rules = { ...(signal && { signal }) };
  const imported = options.sequence && (await sequenceModel(options.sequence, all.itemNames));
  const race = await raceRecommenders(parts.train, {
    seed,
    k,
    ...(imported && { further: [imported.contender] }),
    ...rules,
    onProgress: progress("try models"),
  });
  const fitted = await fitRace(race, parts.train, { ...rules, onProgress: progress("learn") });
  const models: ModelLine[] = [];
  for (const { name, model, seconds } of fitted) {
    const metrics = await evaluateRecommendations(model, parts.train, parts.test, { k, seed });
    models.push(modelLine(name, metrics, seconds));
    signal?.throwIfAborted();
  }
  let chosen = (fitted.find(({ name }) => name === race.chosen) ?? fitted[0]).model;
  if (options.keep && !all.test) {
    const raced = race.models.find(({ name }) => name === race.chosen) ?? race.models[0];
    chosen = await raced.estimator.fit(all.train, { ...rules, onProgress: progress("learn") });
  }
  const blend = race.weights.map((weight, index) => [race.models[index].name, weight] as const);
  return {
    card: {
      users: new Set(all.train.users).size,
      items: new Set(all.train.items).size,
      models,
      chosen: race.chosen,
      interactions: all.train.users.length,
      k,
      method: methodOf(all.test !== undefined, all.train),
      blend: Object.fromEntries(blend.filter(([, weight]) => weight > 0)),
      notes: [
        ...named.notes,
        ...(other?.notes ?? []),
        ...(imported?.notes ?? []),
        ...(all.known > 0
          ? [
              `${plural(all.known, "row")} of the test file ${all.known === 1 ? "is" : "are"} known from the first, and not looked for.`,
            ]
          : []),
      ],
    },
    kept: options.keep
      ? { model: chosen, userNames: all.userNames, itemNames: all.itemNames }
      : undefined,
  };
}

const methodOf = (hasTest: boolean, { times }: Interactions): string => {
  if (hasTest) return "the test file";
  return times ? "the latest fifth of the interactions" : "a random fifth of each user's items";
};

function modelLine(name: string, metrics: RecommendationMetrics, seconds: number): ModelLine {
  const { recall, ndcg, coverage, novelty, popularityLift } = metrics;
  return {
    name,
    recall: recall.value,
    ndcg: ndcg.value,
    coverage,
    seconds,
    recallInterval: [recall.low, recall.high],
    ndcgInterval: [ndcg.low, ndcg.high],
    novelty,
    popularityLift,
  };
}

/** The list of every user. */
export async function listsOf(
  { model, userNames, itemNames }: KeptModel,
  k: number,
): Promise<Iterable<PersonList>> {
  const { items, scores, popular } = await model.recommend([...userNames.keys()], { k });
  return (function* () {
    for (const [user, name] of userNames.entries()) {
      const list = items.subarray(user * k, (user + 1) * k);
      const end = list.indexOf(-1);
      const count = end < 0 ? k : end;
      yield {
        user: name,
        items: Array.from(list.subarray(0, count), (item, rank) => ({
          item: itemNames[item],
          score: rank < count - popular[user] ? scores[user * k + rank] : undefined,
        })),
      };
    }
  })();
}
