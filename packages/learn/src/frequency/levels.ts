import { meanLevels, weeksOf } from "./check-frequency.js";
import { gammaPrior, shrink } from "./gamma-prior.js";
import type { FrequencyLog } from "./types.js";

/** Everybody's own level: how much they engage, and how readily they leave. */
export interface PersonLevels {
  readonly engagement: Float64Array;
  readonly risk: Float64Array;
  /** How much of the level of engagement is the person's own. */
  readonly own: Float64Array;
}

export interface Curves {
  readonly segmentOf: (person: number) => number;
  readonly segments: number;
  /** By form. */
  readonly engagement: readonly Float64Array[];
  readonly formOf: (person: number) => number;
  readonly forms: number;
  /** By form. */
  readonly risk: readonly Float64Array[];
}

/**
 * Empirical Bayes in three steps: everybody's rate, each segment's drawn to it, each person's drawn to that of people of their segment
 * who are sent as much. How readily
 * somebody leaves cannot be seen of those who are still here; it is told by their segment and by how much they engage.
 */
export function personLevels(
  log: FrequencyLog,
  levels: Uint8Array,
  { segmentOf, segments, engagement, formOf, forms, risk }: Curves,
): PersonLevels {
  const { rows, people, person } = log;
  const weekOf = weeksOf(log);
  const count = new Float64Array(people);
  const exposure = new Float64Array(people);
  const left = new Float64Array(people);
  const atRisk = new Float64Array(people);
  for (let row = 0; row < rows; row++) {
    const who = person[row];
    count[who] += log.engagement[row];
    exposure[who] += engagement[formOf(who)][levels[row]] * weekOf(row);
    left[who] += log.unsubscribed[row];
    atRisk[who] += risk[formOf(who)][levels[row]] * weekOf(row);
  }
  const dispersion = dispersionOf(log, levels, count, exposure, (row) => {
    return engagement[formOf(person[row])][levels[row]] * weekOf(row);
  });
  const summed = (of: Float64Array, groups: number, groupOf: (who: number) => number) => {
    const sums = new Float64Array(groups);
    for (let who = 0; who < people; who++) sums[groupOf(who)] += of[who];
    return sums;
  };
  const bySegment = (of: Float64Array) => summed(of, segments, segmentOf);
  const byForm = (of: Float64Array) => summed(of, forms, formOf);
  // who is sent more than others is likelier to be one who engages
  const volume = volumes(log, levels);
  const lean = slopeOf(volume, count, exposure);
  const leaning = exposure.map((one, who) => one * Math.exp(lean * volume[who]));
  const means = drawn(bySegment(count), bySegment(leaning), dispersion);
  const own = new Float64Array(people);
  const mine = new Float64Array(people);
  const expected = leaning.map((one, who) => one * means[segmentOf(who)]);
  const { events } = gammaPrior(count, expected, dispersion);
  for (let who = 0; who < people; who++) {
    const mean = means[segmentOf(who)] * Math.exp(lean * volume[who]);
    const found = shrink({ mean, events }, count[who] / dispersion, exposure[who] / dispersion);
    mine[who] = found.level;
    own[who] = found.own;
  }
  const lively = mine.map((level, who) =>
    Math.log(Math.max(1e-9, level / (means[segmentOf(who)] || 1))),
  );
  // how leaving goes with liveliness is told among people of one form
  const usual = drawn(byForm(left), byForm(atRisk), 1);
  const slope = slopeOf(
    lively,
    left,
    atRisk.map((one, who) => one * usual[formOf(who)]),
  );
  const ready = atRisk.map((one, who) => one * Math.exp(slope * lively[who]));
  const hazards = drawn(byForm(left), byForm(ready), 1);
  return {
    engagement: mine,
    risk: lively.map((one, who) => hazards[formOf(who)] * Math.exp(slope * one)),
    own,
  };
}

/** Logarithm of the mean number of messages and one, less its mean over people; 0 for those without a week. */
function volumes(log: FrequencyLog, levels: Uint8Array): Float64Array {
  const each = meanLevels(log, levels);
  let mean = 0;
  let seen = 0;
  for (const usual of each) {
    if (Number.isNaN(usual)) continue;
    seen++;
    mean += (Math.log1p(usual) - mean) / seen;
  }
  return each.map((usual) => (Number.isNaN(usual) ? 0 : Math.log1p(usual) - mean));
}

/** Segments' levels, each drawn to that of all. */
function drawn(counts: Float64Array, exposures: Float64Array, dispersion: number): Float64Array {
  const prior = gammaPrior(counts, exposures, dispersion);
  return counts.map(
    (count, segment) => shrink(prior, count / dispersion, exposures[segment] / dispersion).level,
  );
}

/** How much more weeks of one person vary than a Poisson count would: above 1 where engagement is weighted, below 1 where it is yes or no. */
function dispersionOf(
  { rows, person, engagement }: FrequencyLog,
  levels: Uint8Array,
  count: Float64Array,
  exposure: Float64Array,
  curveAt: (row: number) => number,
): number {
  let pearson = 0;
  let freedom = 0;
  const seen = new Uint8Array(count.length);
  for (let row = 0; row < rows; row++) {
    const who = person[row];
    if (!(count[who] > 0 && exposure[who] > 0)) continue;
    const expected = (count[who] / exposure[who]) * curveAt(row);
    if (expected > 0) pearson += (engagement[row] - expected) ** 2 / expected;
    freedom += seen[who] ? 1 : 0;
    seen[who] = 1;
  }
  return levels.length > 0 && freedom > 50 ? Math.max(0.05, pearson / freedom) : 1;
}

/** Log-linear effect of a number known of each person on their counts (Poisson), by Newton's method; drawn to 0 as by a normal prior with deviation 1. */
function slopeOf(known: Float64Array, counts: Float64Array, exposures: Float64Array): number {
  let slope = 0;
  for (let round = 0; round < 30; round++) {
    let events = 0;
    let total = 0;
    let first = 0;
    let second = 0;
    let observed = 0;
    for (let who = 0; who < known.length; who++) {
      const weight = exposures[who] * Math.exp(slope * known[who]);
      events += counts[who];
      observed += counts[who] * known[who];
      total += weight;
      first += weight * known[who];
      second += weight * known[who] ** 2;
    }
    if (events === 0 || total === 0) return 0;
    const mean = first / total;
    const gradient = observed - events * mean - slope;
    const curvature = events * (second / total - mean ** 2) + 1;
    const step = gradient / curvature;
    slope = Math.max(-3, Math.min(3, slope + step));
    if (Math.abs(step) < 1e-8) break;
  }
  return slope;
}
