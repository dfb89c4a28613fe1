import { denseIds } from "../dense-ids.js";
import type { DecisionLog } from "./types.js";

/** Which fold each row is judged in: what is expected there is learned in the others. */
export interface Folds {
  readonly of: Uint8Array;
  readonly count: number;
}

/** Rewards expected of every action in one row. */
export type Expected = (row: number) => ArrayLike<number>;

/**
 * Each action's mean reward in the other folds, at each position by itself, drawn towards the mean of all by as many pseudo-rows as
 * there is noise between rows over variance between actions (the one-way random-effects model's, by moments).
 */
export function rewardRates(log: DecisionLog, folds: Folds): Expected {
  const { rows, action, reward } = log;
  const actions = log.actions.length;
  const places = log.position && denseIds(log.position);
  const cells = (places?.count ?? 1) * actions;
  const sums = new Float64Array(folds.count * cells);
  const counts = new Float64Array(folds.count * cells);
  const squares = new Float64Array(folds.count);
  for (let row = 0; row < rows; row++) {
    const at = folds.of[row] * cells + (places?.of[row] ?? 0) * actions + action[row];
    sums[at] += reward[row];
    counts[at]++;
    squares[folds.of[row]] += reward[row] ** 2;
  }
  const tables = Array.from({ length: folds.count }, (_, fold) => {
    const sum = new Float64Array(cells);
    const count = new Float64Array(cells);
    for (let at = 0; at < sums.length; at++)
      if (Math.floor(at / cells) !== fold) {
        sum[at % cells] += sums[at];
        count[at % cells] += counts[at];
      }
    const square = squares.reduce((total, one, other) => (other === fold ? total : total + one), 0);
    return shrunk(sum, count, square);
  });
  return (row) => {
    const first = (places?.of[row] ?? 0) * actions;
    return tables[folds.of[row]].subarray(first, first + actions);
  };
}

function shrunk(sums: Float64Array, counts: Float64Array, squares: number): Float64Array {
  const total = counts.reduce((sum, count) => sum + count, 0);
  const mean = sums.reduce((sum, one) => sum + one, 0) / total;
  let between = 0;
  let sizes = 0;
  let cells = 0;
  let explained = 0;
  for (let at = 0; at < sums.length; at++) {
    if (counts[at] === 0) continue;
    cells++;
    between += counts[at] * (sums[at] / counts[at] - mean) ** 2;
    sizes += counts[at] ** 2 / total;
    explained += sums[at] ** 2 / counts[at];
  }
  const noise = Math.max(0, squares - explained) / Math.max(1, total - cells);
  const variance = (between - (cells - 1) * noise) / Math.max(1e-12, total - sizes);
  const pseudo = variance > 0 ? noise / variance : Infinity;
  return sums.map((sum, at) =>
    pseudo === Infinity ? mean : (sum + pseudo * mean) / (counts[at] + pseudo),
  );
}
