import { incompleteBeta } from "../special/incomplete-beta.js";

/** How often a threshold may be chosen that is too low. */
const risk = 0.05;

/**
 * The least confidence to answer with so that answers are right as often as asked: thresholds are tried from the highest down, each by an
 * exact binomial test, and the first that fails ends the search, so that the chance of promising too much stays below .05 (fixed sequence
 * testing: Angelopoulos et al. 2021). `confidences` and `right` are of texts the model did not learn from. `Infinity` when no share of
 * them can be answered that well.
 */
export function leastConfidence(
  confidences: Float64Array,
  right: Uint8Array,
  accuracy: number,
): number {
  if (accuracy <= 0) return 0;
  const order = Int32Array.from(confidences.keys()).sort(
    (left, next) => confidences[next] - confidences[left] || left - next,
  );
  // with fewer, even no mistake at all would prove nothing; from there on in steps of a fiftieth of all
  const first = accuracy >= 1 ? Infinity : Math.ceil(Math.log(risk) / Math.log(accuracy));
  const step = Math.max(1, Math.floor(order.length / 50));
  const start = Math.max(first, step);
  let threshold = Infinity;
  let hits = 0;
  for (let n = 1; n <= order.length; n++) {
    hits += right[order[n - 1]];
    if (n < start || ((n - start) % step !== 0 && n !== order.length)) continue;
    // ties are answered together
    if (n < order.length && confidences[order[n]] === confidences[order[n - 1]]) continue;
    if (chanceOf(hits, n, accuracy) > risk) {
      if (threshold === Infinity && n < 4 * start) continue; // a slip among the very first proves nothing yet
      break;
    }
    threshold = confidences[order[n - 1]];
  }
  return threshold;
}

/** P(hits or more of n) if each were right with probability `accuracy`. */
const chanceOf = (hits: number, n: number, accuracy: number): number =>
  hits === 0 ? 1 : incompleteBeta(hits, n - hits + 1, accuracy);
