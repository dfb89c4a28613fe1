import { breathe } from "../abort.js";
import { type Alternation, type Side, solveSide, withAlternation } from "../kernels/als.js";
import { type Constraints, checkOptions } from "../options.js";
import { packFloats, unpackFloats } from "../packed.js";
import { random } from "../random.js";
import { factorRanker } from "./factors.js";
import { type FeatureMap, featureMap } from "./feature-map.js";
import type { Histories } from "./histories.js";
import { rowCounts, transpose } from "./matrix.js";
import { estimator, type InnerModel } from "./model.js";
import type { ItemFactors, RidgeRule } from "./ranker.js";
import type { RecommenderEstimator, RecommenderFitOptions, SideFeatures } from "./types.js";

export interface IalsOptions {
  readonly seed: number;
  /** Rounded up to a multiple of 8. Defaults to 64. */
  readonly factors?: number;
  /** Weight of each pair that was not observed. Defaults to 0.1. */
  readonly unobserved?: number;
  /** Defaults to 0.02. */
  readonly regularisation?: number;
  /** Power by which regularisation grows with what is known of a row: λ(n + α₀·N)^ν. Defaults to 1. */
  readonly frequencyPower?: number;
  /** Defaults to 16. */
  readonly epochs?: number;
  /** Steps of conjugate gradient per row and epoch. Defaults to 3. */
  readonly steps?: number;
  /** 0 = as many threads as there are cores. Defaults to 0; the model does not depend on it. */
  readonly threads?: number;
}

const defaults = {
  factors: 64,
  unobserved: 0.1,
  regularisation: 0.02,
  frequencyPower: 1,
  epochs: 16,
  steps: 3,
  threads: 0,
};
const constraints: Constraints = {
  seed: { min: 0, integer: true },
  factors: { min: 1, max: 2048, integer: true },
  unobserved: { above: 0, max: 1000 },
  regularisation: { above: 0 },
  frequencyPower: { min: 0, max: 2 },
  epochs: { min: 1, max: 1000, integer: true },
  steps: { min: 1, max: 100, integer: true },
  threads: { min: 0, integer: true },
};
const kind = "ials";
/** Enough for a history's factors to be the solution, to single precision. */
export const foldSteps = 32;

type Settings = Required<IalsOptions>;

/**
 * Implicit alternating least squares (Hu, Koren & Volinsky 2008) with the regularisation and the settings that matter of Rendle et al.
 * 2021; each row by warm-started conjugate gradient (Takács et al. 2011). Items with few interactions are drawn to what their features
 * say, where there are any, and those without take it. Users' factors are not kept: each is solved for from a history when asked for, so
 * that a new user is as good as an old one.
 */
export function ials(options: IalsOptions): RecommenderEstimator<InnerModel> {
  const settings: Settings = { ...defaults, ...options };
  checkOptions(kind, settings, constraints);
  const size = 8 * Math.ceil(settings.factors / 8);
  return estimator(kind, {
    async fit(histories, fitOptions) {
      const { rows } = histories.entries;
      const values = await trainItems(histories, size, settings, fitOptions);
      return ialsRanker({ size, values }, rows, settings);
    },
    save: ({ factors, users, rules }) => ({
      blocks: factors.size / 8,
      factors: packFloats(factors.values),
      users,
      ...rules,
    }),
    load(data, itemCount) {
      const size = 8 * data.number("blocks", { min: 1, max: 256, integer: true });
      const values = unpackFloats(kind, data, "factors", itemCount * size);
      return ialsRanker({ size, values }, data.number("users", { min: 0, integer: true }), {
        unobserved: data.number("unobserved", { min: 1e-12 }),
        regularisation: data.number("regularisation", { min: 1e-12 }),
        frequencyPower: data.number("frequencyPower", { min: 0, max: 2 }),
        threads: settings.threads,
      });
    },
  });
}

