import type { FlatFile } from "@inchworm/store";
import { columnNamed } from "../table/names.js";
import { plural } from "../terminal.js";

export interface People {
  /** The row that stands for each person, in the order of the file. */
  readonly rows: Int32Array;
  /** Of every row of the file, which person it is of; -1 = left out. Absent where each row is a person. */
  readonly of?: Int32Array;
  readonly notes: readonly string[];
}

const idName =
  /^(id|e-?mail|mail|user|customer|contact|person|member|subscriber|client|.*[_ ](id|email))$/i;

/**
 * One entry per person: an experiment assigns people, and rows of one person are not independent. Whoever stands in two arms was in
 * none that could be measured, and is left out.
 */
export async function filePeople(
  file: FlatFile,
  path: string,
  arm: Int32Array,
  id: string | undefined,
): Promise<People> {
  const all = Int32Array.from(arm.keys()).filter((row) => arm[row] >= 0);
  const nowhere = file.rows - file.faults.rows - all.length;
  const notes =
    nowhere > 0
      ? [`${plural(nowhere, "row")} without an arm ${nowhere === 1 ? "is" : "are"} left out.`]
      : [];
  if (id === undefined) {
    const twice = await repeated(file);
    if (twice) notes.push(twice);
    return { rows: all, notes };
  }
  const column = columnNamed(path, file.columns, "--id", id);
  const { codes, levels } = await file.levels(`lower(${file.text(column)})`);
  const arms = new Int32Array(levels.length).fill(-1);
  const torn = new Uint8Array(levels.length);
  for (const row of all) {
    const code = codes[row];
    if (code < 0) continue;
    if (arms[code] >= 0 && arms[code] !== arm[row]) torn[code] = 1;
    arms[code] = arm[row];
  }
  const of = new Int32Array(arm.length).fill(-1);
  const places = new Int32Array(levels.length).fill(-1);
  const rows: number[] = [];
  for (const row of all) {
    const code = codes[row];
    if (code >= 0 && torn[code] === 1) continue;
    if (code >= 0 && places[code] >= 0) of[row] = places[code];
    else {
      of[row] = rows.length;
      if (code >= 0) places[code] = rows.length;
      rows.push(row);
    }
  }
  const between = torn.reduce((sum, one) => sum + one, 0);
  const more = all.length - rows.length;
  if (between > 0)
    notes.push(
      `${plural(between, "person stands", "people stand")} in more than one arm, and ${between === 1 ? "is" : "are"} left out.`,
    );
  if (more > 0 && of.some((person, row) => person >= 0 && rows[person] !== row))
    notes.push("Rows of one person are taken together: amounts are added, and one yes is a yes.");
  return { rows: Int32Array.from(rows), of, notes };
}

/** A column that is called an id and has values more than once: rows may not be people. */
async function repeated(file: FlatFile): Promise<string | undefined> {
  for (const column of file.columns.filter((name) => idName.test(name.trim()))) {
    const text = file.text(column);
    const [{ filled, distinct }] = await file.query<{ filled: number; distinct: number }>(
      `select count(x) as filled, count(distinct lower(x)) as distinct from (select ${text} as x from flat where fault is null)`,
    );
    if (distinct < filled && 4 * distinct > filled)
      return `${plural(filled - distinct, "row repeats", "rows repeat")} a "${column}" that came before: count people rather than rows with --id ${column}.`;
  }
  return undefined;
}

/** One value per person: added up, or for a yes or no the largest. The past is that of the first row. */
export function perPerson(
  values: Float64Array,
  { rows, of }: People,
  how: "sum" | "most" | "first",
): Float64Array {
  const first = Float64Array.from(rows, (row) => values[row]);
  if (!of || how === "first") return first;
  for (const [row, person] of of.entries()) {
    if (person < 0 || rows[person] === row || Number.isNaN(values[row])) continue;
    const known = first[person];
    if (Number.isNaN(known)) first[person] = values[row];
    else first[person] = how === "sum" ? known + values[row] : Math.max(known, values[row]);
  }
  return first;
}
