import type { Table } from "../types.js";
import { makeReaders } from "./columns.js";
import type { Forest } from "./forest.js";
import { manyScorer } from "./score-many.js";

/** From here on the kernels pay for copying rows into their memory. */
const many = 512;

/**
 * Margins per row: the base and then the trees in order, in double precision; or what `link` makes of them. Few rows and many give
 * the same bits.
 */
export function scorer(
  who: string,
  forest: Forest,
): (table: Table, link?: (margin: number) => number) => Float64Array {
  const readersOf = makeReaders(who, forest.columns);
  const scoreMany = manyScorer(forest);
  const width = forest.columns.length;
  return (table, link) => {
    const readers = readersOf(table);
    if (table.rows >= many) return scoreMany(readers, table.rows, link);
    const margins = new Float64Array(table.rows);
    const values = new Float32Array(width);
    for (let row = 0; row < table.rows; row++) {
      for (let column = 0; column < width; column++)
        readers[column].read(row, 1, values, column, 1);
      const margin = scoreRow(forest, values);
      margins[row] = link ? link(margin) : margin;
    }
    return margins;
  };
}

/** Margin of one row; `values` holds numbers (NaN = missing) and bins of categories. */
export function scoreRow(forest: Forest, values: Float32Array): number {
  const { roots, feature, threshold, left, right, missing, set, sets, value } = forest;
  let margin = forest.base;
  for (let tree = 0; tree < roots.length - 1; tree++) {
    let node = roots[tree];
    for (let column = feature[node]; column >= 0; column = feature[node]) {
      const x = values[column];
      if (set[node] >= 0) node = sets[set[node]][x] === 1 ? left[node] : right[node];
      else if (x <= threshold[node]) node = left[node];
      else node = x > threshold[node] ? right[node] : missing[node];
    }
    margin += value[node];
  }
  return margin;
}
