/**
 * Inverse of a positive definite matrix, given by its lower triangle (row-major), whole. What rounding has made singular is lifted by
 * a share of its own diagonal.
 */
export function invert(lower: Float64Array, size: number): Float64Array {
  for (let lift = 0; ; lift = lift === 0 ? 1e-12 : lift * 100) {
    const factor = lower.slice();
    for (let at = 0; at < size; at++) factor[at * size + at] *= 1 + lift;
    if (decompose(factor, size)) return inverseOf(factor, size);
  }
}

function decompose(cells: Float64Array, size: number): boolean {
  for (let column = 0; column < size; column++) {
    const top = column * size;
    for (let row = column; row < size; row++) {
      const start = row * size;
      let sum = cells[start + column];
      for (let at = 0; at < column; at++) sum -= cells[start + at] * cells[top + at];
      if (row === column) {
        if (!(sum > 1e-13 * Math.abs(cells[start + column]))) return false;
        cells[start + column] = Math.sqrt(sum);
      } else cells[start + column] = sum / cells[top + column];
    }
  }
  return true;
}

function inverseOf(factor: Float64Array, size: number): Float64Array {
  // rows of `turned` are columns of the factor's inverse: both loops below then run along memory
  const turned = new Float64Array(size * size);
  for (let column = 0; column < size; column++) {
    const own = column * size;
    turned[own + column] = 1 / factor[own + column];
    for (let row = column + 1; row < size; row++) {
      const start = row * size;
      let sum = 0;
      for (let at = column; at < row; at++) sum += factor[start + at] * turned[own + at];
      turned[own + row] = -sum / factor[start + row];
    }
  }
  const inverse = new Float64Array(size * size);
  for (let row = 0; row < size; row++)
    for (let column = 0; column <= row; column++) {
      let sum = 0;
      for (let at = row; at < size; at++)
        sum += turned[row * size + at] * turned[column * size + at];
      inverse[row * size + column] = sum;
      inverse[column * size + row] = sum;
    }
  return inverse;
}
