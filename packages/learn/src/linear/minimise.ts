import { lbfgs } from "../optimise/lbfgs.js";
import { newton } from "../optimise/newton.js";
import { factor } from "../optimise/solve.js";
import { takeRows } from "../table.js";
import type { FitOptions, Table } from "../types.js";
import type { Design } from "./design.js";
import { bindRows } from "./fill.js";
import { logisticObjective, type Objective } from "./objective.js";

/** Above this many coefficients the Hessian is no longer formed. */
const newtonUpTo = 500;
/** Up to this many rows Newton's method sees them all. */
const sampleRows = 20_000;

export interface LinearProblem {
  readonly design: Design;
  readonly table: Table;
  readonly labels: Float64Array;
  readonly weights: Float64Array | undefined;
}

/**
 * The coefficients at the one minimum. Few rows: Newton. Many: Newton on a sample, whose Hessian then guides L-BFGS on all rows.
 * Many columns: L-BFGS guided by the Hessian's blocks, one per column.
 */
export async function minimise(
  problem: LinearProblem,
  l2: number,
  start: Float64Array,
  { signal, onProgress }: FitOptions,
): Promise<Float64Array> {
  const { design, table, labels, weights } = problem;
  const rows = bindRows(design, table);
  const objective = logisticObjective(design, rows, labels, weights, l2);
  if (objective.size > newtonUpTo) {
    const precondition = blockInverse(design, objective, start);
    const { at } = await lbfgs(objective.evaluate, start, {
      precondition,
      signal,
      onIteration: onProgress,
    });
    return at;
  }
  if (table.rows <= sampleRows)
    return newton(objective, start, { signal, onIteration: onProgress });
  const chosen = spread(labels, table.rows / sampleRows);
  const each = table.rows / chosen.length;
  const sample = logisticObjective(
    design,
    bindRows(design, takeRows(table, chosen)),
    Float64Array.from(chosen, (row) => labels[row]),
    Float64Array.from(chosen, (row) => each * (weights ? weights[row] : 1)),
    l2,
  );
  const near = await newton(sample, start, { signal });
  const hessian = new Float64Array(sample.size ** 2);
  sample.evaluate(near, new Float64Array(sample.size), hessian);
  const precondition = factor(hessian, sample.size);
  const { at } = await lbfgs(objective.evaluate, near, {
    precondition,
    signal,
    onIteration: onProgress,
  });
  return at;
}

/** About every `step`-th row of either outcome, so that a rare one is there too. */
function spread(labels: Float64Array, step: number): Int32Array {
  const rows: number[] = [];
  const due = [0, 0];
  const seen = [0, 0];
  for (let row = 0; row < labels.length; row++) {
    const label = labels[row];
    if (seen[label]++ < due[label]) continue;
    due[label] += step;
    rows.push(row);
  }
  return Int32Array.from(rows);
}

/** Divides by the Hessian's diagonal, and within the pieces of one number by their whole block: bends of one column are alike. */
function blockInverse(
  { encodings }: Design,
  objective: Objective,
  at: Float64Array,
): (vector: Float64Array) => Float64Array {
  const ranges = encodings.flatMap((encoding): [number, number][] => {
    if (encoding.kind === "category" || encoding.pieces.length < 2) return [];
    const from = encoding.pieces[0].coefficient;
    return [[from, from + encoding.pieces.length]];
  });
  const { diagonal, blocks } = objective.blocks(at, ranges);
  const solvers = blocks.map((block, index) => factor(block, ranges[index][1] - ranges[index][0]));
  return (vector) => {
    const result = vector.map((coordinate, index) => coordinate / diagonal[index]);
    ranges.forEach(([from, to], index) => {
      result.set(solvers[index](vector.slice(from, to)), from);
    });
    return result;
  };
}
