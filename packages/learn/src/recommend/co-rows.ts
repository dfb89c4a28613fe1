import { breathe } from "../abort.js";
import type { Sparse } from "./matrix.js";
import type { RecommenderFitOptions } from "./types.js";

/**
 * Goes through the rows of `left · right` one by one, without keeping them: `visit` is given a row's columns, in the order they were
 * met, and a dense row of sums at those columns.
 */
export async function eachProductRow(
  left: Sparse,
  right: Sparse,
  visit: (row: number, columns: Int32Array, sums: Float64Array) => void,
  { signal, onProgress }: RecommenderFitOptions = {},
): Promise<void> {
  const sums = new Float64Array(right.columns);
  const isMet = new Uint8Array(right.columns);
  const met = new Int32Array(right.columns);
  let work = 0;
  for (let row = 0; row < left.rows; row++) {
    let count = 0;
    for (let at = left.pointers[row]; at < left.pointers[row + 1]; at++) {
      const middle = left.indices[at];
      const weight = left.values[at];
      const end = right.pointers[middle + 1];
      work += end - right.pointers[middle];
      for (let to = right.pointers[middle]; to < end; to++) {
        const column = right.indices[to];
        if (isMet[column] === 0) {
          isMet[column] = 1;
          met[count++] = column;
        }
        sums[column] += weight * right.values[to];
      }
    }
    visit(row, met.subarray(0, count), sums);
    for (let at = 0; at < count; at++) {
      sums[met[at]] = 0;
      isMet[met[at]] = 0;
    }
    if (work < 50_000_000) continue;
    work = 0;
    onProgress?.(row / left.rows);
    await breathe(signal);
  }
}
