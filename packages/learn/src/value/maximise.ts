import { lbfgs, type ValueAndGradient } from "../optimise/lbfgs.js";
import { factor } from "../optimise/solve.js";
import type { Likelihood } from "./family.js";

/** Normal priors on the logarithms of parameters; a deviation of Infinity is none. */
export interface Prior {
  readonly centres: ArrayLike<number>;
  readonly deviations: ArrayLike<number>;
}

export interface Maximum {
  /** Logarithms of the parameters. */
  readonly at: Float64Array;
  /** Without the priors. */
  readonly logLikelihood: number;
}

/** Parameters beyond e^±this are out of reach: where the likelihood grows without end, the search stops there. */
const farthest = 25;

/** Where a search from a start may end: near enough to see which start is best. */
const rough = 1e-5;
const exact = 1e-13;

/** The parameters of highest posterior density, found from the best of the starts. */
export async function maximise(
  likelihood: Likelihood,
  prior: Prior,
  starts: readonly Float64Array[],
  customers: number,
  signal: AbortSignal | undefined,
): Promise<Maximum> {
  const evaluate = objective(likelihood, prior, customers);
  let near = { at: starts[0], value: Infinity };
  for (const start of starts) {
    const found = await lbfgs(evaluate, start, { tolerance: rough, iterations: 300, signal });
    if (found.value < near.value) near = found;
  }
  return polish(
    likelihood,
    prior,
    near.at,
    customers,
    precisionAt(likelihood, prior, near.at),
    signal,
  );
}

/** The maximum from a place near it, where the curvature is known. */
export async function polish(
  likelihood: Likelihood,
  prior: Prior,
  near: Float64Array,
  customers: number,
  precision: Float64Array,
  signal: AbortSignal | undefined,
): Promise<Maximum> {
  const solve = factor(precision, near.length);
  const { at } = await lbfgs(objective(likelihood, prior, customers), near, {
    tolerance: exact,
    iterations: 300,
    signal,
    precondition: (vector) => solve(vector).map((entry) => entry * customers),
  });
  return { at, logLikelihood: likelihood(at, new Float64Array(at.length)) };
}

/** Negative log posterior per customer. */
function objective(likelihood: Likelihood, prior: Prior, customers: number): ValueAndGradient {
  const size = prior.deviations.length;
  return (at, gradient) => {
    for (let index = 0; index < size; index++)
      if (!(Math.abs(at[index]) < farthest)) return Infinity;
    let value = -likelihood(at, gradient);
    for (let index = 0; index < size; index++) {
      const away = (at[index] - prior.centres[index]) / prior.deviations[index];
      value += 0.5 * away * away;
      gradient[index] = (away / prior.deviations[index] - gradient[index]) / customers;
    }
    return Number.isNaN(value) ? Infinity : value / customers;
  };
}

const step = 1e-4;

/** Curvature of the negative log posterior at its maximum, row-major: central differences of the exact gradient. */
export function precisionAt(likelihood: Likelihood, prior: Prior, at: Float64Array): Float64Array {
  const size = at.length;
  const precision = new Float64Array(size * size);
  for (let row = 0; row < size; row++) {
    const [above, below] = [step, -step].map((move) => {
      const gradient = new Float64Array(size);
      const there = at.slice();
      there[row] += move;
      likelihood(there, gradient);
      return gradient;
    });
    for (let column = 0; column < size; column++) {
      const curvature = (below[column] - above[column]) / (4 * step);
      precision[row * size + column] += curvature;
      precision[column * size + row] += curvature;
    }
    precision[row * size + row] += 1 / prior.deviations[row] ** 2;
  }
  return precision;
}

/** The inverse of a precision: the covariance of Laplace's approximation. */
export function invert(precision: Float64Array, size: number): Float64Array {
  const solve = factor(precision, size);
  const covariance = new Float64Array(size * size);
  for (let column = 0; column < size; column++) {
    const unit = new Float64Array(size);
    unit[column] = 1;
    const solved = solve(unit);
    for (let row = 0; row < size; row++) covariance[row * size + column] = solved[row];
  }
  return covariance;
}

/** The share of the priors' variance that the data have left standing, mean over the parameters: 1 = all prior, 0 = all data. */
export function priorShare(covariance: Float64Array, prior: Prior): number {
  const size = prior.deviations.length;
  let share = 0;
  for (let index = 0; index < size; index++)
    share += covariance[index * (size + 1)] / prior.deviations[index] ** 2 / size;
  return Math.min(1, Math.max(0, share));
}
