import { GRID, GRID_CELLS, LEVELS, SCORED, STEPS } from "../kernels/forest-layout.js";
import type { Forest } from "./forest.js";
import { type Condition, collect, type Packed, run } from "./pack.js";
import { makeWriter, writeSet } from "./writer.js";

const mostLeaves = 128;
const mostThresholds = 254;
/** Conditions per column from which on putting its values into bins pays. */
const manyConditions = 32;

/** The lowest bit of half a byte, lower and upper (128 or more: none), the mask of a half, and ones. */
const lowestBits = [128, 0, 1, 0, 2, 0, 1, 0, 3, 0, 1, 0, 2, 0, 1, 0];
const vectors = [
  Uint8Array.from(lowestBits),
  Uint8Array.from(lowestBits, (bit) => bit + 4),
  new Uint8Array(16).fill(15),
  new Uint8Array(16).fill(1),
];

/** A forest as the kernel `scoreBytes` reads it; undefined where bins do not pay or a byte does not hold them. */
export function packBytes(forest: Forest): Packed | undefined {
  const { feature, set, threshold, columns } = forest;
  const used = [...new Set(feature)].filter((column) => column >= 0).sort((a, b) => a - b);
  const conditions = feature.reduce((count, column) => count + (column >= 0 ? 1 : 0), 0);
  if (conditions < manyConditions * used.length) return undefined;
  const thresholds = columns.map(() => new Set<number>());
  for (let node = 0; node < feature.length; node++)
    if (feature[node] >= 0 && set[node] < 0) thresholds[feature[node]].add(threshold[node]);
  const sorted = thresholds.map((values) => Float32Array.from(values).sort());
  if (sorted.some(({ length }) => length > mostThresholds)) return undefined;
  const trees = forest.roots.length - 1;
  for (let tree = 0; tree < trees; tree++)
    if ((forest.roots[tree + 1] - forest.roots[tree] + 1) / 2 > mostLeaves) return undefined;

  const writer = makeWriter();
  const places: { at: number; bytes: () => void }[] = [];
  for (const word of [trees, 1, used.length, 80 + 16 * used.length]) writer.word(word);
  for (const vector of vectors) writer.bytes(vector);
  for (const column of used) {
    const isLevels = columns[column].kind === "category";
    const grid = isLevels ? undefined : makeGrid(sorted[column]);
    for (const word of [column, isLevels ? LEVELS : grid ? GRID : STEPS]) writer.word(word);
    if (!isLevels)
      places.push({
        at: writer.length(),
        bytes: () => {
          for (let bin = 0; bin < 260; bin++) writer.float(sorted[column][bin] ?? Infinity);
          if (!grid) return;
          writer.float(grid.first);
          writer.float(grid.scale);
          writer.bytes(grid.before);
        },
      });
    writer.word(0);
    writer.word(0);
  }
  const bins = sorted.map((values) => new Map([...values].map((value, bin) => [value, bin])));
  const binOf = (node: number): number =>
    bins[feature[node]].get(Math.fround(threshold[node])) as number;
  const placeOf = new Map(used.map((column, index) => [column, index * SCORED]));
  for (let tree = 0; tree < trees; tree++) packTree(tree);
  for (const { at, bytes } of places) {
    writer.patch(at, writer.length());
    bytes();
  }
  return { bytes: writer.done(), scratch: SCORED * used.length + 64 };

  function packTree(tree: number): void {
    const leaves: number[] = [];
    const found: Condition[] = [];
    collect(forest, forest.roots[tree], leaves, found);
    const planes = Math.max(1, Math.ceil(leaves.length / 8));
    const start = writer.length();
    writer.word(planes);
    writer.word(0);
    for (let plane = 0; plane < planes; plane++) packPlane(found, 8 * plane);
    for (let leaf = 0; leaf < 8 * planes; leaf++)
      writer.double(leaf < leaves.length ? forest.value[leaves[leaf]] : 0);
    writer.patch(start + 4, writer.length() - start);
  }

  function packPlane(found: readonly Condition[], start: number): void {
    const here = found.filter(({ from, to }) => from < start + 8 && to > start);
    const numbers = here.filter(({ node }) => set[node] < 0);
    const goesLeft = ({ node }: Condition): boolean => forest.missing[node] === forest.left[node];
    const right = numbers.filter((condition) => !goesLeft(condition));
    const left = numbers.filter(goesLeft);
    const sets = here.filter(({ node }) => set[node] >= 0);
    for (const count of [right.length, left.length, sets.length, 0]) writer.word(count);
    const out = ({ from, to }: Condition): number => run(from - start, to - start) & 0xff;
    const number = (condition: Condition, more: number): void => {
      writer.word(placeOf.get(feature[condition.node]) as number);
      const bin = (binOf(condition.node) + more - 128) & 0xff;
      writer.word(bin | (out(condition) << 8));
    };
    for (const condition of right) number(condition, 0);
    for (const condition of left) number(condition, 1);
    for (const condition of sets) {
      const levels = forest.sets[set[condition.node]];
      writer.word(placeOf.get(feature[condition.node]) as number);
      places.push({ at: writer.length(), bytes: () => writeSet(writer, levels) });
      writer.word(0);
      writer.word(out(condition));
      writer.word(0);
    }
  }
}

/** Cells of equal width from the first threshold to the last; undefined where more than four thresholds share one. */
function makeGrid(
  thresholds: Float32Array,
): { first: number; scale: number; before: Uint8Array } | undefined {
  const f = Math.fround;
  const first = thresholds[0];
  const scale = f((GRID_CELLS - 1) / (thresholds[thresholds.length - 1] - first));
  const counts = new Uint8Array(GRID_CELLS);
  for (const threshold of thresholds) {
    // single precision, step by step, as the kernel does it
    const place = f(f(threshold - first) * scale);
    const cell = f(Math.min(GRID_CELLS - 1, Math.max(0, place)) + 8388608) - 8388608;
    if (!(++counts[cell] <= 4)) return undefined;
  }
  const before = new Uint8Array(GRID_CELLS);
  for (let cell = 1; cell < GRID_CELLS; cell++) before[cell] = before[cell - 1] + counts[cell - 1];
  return { first, scale, before };
}
