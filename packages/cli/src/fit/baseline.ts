import { type FitOptions, logisticRegression, type Table, takeRows } from "@inchworm/learn";
import { crossValidate } from "./cross-validate.js";
import { type SingleColumn, singleColumns } from "./single-columns.js";
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
    const constant = async (_: Table, own: Float64Array, { rows }: Table) =>
      new Float64Array(rows).fill(own.reduce((sum, label) => sum + label, 0) / own.length);
    return { name: "base rate", scores: await crossValidate(plan, table, labels, constant) };
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
