import { CholeskyDecomposition, Matrix } from "ml-matrix";

/**
 * Factors a positive definite matrix, given by its lower triangle (row-major), and returns the function that solves with it. A
 * ridge is added where rounding has made the matrix singular.
 */
export function factor(lower: Float64Array, size: number): (right: Float64Array) => Float64Array {
  const matrix = new Matrix(size, size);
  let largest = 0;
  for (let row = 0; row < size; row++) {
    for (let column = 0; column <= row; column++) {
      const cell = lower[row * size + column];
      matrix.set(row, column, cell);
      matrix.set(column, row, cell);
    }
    largest = Math.max(largest, lower[row * size + row]);
  }
  let ridge = 0;
  for (;;) {
    const decomposition = new CholeskyDecomposition(matrix);
    if (decomposition.isPositiveDefinite())
      return (right) =>
        Float64Array.from(decomposition.solve(Matrix.columnVector(right)).getColumn(0));
    const more = ridge === 0 ? largest * 1e-12 + Number.MIN_VALUE : ridge * 10;
    for (let row = 0; row < size; row++) matrix.set(row, row, matrix.get(row, row) + more - ridge);
    ridge = more;
  }
}
