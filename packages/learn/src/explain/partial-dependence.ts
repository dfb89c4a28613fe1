import { LearnError } from "../error.js";
import { sortedOrder } from "../metrics/metric.js";
import { type Constraints, checkOptions } from "../options.js";
import { random } from "../random.js";
import { takeRows } from "../table.js";
import type { Column, Model, Table } from "../types.js";

export interface PartialDependenceOptions {
  readonly seed: number;
  /** Values of a number to look at, at its quantiles. Defaults to 20. */
  readonly points?: number;
  /** Averages over at most so many rows, drawn at random. Defaults to 1,000. */
  readonly rows?: number;
}

export interface DependencePoint {
  /** The number or level that every row was given; `undefined` = missing, where the column has such rows. */
  readonly value: number | string | undefined;
  /** Mean prediction, and the tenth and ninetieth percentile over the rows. */
  readonly mean: number;
  readonly low: number;
  readonly high: number;
}

const defaults = { points: 20, rows: 1000 };
const constraints: Constraints = {
  seed: { min: 0, integer: true },
  points: { min: 2, max: 1000, integer: true },
  rows: { min: 1, integer: true },
};
const who = "partialDependence";

/**
 * What the model predicts when every row is given the same value of one column, all else as it is (Friedman 2001): the shape of
 * its effect. Where columns go together, some of these rows could not exist.
 *
 * @throws LearnError "input" when the table has no such column or no rows
 */
export function partialDependence(
  model: Pick<Model, "predict">,
  table: Table,
  column: string,
  options: PartialDependenceOptions,
): DependencePoint[] {
  const settings = { ...defaults, ...options };
  checkOptions(who, settings, constraints);
  const index = table.columns.findIndex(({ name }) => name === column);
  if (index < 0) throw new LearnError("input", `${who}: there is no column "${column}".`);
  if (table.rows === 0) throw new LearnError("input", `${who}: the table has no rows.`);
  const chosen = Int32Array.from({ length: table.rows }, (_, row) => row);
  if (table.rows > settings.rows) random(settings.seed).shuffle(chosen);
  const some = takeRows(table, chosen.subarray(0, settings.rows).sort());
  return valuesOf(table.columns[index], settings.points).map(([value, fill]) => {
    const columns = some.columns.with(index, fill(some.rows));
    const predictions = model.predict({ rows: some.rows, columns });
    const sorted = predictions.toSorted();
    const at = (share: number) => sorted[Math.round(share * (sorted.length - 1))];
    const mean = predictions.reduce((sum, prediction) => sum + prediction, 0) / some.rows;
    return { value, mean, low: at(0.1), high: at(0.9) };
  });
}

type Given = [value: DependencePoint["value"], fill: (rows: number) => Column];

function valuesOf(column: Column, points: number): Given[] {
  if (column.kind === "category") {
    const seen = new Set(column.codes);
    const levels = column.levels.flatMap((level, code): Given[] =>
      seen.has(code)
        ? [[level, (rows) => ({ ...column, codes: new Int32Array(rows).fill(code) })]]
        : [],
    );
    if (!seen.has(-1)) return levels;
    return [
      ...levels,
      [undefined, (rows) => ({ ...column, codes: new Int32Array(rows).fill(-1) })],
    ];
  }
  const present = Float64Array.from(column.values.filter((value) => !Number.isNaN(value)));
  const order = sortedOrder(present);
  const grid = new Set(
    Array.from(
      { length: points },
      (_, point) => present[order[Math.round((point / (points - 1)) * (order.length - 1))]],
    ),
  );
  if (present.length < column.values.length) grid.add(Number.NaN);
  return [...grid]
    .filter((value) => value !== undefined)
    .map((value): Given => {
      const fill = (rows: number) => ({ ...column, values: new Float32Array(rows).fill(value) });
      return [Number.isNaN(value) ? undefined : value, fill];
    });
}
