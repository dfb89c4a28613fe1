import type { Arm } from "./arms.js";
import { meanDifference } from "./mean-difference.js";
import { momentsOf } from "./moments.js";

/** Chance of leaving out a sound covariate. */
const alarm = 0.001;

export interface Usable {
  readonly columns: readonly ArrayLike<number>[];
  readonly notes: readonly string[];
}

/**
 * Covariates without gaps: the mean where a value is not known, and a column that says where. One whose mean differs between arms
 * beyond chance was not known before the assignment, and would take out part of the effect: it is left out.
 */
export function usable(
  before: readonly ArrayLike<number>[],
  arms: readonly Arm[],
  control: Arm,
): Usable {
  const columns: ArrayLike<number>[] = [];
  const notes: string[] = [];
  for (const [place, column] of before.entries()) {
    const which = before.length === 1 ? "What was known before" : `Covariate ${place + 1}`;
    const known = arms.flatMap(({ rows }) =>
      Array.from(
        rows.filter((row) => Number.isFinite(column[row])),
        (row) => column[row],
      ),
    );
    if (known.length < 2 || known.every((value) => value === known[0])) {
      notes.push(`${which} never varies, and is left out.`);
      continue;
    }
    const mean = known.reduce((sum, value) => sum + value / known.length, 0);
    const filled = Float64Array.from(column, (value) => (Number.isFinite(value) ? value : mean));
    const tests = arms
      .filter((arm) => arm !== control)
      .map(
        (arm) =>
          meanDifference(
            momentsOf(Float64Array.from(arm.rows, (row) => filled[row])),
            momentsOf(Float64Array.from(control.rows, (row) => filled[row])),
          ).p,
      );
    const p = Math.min(1, tests.length * Math.min(...tests));
    if (p < alarm) {
      notes.push(
        `${which} differs between arms beyond chance (p ${p.toExponential(1)}): it cannot have been known before the assignment, and is left out.`,
      );
      continue;
    }
    columns.push(filled);
    const gaps = arms.reduce((sum, { rows }) => sum + rows.length, 0) - known.length;
    if (gaps > 0)
      columns.push(Float64Array.from(column, (value) => (Number.isFinite(value) ? 0 : 1)));
  }
  return { columns, notes };
}
