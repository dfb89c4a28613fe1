import { type ArtifactReader, badArtifact } from "../artifact.js";
import { LearnError } from "../error.js";
import { checkOptions } from "../options.js";
import { random } from "../random.js";
import type { Artifact } from "../types.js";
import { blendDepth, blendRanker } from "./blend-ranker.js";
import { chooseWeights } from "./blend-weights.js";
import { testSets } from "./evaluate.js";
import { estimator, type InnerModel } from "./model.js";
import type { Lists } from "./ranker.js";
import { splitInteractions } from "./split.js";
import type {
  Interactions,
  RecommenderEstimator,
  RecommenderFitOptions,
  RecommenderModel,
} from "./types.js";

export interface BlendOptions {
  readonly seed: number;
  /** What may take part. */
  readonly models: readonly RecommenderEstimator[];
  /** Weights, one per model, when they are known. Defaults to choosing them on a part of the interactions that is kept back. */
  readonly weights?: readonly number[];
  /** Length of the lists that weights are chosen for. Defaults to 20. */
  readonly k?: number;
}

/** How many users weights are chosen on, at most. */
export const judgedUsers = 5000;
const kind = "blend";

/**
 * Several models' lists added up, each measured by its best scores. Weights are chosen on the latest fifth of the interactions (without
 * times, on a random fifth of each user's), then all that take part learn from everything.
 */
export function blend(options: BlendOptions): RecommenderEstimator<InnerModel> {
  const { seed, models, weights, k = 20 } = options;
  checkOptions(
    kind,
    { seed, k },
    { seed: { min: 0, integer: true }, k: { min: 1, integer: true } },
  );
  if (models.length === 0) throw new LearnError("input", `${kind}: "models" is empty.`);
  if (weights && weights.length !== models.length)
    throw new LearnError("input", `${kind}: "weights" must be one for each model.`);
  if (weights) checkWeights(weights);
  return {
    kind,
    async fit(interactions, { signal, onProgress } = {}) {
      const rounds = weights ? models.length : 2 * models.length;
      let done = 0;
      const fitOne = (model: RecommenderEstimator, data: Interactions) => {
        const before = done++;
        return model.fit(data, {
          ...(signal && { signal }),
          onProgress: (share) => onProgress?.((before + share) / rounds),
        });
      };
      const chosen = weights ?? (await chosenWeights(interactions, fitOne));
      const parts: BlendPart[] = [];
      for (const [index, model] of models.entries())
        if (chosen[index] > 0)
          parts.push({ model: await fitOne(model, interactions), weight: chosen[index] });
      onProgress?.(1);
      return blendFitted(parts, interactions);
    },
    load: (artifact, interactions) => around([], models).load(artifact, interactions),
  };

  async function chosenWeights(
    interactions: Interactions,
    fitOne: (model: RecommenderEstimator, data: Interactions) => Promise<RecommenderModel>,
  ): Promise<number[]> {
    const { train, test } = splitInteractions(interactions, { seed });
    const truth = testSets(kind, test);
    const users = sampleUsers(truth, seed);
    if (users.length === 0 || train.users.length === 0) return models.map(() => 1);
    const lists: Lists[] = [];
    for (const model of models) {
      const fitted = await fitOne(model, train);
      lists.push(await fitted.recommend(users, { k: Math.max(blendDepth, 2 * k) }));
    }
    const wanted = Array.from(users, (user) => truth.get(user) ?? new Set<number>());
    return chooseWeights(lists, wanted, k);
  }
}

export interface BlendPart {
  readonly model: RecommenderModel;
  readonly weight: number;
}

/** A blend of models that have been fitted on these interactions. @throws LearnError "input" for a model that is none of this package */
export async function blendFitted(
  parts: readonly BlendPart[],
  interactions: Interactions,
  options: RecommenderFitOptions = {},
): Promise<InnerModel> {
  checkWeights(parts.map(({ weight }) => weight));
  return around(parts.map(innerPart), []).fit(interactions, options);
}

interface InnerPart {
  readonly model: InnerModel;
  readonly weight: number;
}

function innerPart({ model, weight }: BlendPart): InnerPart {
  const inner = model as InnerModel;
  if (!inner.ranker)
    throw new LearnError("input", `${kind}: "${model.kind}" is no model of this package.`);
  return { model: inner, weight };
}

/** The estimator whose model these parts are; `models` know how to load theirs. */
function around(
  parts: readonly InnerPart[],
  models: readonly RecommenderEstimator[],
): RecommenderEstimator<InnerModel> {
  return estimator(kind, {
    fit: async () => ranker(parts),
    save: (own) => ({
      parts: own.parts.map(({ model, weight }) => ({ weight, model: model.save() })),
    }),
    load: (data, itemCount) =>
      ranker(data.objects("parts").map((saved) => loadPart(saved, itemCount, models))),
  });
}

const ranker = (parts: readonly InnerPart[]) => ({
  ...blendRanker(parts.map(({ model, weight }) => ({ ranker: model.ranker, weight }))),
  parts,
});

function loadPart(
  saved: ArtifactReader,
  itemCount: number,
  models: readonly RecommenderEstimator[],
): InnerPart {
  const weight = saved.number("weight", { min: 0 });
  const artifact = saved.artifact("model") as Artifact | null;
  const found = models.find((model) => model.kind === artifact?.kind && model.kind !== kind);
  if (!found || !artifact) throw badArtifact(kind, "it holds a model that is none of those passed");
  const nobody: Interactions = {
    userCount: 0,
    itemCount,
    users: new Int32Array(0),
    items: new Int32Array(0),
  };
  return innerPart({ model: found.load(artifact, nobody), weight });
}

function checkWeights(weights: readonly number[]): void {
  const isFit = weights.every((weight) => weight >= 0 && weight < Infinity);
  if (!isFit || !weights.some((weight) => weight > 0))
    throw new LearnError("input", `${kind}: "weights" must be numbers ≥ 0, and one above.`);
}

/** Some of the users with something to find, in order. */
export function sampleUsers(truth: ReadonlyMap<number, unknown>, seed: number): Int32Array {
  const users = Int32Array.from(truth.keys());
  if (users.length <= judgedUsers) return users;
  return random(seed, 29).shuffle(users).slice(0, judgedUsers).sort();
}
