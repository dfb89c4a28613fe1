import { LearnError } from "../error.js";
import { chiSquareTail } from "./chi-square.js";
import type { Histogram } from "./histogram.js";

/** How far two samples lie apart. */
export interface Stability {
  /** Population stability index, Σ (q − p) ln(q / p) over the bins: 0 for equal shares. */
  readonly psi: number;
  /**
   * `psi` less what chance alone makes of it, never below 0: what is to be judged. Two normal distributions that lie δ standard
   * deviations apart have δ².
   */
  readonly effect: number;
  /** Probability of such an index or a larger one when nothing has changed. */
  readonly p: number;
  /** Bins compared, after small ones have been joined to their neighbours. */
  readonly bins: number;
}

/** A bin that expects fewer than this in the smaller sample is joined with its neighbour, or the null distribution would not hold. */
const leastExpected = 10;

/**
 * Population stability index with its null distribution: without a change PSI / (1/n + 1/m) is chi-square with one degree of
 * freedom fewer than bins (Yurdakul 2018). Missing values are a bin.
 *
 * @throws LearnError "input" when the histograms have different edges
 */
export function populationStability(reference: Histogram, current: Histogram): Stability {
  if (
    reference.edges.length !== current.edges.length ||
    reference.edges.some((edge, index) => edge !== current.edges[index])
  )
    throw new LearnError("input", "populationStability: the histograms have different edges.", {
      hint: "Make the second one by recount(first, values).",
    });
  const [before, now] = joined(reference.counts, current.counts);
  const n = sum(before);
  const m = sum(now);
  const bins = before.length;
  if (bins < 2) return { psi: 0, effect: 0, p: 1, bins };
  // half an observation more in every bin: an empty one would make the index infinite
  let psi = 0;
  for (let bin = 0; bin < bins; bin++) {
    const p = (before[bin] + 0.5) / (n + bins / 2);
    const q = (now[bin] + 0.5) / (m + bins / 2);
    psi += (q - p) * Math.log(q / p);
  }
  const unit = 1 / n + 1 / m;
  return {
    psi,
    effect: Math.max(0, psi - unit * (bins - 1)),
    p: chiSquareTail(psi / unit, bins - 1),
    bins,
  };
}

const sum = (counts: readonly number[]) => counts.reduce((total, count) => total + count, 0);

function joined(before: readonly number[], now: readonly number[]): [number[], number[]] {
  const n = sum(before);
  const m = sum(now);
  if (n === 0 || m === 0) return [[], []];
  const smaller = Math.min(n, m);
  const first: number[] = [];
  const second: number[] = [];
  let [one, other] = [0, 0];
  const enough = () => ((one + other) / (n + m)) * smaller >= leastExpected;
  for (let bin = 0; bin < before.length; bin++) {
    // missing values have no neighbour: what is left before them is joined to the bins below
    if (bin === before.length - 1) close();
    one += before[bin];
    other += now[bin];
    if (!enough()) continue;
    first.push(one);
    second.push(other);
    [one, other] = [0, 0];
  }
  close();
  return [first, second];

  function close(): void {
    if (one + other === 0) return;
    if (first.length === 0) {
      first.push(one);
      second.push(other);
    } else {
      first[first.length - 1] += one;
      second[second.length - 1] += other;
    }
    [one, other] = [0, 0];
  }
}
