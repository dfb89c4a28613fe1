import { LearnError } from "../error.js";
import { MISSING } from "../kernels/layout.js";
import { findColumns, recode } from "../table.js";
import type { Table } from "../types.js";
import type { ForestColumn } from "./forest.js";

/** The values of one column of a table as a forest reads them. */
export interface Reader {
  readonly rows: number;
  /** Writes rows [from, from + count) to `target`, `step` entries apart: numbers as they are, categories as bins. */
  read(from: number, count: number, target: Float32Array, at: number, step: number): void;
  /** Writes the same rows side by side as the kernels want them: floats, or bins as 32-bit integers, from entry `at` on. */
  copy(from: number, count: number, floats: Float32Array, words: Int32Array, at: number): void;
}

/** Bins of a column's levels, per list of levels: tables of one origin share their lists. */
type LevelBins = (levels: readonly string[]) => (code: number) => number;

export function makeReaders(
  who: string,
  columns: readonly ForestColumn[],
): (table: Table) => readonly Reader[] {
  const levelBins = columns.map((column) =>
    column.kind === "category" ? makeLevelBins(column.levels) : undefined,
  );
  return (table) => {
    const found = findColumns(who, table, columns);
    return found.columns.map((column, index): Reader => {
      const data = column.kind === "number" ? column.values : column.codes;
      if (data.length !== table.rows)
        throw new LearnError(
          "input",
          `${who}: column "${column.name}" has ${data.length} values, but the table has ${table.rows} rows.`,
        );
      if (column.kind === "number") return numberReader(column.values);
      const binOf = (levelBins[index] as LevelBins)(column.levels);
      return categoryReader(column.codes, binOf);
    });
  };
}

function numberReader(values: Float32Array): Reader {
  return {
    rows: values.length,
    read(from, count, target, at, step) {
      for (let row = 0; row < count; row++) target[at + row * step] = values[from + row];
    },
    copy(from, count, floats, _words, at) {
      floats.set(values.subarray(from, from + count), at);
    },
  };
}

function categoryReader(codes: Int32Array, binOf: (code: number) => number): Reader {
  return {
    rows: codes.length,
    read(from, count, target, at, step) {
      for (let row = 0; row < count; row++) target[at + row * step] = binOf(codes[from + row]);
    },
    copy(from, count, _floats, words, at) {
      for (let row = 0; row < count; row++) words[at + row] = binOf(codes[from + row]);
    },
  };
}

function makeLevelBins(known: readonly string[]): LevelBins {
  const bins = new Map(known.map((level, bin) => [level, bin]));
  const cache = new WeakMap<readonly string[], Int32Array>();
  return (levels) => {
    // a few rows of a column with thousands of levels are looked up one by one
    if (levels.length > 4 * known.length + 64 && !cache.has(levels))
      return (code) => bins.get(levels[code]) ?? MISSING;
    let table = cache.get(levels);
    if (!table) {
      table = recode(levels, bins);
      cache.set(levels, table);
    }
    const recoded = table;
    return (code) => {
      const bin = code >= 0 && code < recoded.length ? recoded[code] : -1;
      return bin < 0 ? MISSING : bin;
    };
  };
}
