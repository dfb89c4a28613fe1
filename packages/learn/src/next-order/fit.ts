import { lbfgs } from "../optimise/lbfgs.js";
import { factor } from "../optimise/solve.js";
import { logLikelihood, parameterCount, priors } from "./likelihood.js";
import type { Summary } from "./summary.js";

export interface GapFit {
  readonly at: Float64Array;
  /** Without the priors. */
  readonly logLikelihood: number;
}

/** The parameters of highest posterior density: empirical Bayes over customers, weak priors over the parameters. */
export async function fitGaps(
  summary: Summary,
  signal: AbortSignal | undefined,
  start: Float64Array,
): Promise<GapFit> {
  const scale = 1 / Math.max(1, summary.customers);
  const evaluate = (at: Float64Array, gradient: Float64Array): number => {
    let value = -logLikelihood(summary, at, gradient);
    for (const [index, [mean, deviation]] of priors.entries()) {
      const away = (at[index] - mean) / deviation;
      value += 0.5 * away * away;
      gradient[index] = (away / deviation - gradient[index]) * scale;
    }
    return value * scale;
  };
  const { at } = await lbfgs(evaluate, start, { tolerance: 1e-10, iterations: 300, signal });
  return { at, logLikelihood: logLikelihood(summary, at, new Float64Array(parameterCount)) };
}

const step = 1e-4;

/** The share of the priors' variance that the data have left standing, mean over the parameters: 1 = all prior, 0 = all data. */
export function priorShare(summary: Summary, at: Float64Array): number {
  const precision = new Float64Array(parameterCount * parameterCount);
  for (let row = 0; row < parameterCount; row++) {
    const [above, below] = [step, -step].map((move) => {
      const gradient = new Float64Array(parameterCount);
      const there = at.slice();
      there[row] += move;
      logLikelihood(summary, there, gradient);
      return gradient;
    });
    for (let column = 0; column < parameterCount; column++) {
      const curvature = (below[column] - above[column]) / (4 * step);
      precision[row * parameterCount + column] += curvature;
      precision[column * parameterCount + row] += curvature;
    }
    precision[row * parameterCount + row] += 1 / priors[row][1] ** 2;
  }
  const solve = factor(precision, parameterCount);
  let share = 0;
  for (const [index, [, deviation]] of priors.entries()) {
    const unit = new Float64Array(parameterCount);
    unit[index] = 1;
    share += solve(unit)[index] / deviation ** 2 / parameterCount;
  }
  return Math.min(1, Math.max(0, share));
}
