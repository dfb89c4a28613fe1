import type { Contests } from "./trials.js";

export interface Slope {
  /** What a unit of held-out margin was worth, between 0 and 1. */
  readonly value: number;
  /** Standard error. */
  readonly error: number;
}

/**
 * How far margins of lines that the model had not seen hold: the slope of log-odds on them within contests, weighted by precision. It is
 * never above 1, and 0 where it may as well be none (one-sided 5 %): what does not hold is not told.
 */
export function slopeOf(
  { starts, logits, variances }: Contests,
  margins: Float64Array,
  spread: number,
): Slope {
  let both = 0;
  let square = 0;
  for (let contest = 0; contest + 1 < starts.length; contest++) {
    let weight = 0;
    let level = 0;
    let mean = 0;
    for (let line = starts[contest]; line < starts[contest + 1]; line++) {
      const own = 1 / (variances[line] + spread);
      weight += own;
      level += own * logits[line];
      mean += own * margins[line];
    }
    for (let line = starts[contest]; line < starts[contest + 1]; line++) {
      const own = 1 / (variances[line] + spread);
      both += own * (margins[line] - mean / weight) * (logits[line] - level / weight);
      square += own * (margins[line] - mean / weight) ** 2;
    }
  }
  if (!(square > 0)) return { value: 0, error: 0 };
  const error = 1 / Math.sqrt(square);
  const value = both / square;
  return value < 1.645 * error ? { value: 0, error: 0 } : { value: Math.min(1, value), error };
}
