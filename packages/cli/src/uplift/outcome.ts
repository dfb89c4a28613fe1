import { InchwormError } from "@inchworm/spec";
import type { FlatFile } from "@inchworm/store";
import { readingSql } from "../table/expressions.js";
import { tellTarget } from "../table/target.js";
import { tellColumns } from "../table/tell.js";

/** What came of each row, in the order of the file: 1 or 0, or an amount; `NaN` where nothing is known. */
export interface Outcome {
  readonly values: Float64Array;
  /** The value that counts as 1, as the file writes it; absent where outcomes are amounts. */
  readonly positive?: string;
  readonly notes: readonly string[];
}

/** @throws InchwormError "input" when the column is empty, never varies, or holds neither two values nor amounts */
export async function readOutcome(
  file: FlatFile,
  path: string,
  column: string,
  positive: string | undefined,
): Promise<Outcome> {
  const { readings, notes } = await tellColumns(file, [column], [column], () => {});
  const [reading] = readings;
  if (positive === undefined && reading?.kind === "number") {
    const [values] = await file.doubles([
      `case when fault is null then ${readingSql(file.text(column), reading)} end`,
    ]);
    const different = new Set(values.filter((value) => !Number.isNaN(value)));
    if (different.size > 2 || (different.has(0) && different.has(1))) return { values, notes };
  }
  const [{ filled }] = await file.query<{ filled: number }>(
    `select count(${file.text(column)}) as filled from flat where fault is null`,
  );
  if (filled === 0)
    throw new InchwormError("input", `The column "${column}" of ${path} is empty.`, {
      hint: "Name the column that says what came of people with --outcome.",
    });
  const target = await tellTarget(file, path, column, positive);
  const [values] = await file.doubles([`case when fault is null then ${target.sql} end`]);
  return { values, positive: target.positive, notes: target.note ? [target.note] : [] };
}
