import { type Column, type ColumnWords, type Table, takeRows, type Words } from "@inchworm/learn";
import { InchwormError, type OnProgress } from "@inchworm/spec";
import { type FlatFile, openFlatFile } from "@inchworm/store";
import { faultNote } from "../fit/data.js";
import { isHeader } from "../log/roles.js";
import { columnsNamed, shown } from "../table/names.js";
import { readTable } from "../table/read-table.js";
import { booleanLevels, type Reading } from "../table/reading.js";
import { type LeftOut, tellColumns } from "../table/tell.js";
import { plural } from "../terminal.js";
import { type LevelScores, levelScores, scored } from "./level-scores.js";

export interface FlatOptions {
  /**
   * Lists of columns to segment by. Defaults to all columns of numbers that are no ids, and where there are none to those of
   * categories.
   */
  readonly columns?: readonly string[];
  /** The numbers that stood for levels in an earlier run: they stay. */
  readonly previous?: readonly LevelScores[];
  readonly separator?: string;
  readonly signal: AbortSignal;
  readonly onProgress: OnProgress;
}

/** What a flat file gives to segment. */
export interface FlatRows {
  readonly readings: readonly Reading[];
  /** The numbers that stand for levels in the table. */
  readonly scores: readonly LevelScores[];
  /** The rows that can be read and have a value in one of the columns at least. */
  readonly table: Table;
  readonly words: Words;
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
  const numbers = told.readings.filter(({ kind }) => kind === "number");
  const some = numbers.length > 0 ? numbers : told.readings.filter(({ kind }) => kind !== "date");
  const readings = chosen ? told.readings : some;
  const others = told.readings.filter((reading) => !readings.includes(reading));
  const leftOut = [
    ...told.leftOut,
    ...others.map(({ name, kind }) => ({
      column: name,
      because: `it holds ${whatOf[kind]}, and --columns does not name it`,
    })),
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
  const places = Int32Array.from(good.keys()).filter(
    (row) => good[row] === 1 && all.columns.some((column) => !isMissing(column, row)),
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
  const table = takeRows(all, places);
  const { columns, scores, words } = measures(table, options.previous);
  return {
    readings,
    scores,
    places,
    fileRows: all.rows,
    table: { rows: table.rows, columns },
    words,
    leftOut,
    notes: [
      ...faultNote(file, "left out"),
      ...(empty > 0
        ? [`${plural(empty, "row")} without any value ${empty === 1 ? "is" : "are"} left out.`]
        : []),
      ...missingNotes(table),
      ...told.notes,
    ],
  };
}

const whatOf = { number: "numbers", date: "dates", boolean: "yes or no", category: "categories" };

const isMissing = (column: Column, row: number): boolean =>
  column.kind === "number" ? Number.isNaN(column.values[row]) : column.codes[row] < 0;

/** The table in columns that distances can be taken in, and how people speak of them. */
function measures(table: Table, previous: readonly LevelScores[] = []) {
  const scores: LevelScores[] = [];
  const words: Record<string, ColumnWords> = {};
  const columns = table.columns.map((column) => {
    if (column.kind === "number") return column;
    const { name, codes } = column;
    // yes or no is a number as it is
    if (column.levels === booleanLevels) {
      const named = ["no", "yes"].map((word, value) => ({ value, name: `${name} ${word}` }));
      words[name] = { levels: named };
      const values = Float32Array.from(codes, (code) => (code < 0 ? Number.NaN : code));
      return { name, kind: "number" as const, values };
    }
    const others = { ...table, columns: table.columns.filter((other) => other !== column) };
    const own = previous.find((one) => one.column === name) ?? levelScores(column, others);
    scores.push(own);
    const named = own.levels.map((level, place) => ({
      value: own.scores[place],
      name: `${name} ${level.includes("@") ? "…" : level}`,
    }));
    words[name] = { levels: [...named, { value: own.rare, name: `${name} another` }] };
    return { name, kind: "number" as const, values: scored(column, own) };
  });
  return { columns, scores, words };
}

function missingNotes({ rows, columns }: Table): string[] {
  const lacking = columns
    .map((column) => ({
      name: column.name,
      rows: Array.from({ length: rows }, (_, row) => isMissing(column, row)).filter(Boolean).length,
    }))
    .filter(({ rows }) => rows > 0);
  if (lacking.length === 0) return [];
  return [
    `Missing values count as the mean: ${lacking.map(({ name, rows }) => `${shown([name])} (${plural(rows, "row")})`).join(", ")}.`,
  ];
}
