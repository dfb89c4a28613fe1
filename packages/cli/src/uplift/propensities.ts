import { InchwormError } from "@inchworm/spec";
import type { FlatFile } from "@inchworm/store";
import { readingSql } from "../table/expressions.js";
import { tellColumns } from "../table/tell.js";

export interface KnownChances {
  /** 1 where a row's chance is known, in the order of the file. */
  readonly known: Uint8Array;
  /** Row-major, the control first: the chances of these rows. */
  of(rows: Int32Array): Float64Array;
}

/**
 * Each person's chance to be treated, from a column.
 *
 * @throws InchwormError "input" when it holds no probabilities, or there are several treated arms
 */
export async function readPropensities(
  file: FlatFile,
  path: string,
  column: string | undefined,
  arms: readonly string[],
): Promise<KnownChances | undefined> {
  if (column === undefined) return undefined;
  if (arms.length > 2)
    throw new InchwormError("input", "One column of propensities is for one treated arm.", {
      hint: "Name one value with --treated, or use --estimate-propensities.",
    });
  const { readings } = await tellColumns(file, [column], [column], () => {});
  const constant = { name: column, kind: "number", decimal: "." } as const;
  const reading = readings[0] ?? constant;
  const [chance] = await file.doubles([
    `case when fault is null then ${readingSql(file.text(column), reading.kind === "number" ? reading : constant)} end`,
  ]);
  const wrong = chance.find((value) => !Number.isNaN(value) && !(value > 0 && value < 1));
  if (wrong !== undefined || chance.every(Number.isNaN))
    throw new InchwormError(
      "input",
      `The column "${column}" of ${path} must hold chances above 0 and below 1${wrong === undefined ? "" : `, and one is ${wrong}`}.`,
      { hint: "Leave out people who could only have been in one arm." },
    );
  return {
    known: Uint8Array.from(chance, (value) => (Number.isNaN(value) ? 0 : 1)),
    of: (rows) =>
      Float64Array.from({ length: 2 * rows.length }, (_, at) => {
        const treated = chance[rows[at >> 1]];
        return at % 2 === 0 ? 1 - treated : treated;
      }),
  };
}
