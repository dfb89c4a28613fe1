import { lbfgs } from "../../optimise/lbfgs.js";
import type { SparseRows } from "../sparse.js";
import type { Contests } from "./trials.js";

/**
 * Effects of features on the log-odds of a click, every contest with a level of its own: weighted least squares with
 * `penalty/2 · ‖effects‖²`. A line weighs 1 / (sampling variance + `spread`), `spread` being the variance of what words do not tell.
 * Learns from the contests `among`.
 */
export async function withinRidge(
  contests: Contests,
  rows: SparseRows,
  options: {
    readonly among: Int32Array;
    readonly spread: number;
    readonly penalty: number;
    readonly start?: Float64Array;
    readonly signal?: AbortSignal | undefined;
  },
): Promise<Float64Array> {
  const { among, spread, penalty, signal } = options;
  const { starts, logits, variances } = contests;
  const lefts = new Float64Array(logits.length);
  const { at } = await lbfgs(
    (effects, gradient) => {
      let value = 0;
      for (let column = 0; column < effects.length; column++) {
        value += 0.5 * penalty * effects[column] ** 2;
        gradient[column] = penalty * effects[column];
      }
      for (const contest of among) {
        const from = starts[contest];
        const to = starts[contest + 1];
        let weight = 0;
        let weighed = 0;
        for (let line = from; line < to; line++) {
          const own = 1 / (variances[line] + spread);
          lefts[line] = logits[line] - marginOf(rows, line, effects);
          weight += own;
          weighed += own * lefts[line];
        }
        const level = weighed / weight;
        for (let line = from; line < to; line++) {
          const own = 1 / (variances[line] + spread);
          const left = lefts[line] - level;
          value += 0.5 * own * left * left;
          for (let entry = rows.starts[line]; entry < rows.starts[line + 1]; entry++)
            gradient[rows.indices[entry]] -= own * left * rows.values[entry];
        }
      }
      return value;
    },
    options.start ?? new Float64Array(rows.columns),
    { tolerance: 1e-3, iterations: 100, signal },
  );
  return at;
}

export function marginOf(rows: SparseRows, row: number, effects: Float64Array): number {
  let margin = 0;
  for (let entry = rows.starts[row]; entry < rows.starts[row + 1]; entry++)
    margin += effects[rows.indices[entry]] * rows.values[entry];
  return margin;
}
