import { recode } from "../table.js";
import type { Table } from "../types.js";
import { type Design, piece } from "./design.js";

/** Rows of a table as a design's coefficients see them. */
export interface Rows {
  readonly count: number;
  /** Length of one row of numbers: the dense coefficients and zeros up to a multiple of four. */
  readonly stride: number;
  /** How many 0/1 coefficients a row can have at once. Later slots hold later coefficients. */
  readonly slots: number;
  /** Writes rows `from … to` as standardised numbers (row-major) and active coefficients (-1 = none). */
  fill(from: number, to: number, numbers: Float64Array, active: Int32Array): void;
}

type Filler = (from: number, to: number, numbers: Float64Array, active: Int32Array) => void;

/** Reads a table whose columns are those the design was made from. */
export function bindRows({ encodings, dense }: Design, table: Table): Rows {
  const stride = 4 * Math.ceil(dense / 4);
  const slots = encodings.filter((encoding) =>
    encoding.kind === "number" ? encoding.indicator >= 0 : encoding.shares.size > 0,
  ).length;
  const fillers: Filler[] = [];
  let slot = 0;
  table.columns.forEach((column, index) => {
    const encoding = encodings[index];
    if (column.kind === "number" && encoding.kind === "number") {
      const { values } = column;
      for (const { coefficient, knot, center, inverseScale } of encoding.pieces)
        fillers.push((from, to, numbers) => {
          for (let row = from, at = coefficient; row < to; row++, at += stride) {
            const value = (piece(values[row], knot) - center) * inverseScale;
            numbers[at] = Number.isNaN(value) ? 0 : value;
          }
        });
      const { indicator } = encoding;
      if (indicator < 0) return;
      const first = slot++;
      fillers.push((from, to, _numbers, active) => {
        for (let row = from, at = first; row < to; row++, at += slots)
          active[at] = Number.isNaN(values[row]) ? indicator : -1;
      });
    } else if (column.kind === "category" && encoding.kind === "category") {
      if (encoding.shares.size === 0) return;
      const { codes } = column;
      const known = new Map(encoding.levels.map((name, position) => [name, position]));
      const coefficients = recode(column.levels, known).map((at) =>
        at < 0 ? -1 : encoding.level[at],
      );
      const first = slot++;
      fillers.push((from, to, _numbers, active) => {
        for (let row = from, at = first; row < to; row++, at += slots)
          active[at] = codes[row] < 0 ? encoding.missing : coefficients[codes[row]];
      });
    }
  });
  return {
    count: table.rows,
    stride,
    slots,
    fill(from, to, numbers, active) {
      for (const filler of fillers) filler(from, to, numbers, active);
    },
  };
}
