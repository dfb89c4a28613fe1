import { lbfgs } from "../optimise/lbfgs.js";
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
  /** With them, up to a constant. */
  readonly logPosterior: number;
}

/** Parameters beyond e^±this are out of reach: where the likelihood grows without end, the search stops there. */
const farthest = 30;

/** The parameters of highest posterior density from each start, the best of them. */
export async function maximise(
  likelihood: Likelihood,
  prior: Prior,
  starts: readonly Float64Array[],
  customers: number,
  options: { readonly signal?: AbortSignal | undefined; readonly precision?: Float64Array } = {},
): Promise<Maximum> {
  const size = starts[0].length;
  const scale = 1 / customers;
  const evaluate = (at: Float64Array, gradient: Float64Array): number => {
    for (let index = 0; index < size; index++)
      if (!(Math.abs(at[index]) < farthest)) return Infinity;
    let value = -likelihood(at, gradient);
    for (let index = 0; index < size; index++) {
      const away = (at[index] - prior.centres[index]) / prior.deviations[index];
      value += 0.5 * away * away;
      gradient[index] = (away / prior.deviations[index] - gradient[index]) * scale;
    }
    return Number.isNaN(value) ? Infinity : value * scale;
  };
  const { precision } = options;
  const solve = precision && factor(precision, size);
  let best: { at: Float64Array; value: number } | undefined;
  for (const start of starts) {
    const found = await lbfgs(evaluate, start, {
      tolerance: 1e-13,
      iterations: 300,
      signal: options.signal,
      ...(solve && { precondition: (vector) => solve(vector).map((entry) => entry * customers) }),
    });
    if (best === undefined || found.value < best.value) best = found;
  }
  if (best === undefined) throw new Error("No start.");
  const { at } = best;
  return {
    at,
    logLikelihood: likelihood(at, new Float64Array(size)),
    logPosterior: -best.value * customers,
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
