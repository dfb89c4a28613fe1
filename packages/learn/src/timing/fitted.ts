import { binOfCell, dayOfCell } from "./bins.js";
import { evidenceOf } from "./gather.js";
import { hazards, type Settings, shares } from "./held-out.js";
import { logLikelihoods, posterior } from "./prior.js";
import { delayCount } from "./tally.js";
import type { HeldOut, TimingHistory } from "./types.js";
import { weekHours } from "./types.js";

/** Everything that answering takes; a model is this and its methods. */
export interface Fitted extends Settings {
  readonly basis: "sends" | "activity";
  readonly leastEvents: number;
  readonly heldOut: HeldOut;
  /** By group, `groups × rhythms`: how many of its people have each rhythm. */
  readonly groups: Float64Array;
  /** By bin: 1 = tried often enough to be chosen. */
  readonly tried: Uint8Array;
}

/** People of everyone's kind whose rhythms are counted into each group's. */
const groupPull = 50;
const groupRounds = 3;
/** More groups than this are most likely no groups; the later ones are taken for none. */
const mostGroups = 2000;
/** An hour has been tried with this share of all sends, and with so many. */
const leastTried = { share: 0.001, sends: 5 };

/** By group: mixture weights, those of everyone for a group of which nothing is known. */
export function groupWeights(
  history: TimingHistory,
  rows: Int32Array,
  settings: Settings,
): Float64Array {
  const { groups } = history;
  if (!groups) return new Float64Array(0);
  const { prior, reading, weighing } = settings;
  const { count } = prior;
  let many = 0;
  for (const row of rows) many = Math.max(many, Math.min(groups[row] + 1, mostGroups));
  let weights = new Float64Array(many * count);
  for (let group = 0; group < many; group++) weights.set(prior.weights, group * count);
  const evidence = evidenceOf(history, rows, reading, weighing);
  const logs = new Float64Array(count);
  const levels = new Float64Array(count);
  for (let round = 0; round < groupRounds; round++) {
    const next = new Float64Array(many * count);
    const people = new Float64Array(many);
    for (let row = 0; row < rows.length; row++) {
      const group = groups[rows[row]];
      if (group < 0 || group >= many) continue;
      logLikelihoods(evidence, row, prior, logs, levels);
      posterior({ count, weights: weights.subarray(group * count, (group + 1) * count) }, logs);
      for (let rhythm = 0; rhythm < count; rhythm++) next[group * count + rhythm] += logs[rhythm];
      people[group]++;
    }
    weights = next.map((sum, at) => {
      const group = Math.floor(at / count);
      return (sum + groupPull * prior.weights[at % count]) / (people[group] + groupPull);
    });
  }
  return weights;
}

export function triedBins({ everyone }: Settings, basis: Fitted["basis"]): Uint8Array {
  const all = everyone.exposure.reduce((sum, value) => sum + value, 0);
  return Uint8Array.from(everyone.exposure, (value) =>
    basis === "activity" || value >= Math.max(leastTried.sends, leastTried.share * all) ? 1 : 0,
  );
}

/** By week hour: what everyone together does, as a probability of an answer or a share of activity. */
export function everyoneByCell({ basis, everyone, reading }: Fitted): Float64Array {
  if (basis === "activity") return shares(everyone.rates, reading.days);
  return hazards(everyone.rates, reading).map((hazard) => 1 - Math.exp(-hazard));
}

/** By week hour and rhythm, `168 × rhythms`: the hazard of a send to a person of the usual level; the share of a week's acts. */
export function hazardTable({ basis, prior, reading }: Fitted): Float64Array {
  const { count, rates } = prior;
  const table = new Float64Array(weekHours * count);
  const last = basis === "sends" && reading.reading === "later" ? delayCount : 1;
  for (let cell = 0; cell < weekHours; cell++)
    for (let delay = 0; delay < last; delay++) {
      const there = (cell + delay) % weekHours;
      const share = (last === 1 ? 1 : reading.decay[delay]) * reading.days[dayOfCell[there]];
      const from = binOfCell[there] * count;
      for (let rhythm = 0; rhythm < count; rhythm++)
        table[cell * count + rhythm] += share * rates[from + rhythm];
    }
  if (basis === "activity")
    for (let rhythm = 0; rhythm < count; rhythm++) {
      let sum = 0;
      for (let cell = 0; cell < weekHours; cell++) sum += table[cell * count + rhythm];
      for (let cell = 0; cell < weekHours; cell++) table[cell * count + rhythm] /= sum;
    }
  return table;
}

/** The allowed hour with the largest value, an hour tried before others. */
export function bestOf(values: ArrayLike<number>, open: Uint8Array): number {
  let best = -1;
  for (let cell = 0; cell < weekHours; cell++)
    if (open[cell] && (best < 0 || values[cell] > values[best])) best = cell;
  return best;
}

/** Of the hours allowed those that were tried; all that are allowed where none was. */
export function openCells(allowed: Uint8Array | undefined, tried: Uint8Array): Uint8Array {
  const open = new Uint8Array(weekHours);
  let any = false;
  for (let cell = 0; cell < weekHours; cell++)
    if ((!allowed || allowed[cell]) && tried[binOfCell[cell]]) {
      open[cell] = 1;
      any = true;
    }
  return any || !allowed ? open : allowed.map((flag) => (flag ? 1 : 0));
}
