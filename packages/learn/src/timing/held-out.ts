import { binOfCell, dayOfCell } from "./bins.js";
import type { Reading } from "./everyone.js";
import { evidenceOf, type Weighing } from "./gather.js";
import { person } from "./person.js";
import type { ActScale, Prior } from "./prior.js";
import type { Everyone } from "./profile.js";
import { delayCount, human } from "./tally.js";
import type { Activity, HeldOut, Sends, TimingHistory } from "./types.js";
import { unknownDelay, weekHours, windowHours } from "./types.js";

/** A history in two: what is learned from, and what is foretold. */
export interface Split {
  readonly known: TimingHistory;
  readonly hidden: TimingHistory;
}

const hiddenOf = 5;
const leastEntries = 4;

/** Hides a fifth of the entries of some contacts, the latest where their order is known, always the same ones; of few entries none. */
export function split(history: TimingHistory, rows: Int32Array): Split {
  const part = (hidden: boolean): TimingHistory => ({
    contacts: rows.length,
    ...(history.sends && { sends: pick(history.sends, rows, hidden, history.ordered) }),
    ...(history.activity && { activity: pick(history.activity, rows, hidden, history.ordered) }),
    ...(history.groups && {
      groups: history.groups.length
        ? Int32Array.from(rows, (row) => (history.groups as Int32Array)[row])
        : history.groups,
    }),
  });
  return { known: part(false), hidden: part(true) };
}

function pick<T extends Sends | Activity>(
  list: T,
  rows: Int32Array,
  hidden: boolean,
  ordered = false,
): T {
  const places: number[] = [];
  const offsets = new Int32Array(rows.length + 1);
  for (let row = 0; row < rows.length; row++) {
    const [from, to] = [list.offsets[rows[row]], list.offsets[rows[row] + 1]];
    const begin = Math.imul(row, 0x9e3779b1) >>> 16;
    for (let entry = from; entry < to; entry++) {
      const last = ordered
        ? (to - entry - 1) * hiddenOf < to - from
        : (begin + (entry - from) * 3) % hiddenOf === 0;
      const hide = last && to - from >= leastEntries;
      if (hide === hidden) places.push(entry);
    }
    offsets[row + 1] = places.length;
  }
  const take = <A extends { [index: number]: number; readonly length: number }>(values: A): A => {
    const taken = new (values.constructor as new (length: number) => A)(places.length);
    for (let index = 0; index < places.length; index++) taken[index] = values[places[index]];
    return taken;
  };
  const copy: Record<string, unknown> = { offsets };
  for (const [name, values] of Object.entries(list))
    if (name !== "offsets" && values !== undefined) copy[name] = take(values as Uint8Array);
  return copy as unknown as T;
}

/** Everything that foretelling takes. */
export interface Settings {
  readonly reading: Reading;
  readonly everyone: Everyone;
  readonly weighing: Weighing;
  readonly acts: ActScale;
  readonly prior: Prior;
  readonly trust: number;
  readonly pull: number;
}

