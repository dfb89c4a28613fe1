/** A normal approximation of what is known of the logarithms of parameters. */
export interface Laplace {
  readonly at: Float64Array;
  /** Row-major. */
  readonly covariance: Float64Array;
}

/**
 * Pairs of points one deviation to either side along each of as many independent directions as there are parameters: a function's
 * variance is Σ ((f(above) − f(below))/2)², to first order whatever the directions, and over a whole deviation rather than at a point.
 */
export function sides({ at, covariance }: Laplace, reach = 1): [Float64Array, Float64Array][] {
  const size = at.length;
  const root = choleskyRoot(covariance, size);
  return Array.from({ length: size }, (_, column) => {
    const move = Float64Array.from(at, (_, row) => reach * root[row * size + column]);
    return [at.map((entry, row) => entry + move[row]), at.map((entry, row) => entry - move[row])];
  });
}

/** Points of equal weight with the mean and covariance of the approximation (Julier & Uhlmann 1997); the centre alone where all is known well. */
export function points(laplace: Laplace, negligible: number): Float64Array[] {
  const size = laplace.at.length;
  let largest = 0;
  for (let index = 0; index < size; index++)
    largest = Math.max(largest, laplace.covariance[index * (size + 1)]);
  return largest < negligible ** 2 ? [laplace.at] : sides(laplace, Math.sqrt(size)).flat();
}

function choleskyRoot(matrix: Float64Array, size: number): Float64Array {
  const root = new Float64Array(size * size);
  for (let row = 0; row < size; row++)
    for (let column = 0; column <= row; column++) {
      let rest = matrix[row * size + column];
      for (let index = 0; index < column; index++)
        rest -= root[row * size + index] * root[column * size + index];
      if (row === column) root[row * size + row] = Math.sqrt(Math.max(0, rest));
      else {
        const pivot = root[column * size + column];
        root[row * size + column] = pivot > 0 ? rest / pivot : 0;
      }
    }
  return root;
}
