import { CholeskyDecomposition, Matrix } from "ml-matrix";
import { breathe } from "../abort.js";
import { openArtifact } from "../artifact.js";
import { LearnError } from "../error.js";
import { type NewtonProblem, newton } from "../optimise/newton.js";
import { factor } from "../optimise/solve.js";
import { checkBinary, pickColumns } from "../table.js";
import type { Estimator, Table } from "../types.js";
import { kind, type PriorLogisticModel, priorModel, readPriorModel } from "./prior-model.js";
import { design, type Signal } from "./signals.js";

/** What is taken to be known of the coefficients before any data: normal, of log-odds per `scale` of a signal. */
export interface LogisticPriors {
  /** Of the log-odds of the average row. */
  readonly intercept: { readonly mean: number; readonly deviation: number };
  readonly signals: readonly {
    /** The table's column. */
    readonly name: string;
    /** How much of the column makes one unit, > 0. */
    readonly scale: number;
    /** Prior mean of the coefficient of one unit. */
    readonly mean: number;
  }[];
  /** Of the coefficients of the signals, row-major, positive definite. */
  readonly covariance: readonly number[];
}

/**
 * Logistic regression for few rows: the coefficients are drawn towards declared priors, by as much as the rows leave open. Fitted
 * by its posterior mode with a normal approximation around it (Laplace); `predict` averages over what is left open, so that few
 * rows make cautious probabilities (MacKay 1992, eq. 15). A missing value counts as the average one, and one more than four units
 * from the average as four. Columns that have no prior are not looked at; those that have must be numbers.
 *
 * @throws LearnError "input" when the priors cannot be: a covariance that is none, scales that are not above 0
 */
export function priorLogistic(priors: LogisticPriors): Estimator<PriorLogisticModel> {
  const precision = checked(priors);
  return {
    kind,
    async fit(table, labels, { weights, signal, onProgress } = {}) {
      checkBinary(kind, table, labels, weights);
      const picked = pickColumns(
        kind,
        table,
        priors.signals.map(({ name }) => ({ name, kind: "number" as const })),
      );
      const signals = centred(picked, priors, weights);
      const units = design(kind, signals, picked);
      const size = signals.length + 1;
      const start = Float64Array.of(
        baseLogOdds(labels, weights, priors.intercept),
        ...priors.signals.map(({ mean }) => mean),
      );
      const middle = start.slice();
      middle[0] = priors.intercept.mean;
      const problem: NewtonProblem = {
        size,
        evaluate: (at, gradient, hessian) =>
          posterior(units, labels, weights, { middle, precision }, at, gradient, hessian),
      };
      await breathe(signal);
      const coefficients = await newton(problem, start, { signal, onIteration: onProgress });
      const hessian = new Float64Array(size * size);
      problem.evaluate(coefficients, new Float64Array(size), hessian);
      const information = mirrored(hessian, size).map((cell, index) => cell - precision[index]);
      onProgress?.(1);
      return priorModel({ signals, coefficients, information, precision });
    },
    load: (artifact) => readPriorModel(openArtifact(artifact, kind, 1)),
  };
}

/** The prior's precision over intercept and coefficients. */
function checked({ intercept, signals, covariance }: LogisticPriors): Float64Array {
  const width = signals.length;
  const refuse = (what: string) => new LearnError("input", `${kind}: ${what}.`);
  if (width === 0) throw refuse("the priors name no signal");
  if (new Set(signals.map(({ name }) => name)).size < width)
    throw refuse("two signals have one name");
  if (!(intercept.deviation > 0) || !signals.every(({ scale }) => scale > 0))
    throw refuse("scales and deviations must be numbers > 0");
  if (![intercept.mean, ...signals.map(({ mean }) => mean)].every(Number.isFinite))
    throw refuse("means must be numbers");
  if (covariance.length !== width * width)
    throw refuse(`${width} signals have a covariance of ${width * width} numbers`);
  const matrix = Matrix.from1DArray(width, width, [...covariance]);
  if (!matrix.isSymmetric() || !new CholeskyDecomposition(matrix).isPositiveDefinite())
    throw refuse("the covariance must be symmetric and positive definite");
  const size = width + 1;
  const precision = new Float64Array(size * size);
  precision[0] = 1 / intercept.deviation ** 2;
  const solve = factor(Float64Array.from(covariance), width);
  for (let column = 0; column < width; column++) {
    const unit = new Float64Array(width);
    unit[column] = 1;
    const inverse = solve(unit);
    for (let row = 0; row < width; row++) precision[(row + 1) * size + column + 1] = inverse[row];
  }
  return precision;
}

function centred(
  table: Table,
  { signals }: LogisticPriors,
  weights: Float64Array | undefined,
): Signal[] {
  return signals.map(({ name, scale }, index) => {
    const column = table.columns[index];
    let sum = 0;
    let total = 0;
    if (column.kind === "number")
      for (let row = 0; row < table.rows; row++) {
        if (Number.isNaN(column.values[row])) continue;
        const weight = weights ? weights[row] : 1;
        sum += weight * column.values[row];
        total += weight;
      }
    return { name, center: total > 0 ? sum / total : 0, scale };
  });
}

/** Negative log posterior up to a constant. Fills the gradient and the lower triangle of the Hessian. */
function posterior(
  units: Float64Array,
  labels: Float64Array,
  weights: Float64Array | undefined,
  { middle, precision }: { middle: Float64Array; precision: Float64Array },
  at: Float64Array,
  gradient: Float64Array,
  hessian: Float64Array,
): number {
  const size = at.length;
  let value = 0;
  gradient.fill(0);
  hessian.set(precision);
  for (let row = 0; row < size; row++) {
    const gap = at[row] - middle[row];
    for (let column = 0; column < size; column++) {
      const cell = precision[row * size + column];
      gradient[column] += cell * gap;
      value += (cell * gap * (at[column] - middle[column])) / 2;
    }
  }
  for (let row = 0, from = 0; row < labels.length; row++, from += size) {
    const weight = weights ? weights[row] : 1;
    if (weight === 0) continue;
    let margin = 0;
    for (let place = 0; place < size; place++) margin += at[place] * units[from + place];
    const probability = 1 / (1 + Math.exp(-margin));
    const side = labels[row] === 1 ? -margin : margin;
    value += weight * (side > 0 ? side + Math.log1p(Math.exp(-side)) : Math.log1p(Math.exp(side)));
    const slope = weight * (probability - labels[row]);
    const curve = weight * probability * (1 - probability);
    for (let one = 0; one < size; one++) {
      gradient[one] += slope * units[from + one];
      for (let other = 0; other <= one; other++)
        hessian[one * size + other] += curve * units[from + one] * units[from + other];
    }
  }
  return value;
}

function mirrored(lower: Float64Array, size: number): Float64Array {
  return lower.map((_, index) => {
    const [row, column] = [Math.floor(index / size), index % size];
    return lower[Math.max(row, column) * size + Math.min(row, column)];
  });
}

/** Where the search starts: the observed rate, with one row of either outcome added. */
function baseLogOdds(
  labels: Float64Array,
  weights: Float64Array | undefined,
  { mean }: { readonly mean: number },
): number {
  let positives = 1 / (1 + Math.exp(-mean));
  let all = 1;
  for (let row = 0; row < labels.length; row++) {
    const weight = weights ? weights[row] : 1;
    positives += weight * labels[row];
    all += weight;
  }
  return Math.log(positives / (all - positives));
}
