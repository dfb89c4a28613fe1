import { CholeskyDecomposition, Matrix } from "ml-matrix";
import { breathe } from "../abort.js";

export interface NewtonProblem {
  readonly size: number;
  /** Returns the value, and fills the gradient and the lower triangle of the Hessian (row-major). */
  evaluate(at: Float64Array, gradient: Float64Array, hessian: Float64Array): number;
}

export interface NewtonOptions {
  readonly signal?: AbortSignal | undefined;
  readonly onIteration?: ((share: number) => void) | undefined;
}

/** Minimises a strictly convex function from `start` by damped Newton steps; returns the minimum. */
export async function newton(
  problem: NewtonProblem,
  start: Float64Array,
  options: NewtonOptions = {},
): Promise<Float64Array> {
  const iterations = iterate(problem, start);
  for (let count = 0; ; count++) {
    await breathe(options.signal);
    options.onIteration?.(1 - 0.5 ** (count / 2));
    const { done, value } = iterations.next();
    if (done) return value;
  }
}

/** The same for problems small enough to be solved at once. */
export function newtonNow(problem: NewtonProblem, start: Float64Array): Float64Array {
  const iterations = iterate(problem, start);
  for (;;) {
    const { done, value } = iterations.next();
    if (done) return value;
  }
}

function* iterate(
  problem: NewtonProblem,
  start: Float64Array,
): Generator<undefined, Float64Array, undefined> {
  const { size } = problem;
  let at = start;
  let gradient = new Float64Array(size);
  let hessian = new Float64Array(size * size);
  let value = problem.evaluate(at, gradient, hessian);
  let nextGradient = new Float64Array(size);
  let nextHessian = new Float64Array(size * size);
  for (let iteration = 0; iteration < 100; iteration++) {
    yield;
    const step = solve(hessian, gradient);
    const decrement = dot(step, gradient);
    // half the decrement is the value still to be gained; near the minimum a last full step needs no check
    if (!(decrement > 1e-10 * (1 + Math.abs(value)))) return move(at, step, 1);
    let accepted = false;
    for (let scale = 1; scale > 1e-10 && !accepted; scale /= 2) {
      const next = move(at, step, scale);
      const nextValue = problem.evaluate(next, nextGradient, nextHessian);
      accepted = nextValue <= value - 1e-4 * scale * decrement;
      if (!accepted) continue;
      at = next;
      value = nextValue;
      [gradient, nextGradient] = [nextGradient, gradient];
      [hessian, nextHessian] = [nextHessian, hessian];
    }
    if (!accepted) break; // rounding hides any further gain
  }
  return at;
}

/** Solves with the lower triangle of a positive definite matrix; a ridge is added where rounding has made it singular. */
function solve(lower: Float64Array, right: Float64Array): Float64Array {
  const size = right.length;
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
      return Float64Array.from(decomposition.solve(Matrix.columnVector(right)).getColumn(0));
    const more = ridge === 0 ? largest * 1e-12 + Number.MIN_VALUE : ridge * 10;
    for (let row = 0; row < size; row++) matrix.set(row, row, matrix.get(row, row) + more - ridge);
    ridge = more;
  }
}

function move(at: Float64Array, step: Float64Array, scale: number): Float64Array {
  return at.map((coordinate, index) => coordinate - scale * step[index]);
}

function dot(left: Float64Array, right: Float64Array): number {
  let sum = 0;
  for (let index = 0; index < left.length; index++) sum += left[index] * right[index];
  return sum;
}
