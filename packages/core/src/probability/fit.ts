import { type BinaryClassifierModel, binaryClassifier, type Table } from "@inchworm/learn";
import type { CardBase } from "@inchworm/spec";
import type { Dataset } from "../dataset.js";

export interface FitOptions {
  readonly seed: number;
  readonly signal?: AbortSignal | undefined;
  /** The winner of an earlier race over rows like these. */
  readonly contender?: string;
}

export const tableOf = ({ rows, columns }: Pick<Dataset, "rows" | "columns">): Table => ({
  rows,
  columns,
});

/**
 * The classifier of `learn`. Its race is judged on people it has not seen: the same people come back at every cut-off, with labels
 * that overlap, and rows of later days alone would reward whoever remembers them.
 */
export function fitClassifier(
  dataset: Pick<Dataset, "rows" | "columns" | "labels" | "contacts" | "weights">,
  { seed, signal, contender }: FitOptions,
): Promise<BinaryClassifierModel> {
  const folds = contender === undefined ? 3 : 2;
  return binaryClassifier({ seed, folds, ...(contender !== undefined && { contender }) }).fit(
    tableOf(dataset),
    dataset.labels,
    {
      groups: dataset.contacts,
      ...(dataset.weights && { weights: dataset.weights }),
      ...(signal && { signal }),
    },
  );
}

/** Opens are partly made by machines that do not say so: every feature that counts them. */
const ofOpens = /^opens_|^open_|^days_since_open$|^campaigns_opened_|^active_days_/;

/** The rows without features of opens; `undefined` where those tell nobody from anybody. */
export function withoutOpens<T extends Pick<Dataset, "columns">>(dataset: T): T | undefined {
  const isOfOpens = ({ name }: { readonly name: string }) => ofOpens.test(name);
  const varies = ({ values }: { readonly values: Float32Array }) =>
    values.some((value) => !Object.is(value, values[0]));
  if (!dataset.columns.some((column) => isOfOpens(column) && varies(column))) return undefined;
  return { ...dataset, columns: dataset.columns.filter((column) => !isOfOpens(column)) };
}

const mostDrivers = 10;
/** So many rows tell which features matter. */
const enoughRows = 5000;

/** Features by their mean absolute contribution, largest first. */
export function driversOf(
  model: Pick<BinaryClassifierModel, "explain">,
  table: Table,
): CardBase["drivers"] {
  const rows = Math.min(enoughRows, table.rows);
  const { columns, contributions } = model.explain({ rows, columns: table.columns.map(first) });
  const weights = new Float64Array(columns.length);
  for (let index = 0; index < contributions.length; index++)
    weights[index % columns.length] += Math.abs(contributions[index]);
  return columns
    .map((feature, column) => ({ feature, weight: weights[column] / rows }))
    .sort((left, right) => right.weight - left.weight)
    .slice(0, mostDrivers);

  function first(column: Table["columns"][number]): Table["columns"][number] {
    return column.kind === "number"
      ? { ...column, values: column.values.subarray(0, rows) }
      : { ...column, codes: column.codes.subarray(0, rows) };
  }
}
