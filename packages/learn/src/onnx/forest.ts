import { MISSING } from "../kernels/layout.js";
import type { Forest } from "../tree/forest.js";
import { levelNumber, sideBySide } from "./columns.js";
import type { Graph } from "./graph.js";

/** The runtime sums in double but gives float32: each part is summed by itself, and the parts in double. */
const treesPerPart = 50;

/** What an ensemble's splits read: double [rows, width], so that sums are double too. */
interface Features {
  readonly matrix: string;
  /** Column of a number, or of "is not in this set of levels", which is 0 or 1. */
  readonly numbers: ReadonlyMap<number, number>;
  readonly sets: ReadonlyMap<number, number>;
}

/** Margin of a forest, double [rows, 1]. `inputs` are the forest's columns, in their order. */
export function forestMargin(graph: Graph, forest: Forest, inputs: readonly string[]): string {
  const base = graph.doubles([forest.base], [1, 1]);
  const trees = forest.roots.length - 1;
  if (trees === 0) {
    const zero = graph.node("Mul", [anyNumber(graph, forest, inputs), graph.doubles([0], [1, 1])]);
    return graph.node("Add", [zero, base]);
  }
  const features = makeFeatures(graph, forest, inputs);
  let margin = base;
  for (let first = 0; first < trees; first += treesPerPart) {
    const last = Math.min(trees, first + treesPerPart);
    const part = graph.cast(ensemble(graph, forest, features, first, last), "double");
    margin = graph.node("Add", [margin, part]);
  }
  return margin;
}

/** Something finite, double [rows, 1]. */
function anyNumber(graph: Graph, { columns }: Forest, inputs: readonly string[]): string {
  const [first] = columns;
  if (first.kind === "category")
    return graph.cast(levelNumber(graph, inputs[0], first.levels), "double");
  return graph.cast(graph.cast(graph.node("IsNaN", [inputs[0]]), "int64"), "double");
}

function makeFeatures(graph: Graph, forest: Forest, inputs: readonly string[]): Features {
  const { columns, feature, set, sets } = forest;
  const parts: string[] = [];
  const numbers = new Map<number, number>();
  const asked = new Map<number, number[]>(); // sets that the splits on a category ask for
  const used = forest.roots[forest.roots.length - 1];
  for (let node = 0; node < used; node++) {
    const column = feature[node];
    if (column < 0) continue;
    if (columns[column].kind === "category") {
      const own = asked.get(column) ?? [];
      asked.set(column, own);
      own.push(set[node]);
    } else if (!numbers.has(column)) {
      numbers.set(column, numbers.size);
      parts.push(inputs[column]);
    }
  }
  const places = new Map<number, number>();
  let width = numbers.size;
  for (const [column, all] of asked) {
    const own = columns[column];
    if (own.kind !== "category") continue;
    // equal sets are one column of the matrix
    const byContent = new Map<string, number>();
    const distinct: Uint8Array[] = [];
    for (const index of all) {
      const content = String(sets[index]);
      if (!byContent.has(content)) {
        byContent.set(content, width + distinct.length);
        distinct.push(sets[index]);
      }
      places.set(index, byContent.get(content) as number);
    }
    const levels = own.levels.length;
    const outside = Array.from({ length: levels + 1 }, (_, level) =>
      distinct.map((members) => 1 - members[level === levels ? MISSING : level]),
    );
    const level = graph.node("Reshape", [
      levelNumber(graph, inputs[column], own.levels),
      graph.integers([-1], [1]),
    ]);
    parts.push(
      graph.node("Gather", [graph.floats(outside.flat(), [levels + 1, distinct.length]), level]),
    );
    width += distinct.length;
  }
  if (parts.length === 0) parts.push(graph.cast(anyNumber(graph, forest, inputs), "float"));
  return { matrix: graph.cast(sideBySide(graph, parts), "double"), numbers, sets: places };
}

/** The sum of trees `first … last`, float32 [rows, 1]. */
function ensemble(
  graph: Graph,
  forest: Forest,
  { matrix, numbers, sets }: Features,
  first: number,
  last: number,
): string {
  const { roots, feature, threshold, left, right, missing, set, value } = forest;
  const nodes = {
    trees: [] as number[],
    ids: [] as number[],
    features: [] as number[],
    modes: [] as string[],
    values: [] as number[],
    lefts: [] as number[],
    rights: [] as number[],
    missingLeft: [] as number[],
  };
  const leaves = { trees: [] as number[], ids: [] as number[], values: [] as number[] };
  for (let tree = first; tree < last; tree++)
    for (let node = roots[tree]; node < roots[tree + 1]; node++) {
      const leaf = feature[node] < 0;
      const category = !leaf && set[node] >= 0;
      const id = node - roots[tree];
      nodes.trees.push(tree);
      nodes.ids.push(id);
      nodes.features.push(
        leaf ? 0 : ((category ? sets.get(set[node]) : numbers.get(feature[node])) as number),
      );
      nodes.modes.push(leaf ? "LEAF" : "BRANCH_LEQ");
      nodes.values.push(leaf ? 0 : category ? 0.5 : threshold[node]);
      nodes.lefts.push(leaf ? 0 : left[node] - roots[tree]);
      nodes.rights.push(leaf ? 0 : right[node] - roots[tree]);
      nodes.missingLeft.push(!leaf && missing[node] === left[node] ? 1 : 0);
      if (!leaf) continue;
      leaves.trees.push(tree);
      leaves.ids.push(id);
      leaves.values.push(value[node]);
    }
  // the regressor, not the classifier: that one gives wrong probabilities for one weight per leaf
  return graph.node(
    "TreeEnsembleRegressor",
    [matrix],
    {
      n_targets: { integer: 1 },
      nodes_treeids: { integers: nodes.trees },
      nodes_nodeids: { integers: nodes.ids },
      nodes_featureids: { integers: nodes.features },
      nodes_modes: { texts: nodes.modes },
      nodes_values_as_tensor: { doubles: nodes.values },
      nodes_truenodeids: { integers: nodes.lefts },
      nodes_falsenodeids: { integers: nodes.rights },
      nodes_missing_value_tracks_true: { integers: nodes.missingLeft },
      target_treeids: { integers: leaves.trees },
      target_nodeids: { integers: leaves.ids },
      target_ids: { integers: leaves.ids.map(() => 0) },
      target_weights_as_tensor: { doubles: leaves.values },
    },
    "ai.onnx.ml",
  );
}
