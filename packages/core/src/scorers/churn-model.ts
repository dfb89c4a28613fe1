import {
  type Calibrator,
  type LogisticModel,
  logisticRegression,
  platt,
  type Table,
  takeRows,
} from "@inchworm/learn";
import { InchwormError, type ModelCard } from "@inchworm/spec";
import { type Dataset, uniform } from "../dataset.js";

export interface CalibratedModel {
  readonly model: LogisticModel;
  readonly calibrator: Calibrator;
}

const folds = 3;
/** Fewer than this many of either kind teach nothing and prove nothing. */
const leastOfEach = 50;

/** @throws InchwormError "insufficient-data" with the count that is missing */
export function requireBoth(
  purpose: string,
  { rows, labels }: Dataset,
  horizonDays: number,
  activeDays: number,
): void {
  const lapsed = labels.reduce((sum, label) => sum + label, 0);
  const stayed = rows - lapsed;
  const fewer = Math.min(lapsed, stayed);
  if (fewer >= leastOfEach) return;
  const kind =
    lapsed < stayed
      ? `with no order in the ${horizonDays} days after`
      : `with an order in the ${horizonDays} days after`;
  throw new InchwormError(
    "insufficient-data",
    `churn: to ${purpose}, needs ${leastOfEach} active customers ${kind}, and there are ${fewer}: ${leastOfEach - fewer} are missing.`,
    {
      hint: `Active means an order in the ${activeDays} days before. Import more history, or choose another horizon.`,
    },
  );
}

export const tableOf = ({ rows, columns }: Dataset): Table => ({ rows, columns });

/** Logistic regression, calibrated by Platt scaling on scores of people that each fold's model had not seen. */
export async function fitCalibrated(
  dataset: Dataset,
  seed: number,
  signal: AbortSignal | undefined,
): Promise<CalibratedModel> {
  const table = tableOf(dataset);
  const options = signal ? { signal } : {};
  const estimator = logisticRegression();
  const fold = Int32Array.from(dataset.contacts, (contact) =>
    Math.floor(uniform(contact, seed) * folds),
  );
  const outOfFold = new Float64Array(dataset.rows);
  for (let held = 0; held < folds; held++) {
    const inside = rowsWhere(fold, (value) => value !== held);
    const outside = rowsWhere(fold, (value) => value === held);
    if (outside.length === 0) continue;
    const labels = Float64Array.from(inside, (row) => dataset.labels[row]);
    const model = await estimator.fit(takeRows(table, inside), labels, options);
    const margins = model.margin(takeRows(table, outside));
    for (let index = 0; index < outside.length; index++) outOfFold[outside[index]] = margins[index];
  }
  return {
    model: await estimator.fit(table, dataset.labels, options),
    calibrator: platt().fit(outOfFold, dataset.labels),
  };
}

export const probabilities = ({ model, calibrator }: CalibratedModel, table: Table): Float64Array =>
  calibrator.apply(model.margin(table));

/** "Who ordered longest ago leaves first", as a probability: ranks exactly as the days since the last order do. */
export function recencyRule(training: Dataset, evaluation: Dataset): Float64Array {
  const recency = ({ columns }: Dataset): Float64Array => {
    const days = columns.find(({ name }) => name === "days_since_order");
    if (!days) throw new InchwormError("internal", 'churn: "days_since_order" is missing.');
    return Float64Array.from(days.values, Math.log1p);
  };
  return platt().fit(recency(training), training.labels).apply(recency(evaluation));
}

const mostDrivers = 10;

/** Features by their mean absolute contribution, largest first. */
export function drivers(model: LogisticModel, table: Table): ModelCard["drivers"] {
  const { columns, contributions } = model.explain(table);
  const weights = new Float64Array(columns.length);
  for (let index = 0; index < contributions.length; index++)
    weights[index % columns.length] += Math.abs(contributions[index]);
  return columns
    .map((feature, column) => ({ feature, weight: weights[column] / table.rows }))
    .sort((left, right) => right.weight - left.weight)
    .slice(0, mostDrivers);
}

const rowsWhere = (fold: Int32Array, keep: (value: number) => boolean): Int32Array =>
  Int32Array.from(fold.keys()).filter((row) => keep(fold[row]));