async function trainItems(
  { entries, itemFeatures, userFeatures }: Histories,
  size: number,
  settings: Settings,
  { signal, onProgress }: RecommenderFitOptions,
): Promise<Float32Array> {
  const { seed, epochs } = settings;
  const byItem = transpose(entries);
  const draw = random(seed);
  const start = (rows: number): Float32Array =>
    Float32Array.from({ length: rows * size }, () => (0.1 / Math.sqrt(size)) * draw.normal());
  const side = (matrix: typeof entries, features: SideFeatures | undefined): Side => ({
    entries: matrix,
    factors: start(matrix.rows),
    ridges: ridgesOf(rowCounts(matrix), matrix.columns, settings),
    ...(features && { priors: new Float32Array(matrix.rows * size) }),
  });
  const items = side(byItem, itemFeatures);
  const users = side(entries, userFeatures);
  const maps = {
    users: userFeatures && featureMap(userFeatures, rowCounts(entries)),
    items: itemFeatures && featureMap(itemFeatures, rowCounts(byItem)),
  };
  await withAlternation(users, items, { ...settings, size }, async (alternation) => {
    for (let epoch = 0; epoch < epochs; epoch++) {
      for (const [at, which] of (["users", "items"] as const).entries()) {
        const heard = async (share: number) => {
          onProgress?.((epoch + (at + share) / 2) / epochs);
          await breathe(signal);
        };
        await alternation.solve(which, heard);
        learnMap(alternation, which, maps[which], size);
        await heard(1);
      }
    }
    // items that nobody had take what their features say
    if (maps.items) await alternation.solve("items");
  });
  return items.factors;
}

/** Learns anew what the features of a side say of its factors. */
function learnMap(
  alternation: Alternation,
  side: "users" | "items",
  map: FeatureMap | undefined,
  size: number,
): void {
  const priors = alternation.priors(side);
  if (map && priors) map(alternation.factors(side), size, priors);
}

const ridgesOf = (
  counts: Float64Array,
  others: number,
  { unobserved, regularisation, frequencyPower }: RidgeRule,
): Float32Array =>
  Float32Array.from(
    counts,
    (count) => regularisation * (count + unobserved * others) ** frequencyPower,
  );

function ialsRanker(
  factors: ItemFactors,
  users: number,
  rules: RidgeRule & Pick<Settings, "threads">,
) {
  const { size, values } = factors;
  const itemCount = values.length / size;
  const { unobserved, regularisation, frequencyPower } = rules;
  const square = Float32Array.from(gramOf(values, size), (cell) => unobserved * cell);
  const vectors = async ({ entries }: Histories, threads: number) => {
    const ridges = ridgesOf(rowCounts(entries), itemCount, rules);
    // a few histories need only the rows of their own items
    const own = entries.indices.length < itemCount ? localRows(entries, values, size) : undefined;
    return solveSide(own?.entries ?? entries, own?.values ?? values, square, ridges, {
      size,
      steps: foldSteps,
      threads,
    });
  };
  const foldIn = { kind: "solution", square, ridge: rules, steps: foldSteps } as const;
  return {
    ...factorRanker(factors, vectors, foldIn),
    factors,
    users,
    rules: { unobserved, regularisation, frequencyPower },
  };
}

function localRows(entries: Histories["entries"], values: Float32Array, size: number) {
  const items = Int32Array.from(new Set(entries.indices)).sort();
  const places = new Map(Array.from(items, (item, place) => [item, place] as const));
  const taken = new Float32Array(items.length * size);
  items.forEach((item, place) => {
    taken.set(values.subarray(item * size, (item + 1) * size), place * size);
  });
  const indices = entries.indices.map((item) => places.get(item) ?? 0);
  return { entries: { ...entries, columns: items.length, indices }, values: taken };
}

function gramOf(values: Float32Array, size: number): Float64Array {
  const gram = new Float64Array(size * size);
  for (let from = 0; from < values.length; from += size)
    for (let row = 0; row < size; row++) {
      const value = values[from + row];
      if (value === 0) continue;
      for (let column = 0; column <= row; column++)
        gram[row * size + column] += value * values[from + column];
    }
  for (let row = 0; row < size; row++)
    for (let column = 0; column < row; column++)
      gram[column * size + row] = gram[row * size + column];
  return gram;
}
