import { LearnError } from "../error.js";
import { checkTable, checkWeights } from "../table.js";
import type { FitOptions, Table } from "../types.js";
import type { Feature } from "./encode.js";
import type { ForestColumn } from "./forest.js";
import { type GrowInput, type Grown, grow } from "./grow.js";
import { byRows, type Settings } from "./options.js";
import { foldSplits, holdOut, type Split, weighted } from "./rows.js";
import { bestRound, stopper } from "./stopping.js";

/** Moving the rows pays once they are too many for the caches. */
const manyRowsToMove = 500_000;
/** Sharing histograms pays once rows are many beside their cells. */
const manyRowsToBundle = 65_536;

export interface BoostingFitOptions extends FitOptions {
  /**
   * Number of the fold of each row, from 0; -1 = always learn from it. With `patience`, the number of trees is chosen by the loss on
   * all folds, and the model is then grown on all rows.
   */
  readonly folds?: Int32Array;
}

export interface Job {
  readonly who: string;
  readonly table: Table;
  readonly labels: Float64Array;
  readonly settings: Settings;
  readonly fitOptions: BoostingFitOptions;
}

/** What the objective makes of the rows to learn from. */
export type Problem = Pick<
  GrowInput,
  "shift" | "scale" | "start" | "objective" | "bounds" | "quantile" | "monotone"
> & {
  /** Loss of a row of the table for its margins, class by class. */
  loss(row: number, margins: readonly number[]): number;
};

export interface Trained {
  readonly grown: Grown;
  readonly problem: Problem;
  /** Rounds to keep. */
  readonly rounds: number;
}

/** Grows as many rounds as asked, or as the rows kept for validation, or the folds, find best. */
export async function train(job: Job, problemFor: (split: Split) => Problem): Promise<Trained> {
  const { who, table, settings, fitOptions } = job;
  const { patience, trees, validationShare, seed } = settings;
  const all = weighted(table.rows, fitOptions.weights);
  if (all.rows === 0)
    throw new LearnError("input", `${who}: there is no row with a weight above 0.`);
  if (patience === 0 && fitOptions.folds)
    throw new LearnError("input", `${who}: "folds" choose the number of trees.`, {
      hint: `Set "patience", the number of trees to wait for a better one.`,
    });
  const run = (split: Split, most: number, progress: readonly [number, number]) =>
    growOn(job, problemFor(split), split, most, progress);
  if (patience > 0 && !fitOptions.folds) {
    const outcome = await run(holdOut(all, validationShare, seed), trees, [0, 1]);
    return { ...outcome, rounds: bestRound([outcome.losses]) + 1 };
  }
  let most = trees;
  let done = 0;
  if (fitOptions.folds) {
    const splits = foldSplits(who, all, fitOptions.folds, table.rows);
    const share = 1 / (splits.length + 1);
    const losses: (readonly number[])[] = [];
    for (const split of splits) {
      losses.push((await run(split, trees, [done, share])).losses);
      done += share;
    }
    most = bestRound(losses) + 1;
  }
  const outcome = await run(all, most, [done, 1 - done]);
  return { ...outcome, rounds: outcome.grown.rounds.length };
}

async function growOn(
  { table, labels, settings, fitOptions }: Job,
  problem: Problem,
  split: Split,
  trees: number,
  [done, share]: readonly [number, number],
): Promise<{ grown: Grown; problem: Problem; losses: readonly number[] }> {
  const { weights, signal, onProgress } = fitOptions;
  const stop = stopper(split, settings.patience, (place, margins) => {
    const row = split.order ? split.order[place] : place;
    return { loss: problem.loss(row, margins), weight: weights ? weights[row] : 1 };
  });
  const grown = await grow({
    ...settings,
    ...byRows(settings, split.trained),
    ...split,
    ...problem,
    table,
    labels,
    weights,
    trees,
    reorderFrom: manyRowsToMove,
    bundleFrom: manyRowsToBundle,
    signal,
    onRound(round, margins) {
      onProgress?.(Math.min(1, done + (share * (round + 1)) / trees));
      return stop.after(margins);
    },
  });
  return { grown, problem, losses: stop.losses };
}

/** The table's columns as a forest keeps them: a category with the levels that got a bin. */
export function forestColumns(table: Table, features: readonly Feature[]): ForestColumn[] {
  return table.columns.map(({ name, kind }, column) => {
    if (kind === "number") return { name, kind };
    const feature = features.find((candidate) => candidate.column === column);
    return { name, kind, levels: feature?.kind === "category" ? feature.levels : [] };
  });
}

/** @throws LearnError "input" unless table, labels and weights belong together and every label is what `wanted` says */
export function checkData(
  who: string,
  table: Table,
  labels: Float64Array,
  weights: Float64Array | undefined,
  wanted: string,
  fits: (label: number) => boolean,
): void {
  checkTable(who, table);
  if (table.columns.length === 0)
    throw new LearnError("input", `${who}: the table has no columns to learn from.`);
  if (table.rows === 0) throw new LearnError("input", `${who}: the table has no rows.`);
  if (labels.length !== table.rows)
    throw new LearnError("input", `${who}: ${labels.length} labels for ${table.rows} rows.`);
  checkWeights(who, weights, table.rows);
  for (let row = 0; row < labels.length; row++)
    if (!fits(labels[row]))
      throw new LearnError(
        "input",
        `${who}: labels must be ${wanted}, got ${labels[row]} in row ${row}.`,
      );
}
