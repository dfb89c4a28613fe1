import type { Contests } from "./trials.js";

/** How well margins tell which of two lines of a contest has the higher click rate. */
export interface PairAccuracy {
  /** Pairs with different click rates. */
  readonly pairs: number;
  readonly accuracy: number;
  /** Those whose rates differ beyond chance: |z| > 1.96. */
  readonly significantPairs: number;
  readonly significantAccuracy: number;
}

/** A pair that the margins cannot tell apart counts half. */
export function pairAccuracy(
  { starts, shown, clicked }: Contests,
  margins: Float64Array,
  among?: Int32Array,
): PairAccuracy {
  const found = { pairs: 0, right: 0, significant: 0, rightThere: 0 };
  for (const contest of among ?? starts.subarray(0, -1).keys())
    for (let left = starts[contest]; left < starts[contest + 1]; left++)
      for (let right = left + 1; right < starts[contest + 1]; right++) {
        const difference = clicked[left] / shown[left] - clicked[right] / shown[right];
        if (difference === 0) continue;
        const rate = (clicked[left] + clicked[right]) / (shown[left] + shown[right]);
        const z = difference / Math.sqrt(rate * (1 - rate) * (1 / shown[left] + 1 / shown[right]));
        const told = Math.sign(margins[left] - margins[right]) * Math.sign(difference);
        found.pairs++;
        found.right += (1 + told) / 2;
        if (Math.abs(z) <= 1.96) continue;
        found.significant++;
        found.rightThere += (1 + told) / 2;
      }
  return {
    pairs: found.pairs,
    accuracy: found.right / found.pairs,
    significantPairs: found.significant,
    significantAccuracy: found.rightThere / found.significant,
  };
}
