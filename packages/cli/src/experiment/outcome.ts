import { InchwormError } from "@inchworm/spec";
import type { FlatFile } from "@inchworm/store";
import { readingSql } from "../table/expressions.js";
import { columnNamed } from "../table/names.js";
import { tellTarget } from "../table/target.js";
import { tellColumns } from "../table/tell.js";

export interface FileOutcome {
  readonly column: string;
  /** One entry per row of the file; `NaN` = not known. */
  readonly values: Float64Array;
  /** What counts as a yes, where the outcome is one. */
  readonly positive?: string;
  readonly notes: readonly string[];
}

/**
 * What came of each row: numbers as they are; true and false, yes and no, or two words as 1 and 0.
 *
 * @throws InchwormError "input" when the column is none, is empty, or holds more than two words
 */
export async function fileOutcome(
  file: FlatFile,
  path: string,
  wanted: string,
  options: { readonly positive?: string; readonly option?: string } = {},
): Promise<FileOutcome> {
  const { positive, option = "--outcome" } = options;
  const column = columnNamed(path, file.columns, option, wanted);
  const text = file.text(column);
  const { readings, leftOut, notes } = await tellColumns(file, [column], [column], () => {});
  const reading = readings[0];
  if (positive === undefined && reading?.kind === "number") {
    const [values] = await file.doubles([
      `case when fault is null then ${readingSql(text, reading)} end`,
    ]);
    return { column, values, notes };
  }
  const because = leftOut[0]?.because;
  if (because === "it never varies")
    throw new InchwormError(
      "input",
      `Everybody in ${path} has the same "${column}"; it cannot tell arms apart.`,
      { hint: `Name the column of what came of people with ${option}.` },
    );
  if (reading?.kind === "date" || because === "it holds e-mail addresses")
    throw new InchwormError(
      "input",
      `"${column}" of ${path} holds ${reading?.kind === "date" ? "dates" : "e-mail addresses"}, which are no outcome.`,
      { hint: `Name a column of numbers, or of yes and no, with ${option}.` },
    );
  const target = await tellTarget(file, path, column, positive);
  const [values] = await file.doubles([`case when fault is null then ${target.sql} end`]);
  return {
    column,
    values,
    positive: target.positive,
    notes: [...notes, ...(target.note ? [target.note] : [])],
  };
}
