import { logLikelihood, parameterCount } from "./likelihood.js";
import type { Summary } from "./summary.js";

/** Fewer customers than this say nothing about a group of their own. */
const leastCustomers = 5;
const step = 1e-3;

/**
 * How far each group's log gaps lie from everybody's, drawn towards 0 by how much groups differ at all: normal groups, their
 * variance by EM on each group's maximum and curvature.
 */
export function groupShifts(
  summary: Summary,
  groups: ArrayLike<number>,
  at: Float64Array,
): Float64Array {
  let count = 0;
  for (let row = 0; row < summary.customers; row++) count = Math.max(count, groups[row] + 1);
  const rowsOf: number[][] = Array.from({ length: count }, () => []);
  for (let row = 0; row < summary.customers; row++)
    if (groups[row] >= 0 && summary.orders[row] > 0) rowsOf[groups[row]].push(row);

  const best = new Float64Array(count);
  const precision = new Float64Array(count);
  for (let group = 0; group < count; group++) {
    if (rowsOf[group].length < leastCustomers) continue;
    const part = take(summary, rowsOf[group]);
    const slopeAt = (shift: number): number => {
      const gradient = new Float64Array(parameterCount);
      const there = at.slice();
      there[0] += shift;
      logLikelihood(part, there, gradient);
      return gradient[0];
    };
    for (let iteration = 0; iteration < 6; iteration++) {
      const slope = slopeAt(best[group]);
      const curvature = (slope - slopeAt(best[group] + step)) / step;
      if (!(curvature > 0)) break;
      precision[group] = curvature;
      best[group] += Math.max(-1, Math.min(1, slope / curvature));
    }
  }

  const heard = Array.from(precision.keys()).filter((group) => precision[group] > 0);
  let variance = 0.1;
  for (let iteration = 0; iteration < 200 && heard.length > 0; iteration++) {
    let sum = 0;
    for (const group of heard) {
      const trust = precision[group] + 1 / variance;
      sum += ((precision[group] * best[group]) / trust) ** 2 + 1 / trust;
    }
    variance = Math.max(1e-8, sum / heard.length);
  }
  return best.map((shift, group) => (precision[group] * shift) / (precision[group] + 1 / variance));
}

function take(summary: Summary, rows: readonly number[]): Summary {
  return {
    customers: rows.length,
    orders: Int32Array.from(rows, (row) => summary.orders[row]),
    mean: Float64Array.from(rows, (row) => summary.mean[row]),
    squares: Float64Array.from(rows, (row) => summary.squares[row]),
    open: Float64Array.from(rows, (row) => summary.open[row]),
    age: Float64Array.from(rows, (row) => summary.age[row]),
    jacobian: 0,
  };
}
