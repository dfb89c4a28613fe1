import { expOf, logOf } from "../kernels/log-exp.twin.js";
import { digamma } from "../special/gamma.js";
import { binCount, clockKernel, dayHours, smoothBins } from "./bins.js";
import { scaleRates } from "./dictionary.js";
import type { Evidence } from "./gather.js";
import { type ActScale, common, flat, logLikelihoods, type Prior, priorOf } from "./prior.js";
import type { Everyone } from "./profile.js";

/** Rounds of learning forms and of learning rhythms one by one. */
const rounds = { forms: 20, rhythms: 6 };
/** Contacts that forms are learned from; rhythms are learned from all. */
const formRows = 3000;
/** In the first rounds how many people keep which hours is learned, and nothing else. */
const firstRounds = 2;
/** Events that pull a form to what it was at first, an hour to what is usual in it, a rhythm to its form. */
const pull = { form: 20, hour: 20, rhythm: 5 };
/** In so few people says nothing that nobody else is so. */
const leastPeople = 0.1;
/** Rhythms that so few people have between them are left out. */
const rareShare = 0.03;
/** Less likely rhythms of a person learn nothing from it. */
const leastShare = 0.002;
/** Smoothing around the clock, hours: of forms, and of how many people keep which hours. */
const formKernel = clockKernel(0.7);
const hourKernel = clockKernel(1);
/** The expectation of what is left out shrinks what a round learns of levels: steps go so much further (Salakhutdinov & Roweis 2003). */
const stride = 1.5;

/** Forms before any data: a short and a long stay, and two stays half a day apart. */
const firstForms: readonly (readonly (readonly [at: number, width: number, height: number])[])[] = [
  [[0, 1.4, 3]],
  [[0, 2.4, 3]],
  [
    [0, 1.8, 3],
    [10, 1.8, 2],
  ],
];

