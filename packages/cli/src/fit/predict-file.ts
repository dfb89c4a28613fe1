import { type Table, takeRows } from "@inchworm/learn";
import { InchwormError, type OnProgress } from "@inchworm/spec";
import { type FlatFile, openFlatFile } from "@inchworm/store";
import { readingSql } from "../table/expressions.js";
import { columnsNamed, shown } from "../table/names.js";
import { readTable } from "../table/read-table.js";
import { faultNote } from "./data.js";
import { reasonsOf } from "./reasons.js";
import type { SavedModel } from "./saved-model.js";

export interface PredictFileOptions {
  /** Lists of columns to be copied. */
  readonly id?: readonly string[];
  readonly reasons?: boolean;
  readonly separator?: string;
  readonly signal: AbortSignal;
  readonly onProgress: OnProgress;
}

export interface Scored {
  /** One per row, in the order of the file; NaN for a row that cannot be read. */
  readonly probabilities: Float64Array;
  readonly ids: readonly { readonly name: string; readonly texts: readonly (string | null)[] }[];
  readonly reasons?: readonly string[];
  /** Rows that cannot be read. */
  readonly unreadable: number;
  readonly notes: readonly string[];
}

/** Rows scored at once: what they need besides the table fits the cache. */
const batch = 16_384;

/** @throws InchwormError "input" when the file is none, or lacks columns of the model, which are all named */
export async function predictFile(
  saved: SavedModel,
  path: string,
  { id, reasons, separator, signal, onProgress }: PredictFileOptions,
): Promise<Scored> {
  const file = await openFlatFile(path, { signal, onProgress, ...(separator && { separator }) });
  try {
    const missing = saved.readings
      .map(({ name }) => name)
      .filter((name) => !file.columns.includes(name));
    if (missing.length > 0)
      throw new InchwormError(
        "input",
        `${path} lacks ${missing.length === 1 ? "a column" : `${missing.length} columns`} that the model was fitted on: ${shown(missing)}.`,
        { hint: `Its columns are ${shown(file.columns)}.` },
      );
    const copied = columnsNamed(path, file.columns, "--id", id);
    const table = await readTable(file, saved.readings);
    const [good] = await file.floats(["case when fault is null then 1 end"]);
    const probabilities = new Float64Array(table.rows);
    const told: string[] = [];
    for (let from = 0; from < table.rows; from += batch) {
      signal.throwIfAborted();
      const rows = Int32Array.from(
        { length: Math.min(batch, table.rows - from) },
        (_, index) => from + index,
      );
      const some: Table = takeRows(table, rows);
      probabilities.set(saved.model.predict(some), from);
      if (reasons) told.push(...reasonsOf(saved, some));
      onProgress({ step: "scoring", done: from + rows.length, total: table.rows, unit: "rows" });
    }
    for (let row = 0; row < table.rows; row++)
      if (good[row] !== 1) {
        probabilities[row] = Number.NaN;
        if (reasons) told[row] = "";
      }
    return {
      probabilities,
      ids: await Promise.all(
        copied.map(async (name) => ({ name, texts: await textsOf(file, name) })),
      ),
      ...(reasons && { reasons: told }),
      unreadable: file.faults.rows,
      notes: [...faultNote(file, "not scored"), ...(await unknownValues(file, saved))],
    };
  } finally {
    await file.close();
  }
}

async function textsOf(file: FlatFile, name: string): Promise<(string | null)[]> {
  const rows = await file.query<{ text: string | null }>(
    `select ${file.text(name)} as text from flat`,
  );
  return rows.map(({ text }) => text);
}

/** Values that are there, but that the model cannot read, such as a level it never met. */
async function unknownValues(file: FlatFile, { readings }: SavedModel): Promise<string[]> {
  const found: string[] = [];
  for (const reading of readings) {
    const text = file.text(reading.name);
    const [{ rows }] = await file.query<{ rows: number }>(`
      select count(*) as rows from flat where fault is null and ${text} is not null and ${readingSql(text, reading)} is null`);
    if (rows > 0) found.push(`${shown([reading.name])} (${rows})`);
  }
  if (found.length === 0) return [];
  return [`Values that the model does not know count as missing: ${found.join(", ")}.`];
}
