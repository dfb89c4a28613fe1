import type { Table } from "../types.js";

/** A number of the table, centred and scaled. */
export interface Signal {
  readonly name: string;
  readonly center: number;
  readonly scale: number;
}

/** Further out than this many units tells no more. */
const furthest = 4;

/**
 * Row-major, a 1 and then one value per signal, in units from the average; 0 where it is missing. The table's columns are those of
 * the signals, in their order.
 */
export function design(who: string, signals: readonly Signal[], table: Table): Float64Array {
  const size = signals.length + 1;
  const units = new Float64Array(table.rows * size);
  for (let row = 0; row < table.rows; row++) units[row * size] = 1;
  for (const [index, { center, scale }] of signals.entries()) {
    const column = table.columns[index];
    if (column.kind !== "number") throw new TypeError(`${who}: "${column.name}" is no number.`);
    for (let row = 0; row < table.rows; row++) {
      const value = column.values[row];
      if (Number.isNaN(value)) continue;
      const unit = (value - center) / scale;
      units[row * size + index + 1] = Math.max(-furthest, Math.min(furthest, unit));
    }
  }
  return units;
}
