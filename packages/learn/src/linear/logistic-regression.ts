import { openArtifact } from "../artifact.js";
import { lbfgs } from "../optimise/lbfgs.js";
import { newton } from "../optimise/newton.js";
import { type Constraints, checkOptions } from "../options.js";
import { checkBinary } from "../table.js";
import type { Estimator } from "../types.js";
import { additiveModel, kind, type LogisticModel, makeTerms, readAdditive } from "./additive.js";
import { makeDesign } from "./design.js";
import { logisticObjective } from "./objective.js";

export interface LogisticRegressionOptions {
  /** Strength of the penalty `l2/2 · ‖coefficients‖²`, > 0, on standardised numbers and 0/1 levels. Defaults to 1. */
  readonly l2?: number;
  /**
   * How often the slope of a number may change, at quantiles: 0 gives the textbook model, straight in each number. Defaults to
   * 3 where each outcome has at least 500 rows, else 0: bends cost more than they bring on small data.
   */
  readonly knots?: number;
}

const defaults = { l2: 1 };
export const logisticRegressionConstraints: Constraints = {
  l2: { above: 0 },
  knots: { min: 0, max: 100, integer: true },
};

const bendFrom = 500;

/** Above this many coefficients the Hessian is no longer formed. */
const newtonUpTo = 500;

/**
 * Logistic regression on a table as it is: numbers are standardised and may bend, categories become one coefficient per level (levels in
 * fewer than five rows share one), and a missing value has a coefficient of its own. The minimum is unique and found to rounding.
 */
export function logisticRegression(
  options: LogisticRegressionOptions = {},
): Estimator<LogisticModel> {
  const { l2, knots } = { ...defaults, ...options };
  checkOptions(kind, { l2, knots: knots ?? 0 }, logisticRegressionConstraints);
  return {
    kind,
    async fit(table, labels, { weights, signal, onProgress } = {}) {
      const { positives, negatives } = checkBinary(kind, table, labels, weights);
      const bends = knots ?? (Math.min(positives, negatives) >= bendFrom ? 3 : 0);
      const design = makeDesign(table, weights, bends);
      const objective = logisticObjective(design, labels, weights, l2);
      const start = new Float64Array(objective.size);
      start[design.width] = baseLogOdds(labels, weights);
      const coefficients =
        objective.size <= newtonUpTo
          ? await newton(objective, start, { signal, onIteration: onProgress })
          : (
              await lbfgs(objective.evaluate, start, {
                preconditioner: objective.diagonal(start).map((curvature) => 1 / curvature),
                signal,
                onIteration: onProgress,
              })
            ).at;
      onProgress?.(1);
      const { base, terms } = makeTerms(design, coefficients);
      return additiveModel(base, terms);
    },
    load: (artifact) => readAdditive((wanted, version) => openArtifact(artifact, wanted, version)),
  };
}

function baseLogOdds(labels: Float64Array, weights: Float64Array | undefined): number {
  let positive = 0;
  let negative = 0;
  for (let row = 0; row < labels.length; row++) {
    const weight = weights ? weights[row] : 1;
    if (labels[row] === 1) positive += weight;
    else negative += weight;
  }
  return Math.log(positive / negative);
}
