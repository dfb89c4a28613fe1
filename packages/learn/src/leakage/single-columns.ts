import { random } from "../random.js";
import { checkBinary } from "../table.js";
import type { Column, Table } from "../types.js";

/** How well one column alone tells the outcome, on rows that its rates were not taken from. */
export interface SingleColumn {
  readonly name: string;
  readonly auc: number;
  /** Mean over the rows. */
  readonly logLoss: number;
}

const bins = 20;
const folds = 5;
/** Rows at the overall rate that every group is given beforehand. */
const prior = 10;

/**
 * Each column alone: the rate of each level or twentieth of its values, judged on a fifth of the rows that the rate does not know.
 *
 * @throws LearnError "input" when table and labels do not belong together, or only one outcome occurs
 */
export function singleColumns(table: Table, labels: Float64Array, seed: number): SingleColumn[] {
  checkBinary("single-columns", table, labels, undefined);
  const { below } = random(seed, 3);
  const fold = Int32Array.from(labels, () => below(folds));
  const rate = labels.reduce((sum, label) => sum + label, 0) / labels.length;
  return table.columns.map((column) => {
    const { group, groups } = groupsOf(column);
    const positives = new Float64Array(groups * folds);
    const rows = new Float64Array(groups * folds);
    for (let row = 0; row < labels.length; row++) {
      const cell = group[row] * folds + fold[row];
      rows[cell]++;
      positives[cell] += labels[row];
    }
    const cells: Cell[] = [];
    for (let one = 0; one < groups; one++) {
      const from = one * folds;
      const all = sum(rows.subarray(from, from + folds));
      const allPositive = sum(positives.subarray(from, from + folds));
      for (let cell = from; cell < from + folds; cell++) {
        if (rows[cell] === 0) continue;
        const others = all - rows[cell] + prior;
        const score = (allPositive - positives[cell] + prior * rate) / others;
        cells.push({ score, rows: rows[cell], positives: positives[cell] });
      }
    }
    return { name: column.name, auc: aucOf(cells), logLoss: lossOf(cells) / labels.length };
  });
}

interface Cell {
  readonly score: number;
  readonly rows: number;
  readonly positives: number;
}

function aucOf(cells: Cell[]): number {
  cells.sort((one, other) => one.score - other.score);
  let negatives = 0;
  let positives = 0;
  let area = 0;
  for (let at = 0; at < cells.length; ) {
    let tiedPositives = 0;
    let tiedNegatives = 0;
    const { score } = cells[at];
    for (; at < cells.length && cells[at].score === score; at++) {
      tiedPositives += cells[at].positives;
      tiedNegatives += cells[at].rows - cells[at].positives;
    }
    area += tiedPositives * (negatives + tiedNegatives / 2);
    positives += tiedPositives;
    negatives += tiedNegatives;
  }
  return area / (positives * negatives);
}

const lossOf = (cells: readonly Cell[]): number =>
  cells.reduce(
    (loss, { score, rows, positives }) =>
      loss - positives * Math.log(score) - (rows - positives) * Math.log(1 - score),
    0,
  );

const sum = (values: Float64Array): number => values.reduce((total, value) => total + value, 0);

/** The level of each row, or which twentieth of the values its number is in; missing values are a group of their own. */
function groupsOf(column: Column): { group: Int32Array; groups: number } {
  if (column.kind === "category") {
    const last = column.levels.length;
    return { group: column.codes.map((code) => (code < 0 ? last : code)), groups: last + 1 };
  }
  const { values } = column;
  const sorted = values.filter((value) => !Number.isNaN(value)).sort();
  const bounds: number[] = [];
  for (let bin = 1; bin < bins; bin++) {
    const bound = sorted[Math.floor((bin * sorted.length) / bins)];
    if (bound > (bounds.at(-1) ?? sorted[0])) bounds.push(bound);
  }
  const group = new Int32Array(values.length);
  for (let row = 0; row < values.length; row++) {
    if (Number.isNaN(values[row])) group[row] = bounds.length + 1;
    else {
      let low = 0;
      for (let high = bounds.length; low < high; ) {
        const middle = (low + high) >> 1;
        if (bounds[middle] <= values[row]) low = middle + 1;
        else high = middle;
      }
      group[row] = low;
    }
  }
  return { group, groups: bounds.length + 2 };
}
