import { expOf, logOf } from "../kernels/log-exp.twin.js";
import { binCount, clockKernel, smoothBins } from "./bins.js";
import { peaks, type RhythmShape, ratesOf, scaleRates } from "./dictionary.js";
import type { Evidence } from "./gather.js";
import { fitLives } from "./lives.js";
import type { Everyone } from "./profile.js";

/** The rhythms that people may have, before anything is known of one. */
export interface Prior {
  readonly count: number;
  /** Bin-major, `48 × count`: answers per send of a person of the usual level. */
  readonly rates: Float64Array;
  readonly logs: Float64Array;
  /** The rates again, `count × 48`. */
  readonly byRhythm: Float64Array;
  /** How many people have each; the sum is 1. */
  readonly weights: Float64Array;
  /** A person's level is gamma with the mean 1 and this shape. */
  readonly spread: number;
  /** By rhythm: log of all acts that a week holds, in units of `rates`. */
  readonly logWeek: Float64Array;
}

/** How acts relate to answers: acts per answer of everyone, by bin, and the days that a bin stands for. */
export type ActScale = Float64Array;

const rounds = 30;
const refinements = 6;
/** Nothing in so few people says that nobody else is so. */
const leastPeople = 0.5;
/** Less likely rhythms of a person learn nothing from it. */
const leastShare = 0.01;
/** Rhythms that so few people have between them are left out. */
const rareShare = 0.05;
const refineKernel = clockKernel(1);

/**
 * How many people have each rhythm of a dictionary: the nonparametric maximum likelihood of a mixture (Kiefer & Wolfowitz 1956) by EM,
 * stopped early, which keeps it smooth. With `refine` the rhythms themselves then follow the data as far as they have more than so many
 * events in an hour.
 */
export function fitPrior(
  evidence: Evidence,
  everyone: Everyone,
  spread: number,
  acts: ActScale,
  { shape, refine }: { readonly shape: RhythmShape | "lives"; readonly refine: number },
): Prior {
  if (shape === "lives") return fitLives(evidence, everyone, spread, acts);
  const base = shape.base === "flat" ? flat(everyone) : everyone.rates;
  const rhythms = peaks(shape);
  const mean = everyone.mean;
  const rates = ratesOf(rhythms, base, everyone.exposure, mean);
  const count = rhythms.length;
  let prior = priorOf(rates, new Float64Array(count).fill(1 / count), spread, acts);
  const rows = evidence.answers.length;
  const likelihoods = new Float32Array(rows * count);
  const logs = new Float64Array(count);
  const levels = new Float64Array(count);
  for (let row = 0; row < rows; row++) {
    logLikelihoods(evidence, row, prior, logs, levels);
    for (let rhythm = 0; rhythm < count; rhythm++) likelihoods[row * count + rhythm] = logs[rhythm];
  }
  const weights = mixture(likelihoods, rows, count);
  const kept = common(weights, rareShare);
  const origin = new Float64Array(binCount * kept.length);
  for (let bin = 0; bin < binCount; bin++)
    kept.forEach((rhythm, place) => {
      origin[bin * kept.length + place] = rates[bin * count + rhythm];
    });
  const all = kept.reduce((sum, rhythm) => sum + weights[rhythm], 0);
  prior = priorOf(
    origin,
    Float64Array.from(kept, (rhythm) => weights[rhythm] / all),
    spread,
    acts,
  );
  if (refine < Infinity)
    for (let round = 0; round < refinements; round++)
      prior = refined(prior, evidence, everyone, acts, origin, refine);
  return prior;
}

/** Rhythms without the rarest, which such a share of people have between them. */
export function common(weights: Float64Array, rare: number): number[] {
  const byWeight = Array.from(weights.keys()).sort(
    (one, two) => weights[one] - weights[two] || one - two,
  );
  let left = rare;
  return byWeight
    .filter((rhythm) => {
      left -= weights[rhythm];
      return left < 0;
    })
    .sort((one, two) => one - two);
}

/** Everyone's rates as a base that is level within each kind of day. */
export function flat({ events, exposure, mean }: Everyone): Float64Array {
  const base = new Float64Array(binCount);
  for (const [from, to] of [
    [0, 24],
    [24, 48],
  ] as const) {
    let [above, below] = [20, 20 / Math.max(mean, 1e-12)];
    for (let bin = from; bin < to; bin++) {
      above += events[bin];
      below += exposure[bin];
    }
    base.fill(above / below, from, to);
  }
  return base;
}

export function priorOf(
  rates: Float64Array,
  weights: Float64Array,
  spread: number,
  acts: ActScale,
): Prior {
  const count = weights.length;
  const logWeek = new Float64Array(count);
  for (let bin = 0; bin < binCount; bin++)
    for (let rhythm = 0; rhythm < count; rhythm++)
      logWeek[rhythm] += rates[bin * count + rhythm] * acts[bin];
  const byRhythm = new Float64Array(binCount * count);
  for (let bin = 0; bin < binCount; bin++)
    for (let rhythm = 0; rhythm < count; rhythm++)
      byRhythm[rhythm * binCount + bin] = rates[bin * count + rhythm];
  return {
    count,
    rates,
    byRhythm,
    logs: rates.map(Math.log),
    weights,
    spread,
    logWeek: logWeek.map(Math.log),
  };
}

/**
 * Into `logs`: log-likelihood of a row under each rhythm, the level integrated out, up to what is the same for all. Into `levels`: what
 * a usual person of the rhythm would have answered.
 */
