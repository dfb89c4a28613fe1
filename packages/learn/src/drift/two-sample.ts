import { LearnError } from "../error.js";
import { auc } from "../metrics/auc.js";
import { type Interval, measure } from "../metrics/bootstrap.js";
import { normalCdf, normalQuantile } from "../special/normal.js";
import { takeRows } from "../table.js";
import { gradientBoosting } from "../tree/gradient-boosting.js";
import type { Column, Table } from "../types.js";

/** How well two samples can be told apart by all their columns together. */
export interface TwoSample {
  /** Probability that of one row of each sample the right one is called the later; 0.5 where nothing tells them apart. */
  readonly auc: Interval;
  /** Squared distance, in standard deviations, of two normal distributions that are told apart as well: comparable with `Stability.effect`. */
  readonly effect: number;
  /** Probability of such an AUC or a larger one when nothing has changed. */
  readonly p: number;
  /** What tells them apart, by mean absolute contribution, the most telling first. */
  readonly drivers: readonly { readonly column: string; readonly weight: number }[];
}

export interface TwoSampleOptions {
  readonly seed: number;
  /** Who each row of each table is of: rows of one person are never learned from and judged at once, and count as one draw. */
  readonly people?: { readonly before: ArrayLike<number>; readonly now: ArrayLike<number> };
  readonly signal?: AbortSignal;
}

const trees = { trees: 50, leaves: 7, learningRate: 0.1, threads: 1 } as const;
const folds = 2;
const resamples = 400;

/**
 * Trains a classifier to tell the rows of one table from those of another, and judges it on people it has not seen (Lopez-Paz & Oquab
 * 2017): it finds what no single column shows, such as two that no longer go together. Nothing that grows with the calendar may be
 * among the columns, or it will be all that is found.
 *
 * @throws LearnError "input" when the tables have different columns or fewer than 20 rows; "aborted"
 */
export async function twoSample(
  before: Table,
  now: Table,
  { seed, people, signal }: TwoSampleOptions,
): Promise<TwoSample> {
  if (Math.min(before.rows, now.rows) < 20)
    throw new LearnError("input", "twoSample: each table needs 20 rows or more.");
  const table = stacked(before, now);
  const labels = new Float64Array(table.rows).fill(1, before.rows);
  const person = people
    ? [...Array.from(people.before), ...Array.from(people.now)]
    : Array.from(labels.keys());
  const fold = foldsOf(person);
  const margins = new Float64Array(table.rows);
  const weights = new Map(table.columns.map(({ name }) => [name, 0]));
  for (let left = 0; left < folds; left++) {
    const inside = Int32Array.from(labels.keys()).filter((row) => fold[row] !== left);
    const outside = Int32Array.from(labels.keys()).filter((row) => fold[row] === left);
    const model = await gradientBoosting({ ...trees, seed }).fit(
      takeRows(table, inside),
      labels.filter((_, row) => fold[row] !== left),
      signal ? { signal } : {},
    );
    const { base, columns, contributions } = model.explain(takeRows(table, outside));
    for (const [index, row] of outside.entries()) {
      margins[row] = base;
      for (const [column, name] of columns.entries()) {
        const part = contributions[index * columns.length + column];
        margins[row] += part;
        weights.set(name, (weights.get(name) ?? 0) + Math.abs(part) / table.rows);
      }
    }
  }
  const measured = measure(auc, margins, labels, { seed, resamples, clusters: person });
  const deviation = (measured.high - measured.low) / (2 * normalQuantile(0.975));
  const distance = Math.SQRT2 * normalQuantile(Math.min(1 - 1e-9, Math.max(0.5, measured.value)));
  return {
    auc: measured,
    effect: distance ** 2,
    p: deviation > 0 ? normalCdf((0.5 - measured.value) / deviation) : 1,
    drivers: [...weights]
      .map(([column, weight]) => ({ column, weight }))
      .sort((left, right) => right.weight - left.weight),
  };
}

/** Every second person, in the order in which they are first met. */
function foldsOf(person: readonly number[]): Uint8Array {
  const known = new Map<number, number>();
  return Uint8Array.from(person, (id) => {
    const place = known.get(id) ?? known.size;
    known.set(id, place);
    return place % folds;
  });
}

function stacked(before: Table, now: Table): Table {
  const columns = before.columns.map((first): Column => {
    const second = now.columns.find(({ name }) => name === first.name);
    if (first.kind !== "number" || second?.kind !== "number")
      throw new LearnError("input", `twoSample: "${first.name}" must be a number in both tables.`);
    const values = new Float32Array(before.rows + now.rows);
    values.set(first.values);
    values.set(second.values, before.rows);
    return { name: first.name, kind: "number", values };
  });
  return { rows: before.rows + now.rows, columns };
}
