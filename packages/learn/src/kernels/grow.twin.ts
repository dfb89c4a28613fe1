import { random } from "../random.js";
import type { Feature } from "../tree/encode.js";
import type { Tree } from "../tree/forest.js";
import type { GrowInput, Grown } from "../tree/grow.js";
import { encodeTwin, reorderTwin } from "./encode.twin.js";
import { hashTwin } from "./floats.twin.js";
import { gradientsTwin, type Margins, probabilitiesTwin } from "./gradients.twin.js";
import { BINS, MISSING, QUANTILE } from "./layout.js";
import { levelSplitTwin, numberSplitTwin, outputTwin } from "./split.twin.js";
import { type NodeSplit, residualTwin, treeTwin } from "./tree.twin.js";

const f = Math.fround;

interface Leaf {
  rows: number[];
  node: number;
  depth: number;
  minRows: number;
  low: number;
  high: number;
  split: NodeSplit | undefined;
}

/** Boosting as the kernels do it, to the last bit, in plain TypeScript: one thread, no subtraction, no tricks. */
export function growTwin(input: GrowInput): Grown {
  const { rows, trained, order } = input;
  const { features, bins } = encodeTwin(input);
  if (features.length === 0) return { features, rounds: [] };
  const pick = (values: Float64Array): Float32Array =>
    Float32Array.from({ length: rows }, (_, place) => values[order ? order[place] : place]);
  const data: Margins = {
    labels: pick(input.labels.map((label) => (label - input.shift) / input.scale)),
    weights: input.weights && pick(input.weights),
    margins: input.start.map((start) => new Float32Array(rows).fill(start)),
    probabilities: input.start.map(() => new Float32Array(rows)),
  };
  const rounds: Tree[][] = [];
  for (let round = 0; round < input.trees; round++) {
    probabilitiesTwin(data);
    const trees = input.start.map((_, k) => {
      const draw = random(input.seed, 1 + round * input.start.length + k);
      return growOne(input, features, bins, data, k, draw);
    });
    if (round === 0 && trained >= input.reorderFrom)
      reorderTwin(trees[trees.length - 1], features, bins, data, trained);
    if (
      input.rowSampling === 1 &&
      input.columnSampling === 1 &&
      trees.every((tree) => tree.feature.length === 1)
    )
      break;
    rounds.push(trees);
    if (
      input.onRound(
        round,
        data.margins.map((column) => column.subarray(trained)),
      )
    )
      break;
  }
  return { features, rounds };
}

function growOne(
  input: GrowInput,
  features: readonly Feature[],
  bins: readonly Uint8Array[],
  data: Margins,
  k: number,
  draw: ReturnType<typeof random>,
): Tree {
  const { trained, minRows } = input;
  const dither = draw.uint32();
  const sampling = draw.uint32();
  const limit = Math.max(1, Math.floor(input.rowSampling * 2 ** 32));
  const isIn = (row: number): boolean =>
    row < trained && (input.rowSampling === 1 || hashTwin(row, sampling) < limit);
  const deck = Uint32Array.from(features.keys());
  const chosen = Math.max(1, Math.ceil(input.columnSampling * features.length));
  if (chosen < features.length) draw.shuffle(deck);
  const used = new Set(deck.subarray(0, chosen));
  const { g, h, scales } = gradientsTwin(input, data, k, dither);
  const scale = {
    invG: 1 / scales[0],
    invH: 1 / scales[1],
    hessianScale: scales[1],
    l2: input.l2,
    minHessian: input.minHessian,
  };

  const sum = (list: readonly number[]) => ({
    g: list.reduce((total, row) => total + g[row], 0),
    h: list.reduce((total, row) => total + h[row], 0),
  });
  const find = (leaf: Leaf): Leaf["split"] => {
    if (leaf.rows.length < 2 * minRows || leaf.depth >= input.maxDepth) return undefined;
    const state = { ...leaf, total: sum(leaf.rows), rows: leaf.rows.length };
    let best: Leaf["split"];
    features.forEach((source, feature) => {
      if (!used.has(feature)) return;
      const cells = Array.from({ length: BINS }, () => ({ g: 0, h: 0 }));
      for (const row of leaf.rows) {
        cells[bins[feature][row]].g += g[row];
        cells[bins[feature][row]].h += h[row];
      }
      const direction = Math.sign(input.monotone.get(source.column) ?? 0);
      const split =
        source.kind === "category"
          ? levelSplitTwin(cells, source.levels.length, state, scale)
          : numberSplitTwin(cells, source.thresholds.length + 1, direction, state, scale);
      const least = best?.gain ?? input.minGain / input.scale ** 2;
      if (split && split.gain > least) best = { ...split, feature };
    });
    return best;
  };
  const output = (leaf: Leaf): number => {
    const total = sum(leaf.rows);
    return outputTwin(total.g * scale.invG, total.h * scale.invH, input.l2, leaf.low, leaf.high);
  };
  const goesLeft =
    ({ feature, bin, missingLeft, set }: NodeSplit) =>
    (row: number): boolean => {
      const value = bins[feature][row];
      if (set) return set[value] === 1;
      return value === MISSING ? missingLeft : value <= bin;
    };

  const all = Array.from({ length: trained }, (_, row) => row).filter(isIn);
  const root: Leaf = {
    rows: all,
    node: 0,
    depth: 0,
    minRows,
    low: -Infinity,
    high: Infinity,
    split: undefined,
  };
  root.split = find(root);
  const leaves = [root];
  const splits = new Map<number, Leaf["split"] & { left: unknown }>();
  const counts = [all.length];
  const most = Math.max(2, Math.min(input.leaves, Math.floor(trained / minRows)));
  while (leaves.length < most) {
    let leaf: Leaf | undefined;
    for (const other of leaves)
      if (other.split && other.split.gain > (leaf?.split?.gain ?? 0)) leaf = other;
    if (!leaf?.split) break;
    const isLeft = goesLeft(leaf.split);
    const left = leaf.rows.filter(isLeft);
    const right = leaf.rows.filter((row) => !isLeft(row));
    if (left.length < minRows || right.length < minRows) {
      leaf.minRows *= 2;
      leaf.split = find(leaf);
      continue;
    }
    const { split } = leaf;
    splits.set(leaf.node, split);
    const first = 2 * leaves.length - 1;
    counts[first] = left.length;
    counts[first + 1] = right.length;
    const sibling: Leaf = { ...leaf, rows: right, node: first + 1, depth: leaf.depth + 1, minRows };
    Object.assign(leaf, { rows: left, node: first, depth: leaf.depth + 1, minRows });
    const direction = input.monotone.get(features[split.feature].column) ?? 0;
    if (direction !== 0) {
      const middle = (output(leaf) + output(sibling)) * 0.5;
      const [lower, upper] = direction > 0 ? [leaf, sibling] : [sibling, leaf];
      lower.high = Math.min(lower.high, middle);
      upper.low = Math.max(upper.low, middle);
    }
    leaves.push(sibling);
    leaf.split = find(leaf);
    sibling.split = find(sibling);
  }

  const values = new Map(
    leaves.map((leaf) => {
      const step = input.objective === QUANTILE ? residualTwin(input, data, leaf) : output(leaf);
      return [leaf.node, f(step * input.learningRate)];
    }),
  );
  const tree = treeTwin(input, features, splits, counts, values);
  for (let row = 0; row < data.labels.length; row++) {
    let node = 0;
    for (let split = splits.get(node); split; split = splits.get(node))
      node = goesLeft(split)(row) ? tree.left[node] : tree.right[node];
    data.margins[k][row] += values.get(node) as number;
  }
  return tree;
}
