import { binCount, clockKernel, dayHours } from "./bins.js";
import type { Evidence } from "./gather.js";
import { type ActScale, logLikelihoods, type Prior, posterior } from "./prior.js";

/** What is known of one person, once `look` has been called. */
export interface Person {
  /** The rhythms that the person may have: the first `kept` of `rhythms`, with their probabilities, which sum to 1. */
  kept: number;
  readonly rhythms: Int32Array;
  readonly shares: Float64Array;
  /** By kept rhythm: the person's level given it is gamma with shape `power` and this rate. */
  readonly levels: Float64Array;
  power: number;
  /** By bin: mean rate. */
  readonly rates: Float64Array;
  /** By bin: how far the person's own events raise or lower what the rhythms say; the relative variance of that. */
  readonly own: Float64Array;
  readonly doubt: Float64Array;
  /** How far the answer has moved from what it was before any data: total variation of the rhythms' probabilities, 0 to 1. */
  moved: number;
  look(evidence: Evidence, row: number, weights?: Float64Array): void;
}

/** Rhythms less likely than this are left out, or than half of what each had if all were as likely. */
export const leastShareOf = (count: number): number => Math.min(0.004, 0.5 / count);
/** How far around the clock a person's own events tell, hours. */
export const ownWidth = 1.3;
export const ownKernel = clockKernel(ownWidth);
const reach = 3;

/**
 * @param trust how much the likelihood of a rhythm counts, 0 to 1
 * @param pull how many expected events pull the person's own rates to those of the rhythms; `Infinity` = the rhythms alone
 */
export function person(
  prior: Prior,
  acts: ActScale,
  { trust, pull }: { readonly trust: number; readonly pull: number },
): Person {
  const { count, byRhythm } = prior;
  const leastShare = leastShareOf(count);
  const logs = new Float64Array(count);
  const totals = new Float64Array(count);
  const came = new Float64Array(binCount);
  const expected = new Float64Array(binCount);
  const state: Person = {
    kept: 0,
    rhythms: new Int32Array(count),
    shares: new Float64Array(count),
    levels: new Float64Array(count),
    power: 0,
    rates: new Float64Array(binCount),
    own: new Float64Array(binCount).fill(1),
    doubt: new Float64Array(binCount),
    moved: 0,
    look,
  };
  const { rhythms, shares, levels, rates, own, doubt } = state;

  function look(evidence: Evidence, row: number, weights = prior.weights): void {
    logLikelihoods(evidence, row, prior, logs, totals);
    posterior({ count, weights }, logs, trust);
    state.power = prior.spread + evidence.answers[row];
    let kept = 0;
    let sum = 0;
    let alike = 0;
    for (let rhythm = 0; rhythm < count; rhythm++) {
      const share = logs[rhythm];
      alike += Math.min(share, weights[rhythm]);
      if (share < leastShare) continue;
      rhythms[kept] = rhythm;
      shares[kept] = share;
      levels[kept] = totals[rhythm];
      sum += share;
      kept++;
    }
    state.kept = kept;
    state.moved = Math.max(0, 1 - alike);
    rates.fill(0);
    for (let index = 0; index < kept; index++) {
      shares[index] /= sum;
      const weight = (shares[index] * state.power) / levels[index];
      const from = rhythms[index] * binCount;
      for (let bin = 0; bin < binCount; bin++) rates[bin] += weight * byRhythm[from + bin];
    }
    if (pull < Infinity) correct(evidence, row);
  }

  function correct(evidence: Evidence, row: number): void {
    came.fill(0);
    expected.fill(0);
    let week = 0;
    const acted = evidence.acts[row];
    if (acted > 0) for (let bin = 0; bin < binCount; bin++) week += rates[bin] * acts[bin];
    for (let index = evidence.offsets[row]; index < evidence.offsets[row + 1]; index++) {
      const bin = evidence.bins[index];
      spread(came, bin, evidence.events[index]);
      spread(expected, bin, evidence.exposure[index] * rates[bin]);
    }
    // acts could have come in any hour
    if (acted > 0)
      for (let bin = 0; bin < binCount; bin++)
        spread(expected, bin, (acted * rates[bin] * acts[bin]) / week);
    for (let bin = 0; bin < binCount; bin++) {
      own[bin] = (pull + came[bin]) / (pull + expected[bin]);
      doubt[bin] = 1 / (pull + came[bin]);
      rates[bin] *= own[bin];
    }
  }
  return state;
}

/** Adds a value around the clock of its day, in full in its own hour. */
function spread(into: Float64Array, bin: number, value: number): void {
  if (value === 0) return;
  const day = bin < dayHours ? 0 : dayHours;
  const hour = bin - day;
  for (let apart = -reach; apart <= reach; apart++) {
    const there = (hour + apart + dayHours) % dayHours;
    into[day + there] += (value * ownKernel[apart < 0 ? -apart : apart]) / ownKernel[0];
  }
}
