import { dirname } from "node:path";
import { type DriverTrials, hourLevels, timeZoneClock } from "@inchworm/learn";
import { InchwormError, type OnProgress } from "@inchworm/spec";
import { type FlatFile, openFlatFile } from "@inchworm/store";
import type { LogOptions } from "../log/read-log.js";
import { roleSql } from "../log/role-sql.js";
import { shown as listOf } from "../table/names.js";
import { plural } from "../terminal.js";
import { banded } from "./bands.js";
import { type CampaignColumns, type ColumnOptions, campaignColumns } from "./columns.js";
import { hourOf } from "./hour-of.js";
import { type ImageFault, imageFactors } from "./images.js";

export interface ReadCampaignsOptions extends ColumnOptions {
  readonly separator?: string;
  readonly dateFormat?: string;
  readonly timeZone?: string;
  readonly decimal?: "." | ",";
  readonly signal: AbortSignal;
  readonly onProgress: OnProgress;
}

export interface Campaigns {
  readonly trials: DriverTrials;
  readonly columns: CampaignColumns;
  readonly notes: readonly string[];
  readonly images?: { readonly read: number; readonly failed: readonly ImageFault[] };
}

/** Rows without numbers above this share are no accident. */
const mostUnread = 0.05;
const weekdays = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"];

/** @throws InchwormError "input" when the file or a column is not there, or its numbers cannot be; "config" when pictures need a library that is not there */
export async function readCampaigns(
  path: string,
  options: ReadCampaignsOptions,
): Promise<Campaigns> {
  const { separator, signal, onProgress } = options;
  const file = await openFlatFile(path, {
    signal,
    onProgress,
    ...(separator !== undefined && { separator }),
  });
  try {
    return await readOpen(path, file, options);
  } finally {
    await file.close();
  }
}

async function readOpen(
  path: string,
  file: FlatFile,
  options: ReadCampaignsOptions,
): Promise<Campaigns> {
  const { columns, guessed } = campaignColumns(path, file.columns, options);
  const reading: Pick<LogOptions, "dateFormat" | "timeZone" | "decimal"> = options;
  const notes: string[] = [];
  if (guessed.length > 0) notes.push(`Columns by their names: ${guessed.join(", ")}.`);
  if (file.faults.rows > 0)
    notes.push(
      `${plural(file.faults.rows, "row")} cannot be read and ${file.faults.rows === 1 ? "is" : "are"} left out; the first is line ${file.faults.line}: ${file.faults.reason}.`,
    );
  const good = "fault is null";
  const number = (column: string) => roleSql(file, "number", [column], reading);
  const [lines, people, clicks] = await file.doubles(
    ["line", await number(columns.shown), await number(columns.clicked)],
    good,
  );
  const kept = countedRows(path, columns, lines, people, clicks, notes);
  const texts = async (column: string): Promise<(string | undefined)[]> => {
    const { codes, levels } = await file.levels(file.text(column), good);
    return kept.map((row) => (codes[row] < 0 ? undefined : levels[codes[row]]));
  };
  const groups = await groupsOf(columns, kept, texts);
  const sent = columns.sentAt
    ? await timesOf(path, file, columns.sentAt, options, kept, notes)
    : undefined;
  const factors: Record<string, (string | undefined)[]> = {};
  if (columns.hour) factors.hour = hoursOf(await texts(columns.hour), groups);
  else if (sent?.hours) factors.hour = hourLevels(sent.hours, groups);
  for (const column of columns.factors) factors[column] = banded(await texts(column));
  if (sent && !columns.factors.some((one) => /^(?:weekday|day.of.week)$/iu.test(one)))
    factors.weekday = sent.weekdays;
  const pictures = columns.image
    ? await imageFactors(
        (await texts(columns.image)).map((name, at) => ({ name, line: lines[kept[at]] })),
        dirname(path),
        options,
      )
    : undefined;
  return {
    columns,
    notes: [...notes, ...(pictures?.notes ?? [])],
    ...(pictures && { images: { read: pictures.read, failed: pictures.failed } }),
    trials: {
      shown: kept.map((row) => people[row]),
      clicked: kept.map((row) => clicks[row]),
      ...(columns.text && { texts: (await texts(columns.text)).map((text) => text ?? "") }),
      ...(groups && { groups }),
      ...(columns.segment && { segments: await texts(columns.segment) }),
      ...(sent && { at: sent.at }),
      factors: { ...factors, ...pictures?.factors },
    },
  };
}

