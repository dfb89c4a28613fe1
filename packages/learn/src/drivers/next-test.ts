import { normalCdf } from "../special/normal.js";
import type { Shrunk } from "./shrink.js";
import type { Driver, EvidenceGrade, NextTest } from "./types.js";

/** Standard deviation, in log-odds, of what corrections may have missed: nothing where chance decided. */
const missed: Readonly<Record<EvidenceGrade, number>> = {
  randomised: 0,
  adjusted: 0.02,
  correlational: 0.05,
};
/** Campaigns that the tests which are compared may take. */
const campaigns = 10;
const mostTests = 200;

export interface Candidate {
  readonly driver: Driver;
  readonly shrunk: Shrunk;
  /** Click rate of those it is about, and their share of all who are written to. */
  readonly rate: number;
  readonly share: number;
  /** People in a usual campaign to them. */
  readonly people: number;
}

/**
 * The test whose answer is expected to bring most: of all levels, ten campaigns of which a random half has it would change what is sent in future
 * by this much (expected value of sample information of a normal mean, Raiffa & Schlaifer 1961). `noise` is the variance of log-odds between lines
 * of a test.
 */
export function nextTest(candidates: readonly Candidate[], noise: number): NextTest | null {
  let best: { readonly candidate: Candidate; readonly gain: number } | undefined;
  for (const candidate of candidates) {
    const gain = gainOf(candidate, noise);
    const more = best === undefined || gain > best.gain * (1 + 1e-9);
    const same = best !== undefined && gain > best.gain * (1 - 1e-9);
    // the two levels of a factor tell the same: the one that looks better is tried
    if (more || (same && best && candidate.shrunk.mean > best.candidate.shrunk.mean))
      best = { candidate, gain };
  }
  if (!best || !(best.gain > 0)) return null;
  const { candidate, gain } = best;
  const { driver, shrunk } = candidate;
  const { factor, level, segment } = driver;
  const size = Math.hypot(shrunk.mean, deviationOf(candidate));
  const shown = Math.max(1, Math.round(candidate.people / 2));
  const tests = Math.ceil(varianceOf(candidate, noise) / (size / 2.8) ** 2);
  return {
    factor,
    level,
    ...(segment !== undefined && { segment }),
    shown,
    tests: Math.min(mostTests, Math.max(1, tests)),
    gain,
    because: `It is thought to change clicks by ${percent(driver.relative)} (${percent(driver.relativeLow)} to ${percent(driver.relativeHigh)}; ${driver.grade}), and knowing would change most of what is sent.`,
  };
}

const percent = (share: number): string =>
  `${share < 0 ? "−" : "+"}${Math.abs(100 * share).toFixed(1)} %`;

const deviationOf = ({ shrunk, driver }: Candidate): number =>
  Math.hypot(shrunk.deviation, missed[driver.grade]);

/** Of the difference that one test shows, in log-odds. */
const varianceOf = ({ rate, people }: Candidate, noise: number): number =>
  2 * noise + 4 / (Math.max(people, 2) * rate * (1 - rate));

function gainOf(candidate: Candidate, noise: number): number {
  const { shrunk, rate, share } = candidate;
  const variance = deviationOf(candidate) ** 2;
  // how far the mean is expected to move
  const moves = variance / Math.sqrt(variance + varianceOf(candidate, noise) / campaigns);
  const z = Math.abs(shrunk.mean) / moves;
  const density = Math.exp(-0.5 * z * z) / Math.sqrt(2 * Math.PI);
  return 1000 * share * rate * (1 - rate) * moves * (density - z * normalCdf(-z));
}
