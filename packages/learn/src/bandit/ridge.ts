/** Ridge regression of one arm's rewards, updated one by one. */
export interface Ridge {
  /** Σ x xᵀ, row-major, and Σ x r of what was seen, faded. */
  readonly moments: Float64Array;
  readonly sums: Float64Array;
  /** Of Σ x xᵀ + ridge. */
  readonly inverse: Float64Array;
  readonly weights: Float64Array;
  /** What a mean reward of 1 adds to the weights: the penalty draws the constant towards the mean of all arms. */
  readonly lean: Float64Array;
  /** How many rewards of all arms had been seen at its latest. */
  seen: number;
  updates: number;
}

/** Rounding builds up in rank-one updates: after so many, the inverse is made afresh. */
const refresh = 500;

export function emptyRidge(size: number, ridge: number): Ridge {
  const arm: Ridge = {
    moments: new Float64Array(size * size),
    sums: new Float64Array(size),
    inverse: new Float64Array(size * size),
    weights: new Float64Array(size),
    lean: new Float64Array(size),
    seen: 0,
    updates: 0,
  };
  invert(arm, ridge);
  return arm;
}

/** `fade`: by how much what it knew counts less now, 1 for not at all. The last of `x` is the constant. */
export function learn(
  arm: Ridge,
  x: Float64Array,
  reward: number,
  ridge: number,
  fade: number,
): void {
  const size = x.length;
  const { moments, sums, inverse } = arm;
  for (let row = 0; row < size; row++) {
    sums[row] = fade * sums[row] + reward * x[row];
    for (let column = 0; column < size; column++) {
      const at = row * size + column;
      moments[at] = fade * moments[at] + x[row] * x[column];
    }
  }
  arm.updates++;
  if (fade < 1 || arm.updates % refresh === 0) {
    invert(arm, ridge);
    return;
  }
  // Sherman & Morrison 1950
  const turned = times(inverse, x);
  const scale = 1 / (1 + dot(turned, x));
  for (let row = 0; row < size; row++)
    for (let column = 0; column < size; column++)
      inverse[row * size + column] -= scale * turned[row] * turned[column];
  solve(arm, ridge);
}

/** By Cholesky: L Lᵀ = M, then M⁻¹ = L⁻ᵀ L⁻¹. */
function invert(arm: Ridge, ridge: number): void {
  const size = arm.sums.length;
  const lower = new Float64Array(size * size);
  const down = new Float64Array(size * size);
  for (let column = 0; column < size; column++) {
    for (let row = column; row < size; row++) {
      let sum = arm.moments[row * size + column] + (row === column ? ridge : 0);
      for (let k = 0; k < column; k++) sum -= lower[row * size + k] * lower[column * size + k];
      lower[row * size + column] =
        row === column
          ? Math.sqrt(Math.max(sum, 1e-12 * ridge))
          : sum / lower[column * size + column];
    }
  }
  for (let column = 0; column < size; column++)
    for (let row = column; row < size; row++) {
      let sum = row === column ? 1 : 0;
      for (let k = column; k < row; k++) sum -= lower[row * size + k] * down[k * size + column];
      down[row * size + column] = sum / lower[row * size + row];
    }
  for (let row = 0; row < size; row++)
    for (let column = 0; column <= row; column++) {
      let sum = 0;
      for (let k = row; k < size; k++) sum += down[k * size + row] * down[k * size + column];
      arm.inverse[row * size + column] = sum;
      arm.inverse[column * size + row] = sum;
    }
  solve(arm, ridge);
}

/** Weights from the inverse. */
export function solve({ inverse, sums, weights, lean }: Ridge, ridge: number): void {
  weights.set(times(inverse, sums));
  const size = sums.length;
  for (let row = 0; row < size; row++) lean[row] = ridge * inverse[row * size + size - 1];
}

export function predict({ weights, lean }: Ridge, x: Float64Array, mean: number): number {
  return dot(weights, x) + mean * dot(lean, x);
}

/** xᵀ M⁻¹ x, of a matrix of which what was seen has faded since: at most what nothing seen would leave. */
export function uncertainty(
  { inverse }: Ridge,
  x: Float64Array,
  ridge: number,
  fade: number,
): number {
  const size = x.length;
  let sum = 0;
  for (let row = 0; row < size; row++) {
    let half = 0.5 * inverse[row * size + row] * x[row];
    for (let column = 0; column < row; column++) half += inverse[row * size + column] * x[column];
    sum += 2 * half * x[row];
  }
  return Math.min(sum / fade, dot(x, x) / ridge);
}

function times(matrix: Float64Array, x: Float64Array): Float64Array {
  const size = x.length;
  const result = new Float64Array(size);
  for (let row = 0; row < size; row++) {
    let sum = 0;
    for (let column = 0; column < size; column++) sum += matrix[row * size + column] * x[column];
    result[row] = sum;
  }
  return result;
}

function dot(one: Float64Array, other: Float64Array): number {
  let sum = 0;
  for (let index = 0; index < one.length; index++) sum += one[index] * other[index];
  return sum;
}
