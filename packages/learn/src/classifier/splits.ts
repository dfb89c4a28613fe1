import { random } from "../random.js";

/** Rows to learn from and rows to judge by; a row is judged once at most. */
export interface Split {
  readonly training: Int32Array;
  readonly judged: Int32Array;
}

/**
 * Folds with the same share of positives, drawn by the seed. Rows of one group share a fold. Fewer folds than asked for where
 * one outcome occurs in fewer groups; none where only one group has it.
 */
export function foldSplits(
  labels: Float64Array,
  groups: ArrayLike<number> | undefined,
  folds: number,
  seed: number,
): Split[] {
  const members = new Map<number, number[]>();
  for (let row = 0; row < labels.length; row++) {
    const group = groups ? groups[row] : row;
    const rows = members.get(group);
    if (rows) rows.push(row);
    else members.set(group, [row]);
  }
  const all = [...members.values()];
  const positive = all.filter((rows) => rows.some((row) => labels[row] === 1));
  const negative = all.filter((rows) => rows.every((row) => labels[row] === 0));
  const withNegative = all.filter((rows) => rows.some((row) => labels[row] === 0)).length;
  const count = Math.min(folds, positive.length, withNegative);
  if (count < 2) return [];
  const foldOf = new Int32Array(labels.length);
  const draws = random(seed, 0xf01d);
  let next = 0;
  for (const part of [positive, negative])
    for (const index of draws.shuffle(Int32Array.from(part.keys()))) {
      for (const row of part[index]) foldOf[row] = next % count;
      next++;
    }
  const rows = Int32Array.from(labels.keys());
  return Array.from({ length: count }, (_, fold) => ({
    training: rows.filter((row) => foldOf[row] !== fold),
    judged: rows.filter((row) => foldOf[row] === fold),
  })).filter(({ training }) => both(labels, training));
}

/**
 * The latest tenth of the rows, judged by what all the rows before it teach: what comes next will resemble it most. It reaches
 * further back, to half of the rows, where it takes that to see both outcomes fifty times.
 */
export function latestSplit(labels: Float64Array): Split[] {
  const rows = Int32Array.from(labels.keys());
  const seen = [0, 0];
  let from = rows.length;
  while (from > rows.length / 2) {
    const enough = Math.min(seen[0], seen[1]) >= 50 && rows.length - from >= rows.length / 10;
    if (enough) break;
    seen[labels[--from]]++;
  }
  const split = { training: rows.subarray(0, from), judged: rows.subarray(from) };
  return from < rows.length && both(labels, split.training) ? [split] : [];
}

function both(labels: Float64Array, rows: Int32Array): boolean {
  return rows.some((row) => labels[row] === 1) && rows.some((row) => labels[row] === 0);
}
