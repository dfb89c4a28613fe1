import { platt } from "@inchworm/learn";
import type { Dataset } from "../dataset.js";

/** Somebody who never did any of it counts as having done so this long ago. */
const never = 3650;

/** A simple rule on how long ago somebody did anything. */
export interface RecencyRule {
  readonly name: string;
  /** Features of days since; those that are not there are not looked at. */
  readonly columns: readonly string[];
  /** Which end is taken to be the likelier one. */
  readonly likelier: "long ago" | "of late";
}

/** The rule as a probability: ranks exactly as the days since the latest of its columns do. */
export function recencyRule(
  training: Dataset,
  evaluation: Dataset,
  rule: RecencyRule,
): Float64Array {
  return platt()
    .fit(logDays(training, rule), training.labels, training.weights)
    .apply(logDays(evaluation, rule));
}

function logDays({ rows, columns }: Dataset, rule: RecencyRule): Float64Array {
  const days = new Float64Array(rows).fill(never);
  for (const { name, values } of columns) {
    if (!rule.columns.includes(name)) continue;
    for (let row = 0; row < rows; row++) if (values[row] < days[row]) days[row] = values[row];
  }
  const sign = rule.likelier === "long ago" ? 1 : -1;
  return days.map((since) => sign * Math.log1p(since));
}
