import { binCount, clockKernel, dayHours, smoothBins } from "./bins.js";
import type { Evidence } from "./gather.js";
import { fitSpread } from "./spread.js";

/** Everyone's rates and what they were counted from. */
export interface Everyone {
  readonly events: Float64Array;
  readonly exposure: Float64Array;
  /** Smoothed around the clock. */
  readonly rates: Float64Array;
  readonly mean: number;
}

const kernel = clockKernel(0.8);
/** Events that pull: an hour's rate to that of the hours around it, these to the mean, and the weekend's to the working day's. */
const pull = { neighbours: 15, hour: 3, weekend: 20 };
const rounds = 4;

/** Rates by bin: hours of working days smoothed, those of the weekend as far as they prove to be others, up to a factor. */
export function profile(events: Float64Array, exposure: Float64Array): Everyone {
  const all = sum(events, 0, binCount);
  const mean = all / Math.max(sum(exposure, 0, binCount), 1e-12);
  const rates = new Float64Array(binCount);
  if (all === 0) return { events, exposure, rates: rates.fill(1), mean };
  const came = smoothBins(events, kernel);
  const open = smoothBins(exposure, kernel);
  const usual =
    (sum(events, 0, dayHours) + pull.hour) / (sum(exposure, 0, dayHours) + pull.hour / mean);
  for (let hour = 0; hour < dayHours; hour++) {
    const around = (usual * (came[hour] + pull.hour)) / (open[hour] * usual + pull.hour);
    rates[hour] = (events[hour] + pull.neighbours) / (exposure[hour] + pull.neighbours / around);
  }
  let expected = 0;
  for (let hour = 0; hour < dayHours; hour++) expected += exposure[dayHours + hour] * rates[hour];
  const weekend = (sum(events, dayHours, binCount) + pull.weekend) / (expected + pull.weekend);
  const alike = Float64Array.from(
    { length: binCount },
    (_, bin) => weekend * rates[bin % dayHours],
  );
  // ratios to the working day change less from hour to hour than the rates themselves
  const likely = smoothBins(
    exposure.map((value, bin) => value * alike[bin]),
    kernel,
  );
  for (let bin = dayHours; bin < binCount; bin++) {
    const around = (alike[bin] * (came[bin] + pull.weekend)) / (likely[bin] + pull.weekend);
    rates[bin] = (events[bin] + pull.neighbours) / (exposure[bin] + pull.neighbours / around);
  }
  return { events, exposure, rates, mean };
}

/**
 * The same, each person's sends counted by how much that person answers anyway: where eager readers are written to at other hours than
 * the rest, those hours are not better for it.
 */
export function levelled(
  evidence: Evidence,
  first: Everyone,
): { readonly everyone: Everyone; readonly spread: number } {
  const { offsets, bins, events, exposure, answers } = evidence;
  let everyone = first;
  let spread = 1;
  for (let round = 0; round < rounds; round++) {
    spread = fitSpread(evidence, everyone.rates);
    const came = new Float64Array(binCount);
    const open = new Float64Array(binCount);
    for (let row = 0; row < answers.length; row++) {
      let expected = 0;
      for (let index = offsets[row]; index < offsets[row + 1]; index++)
        expected += exposure[index] * everyone.rates[bins[index]];
      const level = (spread + answers[row]) / (spread + expected);
      for (let index = offsets[row]; index < offsets[row + 1]; index++) {
        came[bins[index]] += events[index];
        open[bins[index]] += level * exposure[index];
      }
    }
    everyone = profile(came, open);
  }
  return { everyone, spread };
}

function sum(values: Float64Array, from: number, to: number): number {
  let total = 0;
  for (let index = from; index < to; index++) total += values[index];
  return total;
}
