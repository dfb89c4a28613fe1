import type { UpliftEffects } from "./types.js";

/**
 * What a treatment does to somebody. "persuadable": more than it costs, beyond doubt. "do-not-disturb": harm by every arm, beyond
 * doubt. Of the others, whom it cannot be shown to move, "sure" are as likely as the average or more to do it anyway, "lost" less.
 */
export const upliftGroups = ["persuadable", "sure", "lost", "do-not-disturb"] as const;
export type UpliftGroup = (typeof upliftGroups)[number];

export interface GroupOptions {
  /** Mean outcome without treatment: what tells "sure" and "lost" apart. */
  readonly controlMean: number;
  /** Effect that a treatment must have to be worth its cost. Defaults to 0. */
  readonly leastEffect?: number;
}

/** The group of each person, as a place in `upliftGroups`. */
export function groupsOf(
  { baseline, arms }: UpliftEffects,
  { controlMean, leastEffect = 0 }: GroupOptions,
): Uint8Array {
  return Uint8Array.from(baseline, (anyway, row) => {
    if (arms.some(({ low }) => low[row] > leastEffect)) return 0;
    if (arms.every(({ high }) => high[row] < 0)) return 3;
    return anyway >= controlMean ? 1 : 2;
  });
}
