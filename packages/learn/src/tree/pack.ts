import { CHUNK_STRIDE } from "../kernels/forest-layout.js";
import type { Forest } from "./forest.js";
import { makeWriter, type Writer, writeSet } from "./writer.js";

/** A forest as the kernel `scoreChunk` reads it, and the bytes of scratch that it needs. */
export interface Packed {
  readonly bytes: Uint8Array;
  readonly scratch: number;
}

export interface Condition {
  readonly node: number;
  /** Leaves of its left side: from, to. They drop out when the condition fails. */
  readonly from: number;
  readonly to: number;
}

/** Leaves are numbered from left to right; a node's left side is a run of them. */
export function packForest(forest: Forest): Packed {
  const writer = makeWriter();
  let most = 1;
  const setPlaces: { at: number; set: number }[] = [];
  writer.word(forest.roots.length - 1);
  writer.word(0);
  for (let tree = 0; tree < forest.roots.length - 1; tree++) {
    const leaves: number[] = [];
    const conditions: Condition[] = [];
    collect(forest, forest.roots[tree], leaves, conditions);
    const words = Math.max(1, Math.ceil(leaves.length / 32));
    most = Math.max(most, words);
    writer.word(words);
    writer.word(0);
    for (let word = 0; word < words; word++) packWord(forest, conditions, word, writer, setPlaces);
    for (let leaf = 0; leaf < 32 * words; leaf++)
      writer.double(leaf < leaves.length ? forest.value[leaves[leaf]] : 0);
  }
  for (const { at, set } of setPlaces) {
    writer.patch(at, writer.length());
    writeSet(writer, forest.sets[set]);
  }
  return { bytes: writer.done(), scratch: 64 * most };
}

export function collect(
  forest: Forest,
  node: number,
  leaves: number[],
  conditions: Condition[],
): void {
  if (forest.feature[node] < 0) {
    leaves.push(node);
    return;
  }
  const from = leaves.length;
  collect(forest, forest.left[node], leaves, conditions);
  conditions.push({ node, from, to: leaves.length });
  collect(forest, forest.right[node], leaves, conditions);
}

function packWord(
  forest: Forest,
  conditions: readonly Condition[],
  word: number,
  writer: Writer,
  setPlaces: { at: number; set: number }[],
): void {
  const start = 32 * word;
  const here = conditions.filter(({ from, to }) => from < start + 32 && to > start);
  const isSet = ({ node }: Condition): boolean => forest.set[node] >= 0;
  const goesLeft = ({ node }: Condition): boolean => forest.missing[node] === forest.left[node];
  const left = inPairs(
    forest,
    here.filter((node) => !isSet(node) && goesLeft(node)),
  );
  const right = inPairs(
    forest,
    here.filter((node) => !isSet(node) && !goesLeft(node)),
  );
  const sets = here.filter(isSet);
  const kinds = [left.pairs, left.single, right.pairs, right.single, sets];
  const counts = [left.pairs.length / 2, left.single.length, right.pairs.length / 2];
  for (const count of [...counts, right.single.length, sets.length, 0, 0, 0]) writer.word(count);
  for (const condition of kinds.flat()) {
    const { node } = condition;
    writer.word(forest.feature[node] * CHUNK_STRIDE);
    if (isSet(condition)) {
      setPlaces.push({ at: writer.length(), set: forest.set[node] });
      writer.word(0);
    } else writer.float(forest.threshold[node]);
    writer.word(run(condition.from - start, condition.to - start));
    writer.word(0);
  }
}

/** Two conditions on one column stand side by side, so that its values are loaded once for both. */
function inPairs(
  { feature }: Forest,
  conditions: readonly Condition[],
): { pairs: readonly Condition[]; single: readonly Condition[] } {
  const pairs: Condition[] = [];
  const waiting = new Map<number, Condition>();
  for (const condition of conditions) {
    const column = feature[condition.node];
    const other = waiting.get(column);
    if (other) pairs.push(other, condition);
    if (other) waiting.delete(column);
    else waiting.set(column, condition);
  }
  return { pairs, single: [...waiting.values()] };
}

/** Bits [from, to) of a word, as far as they lie in it. */
export function run(from: number, to: number): number {
  const below = (end: number): number => (end <= 0 ? 0 : end >= 32 ? -1 : (1 << end) - 1);
  return below(to) & ~below(from);
}
