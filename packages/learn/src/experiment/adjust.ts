import { factor } from "../optimise/solve.js";

/** Values of one arm, and for each of them what was known before the experiment: one array per quantity. */
export interface Before {
  readonly values: ArrayLike<number>;
  readonly before: readonly ArrayLike<number>[];
}

export interface Adjusted {
  /** The values of both arms less what their past foretold; the difference of their means estimates the same effect. */
  readonly one: Float64Array;
  readonly other: Float64Array;
  /** Share of the difference's variance that is gone: ρ² where the effect is the same for all. */
  readonly cut: number;
  /** How many weights were estimated. */
  readonly estimated: number;
}

/**
 * Takes out of two arms what was to be expected of them anyway (CUPED: Deng, Xu, Kohavi & Walker 2013). The weights are those that
 * leave the difference the least variance, which with arms of any sizes and effects that vary with the past are those of a regression
 * with interactions (Lin 2013).
 */
export function adjust(one: Before, other: Before): Adjusted {
  const size = one.before.length;
  const centers = Float64Array.from({ length: size }, (_, index) => {
    const [a, b] = [one.before[index], other.before[index]];
    return (sum(a) + sum(b)) / (a.length + b.length);
  });
  const [first, second] = [spreadOf(one), spreadOf(other)];
  const cells = first.cells.map((cell, at) => cell + second.cells[at]);
  const right = first.right.map((cell, at) => cell + second.right[at]);
  // covariates may be euros beside days: solve in units of their own deviations
  const units = Float64Array.from(
    { length: size },
    (_, at) => Math.sqrt(cells[at * size + at]) || 1,
  );
  const scaled = cells.map((cell, at) => cell / units[Math.floor(at / size)] / units[at % size]);
  const solved = factor(scaled, size)(right.map((cell, at) => cell / units[at]));
  const weights = solved.map((weight, at) => weight / units[at]);
  const [left, rest] = [one, other].map((arm) => take(arm, weights, centers));
  const was = first.variance + second.variance;
  const is = varianceOfMean(left) + varianceOfMean(rest);
  return { one: left, other: rest, cut: was > 0 ? Math.max(0, 1 - is / was) : 0, estimated: size };
}

interface Spread {
  /** Lower triangle and all: covariances of the means of what was before. */
  readonly cells: Float64Array;
  /** Their covariances with the mean of the values, and that mean's own variance. */
  readonly right: Float64Array;
  readonly variance: number;
}

function spreadOf({ values, before }: Before): Spread {
  const size = before.length;
  const rows = values.length;
  const scale = 1 / rows / Math.max(1, rows - 1);
  const mean = sum(values) / rows;
  const means = before.map((column) => sum(column) / rows);
  const cells = new Float64Array(size * size);
  const right = new Float64Array(size);
  for (const [at, column] of before.entries()) {
    for (let row = 0; row < rows; row++) {
      const distance = (column[row] - means[at]) * scale;
      right[at] += distance * (values[row] - mean);
      for (let from = 0; from <= at; from++)
        cells[at * size + from] += distance * (before[from][row] - means[from]);
    }
    for (let from = 0; from < at; from++) cells[from * size + at] = cells[at * size + from];
  }
  return { cells, right, variance: varianceOfMean(values) };
}

function take(
  { values, before }: Before,
  weights: Float64Array,
  centers: Float64Array,
): Float64Array {
  return Float64Array.from(values, (value, row) => {
    let expected = 0;
    for (const [at, column] of before.entries())
      expected += weights[at] * (column[row] - centers[at]);
    return value - expected;
  });
}

function sum(values: ArrayLike<number>): number {
  let total = 0;
  for (let row = 0; row < values.length; row++) total += values[row];
  return total;
}

function varianceOfMean(values: ArrayLike<number>): number {
  const rows = values.length;
  const mean = sum(values) / rows;
  let squares = 0;
  for (let row = 0; row < rows; row++) squares += (values[row] - mean) ** 2;
  return squares / rows / Math.max(1, rows - 1);
}
