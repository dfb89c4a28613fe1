import { type Column, findLeaks, singleColumns, type Table, takeRows } from "@inchworm/learn";

/** A column that looks as if it was not known before the treatment. */
export interface UpliftLeak {
  readonly column: string;
  readonly because: string;
}

/** An AUC that chance alone reaches less than once in a hundred thousand columns. */
const surprising = 4.5;
/** And what matters: less moves no effect that anybody would notice. */
const noticeable = 0.02;
/** So many rows with a rare value and always one outcome are no chance. */
const enough = 20;

/** Columns that tell who was treated, and columns that were filled in after the outcome. */
export function findUpliftLeaks(
  table: Table,
  arm: Int32Array,
  arms: readonly string[],
  outcome: Float64Array,
  seed: number,
): { readonly leakage: UpliftLeak[]; readonly unbalanced: UpliftLeak[] } {
  const leakage = new Map<string, string>();
  const unbalanced = new Map<string, string>();
  for (const [place, name] of arms.entries()) {
    if (place === 0) continue;
    const rows = Int32Array.from(arm.keys()).filter((row) => arm[row] === 0 || arm[row] === place);
    const treated = Float64Array.from(rows, (row) => Number(arm[row] === place));
    const those = treated.reduce((sum, one) => sum + one, 0);
    const others = rows.length - those;
    // the standard error of an AUC of nothing (Hanley & McNeil 1982)
    const error = Math.sqrt((rows.length + 1) / (12 * those * others));
    for (const { name: column, auc } of singleColumns(takeRows(table, rows), treated, seed)) {
      if (auc >= 0.9)
        leakage.set(column, `it tells who got "${name}" with an AUC of ${auc.toFixed(3)}`);
      else if (auc - 0.5 > Math.max(noticeable, surprising * error))
        unbalanced.set(
          column,
          `people of "${name}" and of "${arms[0]}" differ in it (AUC ${auc.toFixed(3)})`,
        );
    }
  }
  if (outcome.every((value) => value === 0 || value === 1)) {
    for (const { column, auc } of findLeaks(table, outcome, { seed }))
      leakage.set(column, `alone it tells the outcome with an AUC of ${auc.toFixed(3)}`);
    for (const column of table.columns)
      if (!leakage.has(column.name)) {
        const rows = alwaysOne(column, outcome);
        if (rows > 0)
          leakage.set(
            column.name,
            `all ${rows} people with another value than most have one outcome, as if it was known only afterwards`,
          );
      }
  }
  const listed = (found: Map<string, string>): UpliftLeak[] =>
    [...found].map(([column, because]) => ({ column, because }));
  return { leakage: listed(leakage), unbalanced: listed(unbalanced) };
}

/** How many rows have another value than most, where all of these have the rarer outcome; else 0. */
function alwaysOne(column: Column, outcome: Float64Array): number {
  const values = column.kind === "number" ? column.values : column.codes;
  const counts = new Map<number, number>();
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1);
  let usual = Number.NaN;
  let most = 0;
  for (const [value, count] of counts)
    if (count > most) {
      usual = value;
      most = count;
    }
  if (most < values.length / 2) return 0;
  const share = outcome.reduce((sum, one) => sum + one, 0) / outcome.length;
  const rarer = share < 0.5 ? 1 : 0;
  let rows = 0;
  for (const [row, value] of values.entries()) {
    if (Object.is(value, usual) || value === usual) continue;
    if (outcome[row] !== rarer) return 0;
    rows++;
  }
  return rows >= enough ? rows : 0;
}
