import { openArtifact } from "../artifact.js";
import { type Constraints, checkOptions } from "../options.js";
import { checkBinary } from "../table.js";
import type { Estimator, FitOptions, Table } from "../types.js";
import { additiveModel, kind, type LogisticModel, makeTerms, readAdditive } from "./additive.js";
import { makeDesign } from "./design.js";
import { minimise } from "./minimise.js";

export interface LogisticRegressionOptions {
  /** Strength of the penalty `l2/2 · ‖coefficients‖²`, > 0, on standardised numbers and 0/1 levels. Defaults to 1. */
  readonly l2?: number;
  /**
   * How often the slope of a number may change, at quantiles: 0 gives the textbook model, straight in each number. Defaults to
   * 3 where each outcome has at least 500 rows and 25 per number, else 0: bends cost more than they bring on small data.
   */
  readonly knots?: number;
}

const defaults = { l2: 1 };
export const logisticRegressionConstraints: Constraints = {
  l2: { above: 0 },
  knots: { min: 0, max: 100, integer: true },
};

/**
 * Logistic regression on a table as it is: numbers are standardised and may bend, categories become one coefficient per level
 * (levels in fewer than five rows share one), and a missing value has a coefficient of its own. The minimum is unique; it is
 * found to about eight digits.
 */
export function logisticRegression(
  options: LogisticRegressionOptions = {},
): Estimator<LogisticModel> {
  const { l2, knots } = { ...defaults, ...options };
  checkOptions(kind, { l2, knots: knots ?? 0 }, logisticRegressionConstraints);
  return {
    kind,
    async fit(table, labels, fitOptions) {
      const [model] = await fitPath(table, labels, [l2], knots, fitOptions);
      return model;
    },
    load: (artifact) => readAdditive((wanted, version) => openArtifact(artifact, wanted, version)),
  };
}

export interface LogisticPathOptions extends FitOptions {
  /** Penalties to fit with, each > 0. */
  readonly l2s: readonly number[];
  /** As for `logisticRegression`. */
  readonly knots?: number;
}

/** One model per penalty, in the order given; each fit starts from the next stronger one, so the path costs little more than one fit. */
export async function logisticPath(
  table: Table,
  labels: Float64Array,
  { l2s, knots, ...options }: LogisticPathOptions,
): Promise<LogisticModel[]> {
  for (const l2 of l2s)
    checkOptions(kind, { l2, knots: knots ?? 0 }, logisticRegressionConstraints);
  return fitPath(table, labels, l2s, knots, options);
}

async function fitPath(
  table: Table,
  labels: Float64Array,
  l2s: readonly number[],
  knots: number | undefined,
  options: FitOptions = {},
): Promise<LogisticModel[]> {
  const { weights, onProgress } = options;
  const counts = checkBinary(kind, table, labels, weights);
  const design = makeDesign(table, weights, knots ?? usualKnots(table, counts));
  let coefficients: Float64Array = new Float64Array(design.width + 1);
  coefficients[design.width] = baseLogOdds(labels, weights);
  const models: LogisticModel[] = [];
  const strongestFirst = l2s.map((_, index) => index).sort((left, right) => l2s[right] - l2s[left]);
  for (const [done, index] of strongestFirst.entries()) {
    const report = (share: number) => onProgress?.((done + share) / l2s.length);
    const problem = { design, table, labels, weights };
    coefficients = await minimise(problem, l2s[index], coefficients, {
      ...options,
      onProgress: report,
    });
    const { base, terms } = makeTerms(design, coefficients);
    models[index] = additiveModel(base, terms);
  }
  onProgress?.(1);
  return models;
}

/** Bends pay from some hundred rows of each outcome on, and more columns need more rows. */
function usualKnots(
  table: Table,
  { positives, negatives }: { positives: number; negatives: number },
): number {
  const numbers = table.columns.filter(({ kind }) => kind === "number").length;
  const enough = Math.min(positives, negatives) >= Math.max(500, 25 * numbers);
  return enough && numbers <= 120 ? 3 : 0;
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