/** Mean log-likelihood of what was hidden, under the settings learned from what was not. */
export function foretell(
  { known, hidden }: Split,
  settings: Settings,
  weightsOf?: (contact: number) => Float64Array,
): HeldOut {
  const { reading, weighing, prior, acts, everyone } = settings;
  const rows = Int32Array.from({ length: known.contacts }, (_, row) => row);
  const evidence = evidenceOf(known, rows, reading, weighing);
  const one = person(prior, acts, settings);
  const list = hidden.sends ?? hidden.activity;
  if (!list) return { events: 0, model: 0, global: 0, unshrunk: 0 };
  let [events, model, global, unshrunk] = [0, 0, 0, 0];
  const everyoneHazard = hazards(everyone.rates, reading);
  for (const row of rows) {
    if (list.offsets[row] === list.offsets[row + 1]) continue;
    one.look(evidence, row, weightsOf?.(row));
    const own = ownRates(evidence, row, everyone.rates);
    if (hidden.sends) {
      const hazard = hazards(one.rates, reading);
      const { sends } = hidden;
      let expected = 0;
      for (let index = evidence.offsets[row]; index < evidence.offsets[row + 1]; index++)
        expected += evidence.exposure[index] * everyone.rates[evidence.bins[index]];
      const level = one.power / (prior.spread + expected);
      const ownHazard = hazards(own, reading);
      for (let entry = sends.offsets[row]; entry < sends.offsets[row + 1]; entry++) {
        const reacted = sends.reactions[entry] >= human;
        const delay = sends.delays[entry];
        if (!reacted && delay < windowHours && delay !== unknownDelay) continue;
        const cell = sends.cells[entry];
        const weight = sends.counts ? sends.counts[entry] : 1;
        const score = (rate: number): number => {
          const none = (1 + rate / one.power) ** -one.power;
          return weight * Math.log(Math.max(1e-9, reacted ? 1 - none : none));
        };
        events += weight;
        model += score(hazard[cell]);
        global += score(level * everyoneHazard[cell]);
        unshrunk +=
          weight *
          Math.log(
            Math.max(1e-9, reacted ? 1 - Math.exp(-ownHazard[cell]) : Math.exp(-ownHazard[cell])),
          );
      }
    } else if (hidden.activity) {
      const { activity } = hidden;
      const [mine, all, raw] = [one.rates, everyone.rates, own].map((rates) =>
        shares(rates, reading.days),
      );
      for (let entry = activity.offsets[row]; entry < activity.offsets[row + 1]; entry++) {
        if (activity.kinds[entry] < human) continue;
        const weight = activity.counts ? activity.counts[entry] : 1;
        const cell = activity.cells[entry];
        events += weight;
        model += weight * Math.log(mine[cell]);
        global += weight * Math.log(all[cell]);
        unshrunk += weight * Math.log(raw[cell]);
      }
    }
  }
  const mean = (sum: number): number => (events > 0 ? sum / events : 0);
  return { events, model: mean(model), global: mean(global), unshrunk: mean(unshrunk) };
}

/** A person's own rates, with half an event's worth of everyone's in each bin. */
function ownRates(
  {
    offsets,
    bins,
    events,
    exposure,
    acts,
  }: {
    offsets: Int32Array;
    bins: Uint8Array;
    events: Float64Array;
    exposure: Float64Array;
    acts: Float64Array;
  },
  row: number,
  rates: Float64Array,
): Float64Array {
  const own = rates.slice();
  const acted = acts[row] > 0 && exposure[offsets[row]] === 0;
  if (acted) {
    const sum = rates.reduce((total, value) => total + value, 0);
    for (let bin = 0; bin < own.length; bin++) own[bin] = (0.5 * rates[bin]) / sum;
  }
  for (let index = offsets[row]; index < offsets[row + 1]; index++) {
    const bin = bins[index];
    if (acted) own[bin] += events[index] / (bin < 24 ? 5 : 2);
    else own[bin] = (0.5 + events[index]) / (0.5 / rates[bin] + exposure[index]);
  }
  return own;
}

/** By week hour: how often a send would be answered within the window, as a hazard, at these rates. */
export function hazards(rates: Float64Array, { reading, decay, days }: Reading): Float64Array {
  const byCell = new Float64Array(weekHours);
  for (let cell = 0; cell < weekHours; cell++)
    byCell[cell] = rates[binOfCell[cell]] * days[dayOfCell[cell]];
  if (reading === "at sending") return byCell;
  const hazard = new Float64Array(weekHours);
  for (let cell = 0; cell < weekHours; cell++)
    for (let delay = 0; delay < delayCount; delay++)
      hazard[cell] += decay[delay] * byCell[(cell + delay) % weekHours];
  return hazard;
}

/** By week hour: the share of acts. */
export function shares(rates: Float64Array, days: Float64Array): Float64Array {
  const share = Float64Array.from(
    { length: weekHours },
    (_, cell) => rates[binOfCell[cell]] * days[dayOfCell[cell]],
  );
  const sum = share.reduce((total, value) => total + value, 0);
  return share.map((value) => value / sum);
}
