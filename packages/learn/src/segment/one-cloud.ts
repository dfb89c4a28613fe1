import type { Points } from "../cluster/points.js";

/** Degrees of freedom tried, from heavy tails to none. */
const tails = [2, 4, 8, Infinity];
const rounds = 25;
const leastVariance = 0.01;

/**
 * The criterion of a single cloud, of the best of two kinds: columns that go together as they please, with tails as heavy as a
 * Student distribution's; or columns that have nothing to do with each other, each with such tails or with none, between two
 * bounds. Groups that do no better are slices of it, or its core and its fringe.
 */
export function oneCloud(points: Points): number {
  const { rows, size } = points;
  const joint = -2 * likeliest(points) + (size + (size * (size + 1)) / 2 + 1) * Math.log(rows);
  let apart = 3 * size * Math.log(rows);
  for (let axis = 0; axis < size; axis++) {
    const values = new Float32Array(rows);
    for (let row = 0; row < rows; row++) values[row] = points.values[row * size + axis];
    const width =
      values.reduce((most, value) => Math.max(most, value), -Infinity) -
      values.reduce((least, value) => Math.min(least, value), Infinity);
    const even = -rows * Math.log(Math.max(width, Math.sqrt(12 * leastVariance)));
    apart -= 2 * Math.max(even, likeliest({ rows, size: 1, values }));
  }
  return Math.min(joint, apart);
}

const likeliest = (points: Points): number =>
  Math.max(...tails.map((freedom) => logLikelihood(points, freedom)));

/** By EM with weights (Liu & Rubin 1995); a Gaussian for infinite degrees of freedom. */
function logLikelihood(points: Points, freedom: number): number {
  const { rows, size } = points;
  const weights = new Float64Array(rows).fill(1);
  for (let round = 1; ; round++) {
    const { mean, factor, logDeterminant } = moments(points, weights);
    const squares = distances(points, mean, factor);
    if (freedom === Infinity || round === rounds) {
      const total = squares.reduce((sum, square) => sum + logKernel(square, size, freedom), 0);
      return total - (rows * logDeterminant) / 2;
    }
    for (let row = 0; row < rows; row++) weights[row] = (freedom + size) / (freedom + squares[row]);
  }
}

function logKernel(square: number, size: number, freedom: number): number {
  if (freedom === Infinity) return -(square + size * Math.log(2 * Math.PI)) / 2;
  const constant =
    logGamma((freedom + size) / 2) -
    logGamma(freedom / 2) -
    (size / 2) * Math.log(freedom * Math.PI);
  return constant - ((freedom + size) / 2) * Math.log1p(square / freedom);
}

/** Weighted mean and scatter, the latter as its Cholesky factor. */
function moments({ rows, size, values }: Points, weights: Float64Array) {
  const mean = new Float64Array(size);
  let mass = 0;
  for (let row = 0, at = 0; row < rows; row++, at += size) {
    mass += weights[row];
    for (let axis = 0; axis < size; axis++) mean[axis] += weights[row] * values[at + axis];
  }
  for (let axis = 0; axis < size; axis++) mean[axis] /= mass;
  const factor = new Float64Array(size * size);
  for (let row = 0, at = 0; row < rows; row++, at += size)
    for (let left = 0; left < size; left++) {
      const weighted = (weights[row] * (values[at + left] - mean[left])) / rows;
      for (let right = 0; right <= left; right++)
        factor[left * size + right] += weighted * (values[at + right] - mean[right]);
    }
  let logDeterminant = 0;
  for (let row = 0; row < size; row++)
    for (let column = 0; column <= row; column++) {
      let sum = factor[row * size + column];
      for (let step = 0; step < column; step++)
        sum -= factor[row * size + step] * factor[column * size + step];
      if (row > column) factor[row * size + column] = sum / factor[column * size + column];
      else {
        factor[row * size + row] = Math.sqrt(Math.max(sum, leastVariance));
        logDeterminant += 2 * Math.log(factor[row * size + row]);
      }
    }
  return { mean, factor, logDeterminant };
}

/** Squared Mahalanobis distances from the mean. */
function distances(
  { rows, size, values }: Points,
  mean: Float64Array,
  factor: Float64Array,
): Float64Array {
  const solved = new Float64Array(size);
  return Float64Array.from({ length: rows }, (_, row) => {
    let square = 0;
    for (let axis = 0; axis < size; axis++) {
      let rest = values[row * size + axis] - mean[axis];
      for (let step = 0; step < axis; step++) rest -= factor[axis * size + step] * solved[step];
      solved[axis] = rest / factor[axis * size + axis];
      square += solved[axis] ** 2;
    }
    return square;
  });
}

/** Stirling's series after raising the argument: within 1e-9 for arguments above 0. */
function logGamma(argument: number): number {
  let shift = 0;
  let raised = argument;
  for (; raised < 8; raised++) shift -= Math.log(raised);
  const inverse = 1 / raised;
  const series = inverse / 12 - inverse ** 3 / 360 + inverse ** 5 / 1260;
  return shift + (raised - 0.5) * Math.log(raised) - raised + Math.log(2 * Math.PI) / 2 + series;
}
