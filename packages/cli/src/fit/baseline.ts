import {
  type FitOptions,
  logisticRegression,
  type SingleColumn,
  singleColumns,
  type Table,
  takeRows,
} from "@inchworm/learn";
import { crossValidate } from "./cross-validate.js";
import type { Plan } from "./splits.js";

export interface Baseline {
  /** Such as `"tenure" alone`, or "base rate". */
  readonly name: string;
  readonly scores: Float64Array;
}

/**
 * The simple rule that a model must beat: the one column that tells most, or the base rate where no column tells anything. Chosen
 * among rows that may be looked at, judged like the model.
 */
export async function baseline(
  plan: Plan,
  table: Table,
  labels: Float64Array,
  options: FitOptions & { readonly seed: number },
): Promise<Baseline> {
  const known = Float64Array.from(plan.known, (row) => labels[row]);
  const best = singleColumns(takeRows(table, plan.known), known, options.seed).reduce(
    (one: SingleColumn | undefined, other) =>
      one === undefined || other.logLoss < one.logLoss ? other : one,
    undefined,
  );
  const rate = known.reduce((sum, label) => sum + label, 0) / known.length;
  const chance = -rate * Math.log(rate) - (1 - rate) * Math.log(1 - rate);
  if (!best || best.logLoss >= chance) {
    // one rate for all: rates of parts would rank the rows, and against their outcomes
    const scores = new Float64Array(plan.repeats.length * plan.judged.length).fill(rate);
    return { name: "base rate", scores };
  }
  const column = table.columns.filter(({ name }) => name === best.name);
  const scores = await crossValidate(
    plan,
    { rows: table.rows, columns: column },
    labels,
    async (train, own, test, { signal }) =>
      (await logisticRegression().fit(train, own, signal ? { signal } : {})).predict(test),
    options,
  );
  return { name: `"${best.name}" alone`, scores };
}
