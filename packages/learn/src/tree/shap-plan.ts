import type { Forest } from "./forest.js";

/** A leaf and the features on its path, each once. */
export interface Path {
  readonly value: number;
  /** Columns, in the order in which the path meets them. */
  readonly columns: Int32Array;
  /** Per column: share of the training rows that go the leaf's way at that column's splits. */
  readonly shares: Float64Array;
  /** Where the mask of the leaf is found after a row's walk. */
  readonly leaf: number;
}

/** A tree, node by node from the root down. */
export interface Plan {
  readonly column: Int32Array;
  /** Global node, for thresholds and sets. */
  readonly node: Int32Array;
  readonly left: Int32Array;
  readonly right: Int32Array;
  /** Bit of the column on the path, and whether an earlier split of the path used it. */
  readonly bit: Int32Array;
  readonly again: Uint8Array;
  readonly paths: readonly Path[];
  readonly mean: number;
  /** The nodes that split, as places in the lists above. */
  readonly splits: Int32Array;
}

export function makePlan(forest: Forest, root: number): Plan {
  const order: number[] = [root];
  for (let index = 0; index < order.length; index++) {
    const node = order[index];
    if (forest.feature[node] >= 0) order.push(forest.left[node], forest.right[node]);
  }
  const place = new Map(order.map((node, index) => [node, index]));
  const count = order.length;
  const plan = {
    column: Int32Array.from(order, (node) => forest.feature[node]),
    node: Int32Array.from(order),
    left: new Int32Array(count),
    right: new Int32Array(count),
    bit: new Int32Array(count),
    again: new Uint8Array(count),
  };
  const paths: Path[] = [];
  let mean = 0;
  const visit = (index: number, columns: readonly number[], shares: readonly number[]): void => {
    const node = order[index];
    const column = forest.feature[node];
    if (column < 0) {
      const value = forest.value[node];
      mean += value * shares.reduce((product, share) => product * share, 1);
      paths.push({
        value,
        columns: Int32Array.from(columns),
        shares: Float64Array.from(shares),
        leaf: index,
      });
      return;
    }
    const known = columns.indexOf(column);
    const slot = known < 0 ? columns.length : known;
    plan.bit[index] = 1 << slot;
    plan.again[index] = known < 0 ? 0 : 1;
    const longer = known < 0 ? [...columns, column] : columns;
    const total = forest.rows[forest.left[node]] + forest.rows[forest.right[node]];
    for (const child of [forest.left[node], forest.right[node]]) {
      const next = [...shares];
      next[slot] = (next[slot] ?? 1) * (forest.rows[child] / total);
      const at = place.get(child) as number;
      if (child === forest.left[node]) plan.left[index] = at;
      else plan.right[index] = at;
      visit(at, longer, next);
    }
  };
  visit(0, [], []);
  const splits = Int32Array.from(plan.column.keys()).filter((index) => plan.column[index] >= 0);
  return { ...plan, paths, mean, splits };
}
