import { existsSync, readFileSync } from "node:fs";
import { gunzipSync } from "node:zlib";
import type { Column, Table } from "@inchworm/learn";

const folder = new URL("../../../shared/data/", import.meta.url);

/** Whether the benchmark data lie beside the repository; parity tests are skipped where they do not. */
export const haveData = existsSync(folder);

/** Rows of a benchmark file, each cell as text. */
export function readRows(file: string, separator = ","): { header: string[]; rows: string[][] } {
  const bytes = readFileSync(new URL(file, folder));
  const text = (file.endsWith(".gz") ? gunzipSync(bytes) : bytes).toString("utf8");
  const [header, ...rows] = parse(text, separator);
  return { header, rows };
}

/** A table of every column but `drop`; a column is numeric when all its filled cells are. */
export function toTable(
  { header, rows }: { header: string[]; rows: string[][] },
  drop: readonly string[],
  missing: readonly string[] = [""],
): Table {
  const columns = header.flatMap((name, at): Column[] => {
    if (drop.includes(name)) return [];
    const cells = rows.map((row) => row[at].trim());
    const filled = cells.filter((cell) => !missing.includes(cell));
    if (filled.every((cell) => Number.isFinite(Number(cell)))) {
      const values = Float32Array.from(cells, (cell) =>
        missing.includes(cell) ? Number.NaN : Number(cell),
      );
      return [{ name, kind: "number", values }];
    }
    const levels = [...new Set(filled)].sort();
    const codes = Int32Array.from(cells, (cell) => levels.indexOf(cell));
    return [{ name, kind: "category", codes, levels }];
  });
  return { rows: rows.length, columns };
}

export function toLabels(
  { header, rows }: { header: string[]; rows: string[][] },
  name: string,
  positive: string,
): Float64Array {
  const at = header.indexOf(name);
  return Float64Array.from(rows, (row) => (row[at] === positive ? 1 : 0));
}

function parse(text: string, separator: string): string[][] {
  const rows: string[][] = [];
  let row: string[] = [];
  let cell = "";
  let quoted = false;
  for (let at = 0; at < text.length; at++) {
    const char = text[at];
    if (quoted) {
      if (char !== '"') cell += char;
      else if (text[at + 1] === '"') cell += text[++at];
      else quoted = false;
    } else if (char === '"') quoted = true;
    else if (char === separator || char === "\n") {
      row.push(cell);
      cell = "";
      if (char === "\n") {
        rows.push(row);
        row = [];
      }
    } else if (char !== "\r") cell += char;
  }
  if (cell !== "" || row.length > 0) rows.push([...row, cell]);
  return rows;
}
