import { type FitOptions, type Table, takeRows } from "@inchworm/learn";
import type { Plan } from "./splits.js";

/** Learns from some rows and gives a probability for each of some others. */
export type Recipe = (
  train: Table,
  labels: Float64Array,
  test: Table,
  options: FitOptions,
) => Promise<Float64Array>;

/** Probabilities of the judged rows, none of them from a model that had seen the row; one repeat after the other. */
export async function crossValidate(
  plan: Plan,
  table: Table,
  labels: Float64Array,
  recipe: Recipe,
  { signal, onProgress }: FitOptions = {},
): Promise<Float64Array> {
  const place = new Int32Array(table.rows);
  for (let index = 0; index < plan.judged.length; index++) place[plan.judged[index]] = index;
  const scores = new Float64Array(plan.repeats.length * plan.judged.length);
  const fits = plan.repeats.reduce((sum, splits) => sum + splits.length, 0);
  let done = 0;
  for (const [repeat, splits] of plan.repeats.entries()) {
    for (const { train, test } of splits) {
      const own = Float64Array.from(train, (row) => labels[row]);
      const probabilities = await recipe(takeRows(table, train), own, takeRows(table, test), {
        ...(signal && { signal }),
        onProgress: (share) => onProgress?.((done + share) / fits),
      });
      const start = repeat * plan.judged.length;
      for (let index = 0; index < test.length; index++)
        scores[start + place[test[index]]] = probabilities[index];
      onProgress?.(++done / fits);
    }
  }
  return scores;
}
