import { chiSquareTail } from "../drift/chi-square.js";
import { LearnError } from "../error.js";
import { logGamma } from "../special/gamma.js";

export interface SampleRatio {
  /** People per arm, and how many were to be expected of as many in all. */
  readonly counts: readonly number[];
  readonly expected: readonly number[];
  readonly p: number;
  /** False where the sizes are further from the design than chance allows: then nothing else in the experiment means anything. */
  readonly ok: boolean;
}

/** Chance of stopping a sound experiment. */
const alarm = 0.001;

/**
 * Whether arms have the sizes that they were designed to have, by Pearson's chi-square at 0.001 (Fabijan et al. 2019, KDD). `live`:
 * by a sequential test that holds however often it is asked (Lindon & Malek 2022, NeurIPS, with prior weight of 100 people).
 *
 * @param shares of the arms; any positive numbers, such as 9 and 1
 * @throws LearnError "input" for shares or counts that are none
 */
export function sampleRatio(
  counts: readonly number[],
  shares: readonly number[] = counts.map(() => 1),
  options: { readonly live?: boolean } = {},
): SampleRatio {
  if (counts.length < 2 || counts.length !== shares.length)
    throw new LearnError("input", "sampleRatio: give one share for each of two or more arms.");
  if (![...counts].every((count) => count >= 0 && Number.isFinite(count)))
    throw new LearnError("input", 'sampleRatio: "counts" must be numbers ≥ 0.');
  if (!shares.every((share) => share > 0 && Number.isFinite(share)))
    throw new LearnError("input", 'sampleRatio: "shares" must be numbers > 0.');
  const all = counts.reduce((sum, count) => sum + count, 0);
  const whole = shares.reduce((sum, share) => sum + share, 0);
  const expected = shares.map((share) => (all * share) / whole);
  const p = options.live
    ? sequential(
        counts,
        shares.map((share) => share / whole),
      )
    : chiSquareTail(
        counts.reduce((sum, count, arm) => sum + (count - expected[arm]) ** 2 / expected[arm], 0),
        counts.length - 1,
      );
  return { counts, expected, p: all === 0 ? 1 : p, ok: all === 0 || p >= alarm };
}

const priorPeople = 100;

/** One over the Bayes factor of a Dirichlet around the design against the design itself. */
function sequential(counts: readonly number[], shares: readonly number[]): number {
  const all = counts.reduce((sum, count) => sum + count, 0);
  let logFactor = logGamma(priorPeople) - logGamma(priorPeople + all);
  for (const [arm, count] of counts.entries()) {
    const weight = priorPeople * shares[arm];
    logFactor += logGamma(weight + count) - logGamma(weight) - count * Math.log(shares[arm]);
  }
  return Math.min(1, Math.exp(-logFactor));
}
