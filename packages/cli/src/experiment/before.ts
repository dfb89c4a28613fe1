import { type Column, outOfFold, takeRows } from "@inchworm/learn";
import { InchwormError } from "@inchworm/spec";
import type { FlatFile } from "@inchworm/store";
import { columnsNamed } from "../table/names.js";
import { readTable } from "../table/read-table.js";
import { tellColumns } from "../table/tell.js";

export interface FileBefore {
  /** One array per covariate, one entry per person. */
  readonly covariates: readonly ArrayLike<number>[];
  readonly columns: readonly string[];
  /** Taken out as they are, or as what trees expect by all of them, out of fold. */
  readonly method?: "CUPED" | "CUPAC";
  readonly notes: readonly string[];
}

/** Trees need so many people. */
const leastPeople = 1000;

/**
 * What was known of people before: one column of numbers is taken out as it is, several or words as what boosted trees expect by them,
 * out of fold.
 *
 * @throws InchwormError "input" when a column is none, or is one that only came after
 */
export async function fileBefore(
  file: FlatFile,
  path: string,
  lists: readonly string[] | undefined,
  context: {
    readonly rows: Int32Array;
    readonly outcome: Float64Array;
    readonly taken: readonly string[];
    readonly seed: number;
    readonly signal: AbortSignal;
  },
): Promise<FileBefore> {
  const { rows, outcome, taken, seed, signal } = context;
  const wanted = [...new Set(columnsNamed(path, file.columns, "--before", lists))];
  const wrong = wanted.find((name) => taken.includes(name));
  if (wrong !== undefined)
    throw new InchwormError(
      "input",
      `"${wrong}" is what came of it, or the arm: it was not known before.`,
      {
        hint: "Name with --before only what was known when people were assigned.",
      },
    );
  if (wanted.length === 0) return { covariates: [], columns: [], notes: [] };
  const { readings, leftOut, notes } = await tellColumns(file, wanted, wanted, () => {});
  const table = takeRows(await readTable(file, readings), rows);
  const told = [
    ...notes,
    ...leftOut.map(({ column, because }) => `"${column}" says nothing: ${because}.`),
  ];
  const columns = readings.map(({ name }) => name);
  const numbers = table.columns.flatMap((column) =>
    column.kind === "number" ? [column.values] : [],
  );
  const simple = numbers.length === table.columns.length && numbers.length <= 1;
  const known = Int32Array.from(rows.keys()).filter((row) => Number.isFinite(outcome[row]));
  if (table.columns.length === 0) return { covariates: [], columns: [], notes: told };
  if (simple || known.length < leastPeople)
    return {
      covariates: [...numbers, ...table.columns.flatMap(indicators)],
      columns,
      method: "CUPED",
      notes: told,
    };
  const expected = await outOfFold(
    takeRows(table, known),
    Float64Array.from(known, (row) => outcome[row]),
    { seed, signal },
  );
  const all = new Float64Array(rows.length).fill(Number.NaN);
  for (const [place, row] of known.entries()) all[row] = expected[place];
  return { covariates: [...numbers, all], columns, method: "CUPAC", notes: told };
}

/** More levels than this are too many weights for few people. */
const mostLevels = 10;

function indicators(column: Column): Float64Array[] {
  if (column.kind === "number") return [];
  const { codes, levels } = column;
  return levels
    .slice(1, mostLevels)
    .map((_, index) => Float64Array.from(codes, (code) => (code === index + 1 ? 1 : 0)));
}