export function logLikelihoods(
  { offsets, bins, events, exposure, answers, acts }: Evidence,
  row: number,
  { count, rates, logs: logRates, spread, logWeek }: Prior,
  logs: Float64Array,
  levels: Float64Array,
): void {
  logs.fill(0);
  levels.fill(spread);
  for (let index = offsets[row]; index < offsets[row + 1]; index++) {
    const at = bins[index] * count;
    const open = exposure[index];
    const many = events[index];
    if (open > 0)
      for (let rhythm = 0; rhythm < count; rhythm++) levels[rhythm] += open * rates[at + rhythm];
    if (many > 0)
      for (let rhythm = 0; rhythm < count; rhythm++) logs[rhythm] += many * logRates[at + rhythm];
  }
  const power = spread + answers[row];
  for (let rhythm = 0; rhythm < count; rhythm++) logs[rhythm] -= power * logOf(levels[rhythm]);
  const acted = acts[row];
  if (acted > 0)
    for (let rhythm = 0; rhythm < count; rhythm++) logs[rhythm] -= acted * logWeek[rhythm];
}

/** Weights of a mixture whose log-likelihoods are given, which are overwritten. */
function mixture(logs: Float32Array, rows: number, count: number): Float64Array {
  for (let row = 0; row < rows; row++) {
    let most = -Infinity;
    const from = row * count;
    for (let index = from; index < from + count; index++) most = Math.max(most, logs[index]);
    for (let index = from; index < from + count; index++)
      logs[index] = Math.exp(logs[index] - most);
  }
  let weights = new Float64Array(count).fill(1 / count);
  for (let round = 0; round < rounds; round++) {
    const next = new Float64Array(count);
    for (let row = 0; row < rows; row++) {
      const from = row * count;
      let sum = 0;
      for (let rhythm = 0; rhythm < count; rhythm++) sum += weights[rhythm] * logs[from + rhythm];
      for (let rhythm = 0; rhythm < count; rhythm++)
        next[rhythm] += (weights[rhythm] * logs[from + rhythm]) / sum;
    }
    weights = next.map((people) => (people + leastPeople) / (rows + leastPeople * count));
  }
  return weights;
}

function refined(
  prior: Prior,
  evidence: Evidence,
  everyone: Everyone,
  acts: ActScale,
  origin: Float64Array,
  pull: number,
): Prior {
  const { count, spread } = prior;
  const { offsets, bins, events, exposure } = evidence;
  const rows = evidence.answers.length;
  const above = new Float64Array(binCount * count);
  const below = new Float64Array(binCount * count);
  const people = new Float64Array(count);
  const actsOf = new Float64Array(count);
  const logs = new Float64Array(count);
  const levels = new Float64Array(count);
  for (let row = 0; row < rows; row++) {
    logLikelihoods(evidence, row, prior, logs, levels);
    posterior(prior, logs);
    for (let rhythm = 0; rhythm < count; rhythm++) {
      const share = logs[rhythm];
      if (share < leastShare) continue;
      people[rhythm] += share;
      actsOf[rhythm] += share * evidence.acts[row];
      const level = (share * (spread + evidence.answers[row])) / levels[rhythm];
      for (let index = offsets[row]; index < offsets[row + 1]; index++) {
        const at = rhythm * binCount + bins[index];
        above[at] += share * events[index];
        below[at] += level * exposure[index];
      }
    }
  }
  const rates = new Float64Array(binCount * count);
  const one = new Float64Array(binCount);
  const two = new Float64Array(binCount);
  for (let rhythm = 0; rhythm < count; rhythm++) {
    const perWeek = actsOf[rhythm] / Math.exp(prior.logWeek[rhythm]);
    for (let bin = 0; bin < binCount; bin++) {
      one[bin] = above[rhythm * binCount + bin];
      // expected events under what the rhythm was at first
      two[bin] =
        origin[bin * count + rhythm] * (below[rhythm * binCount + bin] + perWeek * acts[bin]);
    }
    const came = smoothBins(one, refineKernel);
    const expected = smoothBins(two, refineKernel);
    for (let bin = 0; bin < binCount; bin++)
      rates[bin * count + rhythm] =
        (origin[bin * count + rhythm] * (came[bin] + pull)) / (expected[bin] + pull);
  }
  scaleRates(rates, count, everyone.exposure, everyone.mean);
  const weights = people.map((many) => (many + leastPeople) / (rows + leastPeople * count));
  return priorOf(rates, weights, spread, acts);
}

/**
 * Log-likelihoods to posterior probabilities, in place. With a `trust` below 1 the likelihoods count for less: people are like no
 * rhythm of the dictionary to the letter (Grünwald & van Ommen 2017).
 */
export function posterior(
  { count, weights }: Pick<Prior, "count" | "weights">,
  logs: Float64Array,
  trust = 1,
): void {
  let most = -Infinity;
  for (let rhythm = 0; rhythm < count; rhythm++) if (logs[rhythm] > most) most = logs[rhythm];
  let sum = 0;
  for (let rhythm = 0; rhythm < count; rhythm++) {
    const below = trust * (logs[rhythm] - most);
    const part = below < -12 ? 0 : weights[rhythm] * expOf(below);
    logs[rhythm] = part;
    sum += part;
  }
  for (let rhythm = 0; rhythm < count; rhythm++) logs[rhythm] /= sum;
}
