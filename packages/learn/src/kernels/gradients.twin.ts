import type { GrowInput } from "../tree/grow.js";
import { expTwin, packTwin } from "./floats.twin.js";
import { BINARY, BLOCK, MULTICLASS, POISSON, QUANTILE, SQUARED_ERROR } from "./layout.js";

const f = Math.fround;

export interface Margins {
  readonly labels: Float32Array;
  readonly weights: Float32Array | undefined;
  /** Class by class, one entry per row. */
  readonly margins: readonly Float32Array[];
  readonly probabilities: readonly Float32Array[];
}

/** Softmax over the classes of each row. */
export function probabilitiesTwin({ margins, probabilities }: Margins): void {
  for (let row = 0; row < margins[0].length; row++) {
    const highest = Math.max(...margins.map((column) => column[row]));
    let sum = 0;
    margins.forEach((column, k) => {
      probabilities[k][row] = expTwin(f(column[row] - highest));
      sum = f(sum + probabilities[k][row]);
    });
    for (const column of probabilities) column[row] = f(column[row] / sum);
  }
}

/** Whole-number gradients and hessians of all training rows for the tree of class k, and their scales. */
export function gradientsTwin(
  input: GrowInput,
  data: Margins,
  k: number,
  seed: number,
): { g: Float64Array; h: Float64Array; scales: [number, number] } {
  const { trained, objective, bounds, start } = input;
  const room = 2_147_000_000 - 2 * trained;
  let weightSum = 0;
  for (let row = 0; row < trained; row++) weightSum += data.weights ? data.weights[row] : 1;
  const pairs = Array.from({ length: trained }, (_, row) => pair(input, data, k, row));
  let scales: [number, number] = [
    f(room / (weightSum * (bounds.gradient || 1))),
    f(room / (weightSum * (bounds.hessian || 1))),
  ];
  if (objective === SQUARED_ERROR || objective === POISSON) {
    // the kernels take rows by fours, and in the last block see what stands behind the training rows
    const padded = Array.from({ length: (4 - (trained % 4)) % 4 }, (_, extra) =>
      trained + extra < data.labels.length
        ? pair(input, data, k, trained + extra)
        : outside(objective, data.weights !== undefined),
    );
    const [sumG, sumH] = blockSums([...pairs, ...padded]);
    scales = [f(sumG > 0 ? room / sumG : 1), f(sumH > 0 ? room / sumH : 1)];
  }
  const g = new Float64Array(trained);
  const h = new Float64Array(trained);
  for (let row = 0; row < trained; row++)
    [g[row], h[row]] = packTwin(pairs[row][0], pairs[row][1], scales, row, seed);
  return { g, h, scales };

  function outside(code: number, hasWeights: boolean): [number, number] {
    if (hasWeights) return [0, 0];
    if (code === SQUARED_ERROR) return [0, 1];
    const mean = expTwin(start[0]);
    return [mean, f(mean * f(2.01375270747))];
  }
}

function blockSums(pairs: readonly (readonly [number, number])[]): [number, number] {
  let [allG, allH] = [0, 0];
  for (let from = 0; from < pairs.length; from += BLOCK) {
    const sums = [
      [0, 0],
      [0, 0],
      [0, 0],
      [0, 0],
    ];
    for (let row = from; row < Math.min(from + BLOCK, pairs.length); row++) {
      sums[row % 4][0] += Math.abs(pairs[row][0]);
      sums[row % 4][1] += pairs[row][1];
    }
    // four lanes, joined as two vectors of two
    allG += sums[0][0] + sums[2][0] + (sums[1][0] + sums[3][0]);
    allH += sums[0][1] + sums[2][1] + (sums[1][1] + sums[3][1]);
  }
  return [allG, allH];
}

function pair(
  { objective, quantile, start }: GrowInput,
  { labels, weights, margins, probabilities }: Margins,
  k: number,
  row: number,
): [number, number] {
  const label = labels[row];
  const margin = margins[k][row];
  const curve = (p: number): number => Math.max(f(p * f(1 - p)), f(1e-16));
  let [g, h] = [0, 1];
  if (objective === BINARY) {
    const p = f(1 / f(1 + expTwin(-margin)));
    [g, h] = [f(p - label), curve(p)];
  } else if (objective === MULTICLASS) {
    const p = probabilities[k][row];
    const classes = start.length;
    [g, h] = [f(p - (label === k ? 1 : 0)), f(curve(p) * f(classes / (classes - 1)))];
  } else if (objective === POISSON) {
    const mean = expTwin(margin);
    [g, h] = [f(mean - label), f(mean * f(2.01375270747))];
  } else if (objective === QUANTILE) {
    g = margin >= label ? f(1 - f(quantile)) : -f(quantile);
  } else g = f(margin - label);
  return weights ? [f(g * weights[row]), f(h * weights[row])] : [g, h];
}
