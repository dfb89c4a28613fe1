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

const central = {
  above: [
    -39.69683028665376, 220.9460984245205, -275.9285104469687, 138.357751867269, -30.66479806614716,
    2.506628277459239,
  ],
  below: [
    -54.47609879822406, 161.5858368580409, -155.6989798598866, 66.80131188771972,
    -13.28068155288572, 1,
  ],
};
const tails = {
  above: [
    -0.007784894002430293, -0.3223964580411365, -2.400758277161838, -2.549732539343734,
    4.374664141464968, 2.938163982698783,
  ],
  below: [0.007784695709041462, 0.3224671290700398, 2.445134137142996, 3.754408661907416, 1],
};

/** The standard normal's quantile, 0 < probability < 1: Acklam's rational approximation, relative error below 1.2e-9. */
export function normalQuantile(probability: number): number {
  const half = probability - 0.5;
  const least = Math.min(probability, 1 - probability);
  if (least < 0.02425) {
    const tail = Math.sqrt(-2 * Math.log(least));
    return -Math.sign(half) * (polynomial(tails.above, tail) / polynomial(tails.below, tail));
  }
  const square = half * half;
  return (half * polynomial(central.above, square)) / polynomial(central.below, square);
}

function polynomial(coefficients: readonly number[], at: number): number {
  return coefficients.reduce((sum, coefficient) => sum * at + coefficient, 0);
}
