/** What one group of rows looks like to a simple tree. */
export interface Rule {
  /** Bounds per column: at or above `from`, below `to`. */
  readonly bounds: readonly {
    readonly column: number;
    readonly from: number;
    readonly to: number;
  }[];
  /** Share of the group's rows that the rule finds, and share of those found that belong to it, on rows the tree had not seen. */
  readonly found: number;
  readonly right: number;
}

export interface Surrogate {
  /** Share of rows, not seen while it grew, that the tree puts into their own group. */
  readonly fidelity: number;
  /** One per group; `undefined` for a group that no leaf stands for. */
  readonly rules: readonly (Rule | undefined)[];
}

interface Leaf {
  readonly rows: Int32Array;
  readonly bounds: ReadonlyMap<number, { readonly from: number; readonly to: number }>;
  readonly split: Split | undefined;
}

interface Split {
  readonly column: number;
  readonly threshold: number;
  readonly gain: number;
}

/** Thresholds tried per column. */
const cuts = 64;

/**
 * A tree with few leaves that imitates a grouping, so that it can be said in words: grown best split first by Gini impurity on
 * half of the rows, judged on the rest.
 *
 * @param values row-major, without gaps
 */
export function surrogate(
  values: Float32Array,
  size: number,
  labels: Int32Array,
  groups: number,
  leaves: number,
): Surrogate {
  const rows = labels.length;
  const apart = rows >= 40;
  const pick = (remainder: number) =>
    Int32Array.from({ length: rows }, (_, row) => row).filter(
      (row) => !apart || half(row) === remainder,
    );
  const grown = grow(values, size, labels, groups, leaves, pick(0));
  return judged(grown, values, size, labels, groups, pick(1));
}

/** Scattered, so that no order of the rows falls in with it. */
const half = (row: number): number => (Math.imul(row + 1, 0x9e3779b1) >>> 17) & 1;

function grow(
  values: Float32Array,
  size: number,
  labels: Int32Array,
  groups: number,
  leaves: number,
  rows: Int32Array,
): Leaf[] {
  const thresholds = Array.from({ length: size }, (_, column) =>
    thresholdsOf(Float32Array.from(rows, (row) => values[row * size + column])),
  );
  const leafOf = (own: Int32Array, bounds: Leaf["bounds"]): Leaf => ({
    rows: own,
    bounds,
    split: bestSplit(values, size, labels, groups, own, thresholds),
  });
  const tree = [leafOf(rows, new Map())];
  while (tree.length < leaves) {
    let best = -1;
    for (const [index, { split }] of tree.entries())
      if (split && split.gain > (tree[best]?.split?.gain ?? 0)) best = index;
    const leaf = tree[best];
    if (!leaf?.split) break;
    const { column, threshold } = leaf.split;
    const { from, to } = leaf.bounds.get(column) ?? { from: -Infinity, to: Infinity };
    const below = leaf.rows.filter((row) => values[row * size + column] < threshold);
    const above = leaf.rows.filter((row) => !(values[row * size + column] < threshold));
    tree[best] = leafOf(below, new Map(leaf.bounds).set(column, { from, to: threshold }));
    tree.push(leafOf(above, new Map(leaf.bounds).set(column, { from: threshold, to })));
  }
  return tree;
}

/** Half way between neighbouring values at evenly spaced ranks. */
function thresholdsOf(column: Float32Array): Float64Array {
  const sorted = column.sort();
  const found = new Set<number>();
  for (let step = 1; step < cuts; step++) {
    const place = Math.floor((step * sorted.length) / cuts);
    const value = sorted[place];
    let below = place;
    while (below > 0 && sorted[below] === value) below--;
    if (sorted[below] < value) found.add((sorted[below] + value) / 2);
  }
  return Float64Array.from(found).sort();
}

function bestSplit(
  values: Float32Array,
  size: number,
  labels: Int32Array,
  groups: number,
  rows: Int32Array,
  thresholds: readonly Float64Array[],
): Split | undefined {
  const all = new Float64Array(groups);
  for (const row of rows) all[labels[row]]++;
  const impurity = squares(all) / rows.length;
  let best: Split | undefined;
  for (let column = 0; column < size; column++) {
    const own = thresholds[column];
    const counts = new Float64Array((own.length + 1) * groups);
    for (const row of rows)
      counts[place(own, values[row * size + column]) * groups + labels[row]]++;
    const left = new Float64Array(groups);
    const right = all.slice();
    let held = 0;
    for (let cut = 0; cut < own.length; cut++) {
      for (let group = 0; group < groups; group++) {
        const count = counts[cut * groups + group];
        left[group] += count;
        right[group] -= count;
        held += count;
      }
      if (held === 0 || held === rows.length) continue;
      const gain = squares(left) / held + squares(right) / (rows.length - held) - impurity;
      if (gain > 1e-9 && gain > (best?.gain ?? 0)) best = { column, threshold: own[cut], gain };
    }
  }
  return best;
}

const squares = (counts: Float64Array): number =>
  counts.reduce((sum, count) => sum + count * count, 0);

/** How many thresholds the value reaches. */
function place(thresholds: Float64Array, value: number): number {
  let low = 0;
  let high = thresholds.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (value < thresholds[middle]) high = middle;
    else low = middle + 1;
  }
  return low;
}

function judged(
  tree: readonly Leaf[],
  values: Float32Array,
  size: number,
  labels: Int32Array,
  groups: number,
  rows: Int32Array,
): Surrogate {
  const speaks = tree.map((leaf) => {
    const counts = new Float64Array(groups);
    for (const row of leaf.rows) counts[labels[row]]++;
    return counts.indexOf(Math.max(...counts));
  });
  const holds = (leaf: Leaf, row: number): boolean => {
    for (const [column, { from, to }] of leaf.bounds) {
      const value = values[row * size + column];
      if (value < from || !(value < to)) return false;
    }
    return true;
  };
  const inside = tree.map(() => new Float64Array(groups));
  const sizes = new Float64Array(groups);
  let same = 0;
  for (const row of rows) {
    const at = tree.findIndex((leaf) => holds(leaf, row));
    sizes[labels[row]]++;
    if (at < 0) continue;
    inside[at][labels[row]]++;
    if (speaks[at] === labels[row]) same++;
  }
  const rules = Array.from({ length: groups }, (_, group) => {
    let best = -1;
    for (const [at, speaker] of speaks.entries())
      if (speaker === group && (best < 0 || inside[at][group] > inside[best][group])) best = at;
    if (best < 0 || sizes[group] === 0) return undefined;
    const total = inside[best].reduce((sum, count) => sum + count, 0);
    const bounds = [...tree[best].bounds].map(([column, bound]) => ({ column, ...bound }));
    if (total === 0 || bounds.length === 0) return undefined;
    return {
      bounds,
      found: inside[best][group] / sizes[group],
      right: inside[best][group] / total,
    };
  });
  return { fidelity: rows.length > 0 ? same / rows.length : 1, rules };
}
