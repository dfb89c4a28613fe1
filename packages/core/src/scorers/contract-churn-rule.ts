import { logisticRegression, logLoss, type Table } from "@inchworm/learn";
import { InchwormError } from "@inchworm/spec";
import type { ContractRows } from "./contract-churn-rows.js";

/** Fewer than this many of either outcome teach nothing and prove no rule beaten. */
export const leastOfEach = 50;

/** The best simple rule on the rows that judge: one rate for all, or one column alone as a logistic regression. */
export async function bestRule(
  training: ContractRows,
  evaluation: ContractRows,
): Promise<{ readonly name: string; readonly probabilities: Float64Array }> {
  const { labels } = evaluation;
  const rate = training.labels.reduce((sum, label) => sum + label, 0) / training.labels.length;
  const constant = new Float64Array(labels.length).fill(rate);
  const rules = [{ name: "one rate for all", probabilities: constant }];
  for (const { name } of training.table.columns) {
    const alone = ({ table: { rows, columns } }: ContractRows): Table => ({
      rows,
      columns: columns.filter((column) => column.name === name),
    });
    const model = await logisticRegression({ knots: 0 }).fit(alone(training), training.labels);
    const probabilities = Float64Array.from(model.predict(alone(evaluation)));
    rules.push({ name: `${name} alone`, probabilities });
  }
  const lossOf = (rule: (typeof rules)[number]) => logLoss(rule.probabilities, labels);
  return rules.reduce((best, rule) => (lossOf(rule) < lossOf(best) ? rule : best));
}

/** The columns that tell some rows from others. */
export function telling({ table: { rows, columns } }: ContractRows): Table {
  return {
    rows,
    columns: columns.filter((column) => {
      const values = column.kind === "number" ? column.values : column.codes;
      return values.some((value) => !Object.is(value, values[0]));
    }),
  };
}

/** @throws InchwormError "insufficient-data" with the count that is missing */
export function requireBoth(purpose: string, labels: Float64Array): void {
  const cancelled = labels.reduce((sum, label) => sum + label, 0);
  const fewer = Math.min(cancelled, labels.length - cancelled);
  if (fewer >= leastOfEach) return;
  throw new InchwormError(
    "insufficient-data",
    `contract-churn: to ${purpose}, needs ${leastOfEach} contracts that were ${cancelled === fewer ? "" : "not "}cancelled, and there are ${fewer}: ${leastOfEach - fewer} are missing.`,
    { hint: "Give more contracts, or a longer horizon." },
  );
}
