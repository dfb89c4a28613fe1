import type { FlatFile } from "@inchworm/store";
import { plural } from "../terminal.js";
import { leastRows, mostLevels, tellLevels } from "./levels.js";
import { type Profile, profileColumn } from "./profile.js";
import type { Reading } from "./reading.js";
import { mostSlips, tellDates, tellWritten } from "./written.js";

export interface LeftOut {
  readonly column: string;
  /** Such as "empty". */
  readonly because: string;
}

export interface Told {
  readonly readings: readonly Reading[];
  readonly leftOut: readonly LeftOut[];
  readonly notes: readonly string[];
}

/** What a column turned out to be: a reading, or why there is none. */
interface Finding {
  readonly reading?: Reading;
  readonly because?: string;
  /** Values that the reading cannot read. */
  readonly slips?: number;
  /** Rows whose value is too rare to be a level. */
  readonly lost?: number;
  readonly note?: string | undefined;
}

/** A column of numbers with slips must have more different values than this: else they could be codes. */
const fewValues = 20;
/** Share of a column's values that may be too rare to be levels. */
const mostLost = 0.9;
/** With fewer rows, values that differ in each say little. */
const fewRows = 20;

/**
 * Tells from the whole file how each column is read, and which ones nothing can be learned from: empty ones, ones that never vary,
 * and ids, which have another value in every row. The same content gives the same answer.
 *
 * @param keep columns that are read even if they look like ids
 */
export async function tellColumns(
  file: FlatFile,
  names: readonly string[],
  keep: readonly string[],
  onDone: (share: number) => void,
): Promise<Told> {
  const rows = file.rows - file.faults.rows;
  const readings: Reading[] = [];
  const leftOut: LeftOut[] = [];
  const notes: string[] = [];
  const rare: string[] = [];
  for (const [index, name] of names.entries()) {
    const profile = await profileColumn(file, name);
    const { reading, because, slips, lost, note } = await tellColumn(
      file,
      profile,
      rows,
      keep.includes(name),
    );
    if (because) leftOut.push({ column: name, because });
    if (reading) {
      readings.push(reading);
      if (slips) notes.push(slipNote(reading, slips));
      if (lost) rare.push(`"${name}" (${plural(lost, "row")})`);
      if (note) notes.push(note);
    }
    onDone((index + 1) / names.length);
  }
  if (rare.length > 0)
    notes.push(
      `Values in fewer than ${leastRows(rows)} rows, and those past the ${mostLevels} most frequent, count as missing: ${rare.join(", ")}.`,
    );
  return { readings, leftOut, notes };
}

async function tellColumn(
  file: FlatFile,
  profile: Profile,
  rows: number,
  keep: boolean,
): Promise<Finding> {
  const { name, filled, distinct, meant, numbers, zeroed, daylike } = profile;
  if (filled === 0) return { because: "empty" };
  if (distinct === 1 && filled === rows) return { because: "it never varies" };
  const slips = meant - numbers;
  const numeric =
    numbers > 0 && (slips === 0 || (slips <= meant * mostSlips && distinct > fewValues));
  if (numeric && zeroed === 0) {
    if (daylike === meant) {
      const days = await tellDates(file, name);
      if (days.reading && days.slips === 0) return { reading: days.reading };
    }
    if (!keep && isRunningNumber(profile, rows)) return { because: idReason };
    return { reading: { name, kind: "number", decimal: "." }, slips };
  }
  // 007 and 01234 are codes, whatever their digits say
  if (!numeric) {
    const { addresses, ...written } = await tellWritten(file, name);
    if (addresses) return { because: "it holds e-mail addresses" };
    if (written.reading && (!written.slips || distinct > fewValues)) return written;
  }
  const unique = distinct === filled && filled >= fewRows && filled >= 0.9 * rows;
  if (unique && !keep) return { because: idReason };
  const { reading, lost } = await tellLevels(file, profile, rows);
  if (lost > mostLost * filled) return { because: "hardly any of its values repeats" };
  return reading ? { reading, lost } : { because: "it hardly ever varies" };
}

const idReason = "another value in every row, as ids have";

function slipNote({ name, kind }: Reading, slips: number): string {
  const what = kind === "date" ? "date" : "number";
  return slips === 1
    ? `One value of "${name}" is no ${what} and counts as missing.`
    : `${slips} values of "${name}" are no ${what}s and count as missing.`;
}

/** Names that ids have: customer_id, LeadNumber, "Order No", index. */
const idName = /(^|[^a-z])(id|uuid|guid|key|number|num|no|nr|code|index|idx|rownum|rowid)$/;

/** Whole numbers that never repeat are ids when they are counted through, or called so. */
function isRunningNumber(profile: Profile, rows: number): boolean {
  const { name, filled, distinct, whole, least, most } = profile;
  if (rows < fewRows || filled < rows || distinct < filled || whole < filled) return false;
  const words = name
    .replace(/([a-z])([A-Z])/g, "$1 $2")
    .toLowerCase()
    .trim();
  return idName.test(words) || (most ?? 0) - (least ?? 0) < 1.2 * rows;
}
