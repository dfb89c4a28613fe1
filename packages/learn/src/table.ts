import { LearnError } from "./error.js";
import type { Column, Table } from "./types.js";

export type NumberColumn = Extract<Column, { kind: "number" }>;
export type CategoryColumn = Extract<Column, { kind: "category" }>;

/** @throws LearnError "input" naming the column that has the wrong length, a second one of its name, an infinity or a code without a level */
export function checkTable(who: string, table: Table): void {
  if (!Number.isSafeInteger(table.rows) || table.rows < 0)
    throw new LearnError("input", `${who}: "rows" must be an integer ≥ 0, got ${table.rows}.`);
  const names = new Set<string>();
  for (const column of table.columns) {
    if (names.has(column.name))
      throw new LearnError("input", `${who}: there are two columns "${column.name}".`, {
        hint: "Rename or drop one of them.",
      });
    names.add(column.name);
    checkColumn(who, column, table.rows);
  }
}

function checkColumn(who: string, column: Column, rows: number): void {
  const name = `${who}: column "${column.name}"`;
  if (column.kind === "number") {
    if (!(column.values instanceof Float32Array))
      throw new LearnError("input", `${name} must hold a Float32Array.`);
    checkLength(name, column.values.length, rows);
    const { values } = column;
    for (let row = 0; row < rows; row++)
      if (values[row] === Infinity || values[row] === -Infinity)
        throw new LearnError("input", `${name} is infinite in row ${row}.`, {
          hint: "Use NaN where the value is not known, or cap it.",
        });
  } else if (column.kind === "category") {
    if (!(column.codes instanceof Int32Array))
      throw new LearnError("input", `${name} must hold an Int32Array of codes.`);
    checkLength(name, column.codes.length, rows);
    const { codes } = column;
    const levels = column.levels.length;
    for (let row = 0; row < rows; row++)
      if (codes[row] < -1 || codes[row] >= levels)
        throw new LearnError(
          "input",
          `${name} has code ${codes[row]} in row ${row}, but ${levels} levels.`,
        );
  } else throw new LearnError("input", `${who}: a column must be of kind "number" or "category".`);
}

function checkLength(name: string, length: number, rows: number): void {
  if (length !== rows)
    throw new LearnError("input", `${name} has ${length} values, but the table has ${rows} rows.`);
}

/** Finds the columns a model was fitted on, by name; further columns of the table are left alone. Their values are not looked at. */
export function findColumns(
  who: string,
  table: Table,
  wanted: readonly { readonly name: string; readonly kind: Column["kind"] }[],
): Table {
  const byName = new Map<string, Column>();
  for (const column of table.columns) {
    if (byName.has(column.name))
      throw new LearnError("input", `${who}: there are two columns "${column.name}".`, {
        hint: "Rename or drop one of them.",
      });
    byName.set(column.name, column);
  }
  const columns = wanted.map(({ name, kind }) => {
    const column = byName.get(name);
    if (!column)
      throw new LearnError("input", `${who}: column "${name}" is missing.`, {
        hint: "Pass every column that the model was fitted on.",
      });
    if (column.kind !== kind)
      throw new LearnError(
        "input",
        `${who}: column "${name}" must be a ${kind} column, as it was when the model was fitted.`,
      );
    return column;
  });
  return { rows: table.rows, columns };
}

/** `findColumns`, then `checkTable`. */
export function pickColumns(...input: Parameters<typeof findColumns>): Table {
  const picked = findColumns(...input);
  checkTable(input[0], picked);
  return picked;
}

/** For each level of a table's column, its index among `known`; -1 where it is not known. */
export function recode(levels: readonly string[], known: ReadonlyMap<string, number>): Int32Array {
  return Int32Array.from(levels, (level) => known.get(level) ?? -1);
}

/** The rows at `indices`, in that order. */
export function takeRows(table: Table, indices: ArrayLike<number>): Table {
  const rows = indices.length;
  const columns = table.columns.map((column): Column => {
    if (column.kind === "number") {
      const values = new Float32Array(rows);
      for (let row = 0; row < rows; row++) values[row] = column.values[indices[row]];
      return { ...column, values };
    }
    const codes = new Int32Array(rows);
    for (let row = 0; row < rows; row++) codes[row] = column.codes[indices[row]];
    return { ...column, codes };
  });
  return { rows, columns };
}

/** What `fit` of a binary classifier may rely on afterwards: labels are 0 or 1, both occur, and weights fit. Rows of weight 0 are not counted. */
export function checkBinary(
  who: string,
  table: Table,
  labels: Float64Array,
  weights: Float64Array | undefined,
): { positives: number; negatives: number } {
  checkTable(who, table);
  if (table.columns.length === 0)
    throw new LearnError("input", `${who}: the table has no columns to learn from.`);
  if (labels.length !== table.rows)
    throw new LearnError("input", `${who}: ${labels.length} labels for ${table.rows} rows.`);
  checkWeights(who, weights, table.rows);
  let positives = 0;
  let negatives = 0;
  for (let row = 0; row < labels.length; row++) {
    const label = labels[row];
    if (label !== 0 && label !== 1)
      throw new LearnError("input", `${who}: labels must be 0 or 1, got ${label} in row ${row}.`);
    if (weights?.[row] === 0) continue;
    if (label === 1) positives++;
    else negatives++;
  }
  if (positives === 0 || negatives === 0)
    throw new LearnError(
      "input",
      `${who}: needs rows labelled 0 and rows labelled 1, got ${negatives} and ${positives}.`,
      { hint: "Widen the data until both outcomes occur." },
    );
  return { positives, negatives };
}

export function checkWeights(who: string, weights: Float64Array | undefined, rows: number): void {
  if (weights === undefined) return;
  if (weights.length !== rows)
    throw new LearnError("input", `${who}: ${weights.length} weights for ${rows} rows.`);
  for (let row = 0; row < rows; row++)
    if (!(weights[row] >= 0 && weights[row] < Infinity))
      throw new LearnError(
        "input",
        `${who}: weights must be numbers ≥ 0, got ${weights[row]} in row ${row}.`,
      );
}
