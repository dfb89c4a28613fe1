import type { Tree } from "./forest.js";

/** Place of each leaf from left to right, by its node. */
export function leafRanks({ left, right }: Tree): Int32Array {
  const ranks = new Int32Array(left.length).fill(-1);
  let next = 0;
  const visit = (node: number): void => {
    if (left[node] < 0) {
      ranks[node] = next++;
      return;
    }
    visit(left[node]);
    visit(right[node]);
  };
  visit(0);
  return ranks;
}

/** Rows by their leaf, left to right, and within a leaf as they were. `ranks` holds one entry per row. */
export function byRank(ranks: Uint16Array): Uint32Array {
  const starts = new Uint32Array(65_537);
  for (const rank of ranks) starts[rank + 1]++;
  for (let rank = 0; rank < 65_536; rank++) starts[rank + 1] += starts[rank];
  const order = new Uint32Array(ranks.length);
  for (let row = 0; row < ranks.length; row++) order[starts[ranks[row]]++] = row;
  return order;
}

/** Puts the first `order.length` values in another order. */
export function permute(values: Float32Array | Uint8Array, order: Uint32Array): void {
  const before = values.slice(0, order.length);
  for (let row = 0; row < order.length; row++) values[row] = before[order[row]];
}
