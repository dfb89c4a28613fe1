import { InchwormError, type OnProgress } from "@inchworm/spec";
import { type FlatFile, openFlatFile } from "@inchworm/store";
import { plural } from "../terminal.js";
import { type Rejected, rejects } from "./rejects.js";
import { roleSql } from "./role-sql.js";
import { columnsOf, isHeader, type Role, type RoleKind } from "./roles.js";

export interface ReadLogOptions {
  /** Column separator of a text file; "blanks" for runs of them. Defaults to what the file looks like. */
  readonly separator?: string;
  /** Whether the first line names the columns. Defaults to what it looks like. */
  readonly header?: boolean;
  /** strptime format of dates. Defaults to what they look like. */
  readonly dateFormat?: string;
  /** IANA zone of dates without an offset, and of the calendar. Defaults to "UTC". */
  readonly timeZone?: string;
  /** Mark before the fraction of a number. Defaults to what the numbers look like. */
  readonly decimal?: "." | ",";
  /** Share of rejected rows above which the file is refused, 0 to 1. Defaults to 0.05. */
  readonly maxRejects?: number;
  /** Milliseconds since 1970. A few dates after it are mistakes and rejected; of many it is noted that they lie ahead. */
  readonly now?: number;
  readonly signal?: AbortSignal;
  readonly onProgress?: OnProgress;
}

/** Whose or what each event is: an index into `levels`, which are in the order of their code points, each with an event. */
export interface LogIds {
  readonly codes: Int32Array;
  readonly levels: readonly string[];
}

/** Events in the order of the file. */
export interface EventLog<Roles extends Readonly<Record<string, Role>>> {
  readonly rows: number;
  /** By role; see `RoleKind` for what each kind holds. */
  readonly columns: {
    readonly [Name in keyof Roles]: Roles[Name]["is"] extends "id" ? LogIds : Float64Array;
  };
  /** Rows of the file, events or not. */
  readonly fileRows: number;
  /** Rows left out because an id is empty, by the option that names its column. */
  readonly anonymous: Readonly<Record<string, number>>;
  readonly rejected: Rejected;
  /** Sentences about what was left out or decided. */
  readonly notes: readonly string[];
}

export const readLogDefaults = { maxRejects: 0.05 } satisfies ReadLogOptions;

/** A day's grace: clocks go wrong, and zones differ. */
const graceMs = 86_400_000;

/**
 * Reads a log of events: CSV with any separator or columns apart by blanks, with names or without, Parquet or NDJSON, gzipped or
 * not. A bad row is counted and left out.
 *
 * @throws InchwormError "input" when the file or a column is not there, nothing tells how its dates are read, or too many rows are bad
 */
export async function readLog<const Roles extends Readonly<Record<string, Role>>>(
  path: string,
  roles: Roles,
  options: ReadLogOptions = {},
): Promise<EventLog<Roles>> {
  const { separator, header, signal, onProgress } = options;
  const all = Object.entries<Role>(roles);
  const wanted = all.map(([, role]) => role);
  const file = await openFlatFile(path, {
    blanks: true,
    hasHeader: (first) => header ?? isHeader(first, wanted),
    only: (columns) => wanted.flatMap((role) => columnsOf(path, columns, role)),
    ...(separator !== undefined && { separator }),
    ...(signal && { signal }),
    ...(onProgress && { onProgress }),
  });
  try {
    return await readEvents(file, path, all, options);
  } finally {
    await file.close();
  }
}

async function readEvents<Roles extends Readonly<Record<string, Role>>>(
  file: FlatFile,
  path: string,
  roles: readonly (readonly [name: string, role: Role])[],
  options: ReadLogOptions,
): Promise<EventLog<Roles>> {
  const { now = Number.POSITIVE_INFINITY, maxRejects = readLogDefaults.maxRejects } = options;
  const read: { name: string; role: Role; columns: readonly string[]; sql: string }[] = [];
  for (const [name, role] of roles) {
    const columns = columnsOf(path, file.columns, role);
    read.push({ name, role, columns, sql: await roleSql(file, role.is, columns, options) });
  }
  const ids = read.filter(({ role }) => role.is === "id");
  const values = read.filter(({ role }) => role.is !== "id");
  const known = ["fault is null", ...ids.map(({ sql }) => `${sql} is not null`)].join(" and ");
  const [lines, ...numbers] = await file.doubles(["line", ...values.map(({ sql }) => sql)], known);

  const found = rejects(
    await file.query<{ reason: string; rows: number; line: number }>(`
    select fault as reason, count(*) as rows, min(line) as line from flat where fault is not null group by fault`),
  );
  const latest = values.map(({ role }) => latestOf(role.is, now));
  const ahead = values.map((_, index) => countAbove(numbers[index], latest[index]));
  const notes: string[] = [];
  for (const [index, { columns }] of values.entries()) {
    if (ahead[index] <= maxRejects * lines.length) continue;
    latest[index] = Number.POSITIVE_INFINITY;
    notes.push(
      `${plural(ahead[index], "date")} in "${columns[0]}" lie ahead of today and are taken as they are.`,
    );
  }
  const kept = new Int32Array(lines.length);
  let rows = 0;
  events: for (let row = 0; row < lines.length; row++) {
    for (let index = 0; index < values.length; index++) {
      const reason = faultOf(values[index].role.is, numbers[index][row], latest[index]);
      if (reason === undefined) continue;
      found.add(lines[row], `"${values[index].columns.join("*")}" ${reason}`);
      continue events;
    }
    kept[rows++] = row;
  }
  const rejected = found.all();
  refuse(path, file.rows, rejected, maxRejects, options.dateFormat);
  const anonymous = await countAnonymous(file, ids);
  if (rows === 0) throw nothingLeft(path, anonymous);

  const columns: Record<string, LogIds | Float64Array> = {};
  for (const { name, sql } of ids) columns[name] = taken(await file.levels(sql, known), kept, rows);
  for (const [index, { name }] of values.entries())
    columns[name] =
      rows === lines.length
        ? numbers[index]
        : Float64Array.from({ length: rows }, (_, row) => numbers[index][kept[row]]);
  return {
    rows,
    columns: columns as EventLog<Roles>["columns"],
    fileRows: file.rows,
    anonymous,
    rejected,
    notes: [...rejected.notes, ...anonymousNotes(anonymous), ...notes],
  };
}

