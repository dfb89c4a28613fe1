import type { Sparse } from "../kernels/recommend.js";

export type { Sparse } from "../kernels/recommend.js";

export const emptySparse = (rows: number, columns: number): Sparse => ({
  rows,
  columns,
  pointers: new Int32Array(rows + 1),
  indices: new Int32Array(0),
  values: new Float32Array(0),
});

/** Rows become columns; within each, entries stay in order. */
export function transpose(matrix: Sparse): Sparse {
  const { rows, columns, indices, values } = matrix;
  const pointers = new Int32Array(columns + 1);
  for (const column of indices) pointers[column + 1]++;
  for (let column = 0; column < columns; column++) pointers[column + 1] += pointers[column];
  const next = pointers.slice(0, columns);
  const turned = new Int32Array(indices.length);
  const turnedValues = new Float32Array(indices.length);
  for (let row = 0; row < rows; row++)
    for (let at = matrix.pointers[row]; at < matrix.pointers[row + 1]; at++) {
      const to = next[indices[at]]++;
      turned[to] = row;
      turnedValues[to] = values[at];
    }
  return { rows: columns, columns: rows, pointers, indices: turned, values: turnedValues };
}

/** The same pattern with other values. */
export function withValues(
  matrix: Sparse,
  value: (row: number, column: number, value: number) => number,
): Sparse {
  const values = new Float32Array(matrix.values.length);
  for (let row = 0; row < matrix.rows; row++)
    for (let at = matrix.pointers[row]; at < matrix.pointers[row + 1]; at++)
      values[at] = value(row, matrix.indices[at], matrix.values[at]);
  return { ...matrix, values };
}

/** The rows named, in that order. */
export function takeSparseRows(matrix: Sparse, rows: ArrayLike<number>): Sparse {
  const pointers = new Int32Array(rows.length + 1);
  for (let row = 0; row < rows.length; row++)
    pointers[row + 1] = pointers[row] + matrix.pointers[rows[row] + 1] - matrix.pointers[rows[row]];
  const indices = new Int32Array(pointers[rows.length]);
  const values = new Float32Array(pointers[rows.length]);
  for (let row = 0; row < rows.length; row++) {
    const from = matrix.pointers[rows[row]];
    const to = matrix.pointers[rows[row] + 1];
    indices.set(matrix.indices.subarray(from, to), pointers[row]);
    values.set(matrix.values.subarray(from, to), pointers[row]);
  }
  return { rows: rows.length, columns: matrix.columns, pointers, indices, values };
}

/** Number of entries of each row. */
export const rowCounts = ({ rows, pointers }: Sparse): Float64Array =>
  Float64Array.from({ length: rows }, (_, row) => pointers[row + 1] - pointers[row]);

/** Sum of the squares of each row, or of its values to another power. */
export function rowPowers({ rows, pointers, values }: Sparse, power: number): Float64Array {
  const sums = new Float64Array(rows);
  for (let row = 0; row < rows; row++)
    for (let at = pointers[row]; at < pointers[row + 1]; at++) sums[row] += values[at] ** power;
  return sums;
}