function countedRows(
  path: string,
  { shown, clicked }: CampaignColumns,
  lines: Float64Array,
  people: Float64Array,
  clicks: Float64Array,
  notes: string[],
): number[] {
  const isCount = (value: number) => value >= 0 && value < Number.POSITIVE_INFINITY;
  const all = Array.from(lines.keys());
  const kept = all.filter((row) => isCount(people[row]) && isCount(clicks[row]));
  const left = all.length - kept.length;
  const first = all.find((row) => !isCount(people[row]) || !isCount(clicks[row]));
  if (left > mostUnread * all.length || kept.length === 0)
    throw new InchwormError(
      "input",
      `${left} of ${plural(all.length, "row")} of ${path} have no count in "${shown}" and "${clicked}"${first === undefined ? "" : `; the first is line ${lines[first]}`}.`,
      { hint: "Name columns of counts with --shown and --clicked, not of rates." },
    );
  if (left > 0)
    notes.push(
      `${plural(left, "row")} without how often they were shown and clicked are left out.`,
    );
  const wrong = kept.filter((row) => clicks[row] > people[row]);
  if (wrong.length > 0)
    throw new InchwormError(
      "input",
      `${plural(wrong.length, "row")} of ${path} ${wrong.length === 1 ? "has" : "have"} more in "${clicked}" than in "${shown}"; the first is line ${lines[wrong[0]]}.`,
      { hint: "Name a column of people who clicked, not of clicks, with --clicked." },
    );
  return kept;
}

/** Numbers of the tests; rows without one are each their own. */
async function groupsOf(
  { group, same }: CampaignColumns,
  kept: readonly number[],
  texts: (column: string) => Promise<(string | undefined)[]>,
): Promise<number[] | undefined> {
  if (group === undefined) return undefined;
  const parts = [await texts(group)];
  for (const column of same) parts.push(await texts(column));
  const numbers = new Map<string, number>();
  return kept.map((_, at) => {
    const key =
      parts[0][at] === undefined
        ? `row ${at}`
        : JSON.stringify(parts.map((part) => part[at] ?? null));
    const number = numbers.get(key) ?? numbers.size;
    numbers.set(key, number);
    return number;
  });
}

async function timesOf(
  path: string,
  file: FlatFile,
  column: string,
  options: ReadCampaignsOptions,
  kept: readonly number[],
  notes: string[],
) {
  let sql: string;
  try {
    sql = await roleSql(file, "date", [column], options);
  } catch (error) {
    // a column that only looked like one is left alone
    if (options.sentAt !== undefined || !InchwormError.is(error, "input")) throw error;
    notes.push(`"${column}" is not read as times: ${error.message}`);
    return undefined;
  }
  const [all] = await file.doubles([sql], "fault is null");
  const at = kept.map((row) => (Number.isFinite(all[row]) ? all[row] : Number.NaN));
  const known = at.filter((time) => !Number.isNaN(time));
  if (known.length === 0) {
    const message = `${path} has no readable time in ${listOf([column])}.`;
    if (options.sentAt !== undefined)
      throw new InchwormError("input", message, {
        hint: 'Say how times are written, for example --date-format "%d/%m/%Y %H:%M".',
      });
    notes.push(message);
    return undefined;
  }
  if (known.length < at.length)
    notes.push(
      `${plural(at.length - known.length, "row")} without a readable time in "${column}".`,
    );
  const clock = timeZoneClock(options.timeZone ?? "UTC");
  const cells = at.map((time) => (Number.isNaN(time) ? Number.NaN : clock.weekHour(time)));
  const midnight = known.every((time) => clock.wall(time) % 86_400_000 === 0);
  if (midnight) notes.push(`"${column}" has days without hours: hours are not looked at.`);
  return {
    at,
    weekdays: cells.map((cell) => weekdays[Math.floor(cell / 24)] as string | undefined),
    hours: midnight ? undefined : cells.map((cell) => cell % 24),
  };
}

/** A column of hours: numbers of the day however they are written, or words as they are. */
function hoursOf(
  texts: readonly (string | undefined)[],
  groups: readonly number[] | undefined,
): (string | undefined)[] {
  const hours = texts.map((text) => (text === undefined ? Number.NaN : hourOf(text)));
  const unread = texts.some((text, at) => text !== undefined && Number.isNaN(hours[at]));
  return unread ? [...texts] : hourLevels(hours, groups);
}
