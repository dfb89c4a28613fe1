import { normalCdf, normalQuantile } from "../special/normal.js";
import { invert } from "./invert.js";
import type { Contrast } from "./types.js";

/** How many of how many. */
export interface Share {
  readonly count: number;
  readonly of: number;
}

/**
 * The difference of two proportions, `one` minus `other`, by the score method (Miettinen & Nurminen 1985, Statistics in Medicine
 * 4): it holds with few counts, none at all and arms of any sizes, where the usual one is too narrow.
 */
export function scoreDifference(one: Share, other: Share): Contrast {
  const [p1, p0] = [one.count / one.of, other.count / other.of];
  const value = p1 - p0;
  return {
    value,
    error: Math.sqrt(variance(p1, one.of) + variance(p0, other.of)),
    p: Math.min(1, 2 * normalCdf(-Math.abs(scoreAt(one, other, 0)))),
    interval: (level) =>
      invert(
        (difference) => scoreAt(one, other, difference),
        value,
        -normalQuantile(level / 2),
        [-1, 1],
      ),
  };
}

const variance = (share: number, of: number): number => (share * (1 - share)) / of;

/** The score at a supposed difference. */
function scoreAt(one: Share, other: Share, difference: number): number {
  const distance = one.count / one.of - other.count / other.of - difference;
  if (distance === 0) return 0;
  const p0 = restricted(one, other, difference);
  const p1 = Math.min(1, Math.max(0, p0 + difference));
  const total = one.of + other.of;
  const spread = ((variance(p1, one.of) + variance(p0, other.of)) * total) / (total - 1);
  return spread > 0 ? distance / Math.sqrt(spread) : Math.sign(distance) * Number.MAX_VALUE;
}

/** The likeliest proportion of the other when the first is `difference` above it: the root of a cubic, in closed form. */
function restricted(one: Share, other: Share, difference: number): number {
  const [x1, n1, x0, n0] = [one.count, one.of, other.count, other.of];
  const total = n1 + n0;
  const d = difference;
  const cube = total;
  const square = (n1 + 2 * n0) * d - total - x1 - x0;
  const line = (n0 * d - total - 2 * x0) * d + x1 + x0;
  const constant = x0 * d * (1 - d);
  const third = square / (3 * cube);
  const q = third ** 3 - (square * line) / (6 * cube * cube) + constant / (2 * cube);
  const root = Math.sqrt(Math.max(0, third ** 2 - line / (3 * cube)));
  const p = q < 0 ? -root : root;
  const ratio = p === 0 ? 0 : Math.max(-1, Math.min(1, q / p ** 3));
  const angle = (Math.PI + Math.acos(ratio)) / 3;
  const share = 2 * p * Math.cos(angle) - third;
  return Math.min(Math.min(1, 1 - d), Math.max(Math.max(0, -d), share));
}
