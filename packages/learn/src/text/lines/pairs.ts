import type { Contests } from "./trials.js";

/** How well margins tell which of two lines of a contest has the higher click rate. */
export interface PairAccuracy {
  /** Pairs with different click rates. */
  readonly pairs: number;
  /** `null` where none could be judged. */
  readonly accuracy: number | null;
  /** Those whose rates differ beyond chance: |z| > 1.96. */
  readonly significantPairs: number;
  readonly significantAccuracy: number | null;
}

/** One pair of lines of a contest: the log-odds or rate of the left less that of the right, in standard errors too. */
interface Pair {
  readonly left: number;
  readonly right: number;
  readonly difference: number;
  readonly z: number;
}

/** Pairs of lines of the contests `among` that differ. */
export function* pairsOf(contests: Contests, among?: Iterable<number>): Generator<Pair> {
  const { starts } = contests;
  for (const contest of among ?? starts.subarray(0, -1).keys())
    for (let left = starts[contest]; left < starts[contest + 1]; left++)
      for (let right = left + 1; right < starts[contest + 1]; right++) {
        const pair = compared(contests, left, right);
        if (pair.difference !== 0) yield pair;
      }
}

function compared(contests: Contests, left: number, right: number): Pair {
  const { shown, clicked, logits, variances } = contests;
  if (contests.corrected) {
    const difference = logits[left] - logits[right];
    return {
      left,
      right,
      difference,
      z: difference / Math.sqrt(variances[left] + variances[right]),
    };
  }
  const difference = clicked[left] / shown[left] - clicked[right] / shown[right];
  const rate = (clicked[left] + clicked[right]) / (shown[left] + shown[right]);
  const error = Math.sqrt(rate * (1 - rate) * (1 / shown[left] + 1 / shown[right]));
  return { left, right, difference, z: difference / error };
}

/** A pair that the margins cannot tell apart counts half. */
export function pairAccuracy(
  contests: Contests,
  margins: Float64Array,
  among?: Iterable<number>,
): PairAccuracy {
  const found = { pairs: 0, right: 0, significant: 0, rightThere: 0 };
  for (const { left, right, difference, z } of pairsOf(contests, among)) {
    const told = Math.sign(margins[left] - margins[right]) * Math.sign(difference);
    found.pairs++;
    found.right += (1 + told) / 2;
    if (Math.abs(z) <= 1.96) continue;
    found.significant++;
    found.rightThere += (1 + told) / 2;
  }
  return {
    pairs: found.pairs,
    accuracy: found.pairs === 0 ? null : found.right / found.pairs,
    significantPairs: found.significant,
    significantAccuracy: found.significant === 0 ? null : found.rightThere / found.significant,
  };
}