interface Learned {
  readonly people: Float64Array;
  /** By rhythm and bin: events, and what a rate of 1 would have let expect. */
  readonly above: Float64Array;
  readonly below: Float64Array;
  /** Of levels: their mean, and the mean of their logarithm. */
  readonly level: number;
  readonly logLevel: number;
}

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
  const some = { ...evidence, answers: evidence.answers.subarray(0, formRows) };
  let forms = origins;
  let hours: Float64Array = firstHours;
  let mean = everyone.mean;
  let weights: Float64Array = new Float64Array(count).fill(1 / count);
  const build = (shape: number): Prior =>
    priorOf(ratesOf(forms, hours, everyone, mean), weights, shape, acts);
  let prior = build(spread);
  for (let round = 0; round < rounds.forms; round++) {
    const learned = expectation(some, prior, acts);
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

/** By hours since it begins, the mean 1. */
function formOf(stays: (typeof firstForms)[number]): Float64Array {
  const form = new Float64Array(dayHours).fill(1);
  for (const [at, width, height] of stays)
    for (let hour = 0; hour < dayHours; hour++) {
      const apart = Math.abs(hour - at);
      form[hour] += height * Math.exp(-0.5 * (Math.min(apart, dayHours - apart) / width) ** 2);
    }
  return normal(form);
}

function normal(form: Float64Array): Float64Array {
  const mean = form.reduce((sum, value) => sum + value, 0) / dayHours;
  return form.map((value) => value / mean);
}

const place = (bin: number, shift: number): number =>
  ((bin % dayHours) - shift + dayHours) % dayHours;

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

/** What people are likely to be, added up. */
function expectation(evidence: Evidence, prior: Prior, acts: ActScale): Learned {
  const { offsets, bins, events, exposure, answers } = evidence;
  const { count, weights, spread } = prior;
  const rows = answers.length;
  const people = new Float64Array(count);
  const above = new Float64Array(count * binCount);
  const below = new Float64Array(count * binCount);
  const perWeek = new Float64Array(count);
  const logs = new Float64Array(count);
  const levels = new Float64Array(count);
  let [level, logLevel] = [0, 0];
  for (let row = 0; row < rows; row++) {
    logLikelihoods(evidence, row, prior, logs, levels);
    let most = -Infinity;
    for (let rhythm = 0; rhythm < count; rhythm++) if (logs[rhythm] > most) most = logs[rhythm];
    let sum = 0;
    for (let rhythm = 0; rhythm < count; rhythm++) {
      const below = logs[rhythm] - most;
      logs[rhythm] = below < -20 ? 0 : weights[rhythm] * expOf(below);
      sum += logs[rhythm];
    }
    const power = spread + answers[row];
    logLevel += digamma(power);
    for (let rhythm = 0; rhythm < count; rhythm++) {
      const share = logs[rhythm] / sum;
      people[rhythm] += share;
      level += (share * power) / levels[rhythm];
      if (share > 1e-9) logLevel -= share * logOf(levels[rhythm]);
      if (share < leastShare) continue;
      perWeek[rhythm] += (share * evidence.acts[row]) / Math.exp(prior.logWeek[rhythm]);
      const own = (share * power) / levels[rhythm];
      for (let index = offsets[row]; index < offsets[row + 1]; index++) {
        const at = rhythm * binCount + bins[index];
        above[at] += share * events[index];
        below[at] += own * exposure[index];
      }
    }
  }
  // acts could have come in any hour
  for (let rhythm = 0; rhythm < count; rhythm++)
    for (let bin = 0; bin < binCount; bin++)
      below[rhythm * binCount + bin] += perWeek[rhythm] * acts[bin];
  return { people, above, below, level: level / rows, logLevel: logLevel / rows };
}

/** The shape of a gamma by its mean and the mean of its logarithm (Minka 2002, eq. 5). */
function shapeOf({ level, logLevel }: Learned, before: number): number {
  const apart = Math.max(Math.log(level) - logLevel, 1e-6);
  const shape = (3 - apart + Math.sqrt((apart - 3) ** 2 + 24 * apart)) / (12 * apart);
  return Math.min(20, Math.max(0.3, before * (shape / before) ** stride));
}

function shares(people: Float64Array): Float64Array {
  const total = people.reduce((sum, many) => sum + many + leastPeople, 0);
  return people.map((many) => (many + leastPeople) / total);
}

function smoothShifts(people: Float64Array): Float64Array {
  const smooth = new Float64Array(people.length);
  for (let form = 0; form < people.length; form += dayHours)
    smooth.set(around(people.subarray(form, form + dayHours)), form);
  return smooth;
}

function around(values: Float64Array): Float64Array {
  const smooth = new Float64Array(dayHours);
  for (let hour = 0; hour < dayHours; hour++)
    for (let apart = 0; apart < dayHours; apart++)
      smooth[(hour + apart) % dayHours] += values[hour] * formKernel[apart];
  return smooth;
}

interface Step {
  readonly prior: Prior;
  readonly learned: Learned;
  readonly origins: readonly Float64Array[];
  readonly hours: Float64Array;
  readonly firstHours: Float64Array;
}

function learnForms(
  { prior: { count, rates }, learned: { above, below }, origins }: Step,
  forms: readonly Float64Array[],
): Float64Array[] {
  return forms.map((form, which) => {
    const origin = origins[which];
    const came = new Float64Array(dayHours);
    const expected = new Float64Array(dayHours);
    for (let shift = 0; shift < dayHours; shift++) {
      const rhythm = which * dayHours + shift;
      for (let bin = 0; bin < binCount; bin++) {
        const hour = place(bin, shift);
        came[hour] += above[rhythm * binCount + bin];
        expected[hour] +=
          (rates[bin * count + rhythm] / form[hour]) *
          origin[hour] *
          below[rhythm * binCount + bin];
      }
    }
    const [many, usual] = [around(came), around(expected)];
    return normal(
      origin.map((value, hour) => (value * (many[hour] + pull.form)) / (usual[hour] + pull.form)),
    );
  });
}

function learnHours({
  prior: { count, rates },
  learned: { above, below },
  hours,
  firstHours,
}: Step): Float64Array {
  const came = new Float64Array(binCount);
  const expected = new Float64Array(binCount);
  for (let rhythm = 0; rhythm < count; rhythm++)
    for (let bin = 0; bin < binCount; bin++) {
      came[bin] += above[rhythm * binCount + bin];
      expected[bin] +=
        (rates[bin * count + rhythm] / hours[bin]) *
        firstHours[bin] *
        below[rhythm * binCount + bin];
    }
  const [many, usual] = [smoothBins(came, hourKernel), smoothBins(expected, hourKernel)];
  return firstHours.map(
    (value, bin) => (value * (many[bin] + pull.hour)) / (usual[bin] + pull.hour),
  );
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
  for (let round = 0; round < rounds.rhythms; round++) {
    const learned = expectation(evidence, prior, acts);
    const { above, below, people } = learned;
    mean *= learned.level ** stride;
    const rates = new Float64Array(binCount * count);
    for (let rhythm = 0; rhythm < count; rhythm++) {
      const from = rhythm * binCount;
      const came = smoothBins(above.subarray(from, from + binCount), hourKernel);
      const usual = Float64Array.from(
        { length: binCount },
        (_, bin) => origin[bin * count + rhythm] * below[from + bin],
      );
      const expected = smoothBins(usual, hourKernel);
      for (let bin = 0; bin < binCount; bin++)
        rates[bin * count + rhythm] =
          (origin[bin * count + rhythm] * (came[bin] + pull.rhythm)) /
          (expected[bin] + pull.rhythm);
    }
    scaleRates(rates, count, exposure, mean);
    prior = priorOf(rates, shares(people), shapeOf(learned, prior.spread), acts);
  }
  return prior;
}
