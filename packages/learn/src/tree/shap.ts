import type { Explanation, Table } from "../types.js";
import { makeReaders } from "./columns.js";
import type { Forest } from "./forest.js";

/** A leaf with more features on its path is worked out for each row anew. */
const mostRemembered = 12;

/** A leaf and the features on its path, each once. */
interface Path {
  readonly value: number;
  /** Columns, in the order in which the path meets them. */
  readonly columns: Int32Array;
  /** Per column: share of the training rows that go the leaf's way at that column's splits. */
  readonly shares: Float64Array;
  /** Where the mask of the leaf is found after a row's walk. */
  readonly leaf: number;
}

/** A tree, node by node from the root down. */
interface Plan {
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
}

/**
 * Exact Shapley values of the margin under the trees' own conditional expectations (path-dependent TreeSHAP: Lundberg et al. 2020,
 * algorithm 2), in double precision: `base` plus a row's contributions is its margin.
 *
 * What a leaf gives to each feature of its path depends only on which of them the row satisfies. That set is found for all leaves
 * of a tree in one walk over its nodes, and what belongs to a set is worked out once and remembered (the idea of Fast TreeSHAP v2,
 * Yang 2021, filled on demand).
 */
export function explainer(who: string, forest: Forest): (table: Table) => Explanation {
  const readersOf = makeReaders(who, forest.columns);
  let plans: readonly Plan[] | undefined;
  return (table) => {
    const readers = readersOf(table);
    plans ??= Array.from({ length: forest.roots.length - 1 }, (_, tree) =>
      makePlan(forest, forest.roots[tree]),
    );
    const width = forest.columns.length;
    const contributions = new Float64Array(table.rows * width);
    const values = new Float32Array(table.rows * width);
    for (let column = 0; column < width; column++)
      readers[column].read(0, table.rows, values, column, width);
    let base = forest.base;
    for (const plan of plans) {
      base += plan.mean;
      const memories = plan.paths.map(makeMemory);
      const masks = new Int32Array(plan.node.length);
      for (let row = 0; row < table.rows; row++)
        explainRow(forest, plan, memories, masks, values, row * width, contributions);
    }
    return { base, columns: forest.columns.map(({ name }) => name), contributions };
  };
}

function explainRow(
  forest: Forest,
  plan: Plan,
  memories: readonly Memory[],
  masks: Int32Array,
  values: Float32Array,
  at: number,
  contributions: Float64Array,
): void {
  walk(forest, plan, masks, values, at);
  const { paths } = plan;
  for (let index = 0; index < paths.length; index++) {
    const { columns, leaf } = paths[index];
    const memory = memories[index];
    const mask = masks[leaf];
    const from = memory.find(mask);
    const { shares } = memory;
    for (let place = 0; place < columns.length; place++)
      contributions[at + columns[place]] += shares[from + place];
  }
}

/** Which conditions of its path a row satisfies, for each node at once. */
function walk(
  { threshold, set, sets, missing, left: leftOf }: Forest,
  { column, node, left, right, bit, again }: Plan,
  masks: Int32Array,
  values: Float32Array,
  at: number,
): void {
  masks[0] = 0;
  for (let index = 0; index < column.length; index++) {
    if (column[index] < 0) continue;
    const x = values[at + column[index]];
    const here = node[index];
    const goes =
      set[here] >= 0
        ? sets[set[here]][x] === 1
        : x <= threshold[here] || (Number.isNaN(x) && missing[here] === leftOf[here]);
    const mask = masks[index];
    // a second split on a column can only take its bit away
    const without = mask & ~bit[index];
    const kept = again[index] ? mask : mask | bit[index];
    masks[left[index]] = goes ? kept : without;
    masks[right[index]] = goes ? without : kept;
  }
}

interface Memory {
  readonly shares: Float64Array;
  /** Where the contributions of a set of satisfied features begin in `shares`. */
  find(mask: number): number;
}

function makeMemory(path: Path): Memory {
  const size = path.columns.length;
  const scratch = new Float64Array(2 * size + 2);
  if (size > mostRemembered) {
    const shares = new Float64Array(size);
    return {
      shares,
      find(mask) {
        contribute(path, mask, scratch, shares, 0);
        return 0;
      },
    };
  }
  const known = new Uint8Array(1 << size);
  const shares = new Float64Array(size << size);
  return {
    shares,
    find(mask) {
      if (known[mask] === 0) {
        known[mask] = 1;
        contribute(path, mask, scratch, shares, mask * size);
      }
      return mask * size;
    },
  };
}

/**
 * What a leaf contributes to each feature of its path when the row satisfies those in `mask`: with z the shares and o = 0 or 1,
 * (o − z) · value · Σ_S |S|! (d − 1 − |S|)! / d! · Π_{j ∈ S} o_j · Π_{j ∉ S} z_j over the other features. The sum over sets of one
 * size is a coefficient of Π (z_j + o_j y); one factor is divided out at a time, from the top, where errors shrink as z ≤ 1.
 */
function contribute(
  { value, shares }: Path,
  mask: number,
  scratch: Float64Array,
  target: Float64Array,
  at: number,
): void {
  const size = shares.length;
  if (size === 0) return;
  let unmet = 1;
  let met = 0;
  scratch[0] = 1;
  for (let place = 0; place < size; place++) {
    if (!((mask >> place) & 1)) {
      unmet *= shares[place];
      continue;
    }
    scratch[met + 1] = scratch[met];
    for (let power = met; power > 0; power--)
      scratch[power] = scratch[power - 1] + shares[place] * scratch[power];
    scratch[0] *= shares[place];
    met++;
  }
  // |S|! (d − 1 − |S|)! / d! for |S| = 0 … met
  const weights = size + 1;
  scratch[weights] = 1 / size;
  for (let power = 1; power <= Math.min(met, size - 1); power++)
    scratch[weights + power] = (scratch[weights + power - 1] * power) / (size - power);
  let whole = 0;
  for (let power = 0; power <= Math.min(met, size - 1); power++)
    whole += scratch[power] * scratch[weights + power];
  for (let place = 0; place < size; place++) {
    if (!((mask >> place) & 1)) {
      // the factor is z alone: (0 − z) · (unmet / z) · Σ
      target[at + place] = -value * unmet * whole;
      continue;
    }
    let quotient = scratch[met];
    let sum = quotient * scratch[weights + met - 1];
    for (let power = met - 1; power > 0; power--) {
      quotient = scratch[power] - shares[place] * quotient;
      sum += quotient * scratch[weights + power - 1];
    }
    target[at + place] = (1 - shares[place]) * value * unmet * sum;
  }
}

function makePlan(forest: Forest, root: number): Plan {
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
  return { ...plan, paths, mean };
}
