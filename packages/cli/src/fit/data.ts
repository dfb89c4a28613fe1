import { type Table, takeRows } from "@inchworm/learn";
import { InchwormError } from "@inchworm/spec";
import type { FlatFile } from "@inchworm/store";
import { readingSql } from "../table/expressions.js";
import { columnNamed, columnsNamed } from "../table/names.js";
import { readTable } from "../table/read-table.js";
import type { Reading } from "../table/reading.js";
import { type Target, tellTarget } from "../table/target.js";
import { type LeftOut, tellColumns } from "../table/tell.js";
import { plural } from "../terminal.js";

export interface DataOptions {
  readonly target: string;
  readonly positive?: string;
  /** Lists of columns not to learn from. */
  readonly drop?: readonly string[];
  /** Lists of columns to learn from even if they look like ids. */
  readonly keep?: readonly string[];
  /** The column that orders the rows, or `true` when the file is in the order of time. */
  readonly time?: string | true;
}

/** What a flat file gives to learn from: rows with an outcome, in the order of time if there is one. */
export interface Data {
  readonly target: Target;
  readonly readings: readonly Reading[];
  readonly table: Table;
  readonly labels: Float64Array;
  readonly times?: Float32Array;
  readonly leftOut: readonly LeftOut[];
  readonly notes: readonly string[];
}

/** More unreadable rows than this share, and something is wrong with the file. */
const mostFaults = 0.05;

/** @throws InchwormError "input" when the file, the columns or the outcome are not what the options say */
export async function readData(
  file: FlatFile,
  path: string,
  options: DataOptions,
  onDone: (share: number) => void,
): Promise<Data> {
  refuseFaulty(file, path);
  const { columns } = file;
  const named = (option: string, name: string) => columnNamed(path, columns, option, name);
  const column = named("--target", options.target);
  const target = await tellTarget(file, path, column, options.positive);
  const time = typeof options.time === "string" ? named("--time", options.time) : undefined;
  const drop = columnsNamed(path, columns, "--drop", options.drop);
  const keep = columnsNamed(path, columns, "--keep", options.keep);
  const names = columns.filter((name) => name !== column && name !== time && !drop.includes(name));
  const { readings, leftOut, notes } = await tellColumns(file, names, keep, onDone);
  if (readings.length === 0)
    throw new InchwormError(
      "input",
      `${path} has no column to learn "${column}" from${leftOut.length > 0 ? ` (${leftOut.map((one) => `"${one.column}": ${one.because}`).join("; ")})` : ""}.`,
      { hint: "Bring more columns, or name some of these with --keep." },
    );
  const clock = time === undefined ? undefined : await readingOfTime(file, path, time);
  const extra = ["case when fault is null then 1 end", target.sql];
  if (clock) extra.push(readingSql(file.text(clock.name), clock));
  const [good, outcome, times] = await file.floats(extra);
  const all = Int32Array.from(good.keys());
  const filled = all.filter((row) => good[row] === 1 && !Number.isNaN(outcome[row]));
  const rows = times ? filled.filter((row) => !Number.isNaN(times[row])) : filled;
  if (times) rows.sort((one, other) => times[one] - times[other] || one - other);
  const table = await readTable(file, readings);
  const lost = (count: number, what: string) =>
    count > 0
      ? [`${plural(count, "row")} without a "${what}" ${count === 1 ? "is" : "are"} left out.`]
      : [];
  return {
    target,
    readings,
    table: rows.length === table.rows && !times ? table : takeRows(table, rows),
    labels: Float64Array.from(rows, (row) => outcome[row]),
    ...(times && { times: Float32Array.from(rows, (row) => times[row]) }),
    leftOut,
    notes: [
      ...faultNote(file, "left out"),
      ...lost(file.rows - file.faults.rows - filled.length, column),
      ...lost(filled.length - rows.length, time ?? ""),
      ...(target.note ? [target.note] : []),
      ...notes,
    ],
  };
}

/** What there is to say of rows that are none. */
export function faultNote({ faults }: FlatFile, fate: "left out" | "not scored"): string[] {
  if (faults.rows === 0) return [];
  const { rows, line, reason } = faults;
  return [
    `${plural(rows, "row")} cannot be read and ${rows === 1 ? "is" : "are"} ${fate}; the first is line ${line}: ${reason}.`,
  ];
}

/** @throws InchwormError "input" when so many rows cannot be read that something is wrong with the file */
export function refuseFaulty({ rows, faults }: FlatFile, path: string): void {
  if (faults.rows <= mostFaults * rows) return;
  throw new InchwormError(
    "input",
    `${faults.rows} of ${plural(rows, "row")} of ${path} cannot be read; the first is line ${faults.line}: ${faults.reason}.`,
    { hint: "Correct the file, or name its column separator with --separator." },
  );
}

async function readingOfTime(file: FlatFile, path: string, time: string): Promise<Reading> {
  const { readings } = await tellColumns(file, [time], [time], () => {});
  const [reading] = readings;
  if (reading?.kind === "number" || reading?.kind === "date") return reading;
  throw new InchwormError("input", `The column "${time}" of ${path} has no dates or numbers.`, {
    hint: "Name a column that orders the rows in time, or pass --time alone if the file is in that order.",
  });
}
