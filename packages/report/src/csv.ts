export type Cell = string | number;

/** Rows of a table with its head, raw: what a chart draws, as CSV and as a table behind it. */
export interface Table {
  readonly head: readonly string[];
  readonly rows: readonly (readonly Cell[])[];
}

/** RFC 4180. A text that a spreadsheet would run as a formula is kept from it by an apostrophe. */
export function csv({ head, rows }: Table): string {
  const cell = (value: Cell): string => {
    if (typeof value === "number") return Number.isFinite(value) ? String(value) : "";
    const safe = /^[=+\-@\t\r]/.test(value) ? `'${value}` : value;
    return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
  };
  return [head, ...rows].map((row) => `${row.map(cell).join(",")}\r\n`).join("");
}
