/** A column a forest was grown on. */
export type ForestColumn =
  | { readonly name: string; readonly kind: "number" }
  | {
      readonly name: string;
      readonly kind: "category";
      /** Level of each bin. A level that is not here counts as missing, whose bin is 255. */
      readonly levels: readonly string[];
    };

/**
 * Trees as columns: node n of all trees. A row starts at a tree's root and goes left where its value is ≤ `threshold` (a number)
 * or its bin is in the set (a category), to `missing` where the value is missing, else right, until `feature` is -1.
 */
export interface Forest {
  readonly columns: readonly ForestColumn[];
  /** Margin before any tree. */
  readonly base: number;
  /** First node of each tree, and the number of nodes at the end. */
  readonly roots: Int32Array;
  /** Index into `columns`; -1 for a leaf. */
  readonly feature: Int32Array;
  /** Exactly representable as float32. */
  readonly threshold: Float64Array;
  readonly left: Int32Array;
  readonly right: Int32Array;
  /** One of the two children. */
  readonly missing: Int32Array;
  /** Index into `sets` for a split on a category, else -1. */
  readonly set: Int32Array;
  /** Bins that go left, as 256 bytes of 0 or 1; entry 255 is "missing". */
  readonly sets: readonly Uint8Array[];
  /** Value of a leaf, exactly representable as float32; 0 inside. */
  readonly value: Float64Array;
  /** Training rows that came here. */
  readonly rows: Float64Array;
  /** Training loss that the split saved; 0 for a leaf. */
  readonly gain: Float64Array;
}

/** Everything that is one entry per node. */
export type Nodes = Pick<
  Forest,
  "feature" | "threshold" | "left" | "right" | "missing" | "set" | "value" | "rows" | "gain"
>;

export function emptyNodes(count: number): Nodes {
  return {
    feature: new Int32Array(count).fill(-1),
    threshold: new Float64Array(count),
    left: new Int32Array(count).fill(-1),
    right: new Int32Array(count).fill(-1),
    missing: new Int32Array(count).fill(-1),
    set: new Int32Array(count).fill(-1),
    value: new Float64Array(count),
    rows: new Float64Array(count),
    gain: new Float64Array(count),
  };
}

/** One tree on its own, node 0 its root. */
export interface Tree extends Nodes {
  readonly sets: readonly Uint8Array[];
}

export function joinTrees(
  columns: readonly ForestColumn[],
  base: number,
  trees: readonly Tree[],
): Forest {
  const roots = new Int32Array(trees.length + 1);
  for (let tree = 0; tree < trees.length; tree++)
    roots[tree + 1] = roots[tree] + trees[tree].feature.length;
  const nodes = emptyNodes(roots[trees.length]);
  const sets: Uint8Array[] = [];
  for (let tree = 0; tree < trees.length; tree++) {
    const from = trees[tree];
    const root = roots[tree];
    nodes.feature.set(from.feature, root);
    nodes.threshold.set(from.threshold, root);
    nodes.value.set(from.value, root);
    nodes.rows.set(from.rows, root);
    nodes.gain.set(from.gain, root);
    for (let node = 0; node < from.feature.length; node++) {
      if (from.feature[node] < 0) continue;
      nodes.left[root + node] = root + from.left[node];
      nodes.right[root + node] = root + from.right[node];
      nodes.missing[root + node] = root + from.missing[node];
      if (from.set[node] >= 0) nodes.set[root + node] = sets.length + from.set[node];
    }
    sets.push(...from.sets);
  }
  return { columns, base, roots, sets, ...nodes };
}
