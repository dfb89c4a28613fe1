import type { Table } from "@inchworm/learn";
import { InchwormError, type OnProgress } from "@inchworm/spec";
import { type FlatFile, openFlatFile } from "@inchworm/store";
import { faultNote } from "../fit/data.js";
import { isHeader } from "../log/roles.js";
import { columnsNamed, shown } from "../table/names.js";
import { readTable } from "../table/read-table.js";
import type { Reading } from "../table/reading.js";
import { type LeftOut, tellColumns } from "../table/tell.js";
import { plural } from "../terminal.js";

export interface FlatOptions {
  /** Lists of columns to segment by. Defaults to all columns of numbers that are no ids. */
  readonly columns?: readonly string[];
  readonly separator?: string;
  readonly signal: AbortSignal;
  readonly onProgress: OnProgress;
}

/** What a flat file gives to segment. */
export interface FlatRows {
  readonly readings: readonly Reading[];
  /** The rows that can be read and have a value in one of the columns at least. */
  readonly table: Table;
  /** Their places in the file, from 0; the file has `fileRows`. */
  readonly places: Int32Array;
  readonly fileRows: number;
  readonly leftOut: readonly LeftOut[];
  readonly notes: readonly string[];
}

/** More unreadable rows than this share, and something is wrong with the file. */
const mostFaults = 0.05;

/** @throws InchwormError "input" when the file is none, or a column is not there or cannot be measured by */
export async function readFlat(path: string, options: FlatOptions): Promise<FlatRows> {
  const { signal, onProgress, separator } = options;
  const wanted = (options.columns ?? []).flatMap((list) => list.split(","));
  const roles = wanted.map((column) => ({
    option: "--columns",
    kind: "number" as const,
    column: column.trim(),
  }));
  const file = await openFlatFile(path, {
    blanks: true,
    hasHeader: (first) => isHeader(first, roles),
    signal,
    onProgress,
    ...(separator !== undefined && { separator }),
  });
  try {
    return await rowsOf(file, path, options);
  } finally {
    await file.close();
  }
}

async function rowsOf(file: FlatFile, path: string, options: FlatOptions): Promise<FlatRows> {
  const { rows, line, reason } = file.faults;
  if (rows > mostFaults * file.rows)
    throw new InchwormError(
      "input",
      `${rows} of ${plural(file.rows, "row")} of ${path} cannot be read; the first is line ${line}: ${reason}.`,
      { hint: "Correct the file, or name its column separator with --separator." },
    );
  const chosen = options.columns !== undefined;
  const names = chosen
    ? [...new Set(columnsNamed(path, file.columns, "--columns", options.columns))]
    : file.columns;
  const told = await tellColumns(file, names, chosen ? names : [], (share) =>
    options.onProgress({
      step: "looking at columns",
      done: Math.floor(100 * share),
      total: 100,
      unit: "%",
    }),
  );
  const measurable = (reading: Reading): boolean =>
    reading.kind === "number" || (chosen && reading.kind !== "category");
  const readings = told.readings.filter(measurable);
  const others = told.readings.filter((reading) => !measurable(reading));
  if (chosen && others.length > 0) throw noNumbers(path, others);
  const leftOut = [
    ...told.leftOut,
    ...others.map(({ name, kind }) => ({ column: name, because: `it holds ${whatOf[kind]}` })),
  ];
  if (readings.length === 0)
    throw new InchwormError(
      "input",
      `${path} has no column to segment by${leftOut.length > 0 ? ` (${leftOut.map((one) => `"${one.column}": ${one.because}`).join("; ")})` : ""}.`,
      {
        hint: "Name columns of numbers with --columns; a log of orders needs --customer, --date and --amount.",
      },
    );
  const all = await readTable(file, readings);
  const [good] = await file.floats(["case when fault is null then 1 end"]);
  const columns = all.columns.map((column) => {
    const values =
      column.kind === "number"
        ? column.values
        : Float32Array.from(column.codes, (code) => (code < 0 ? Number.NaN : code));
    return { name: column.name, kind: "number" as const, values };
  });
  const places = Int32Array.from(good.keys()).filter(
    (row) => good[row] === 1 && columns.some(({ values }) => !Number.isNaN(values[row])),
  );
  const empty = file.rows - rows - places.length;
  if (places.length === 0)
    throw new InchwormError(
      "input",
      `No row of ${path} has a value in ${shown(readings.map(({ name }) => name))}.`,
      {
        hint: "Choose other columns with --columns.",
      },
    );
  return {
    readings,
    places,
    fileRows: all.rows,
    table: {
      rows: places.length,
      columns: columns.map((column) => ({
        ...column,
        values: Float32Array.from(places, (row) => column.values[row]),
      })),
    },
    leftOut,
    notes: [
      ...faultNote(file, "left out"),
      ...(empty > 0
        ? [`${plural(empty, "row")} without any value ${empty === 1 ? "is" : "are"} left out.`]
        : []),
      ...missingNotes(columns, places),
      ...told.notes,
    ],
  };
}

const whatOf = { number: "numbers", date: "dates", boolean: "yes or no", category: "categories" };

function noNumbers(path: string, readings: readonly Reading[]): InchwormError {
  const names = shown(readings.map(({ name }) => name));
  return new InchwormError(
    "input",
    `${names} of ${path} ${readings.length === 1 ? "holds" : "hold"} categories, and distances need numbers.`,
    { hint: "Leave them out of --columns, or write them as numbers." },
  );
}

function missingNotes(
  columns: readonly { readonly name: string; readonly values: Float32Array }[],
  places: Int32Array,
): string[] {
  const lacking = columns
    .map(({ name, values }) => ({
      name,
      rows: places.reduce((sum, row) => sum + Number(Number.isNaN(values[row])), 0),
    }))
    .filter(({ rows }) => rows > 0);
  if (lacking.length === 0) return [];
  return [
    `Missing values count as the mean: ${lacking.map(({ name, rows }) => `${shown([name])} (${plural(rows, "row")})`).join(", ")}.`,
  ];
}
