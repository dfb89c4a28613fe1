import { InchwormError, type OnProgress } from "@inchworm/spec";
import { type FlatFile, openFlatFile } from "@inchworm/store";
import { format, plural } from "../terminal.js";
import { type Reason, rejectNote, rejects } from "./rejects.js";
import { roleSql } from "./role-sql.js";
import { columnsOf, isHeader, type Role, type RoleKind } from "./roles.js";

export type { Role, RoleKind } from "./roles.js";

export interface LogOptions {
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

/** Events in the order of the file. Roles go by their options, such as "--customer". */
export interface EventLog {
  readonly rows: number;
  /** Of an `id` role. */
  id(option: string): LogIds;
  /** Of any other role; see `RoleKind`. */
  values(option: string): Float64Array;
  /** The columns that serve each role. */
  readonly served: Readonly<Record<string, readonly string[]>>;
  /** Rows of the file, events or not. */
  readonly fileRows: number;
  /** Rows left out because an id is empty. */
  readonly anonymous: number;
  /** Rows that could not be read. */
  readonly rejected: number;
  /** Why, the most frequent first. */
  readonly reasons: readonly Reason[];
  /** Sentences about what was left out or decided. */
  readonly notes: readonly string[];
}

export const logDefaults = { maxRejects: 0.05 } satisfies LogOptions;

/** A day's grace: clocks go wrong, and zones differ. */
const dayMs = 86_400_000;

/**
 * Reads a log of events: CSV with any separator or columns apart by blanks, with names or without, Parquet or NDJSON, gzipped or
 * not. A bad row is counted and left out.
 *
 * @throws InchwormError "input" when the file or a column is not there, nothing tells how its dates are read, or too many rows are bad
 */
export async function readLog(
  path: string,
  roles: readonly Role[],
  options: LogOptions = {},
): Promise<EventLog> {
  const { separator, header, signal, onProgress } = options;
  const file = await openFlatFile(path, {
    blanks: true,
    hasHeader: (first) => header ?? isHeader(first, roles),
    only: (columns) => roles.flatMap((role) => columnsOf(path, columns, role)),
    ...(separator !== undefined && { separator }),
    ...(signal && { signal }),
    ...(onProgress && { onProgress }),
  });
  try {
    return await readEvents(file, path, roles, options);
  } finally {
    await file.close();
  }
}

interface ReadRole extends Role {
  readonly columns: readonly string[];
  readonly sql: string;
}

async function readEvents(
  file: FlatFile,
  path: string,
  roles: readonly Role[],
  options: LogOptions,
): Promise<EventLog> {
  const { now = Number.POSITIVE_INFINITY, maxRejects = logDefaults.maxRejects } = options;
  const read: ReadRole[] = [];
  for (const role of roles) {
    const columns = columnsOf(path, file.columns, role);
    read.push({ ...role, columns, sql: await roleSql(file, role.kind, columns, options) });
  }
  const ids = read.filter(({ kind }) => kind === "id");
  const values = read.filter(({ kind }) => kind !== "id");
  const known = ["fault is null", ...ids.map(({ sql }) => `${sql} is not null`)].join(" and ");
  const [lines, ...numbers] = await file.doubles(["line", ...values.map(({ sql }) => sql)], known);
  const nobody = await countAnonymous(file, ids);
  const notes = nobody.map(
    ([column, rows]) =>
      `${plural(rows, "row")} without a "${column}" ${rows === 1 ? "is" : "are"} left out.`,
  );

  const limits = values.map(({ kind, columns }, index) => {
    const limit = latest(kind, now);
    const ahead = countAbove(numbers[index], limit);
    if (ahead <= maxRejects * lines.length) return limit;
    notes.push(
      `${plural(ahead, "date")} in "${columns[0]}" ${ahead === 1 ? "lies" : "lie"} ahead of today, too many for mistakes, and are taken as they are.`,
    );
    return Number.POSITIVE_INFINITY;
  });
  const found = rejects(await file.query<Reason>(faults));
  const kept = new Int32Array(lines.length);
  let rows = 0;
  for (let row = 0; row < lines.length; row++) {
    let fault: string | undefined;
    for (let index = 0; index < values.length && fault === undefined; index++)
      fault = faultOf(values[index], numbers[index][row], limits[index]);
    if (fault === undefined) kept[rows++] = row;
    else found.add(lines[row], fault);
  }
  const reasons = found.all();
  refuseFaulty(path, file.rows, reasons, options);
  if (rows === 0) throw nothingLeft(path, nobody);

  const columns = new Map<string, LogIds | Float64Array>();
  for (const { option, sql } of ids)
    columns.set(option, taken(await file.levels(sql, known), kept, rows));
  for (const [index, { option }] of values.entries())
    columns.set(
      option,
      rows === lines.length
        ? numbers[index]
        : Float64Array.from({ length: rows }, (_, row) => numbers[index][kept[row]]),
    );
  const column = (option: string) => {
    const there = columns.get(option);
    if (there) return there;
    throw new InchwormError("internal", `The log was read without ${option}.`);
  };
  return {
    rows,
    id: (option) => column(option) as LogIds,
    values: (option) => column(option) as Float64Array,
    served: Object.fromEntries(read.map(({ option, columns }) => [option, columns])),
    fileRows: file.rows,
    anonymous: nobody.reduce((sum, [, count]) => sum + count, 0),
    rejected: total(reasons),
    reasons,
    notes: [...reasons.map(rejectNote), ...notes],
  };
}

const faults = `select fault as reason, count(*) as rows, min(line) as line from flat where fault is not null group by fault`;

const total = (reasons: readonly Reason[]): number =>
  reasons.reduce((sum, { rows }) => sum + rows, 0);

function latest(kind: RoleKind, now: number): number {
  if (kind === "date") return now + dayMs;
  return kind === "day" ? Math.floor((now + dayMs) / dayMs) : Number.POSITIVE_INFINITY;
}

function countAbove(values: Float64Array, limit: number): number {
  let count = 0;
  for (const value of values) if (value > limit && value !== Number.POSITIVE_INFINITY) count++;
  return count;
}

/** What `roleSql` could not read is infinite, and what is not there is NaN. */
function faultOf({ kind, columns }: ReadRole, value: number, limit: number): string | undefined {
  if (value <= limit && value < Number.POSITIVE_INFINITY) return undefined;
  if (kind === "number")
    return Number.isNaN(value) ? undefined : `no readable number in "${columns.join("*")}"`;
  const [column] = columns;
  if (Number.isNaN(value)) return `no date in "${column}"`;
  return value === Number.POSITIVE_INFINITY
    ? `no readable date in "${column}"`
    : `a date in the future in "${column}"`;
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
  ids: readonly ReadRole[],
): Promise<(readonly [column: string, rows: number])[]> {
  const counts: (readonly [string, number])[] = [];
  let before = "fault is null";
  for (const { columns, sql } of ids) {
    const [{ rows }] = await file.query<{ rows: number }>(
      `select count(*) as rows from flat where ${before} and ${sql} is null`,
    );
    if (rows > 0) counts.push([columns[0], rows]);
    before += ` and ${sql} is not null`;
  }
  return counts;
}

function refuseFaulty(
  path: string,
  rows: number,
  reasons: readonly Reason[],
  { maxRejects = logDefaults.maxRejects, dateFormat }: LogOptions,
): void {
  const rejected = total(reasons);
  if (rejected <= maxRejects * rows) return;
  const first = reasons.reduce((one, other) => (other.line < one.line ? other : one));
  const { reason } = first;
  const hint = /readable date/.test(reason)
    ? `Say how dates are written${dateFormat === undefined ? "" : ` (not "${dateFormat}")`}, for example --date-format "%d/%m/%Y %H:%M".`
    : /readable number/.test(reason)
      ? "Name a column of numbers, and their decimal mark with --decimal if need be."
      : "Correct the file, or name its column separator with --separator.";
  throw new InchwormError(
    "input",
    rejected === rows && reasons.length === 1
      ? `All ${format(rows)} rows of ${path} have ${reason}.`
      : `${format(rejected)} of ${plural(rows, "row")} of ${path} cannot be read; the first is line ${first.line}: ${reason}.`,
    { hint },
  );
}

function nothingLeft(path: string, nobody: readonly (readonly [string, number])[]): InchwormError {
  const [first] = nobody;
  return new InchwormError(
    "input",
    first ? `No row of ${path} has a "${first[0]}".` : `${path} has no rows that can be read.`,
    { hint: "Check which columns the options name." },
  );
}
