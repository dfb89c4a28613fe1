import { logisticRegression } from "../linear/logistic-regression.js";
import { random } from "../random.js";
import { gradientBoosting } from "../tree/gradient-boosting.js";
import type { BoostingFitOptions } from "../tree/train.js";
import type { Model, Table } from "../types.js";
import { rowsOf, trialFolds } from "./folds.js";
import { armRows, type Expected, type Sample, takeSample } from "./sample.js";

export interface Settings {
  readonly seed: number;
  readonly signal?: AbortSignal | undefined;
}

/** Shallow trees: effects are small beside the noise, and deep trees find the noise. */
const trees = { trees: 300, learningRate: 0.05, patience: 20 };
/** How many trees there are is chosen on rows that these had not seen. */
const stoppingFolds = 3;
const leastRows = 10;
const mostRows = 200;
/** Fits of fewer rows are over before helpers are of help. */
const manyRows = 100_000;

/** Boosted trees for a number per row. */
export async function fitTrees(
  table: Table,
  labels: Float64Array,
  {
    seed,
    signal,
    ...settings
  }: Settings & { readonly binary?: boolean; readonly weights?: Float64Array },
): Promise<Model> {
  const { binary = false, weights } = settings;
  const minRows = Math.round(Math.min(mostRows, Math.max(leastRows, table.rows / 150)));
  const objective = binary && varies(labels) ? "binary" : "squared-error";
  const draws = random(seed, 0x57095);
  const folds = draws.shuffle(Int32Array.from(labels, (_, row) => row % stoppingFolds));
  const options: BoostingFitOptions = {
    folds,
    ...(weights && { weights }),
    ...(signal && { signal }),
  };
  const leaves = table.rows < 2_000 ? 4 : 7;
  const threads = table.rows < manyRows ? 1 : 0;
  return gradientBoosting({ ...trees, leaves, minRows, objective, threads, seed }).fit(
    table,
    labels,
    options,
  );
}

/** A logistic model, or trees where all outcomes are one. */
export function fitLogistic(sample: Sample, settings: Settings): Promise<Model> {
  const { table, outcome } = sample;
  if (!varies(outcome)) return fitTrees(table, outcome, settings);
  const { signal } = settings;
  return logisticRegression().fit(table, outcome, signal ? { signal } : {});
}

/** What is expected of people of one arm. */
export function fitArm(sample: Sample, arm: 0 | 1, settings: Settings): Promise<Model> {
  const { table, outcome, binary } = takeSample(sample, armRows(sample, arm));
  return fitTrees(table, outcome, { ...settings, binary });
}

const innerFolds = 2;

/** What is expected of each row, by models that had not seen it. */
export async function crossExpected(sample: Sample, settings: Settings): Promise<Expected> {
  const { treated, outcome } = sample;
  const folds = trialFolds(treated, outcome, innerFolds, settings.seed);
  const expected = {
    control: new Float64Array(outcome.length),
    treated: new Float64Array(outcome.length),
  };
  for (let fold = 0; fold < innerFolds; fold++) {
    const others = takeSample(sample, rowsOf(folds, fold, false));
    const own = rowsOf(folds, fold, true);
    const { table } = takeSample(sample, own);
    for (const [arm, name] of [
      [0, "control"],
      [1, "treated"],
    ] as const) {
      const predicted = (await fitArm(others, arm, settings)).predict(table);
      for (const [place, row] of own.entries()) expected[name][row] = predicted[place];
    }
  }
  return expected;
}

function varies(values: Float64Array): boolean {
  return values.some((value) => value !== values[0]);
}
