import { breathe } from "../abort.js";
import { LearnError } from "../error.js";
import { auc } from "../metrics/auc.js";
import { type Interval, pairedDifference } from "../metrics/bootstrap.js";
import type { Metric } from "../metrics/metric.js";
import { type Constraints, checkOptions } from "../options.js";
import { random } from "../random.js";
import { takeRows } from "../table.js";
import type { Column, Model, Table } from "../types.js";

export interface PermutationImportanceOptions {
  readonly seed: number;
  /** What the model is judged by. Defaults to `auc`. */
  readonly metric?: Metric;
  /** How often each column is shuffled. Defaults to 3. */
  readonly repeats?: number;
  /** Judges at most so many rows, drawn at random. Defaults to 10,000. */
  readonly rows?: number;
  /** Resamples behind each interval. Defaults to 200. */
  readonly resamples?: number;
  readonly signal?: AbortSignal;
  /** Share done, 0 to 1. */
  readonly onProgress?: (share: number) => void;
}

/** What the model loses without a column, and a 95 % interval: one that holds 0 has not been shown to matter. */
export interface ColumnImportance extends Interval {
  readonly column: string;
}

const defaults = { metric: auc, repeats: 3, rows: 10_000, resamples: 200 };
const constraints: Constraints = {
  seed: { min: 0, integer: true },
  repeats: { min: 1, max: 1000, integer: true },
  rows: { min: 2, integer: true },
  resamples: { min: 20, max: 1_000_000, integer: true },
};
const who = "permutationImportance";

/**
 * How much worse the model's scores get when a column's values are dealt to other rows (Breiman 2001), most important first. Use
 * rows the model has not learned from. Of two columns that say the same, each looks unimportant.
 *
 * @throws LearnError "input" as the metric does; "aborted"
 */
export async function permutationImportance(
  model: Pick<Model, "predict">,
  table: Table,
  labels: Float64Array,
  options: PermutationImportanceOptions,
): Promise<ColumnImportance[]> {
  const { metric, signal, onProgress, ...numbers } = { ...defaults, ...options };
  checkOptions(who, numbers, constraints);
  const { seed, repeats, rows, resamples } = numbers;
  if (labels.length !== table.rows)
    throw new LearnError("input", `${who}: ${labels.length} labels for ${table.rows} rows.`);
  const chosen = Int32Array.from({ length: table.rows }, (_, row) => row);
  if (table.rows > rows) random(seed, 1).shuffle(chosen);
  const some = takeRows(table, chosen.subarray(0, rows).sort());
  const own = Float64Array.from(chosen.subarray(0, rows), (row) => labels[row]);
  const whole = model.predict(some);
  const sign = metric.better === "higher" ? 1 : -1;
  const found: ColumnImportance[] = [];
  for (const [index, column] of some.columns.entries()) {
    const drops: Interval[] = [];
    for (let repeat = 0; repeat < repeats; repeat++) {
      await breathe(signal);
      const order = Int32Array.from({ length: some.rows }, (_, row) => row);
      random(seed, 2 + index * repeats + repeat).shuffle(order);
      const columns = some.columns.with(index, deal(column, order));
      const shuffled = model.predict({ rows: some.rows, columns });
      const [first, second] = sign > 0 ? [whole, shuffled] : [shuffled, whole];
      drops.push(pairedDifference(metric, first, second, own, { seed, resamples }));
    }
    const mean = (pick: (drop: Interval) => number) =>
      drops.reduce((sum, drop) => sum + pick(drop), 0) / repeats;
    found.push({
      column: column.name,
      value: mean(({ value }) => value),
      low: mean(({ low }) => low),
      high: mean(({ high }) => high),
    });
    onProgress?.((index + 1) / some.columns.length);
  }
  return found.sort((left, right) => right.value - left.value);
}

function deal(column: Column, order: Int32Array): Column {
  return column.kind === "number"
    ? { ...column, values: Float32Array.from(order, (row) => column.values[row]) }
    : { ...column, codes: Int32Array.from(order, (row) => column.codes[row]) };
}
