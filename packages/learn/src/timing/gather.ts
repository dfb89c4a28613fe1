import { binCount, binOfCell, dayOfCell } from "./bins.js";
import { type Reading, watchedShare } from "./everyone.js";
import { delayCount, human } from "./tally.js";
import type { TimingHistory } from "./types.js";
import { reactions, unknownDelay, weekHours, windowHours } from "./types.js";

/** What contacts did and had the chance to do, by bin: those of row r are `offsets[r]` up to but not including `offsets[r + 1]`. */
export interface Evidence {
  readonly offsets: Int32Array;
  readonly bins: Uint8Array;
  /** Weighted events. */
  readonly events: Float64Array;
  /** Sends, as far as they could have been answered in the bin. */
  readonly exposure: Float64Array;
  /** Per row: answers to sends, unweighted. */
  readonly answers: Float64Array;
  /** Per row: weighted acts that no send stands against. */
  readonly acts: Float64Array;
}

/** How events are weighed. */
export interface Weighing {
  /** By place in `reactions`, for answers to sends: their mean over everyone is 1. */
  readonly answers: readonly number[];
  /** The same for acts. */
  readonly acts: readonly number[];
}

/** Sums up one contact at a time. */
export interface Gatherer {
  /** Bins touched, the first `touched` entries of `bins`. */
  touched: number;
  readonly bins: Uint8Array;
  /** By bin. */
  readonly events: Float64Array;
  readonly exposure: Float64Array;
  answers: number;
  acts: number;
  /** Human events, unweighted, and sends that machines alone reacted to. */
  count: number;
  machines: number;
  sends: number;
  gather(contact: number): void;
}

/** Later hours with less of the attention than this are left out. */
const leastShare = 0.002;

/** Hours after sending that have some of the attention. */
export function usedDelays(decay: Float64Array): number[] {
  return [...decay.keys()].filter((delay) => decay[delay] >= leastShare);
}

export function gatherer(history: TimingHistory, reading: Reading, weighing: Weighing): Gatherer {
  const { sends, activity } = history;
  const { decay, answered, usual, days } = reading;
  const later = reading.reading === "later";
  const seen = new Uint8Array(binCount);
  const binWeight = Float64Array.from(dayOfCell, (day) => days[day]);
  const partial = Float64Array.from({ length: delayCount }, (_, hours) =>
    watchedShare(answered, hours),
  );
  const taps = usedDelays(decay);
  const machine = reactions.indexOf("machine");

  const state: Gatherer = {
    touched: 0,
    bins: new Uint8Array(binCount),
    events: new Float64Array(binCount),
    exposure: new Float64Array(binCount),
    answers: 0,
    acts: 0,
    count: 0,
    machines: 0,
    sends: 0,
    gather,
  };
  const { bins, events, exposure } = state;

  function touch(bin: number): void {
    if (seen[bin]) return;
    seen[bin] = 1;
    bins[state.touched++] = bin;
  }

  function addLater(cell: number, reacted: boolean, until: number, count: number): void {
    for (const delay of taps) {
      if (delay > until) break;
      const half = delay === until && (reacted || until < windowHours);
      const there = cell + delay < weekHours ? cell + delay : cell + delay - weekHours;
      const bin = binOfCell[there];
      touch(bin);
      exposure[bin] += count * decay[delay] * binWeight[there] * (half ? 0.5 : 1);
    }
  }

  function gather(contact: number): void {
    for (let index = 0; index < state.touched; index++) {
      const bin = bins[index];
      seen[bin] = 0;
      events[bin] = 0;
      exposure[bin] = 0;
    }
    state.touched = state.answers = state.acts = state.count = state.machines = state.sends = 0;
    if (sends) {
      const { offsets, cells, counts } = sends;
      for (let entry = offsets[contact]; entry < offsets[contact + 1]; entry++) {
        const cell = cells[entry];
        const kind = sends.reactions[entry];
        const count = counts ? counts[entry] : 1;
        const reacted = kind >= human;
        let delay = sends.delays[entry];
        if (delay === unknownDelay) delay = reacted ? usual : windowHours;
        state.sends += count;
        if (reacted) {
          const bin = binOfCell[later ? (cell + delay) % weekHours : cell];
          touch(bin);
          events[bin] += count * weighing.answers[kind];
          state.answers += count;
          state.count += count;
        } else if (kind === machine) state.machines += count;
        if (later) addLater(cell, reacted, delay, count);
        else {
          const bin = binOfCell[cell];
          touch(bin);
          exposure[bin] += count * binWeight[cell] * (reacted ? 0.5 : partial[delay]);
        }
      }
    }
    if (activity) {
      const { offsets, cells, kinds, counts } = activity;
      for (let entry = offsets[contact]; entry < offsets[contact + 1]; entry++) {
        if (kinds[entry] < human) continue;
        const count = counts ? counts[entry] : 1;
        const weight = count * weighing.acts[kinds[entry]];
        const bin = binOfCell[cells[entry]];
        touch(bin);
        events[bin] += weight;
        state.acts += weight;
        state.count += count;
      }
    }
  }
  return state;
}

/** The evidence of some contacts. */
export function evidenceOf(
  history: TimingHistory,
  rows: Int32Array,
  reading: Reading,
  weighing: Weighing,
): Evidence {
  const one = gatherer(history, reading, weighing);
  const offsets = new Int32Array(rows.length + 1);
  const bins = new Uint8Array(rows.length * binCount);
  const events = new Float64Array(rows.length * binCount);
  const exposure = new Float64Array(rows.length * binCount);
  const answers = new Float64Array(rows.length);
  const acts = new Float64Array(rows.length);
  for (let row = 0; row < rows.length; row++) {
    one.gather(rows[row]);
    offsets[row + 1] = copy(one, bins, events, exposure, offsets[row]);
    answers[row] = one.answers;
    acts[row] = one.acts;
  }
  return { offsets, bins, events, exposure, answers, acts };
}

/** A place for the evidence of one contact at a time, filled by `fill`. */
export function roomForOne(): { readonly evidence: Evidence; fill(one: Gatherer): void } {
  const evidence = {
    offsets: new Int32Array(2),
    bins: new Uint8Array(binCount),
    events: new Float64Array(binCount),
    exposure: new Float64Array(binCount),
    answers: new Float64Array(1),
    acts: new Float64Array(1),
  };
  return {
    evidence,
    fill(one) {
      evidence.offsets[1] = copy(one, evidence.bins, evidence.events, evidence.exposure, 0);
      evidence.answers[0] = one.answers;
      evidence.acts[0] = one.acts;
    },
  };
}

function copy(
  one: Gatherer,
  bins: Uint8Array,
  events: Float64Array,
  exposure: Float64Array,
  from: number,
): number {
  for (let index = 0; index < one.touched; index++) {
    const bin = one.bins[index];
    bins[from + index] = bin;
    events[from + index] = one.events[bin];
    exposure[from + index] = one.exposure[bin];
  }
  return from + one.touched;
}
