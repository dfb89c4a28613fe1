import { LearnError } from "../error.js";

/** Adjusted Rand index of two groupings of the same rows (Hubert & Arabie 1985): 1 = the same, about 0 = by chance. */
export function adjustedRandIndex(left: ArrayLike<number>, right: ArrayLike<number>): number {
  if (left.length !== right.length)
    throw new LearnError("input", `adjustedRandIndex: ${left.length} and ${right.length} rows.`);
  const pairs = (count: number) => (count * (count - 1)) / 2;
  const both = new Map<string, number>();
  const lefts = new Map<number, number>();
  const rights = new Map<number, number>();
  for (let row = 0; row < left.length; row++) {
    const key = `${left[row]} ${right[row]}`;
    both.set(key, (both.get(key) ?? 0) + 1);
    lefts.set(left[row], (lefts.get(left[row]) ?? 0) + 1);
    rights.set(right[row], (rights.get(right[row]) ?? 0) + 1);
  }
  const sum = (counts: Map<unknown, number>) =>
    [...counts.values()].reduce((total, count) => total + pairs(count), 0);
  const expected = (sum(lefts) * sum(rights)) / pairs(left.length);
  const most = (sum(lefts) + sum(rights)) / 2;
  return most === expected ? 1 : (sum(both) - expected) / (most - expected);
}
