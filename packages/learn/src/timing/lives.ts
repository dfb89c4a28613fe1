import { binCount, dayHours, smoothBins } from "./bins.js";
import { scaleRates } from "./dictionary.js";
import { expectation } from "./expect.js";
import type { Evidence } from "./gather.js";
import {
  firstForms,
  formOf,
  hourKernel,
  learnForms,
  learnHours,
  place,
  shapeOf,
  shares,
  smoothShifts,
  stride,
} from "./lives-steps.js";
import { type ActScale, common, flat, type Prior, priorOf } from "./prior.js";
import type { Everyone } from "./profile.js";

/** Rounds of learning forms and of learning rhythms one by one. */
const rounds = { forms: 20, rhythms: 6 };
/** Contacts that forms are learned from; rhythms are learned from all. */
const formRows = 3000;
/** In the first rounds how many people keep which hours is learned, and nothing else. */
const firstRounds = 2;
/** Events that pull a rhythm to its form. */
const pull = 5;
/** Rhythms that so few people have between them are left out. */
const rareShare = 0.03;
/** Whose rhythms are less likely than that teach nothing of them. */
const clear = { share: 0.002, cut: -20 };

/**
 * How people live: a few forms of a day, each kept at any hour of the clock (mixtures invariant under a shift, Frey & Jojic 2003), times
 * what is usual of an hour whoever keeps it. Forms, hours and how many people keep which are learned together by EM; every rhythm then
 * follows its own people as far as they have more than a few events in an hour. So are the mean and the spread of people's levels.
 */
export function fitLives(
  evidence: Evidence,
  everyone: Everyone,
  spread: number,
  acts: ActScale,
): Prior {
  const origins = firstForms.map(formOf);
  const count = origins.length * dayHours;
  const firstHours = flat(everyone);
  const rows = Math.min(formRows, evidence.answers.length);
  let forms = origins;
  let hours: Float64Array = firstHours;
  let mean = everyone.mean;
  let weights: Float64Array = new Float64Array(count).fill(1 / count);
  const build = (shape: number): Prior =>
    priorOf(ratesOf(forms, hours, everyone, mean), weights, shape, acts);
  let prior = build(spread);
  for (let round = 0; round < rounds.forms; round++) {
    const learned = expectation(evidence, rows, prior, acts, clear);
    const shape = round > 0 ? shapeOf(learned, prior.spread) : prior.spread;
    if (round > 0) mean *= learned.level ** stride;
    weights = shares(smoothShifts(learned.people));
    if (round >= firstRounds) {
      const at = { prior, learned, origins, hours, firstHours };
      const nextForms = learnForms(at, forms);
      hours = learnHours(at);
      forms = nextForms;
    }
    prior = build(shape);
  }
  return learnRhythms(evidence, everyone, acts, without(prior, acts), mean);
}

function ratesOf(
  forms: readonly Float64Array[],
  hours: Float64Array,
  { exposure }: Everyone,
  mean: number,
): Float64Array {
  const count = forms.length * dayHours;
  const rates = new Float64Array(binCount * count);
  for (let bin = 0; bin < binCount; bin++)
    for (let rhythm = 0; rhythm < count; rhythm++)
      rates[bin * count + rhythm] =
        hours[bin] * forms[Math.floor(rhythm / dayHours)][place(bin, rhythm % dayHours)];
  scaleRates(rates, count, exposure, mean);
  return rates;
}

/** Without the rarest. */
function without({ count, rates, weights, spread }: Prior, acts: ActScale): Prior {
  const kept = common(weights, rareShare);
  const left = new Float64Array(binCount * kept.length);
  for (let bin = 0; bin < binCount; bin++)
    kept.forEach((rhythm, at) => {
      left[bin * kept.length + at] = rates[bin * count + rhythm];
    });
  const all = kept.reduce((sum, rhythm) => sum + weights[rhythm], 0);
  return priorOf(
    left,
    Float64Array.from(kept, (rhythm) => weights[rhythm] / all),
    spread,
    acts,
  );
}

function learnRhythms(
  evidence: Evidence,
  { exposure }: Everyone,
  acts: ActScale,
  first: Prior,
  firstMean: number,
): Prior {
  const { count, rates: origin } = first;
  let prior = first;
  let mean = firstMean;
  const events = new Float64Array(binCount);
  const usual = new Float64Array(binCount);
  for (let round = 0; round < rounds.rhythms; round++) {
    const learned = expectation(evidence, evidence.answers.length, prior, acts, clear);
    const { above, below, people } = learned;
    mean *= learned.level ** stride;
    const rates = new Float64Array(binCount * count);
    for (let rhythm = 0; rhythm < count; rhythm++) {
      for (let bin = 0; bin < binCount; bin++) {
        events[bin] = above[bin * count + rhythm];
        usual[bin] = origin[bin * count + rhythm] * below[bin * count + rhythm];
      }
      const came = smoothBins(events, hourKernel);
      const expected = smoothBins(usual, hourKernel);
      for (let bin = 0; bin < binCount; bin++)
        rates[bin * count + rhythm] =
          (origin[bin * count + rhythm] * (came[bin] + pull)) / (expected[bin] + pull);
    }
    scaleRates(rates, count, exposure, mean);
    prior = priorOf(rates, shares(people), shapeOf(learned, prior.spread), acts);
  }
  return prior;
}
