import { platt } from "@inchworm/learn";
import type { Dataset } from "../dataset.js";

/** Somebody who never did any of it counts as having done so this long ago. */
const never = 3650;

/**
 * "Who was here longest ago is the least likely to come", as a probability: ranks exactly as the days since the latest of `columns`
 * do. Columns that are not there are not looked at.
 */
export function recencyRule(
  training: Dataset,
  evaluation: Dataset,
  columns: readonly string[],
): Float64Array {
  return platt()
    .fit(logDays(training, columns), training.labels)
    .apply(logDays(evaluation, columns));
}

function logDays({ rows, columns }: Dataset, names: readonly string[]): Float64Array {
  const days = new Float64Array(rows).fill(never);
  for (const { name, values } of columns) {
    if (!names.includes(name)) continue;
    for (let row = 0; row < rows; row++) if (values[row] < days[row]) days[row] = values[row];
  }
  return days.map(Math.log1p);
}
