import { LearnError } from "../error.js";
import { random } from "../random.js";
import { takeRows } from "../table.js";
import { gradientBoosting } from "../tree/gradient-boosting.js";
import type { Table } from "../types.js";

export interface OutOfFoldOptions {
  /** Defaults to 5. */
  readonly folds?: number;
  /** Defaults to 0. */
  readonly seed?: number;
  readonly signal?: AbortSignal;
}

/** Fewer rows teach trees nothing that a later row bears out. */
const leastRows = 200;

/**
 * What boosted trees, having learned from the other folds alone, expect of every row: the covariate to adjust an experiment by (CUPAC;
 * Guo et al. 2021, NeurIPS, for why out of fold). `table` must hold only what was known before the experiment, and not the arm.
 *
 * @throws LearnError "input" when there are fewer than 200 rows or a value is none
 */
export async function outOfFold(
  table: Table,
  outcome: ArrayLike<number>,
  options: OutOfFoldOptions = {},
): Promise<Float64Array> {
  const { folds = 5, seed = 0, signal } = options;
  if (table.rows < leastRows || outcome.length !== table.rows)
    throw new LearnError(
      "input",
      `outOfFold: give an outcome for each of at least ${leastRows} rows, got ${outcome.length} for ${table.rows}.`,
    );
  const order = random(seed, 1).shuffle(Int32Array.from({ length: table.rows }, (_, row) => row));
  const expected = new Float64Array(table.rows);
  for (let fold = 0; fold < folds; fold++) {
    const held = order.filter((_, place) => place % folds === fold);
    const rest = order.filter((_, place) => place % folds !== fold);
    const labels = Float64Array.from(rest, (row) => outcome[row]);
    const model = await gradientBoosting({
      objective: "squared-error",
      trees: 200,
      patience: 10,
      seed,
    }).fit(takeRows(table, rest), labels, signal ? { signal } : {});
    const values = model.predict(takeRows(table, held));
    for (const [place, row] of held.entries()) expected[row] = values[place];
  }
  return expected;
}
