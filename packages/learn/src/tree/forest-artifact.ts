import { type ArtifactReader, badArtifact } from "../artifact.js";
import { BINS, MISSING } from "../kernels/layout.js";
import { emptyNodes, type Forest, type ForestColumn, joinTrees, type Tree } from "./forest.js";

const mostLevels = 255;
const largestFloat = 3.4028234663852886e38;
const float = { min: -largestFloat, max: largestFloat };

/** A forest as plain JSON data: columns, and node by node what each tree asks and says. */
export function saveForest(forest: Forest): unknown {
  const trees = forest.roots.length - 1;
  const own = Array.from(forest.feature, (_, node) => node);
  const rootOf = new Int32Array(own.length);
  for (let tree = 0; tree < trees; tree++)
    rootOf.fill(forest.roots[tree], forest.roots[tree], forest.roots[tree + 1]);
  const relative = (links: Int32Array): number[] =>
    own.map((node) => (links[node] < 0 ? -1 : links[node] - rootOf[node]));
  return {
    columns: forest.columns.map((column) => ({ ...column })),
    base: forest.base,
    sizes: Array.from({ length: trees }, (_, tree) => forest.roots[tree + 1] - forest.roots[tree]),
    feature: Array.from(forest.feature),
    threshold: Array.from(forest.threshold),
    left: relative(forest.left),
    right: relative(forest.right),
    missingLeft: own.map((node) => (forest.missing[node] === forest.left[node] ? 1 : 0)),
    value: Array.from(forest.value),
    rows: Array.from(forest.rows),
    gain: Array.from(forest.gain),
    sets: forest.sets.map(digits),
  };
}

/** 256 bits as hexadecimal digits, the lowest bit of a byte first. */
function digits(set: Uint8Array): string {
  const bytes = Buffer.alloc(BINS / 8);
  for (let bin = 0; bin < BINS; bin++) bytes[bin >> 3] |= set[bin] << (bin & 7);
  return bytes.toString("hex");
}

/** @throws LearnError "artifact" unless every tree is one: each node reached once, every split on a column that can be split so */
export function loadForest(kind: string, data: ArtifactReader): Forest {
  const columns = data.objects("columns").map((column): ForestColumn => {
    const name = column.text("name");
    if (column.choice("kind", ["number", "category"]) === "number") return { name, kind: "number" };
    const levels = column.texts("levels");
    if (levels.length > mostLevels || new Set(levels).size !== levels.length)
      throw badArtifact(kind, `column "${name.slice(0, 40)}" has too many levels or one twice`);
    return { name, kind: "category", levels };
  });
  if (new Set(columns.map(({ name }) => name)).size !== columns.length)
    throw badArtifact(kind, "two columns have one name");
  const sizes = data.numbers("sizes", { min: 1, integer: true });
  const count = sizes.reduce((sum, size) => sum + size, 0);
  const per = { length: count };
  const all = {
    feature: data.numbers("feature", { ...per, min: -1, max: columns.length - 1, integer: true }),
    threshold: data.numbers("threshold", { ...per, ...float }),
    left: data.numbers("left", { ...per, min: -1, integer: true }),
    right: data.numbers("right", { ...per, min: -1, integer: true }),
    missingLeft: data.numbers("missingLeft", { ...per, min: 0, max: 1, integer: true }),
    value: data.numbers("value", { ...per, ...float }),
    rows: data.numbers("rows", { ...per, min: 1, integer: true }),
    gain: data.numbers("gain", per),
  };
  const sets = loadSets(kind, data);
  let nextSet = 0;
  const trees: Tree[] = [];
  for (let tree = 0, from = 0; tree < sizes.length; from += sizes[tree++]) {
    const size = sizes[tree];
    const nodes = emptyNodes(size);
    const own: Uint8Array[] = [];
    const reached = new Uint8Array(size);
    for (let node = 0; node < size; node++) {
      const column = all.feature[from + node];
      nodes.rows[node] = all.rows[from + node];
      if (column < 0) {
        nodes.value[node] = Math.fround(all.value[from + node]);
        continue;
      }
      const left = all.left[from + node];
      const right = all.right[from + node];
      // children stand behind their parent, so that no row can walk in circles
      if (left <= node || right <= node || left >= size || right >= size || left === right)
        throw badArtifact(kind, `node ${node} of tree ${tree} has no two children behind it`);
      if (reached[left]++ || reached[right]++)
        throw badArtifact(kind, `a node of tree ${tree} has two parents`);
      nodes.feature[node] = column;
      nodes.left[node] = left;
      nodes.right[node] = right;
      nodes.missing[node] = all.missingLeft[from + node] === 1 ? left : right;
      nodes.gain[node] = all.gain[from + node];
      if (columns[column].kind === "number") {
        nodes.threshold[node] = Math.fround(all.threshold[from + node]);
        continue;
      }
      const set = sets[nextSet++];
      if (!set) throw badArtifact(kind, "a set of levels is missing");
      nodes.set[node] = own.length;
      nodes.missing[node] = set[MISSING] === 1 ? left : right;
      own.push(set);
    }
    for (let node = 1; node < size; node++)
      if (!reached[node]) throw badArtifact(kind, `node ${node} of tree ${tree} is out of reach`);
    checkDepth(kind, nodes, tree);
    trees.push({ ...nodes, sets: own });
  }
  if (nextSet !== sets.length)
    throw badArtifact(kind, "it has more sets of levels than splits on them");
  return joinTrees(columns, data.number("base"), trees);
}

/** The explanation of a leaf counts the columns of its path in the bits of a word. */
function checkDepth(
  kind: string,
  nodes: { left: Int32Array; right: Int32Array },
  tree: number,
): void {
  const depth = new Int32Array(nodes.left.length);
  for (let node = 0; node < depth.length; node++) {
    if (nodes.left[node] < 0) continue;
    if (depth[node] >= 30) throw badArtifact(kind, `tree ${tree} is deeper than 30 splits`);
    depth[nodes.left[node]] = depth[node] + 1;
    depth[nodes.right[node]] = depth[node] + 1;
  }
}

function loadSets(kind: string, data: ArtifactReader): Uint8Array[] {
  return data.texts("sets").map((digits) => {
    if (!/^[0-9a-f]{64}$/.test(digits))
      throw badArtifact(kind, "a set of levels is not 64 hexadecimal digits");
    const bytes = Buffer.from(digits, "hex");
    return Uint8Array.from({ length: BINS }, (_, bin) => (bytes[bin >> 3] >> (bin & 7)) & 1);
  });
}
