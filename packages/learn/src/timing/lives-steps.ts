import { binCount, clockKernel, dayHours, smoothBins } from "./bins.js";
import type { Expected } from "./expect.js";
import type { Prior } from "./prior.js";

/** In so few people says nothing that nobody else is so. */
const leastPeople = 0.1;
/** Events that pull a form to what it was at first, and an hour to what is usual in it. */
const pull = { form: 20, hour: 20 };
/** Smoothing around the clock, hours: of forms, and of how many people keep which hours. */
const formKernel = clockKernel(0.7);
export const hourKernel = clockKernel(1);
/** The expectation of what is left out shrinks what a round learns of levels: steps go so much further (Salakhutdinov & Roweis 2003). */
export const stride = 1.5;

/** Forms before any data: a short and a long stay, and two stays half a day apart. */
export const firstForms: readonly (readonly (readonly [
  at: number,
  width: number,
  height: number,
])[])[] = [
  [[0, 1.4, 3]],
  [[0, 2.4, 3]],
  [
    [0, 1.8, 3],
    [10, 1.8, 2],
  ],
];

/** By hours since it begins, the mean 1. */
export function formOf(stays: (typeof firstForms)[number]): Float64Array {
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

export const place = (bin: number, shift: number): number =>
  ((bin % dayHours) - shift + dayHours) % dayHours;

/** The shape of a gamma by its mean and the mean of its logarithm (Minka 2002, eq. 5). */
export function shapeOf({ level, logLevel }: Expected, before: number): number {
  const apart = Math.max(Math.log(level) - logLevel, 1e-6);
  const shape = (3 - apart + Math.sqrt((apart - 3) ** 2 + 24 * apart)) / (12 * apart);
  return Math.min(20, Math.max(0.3, before * (shape / before) ** stride));
}

export function shares(people: Float64Array): Float64Array {
  const total = people.reduce((sum, many) => sum + many + leastPeople, 0);
  return people.map((many) => (many + leastPeople) / total);
}

export function smoothShifts(people: Float64Array): Float64Array {
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

export interface Step {
  readonly prior: Prior;
  readonly learned: Expected;
  readonly origins: readonly Float64Array[];
  readonly hours: Float64Array;
  readonly firstHours: Float64Array;
}

export function learnForms(
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
        came[hour] += above[bin * count + rhythm];
        expected[hour] +=
          (rates[bin * count + rhythm] / form[hour]) * origin[hour] * below[bin * count + rhythm];
      }
    }
    const [many, usual] = [around(came), around(expected)];
    return normal(
      origin.map((value, hour) => (value * (many[hour] + pull.form)) / (usual[hour] + pull.form)),
    );
  });
}

export function learnHours({
  prior: { count, rates },
  learned: { above, below },
  hours,
  firstHours,
}: Step): Float64Array {
  const came = new Float64Array(binCount);
  const expected = new Float64Array(binCount);
  for (let rhythm = 0; rhythm < count; rhythm++)
    for (let bin = 0; bin < binCount; bin++) {
      came[bin] += above[bin * count + rhythm];
      expected[bin] +=
        (rates[bin * count + rhythm] / hours[bin]) * firstHours[bin] * below[bin * count + rhythm];
    }
  const [many, usual] = [smoothBins(came, hourKernel), smoothBins(expected, hourKernel)];
  return firstHours.map(
    (value, bin) => (value * (many[bin] + pull.hour)) / (usual[bin] + pull.hour),
  );
}
