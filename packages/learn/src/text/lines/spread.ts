import type { Contests } from "./trials.js";

/**
 * Variance of log-odds between lines of a contest beyond what sampling explains, by moments (DerSimonian & Laird 1986), after `told` has
 * been taken off each line. Never below `least`.
 */
export function spreadOf(contests: Contests, told?: Float64Array, least = 1e-4): number {
  const { starts, logits, variances } = contests;
  let excess = 0;
  let scale = 0;
  for (let contest = 0; contest + 1 < starts.length; contest++) {
    let weight = 0;
    let square = 0;
    let mean = 0;
    const from = starts[contest];
    const to = starts[contest + 1];
    const value = (line: number) => logits[line] - (told?.[line] ?? 0);
    for (let line = from; line < to; line++) {
      const own = 1 / variances[line];
      weight += own;
      square += own * own;
      mean += own * value(line);
    }
    mean /= weight;
    let q = 0;
    for (let line = from; line < to; line++) q += (value(line) - mean) ** 2 / variances[line];
    excess += q - (to - from - 1);
    scale += weight - square / weight;
  }
  return scale > 0 ? Math.max(least, excess / scale) : least;
}
