import { breathe } from "../abort.js";
import { factor } from "./solve.js";

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
    const step = factor(hessian, size)(gradient);
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

function move(at: Float64Array, step: Float64Array, scale: number): Float64Array {
  return at.map((coordinate, index) => coordinate - scale * step[index]);
}

function dot(left: Float64Array, right: Float64Array): number {
  let sum = 0;
  for (let index = 0; index < left.length; index++) sum += left[index] * right[index];
  return sum;
}