const latestOf = (is: RoleKind, now: number): number => {
  if (is === "date") return now + graceMs;
  return is === "day" ? Math.floor((now + graceMs) / 86_400_000) : Number.POSITIVE_INFINITY;
};

function countAbove(values: Float64Array, limit: number): number {
  let count = 0;
  for (const value of values) if (value > limit && value !== Number.POSITIVE_INFINITY) count++;
  return count;
}

/** What `roleSql` could not read is infinite, and what is not there is NaN. */
function faultOf(is: RoleKind, value: number, latest: number): string | undefined {
  if (is === "number") return value === Number.POSITIVE_INFINITY ? "is no number" : undefined;
  if (Number.isNaN(value)) return "is empty";
  if (value === Number.POSITIVE_INFINITY) return "is no date";
  return value > latest ? "lies in the future" : undefined;
}

/** The ids of the rows kept, and of their levels those that are left. */
function taken({ codes, levels }: LogIds, kept: Int32Array, rows: number): LogIds {
  if (rows === codes.length) return { codes, levels };
  const to = new Int32Array(levels.length).fill(-1);
  for (let row = 0; row < rows; row++) to[codes[kept[row]]] = 0;
  const left: string[] = [];
  for (let code = 0; code < to.length; code++)
    if (to[code] === 0) to[code] = left.push(levels[code]) - 1;
  return {
    codes: Int32Array.from({ length: rows }, (_, row) => to[codes[kept[row]]]),
    levels: left,
  };
}

async function countAnonymous(
  file: FlatFile,
  ids: readonly { readonly role: Role; readonly sql: string }[],
): Promise<Record<string, number>> {
  const counts: Record<string, number> = {};
  let before = "fault is null";
  for (const { role, sql } of ids) {
    const [{ rows }] = await file.query<{ rows: number }>(
      `select count(*) as rows from flat where ${before} and ${sql} is null`,
    );
    if (rows > 0) counts[role.option.replace(/^-+/, "")] = rows;
    before += ` and ${sql} is not null`;
  }
  return counts;
}

const anonymousNotes = (anonymous: Readonly<Record<string, number>>): string[] =>
  Object.entries(anonymous).map(
    ([what, rows]) =>
      `${plural(rows, "row")} without a ${what} ${rows === 1 ? "is" : "are"} left out.`,
  );

function refuse(
  path: string,
  rows: number,
  rejected: Rejected,
  maxRejects: number,
  dateFormat: string | undefined,
): void {
  if (rejected.rows <= maxRejects * rows || rejected.first === undefined) return;
  const { line, reason } = rejected.first;
  const dates = /is no date$/.test(reason);
  throw new InchwormError(
    "input",
    `${rejected.rows.toLocaleString("en-US")} of ${plural(rows, "row")} of ${path} cannot be read; the first is line ${line}: ${reason}.`,
    {
      hint: dates
        ? `Say how dates are written${dateFormat === undefined ? "" : ` (not ${dateFormat})`}, for example --date-format "%d/%m/%Y %H:%M".`
        : "Correct the file, name its separator with --separator or its decimal mark with --decimal, or allow more with --max-rejects.",
    },
  );
}

function nothingLeft(path: string, anonymous: Readonly<Record<string, number>>): InchwormError {
  const [what] = Object.keys(anonymous);
  return new InchwormError(
    "input",
    what === undefined
      ? `${path} has no rows that can be read.`
      : `No row of ${path} has a ${what}.`,
    { hint: "Check which columns the options name." },
  );
}
