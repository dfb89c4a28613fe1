import { CholeskyDecomposition, Matrix } from "ml-matrix";
import { breathe } from "../abort.js";

export interface NewtonProblem {
  readonly size: number;
  evaluate(at: Float64Array, gradient: Float64Array, hessian: Float64Array): number;
}

/** Minimises a strictly convex function from `start` by damped Newton steps; returns the minimum. */
export async function newton(
  problem: NewtonProblem,
  start: Float64Array,
  options: {
    signal?: AbortSignal | undefined;
    onIteration?: ((share: number) => void) | undefined;
  } = {},
): Promise<Float64Array> {
  const { size } = problem;
  const most = 100;
  let at: Float64Array = start.slice();
  let gradient = new Float64Array(size);
  let hessian = new Float64Array(size * size);
  let value = problem.evaluate(at, gradient, hessian);
  let nextGradient = new Float64Array(size);
  let nextHessian = new Float64Array(size * size);
  for (let iteration = 0; iteration < most; iteration++) {
    await breathe(options.signal);
    options.onIteration?.(1 - 0.5 ** (iteration / 2));
    const step = solve(hessian, gradient);
    const decrement = dot(step, gradient);
    // half the decrement is the value still to be gained; near the minimum a last full step needs no check
    if (!(decrement > 1e-10 * (1 + Math.abs(value)))) return move(at, step, 1);
    let accepted = false;
    for (let scale = 1; scale > 1e-10; scale /= 2) {
      const next = move(at, step, scale);
      const nextValue = problem.evaluate(next, nextGradient, nextHessian);
      if (nextValue <= value - 1e-4 * scale * decrement) {
        at = next;
        value = nextValue;
        [gradient, nextGradient] = [nextGradient, gradient];
        [hessian, nextHessian] = [nextHessian, hessian];
        accepted = true;
        break;
      }
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
