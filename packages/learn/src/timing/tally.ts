import { binCount, binOfCell, dayOfCell, weekDays } from "./bins.js";
import type { Activity, Sends, TimingHistory } from "./types.js";
import { reactions as kindNames, unknownDelay, weekHours, windowHours } from "./types.js";

/** Delays are 0 to 24. */
export const delayCount = windowHours + 1;
/** The first place in `reactions` that is human. */
export const human = 2;

/** Sends of everyone together, by week hour: of those with a human reaction after each delay, and of the others how long they were watched. */
export interface Tally {
  readonly reacted: Float64Array;
  readonly watched: Float64Array;
  /** Human acts by bin and by day. */
  readonly acts: Float64Array;
  readonly actDays: Float64Array;
  /** By place in `reactions`: sends and acts. */
  readonly sendKinds: Float64Array;
  readonly actKinds: Float64Array;
}

export function tally({ contacts, sends, activity }: TimingHistory): Tally {
  const reacted = new Float64Array(weekHours * (delayCount + 1));
  const watched = new Float64Array(weekHours * delayCount);
  const acts = new Float64Array(binCount);
  const actDays = new Float64Array(weekDays);
  const sendKinds = new Float64Array(kindNames.length);
  const actKinds = new Float64Array(kindNames.length);
  if (sends) {
    const counted = countSends(sends, sends.offsets[contacts]);
    for (let key = 0; key < counted.length; key++) {
      const count = counted[key];
      if (count === 0) continue;
      const [kind, cell, delay] = [key >> 16, (key >> 8) & 255, key & 255];
      sendKinds[kind] += count;
      if (kind >= human) reacted[cell * (delayCount + 1) + Math.min(delay, delayCount)] += count;
      else watched[cell * delayCount + (delay === unknownDelay ? windowHours : delay)] += count;
    }
  }
  if (activity) {
    const counted = countActs(activity, activity.offsets[contacts]);
    for (let key = 0; key < counted.length; key++) {
      const [kind, cell] = [key >> 8, key & 255];
      if (kind < human || counted[key] === 0) continue;
      actKinds[kind] += counted[key];
      acts[binOfCell[cell]] += counted[key];
      actDays[dayOfCell[cell]] += counted[key];
    }
  }
  return { reacted, watched, acts, actDays, sendKinds, actKinds };
}

/** By kind, week hour and delay, a byte for each of the last two. */
function countSends(
  { cells, reactions, delays, counts }: Sends,
  entries: number,
): Float64Array | Int32Array {
  const size = kindNames.length << 16;
  if (counts) {
    const sums = new Float64Array(size);
    for (let entry = 0; entry < entries; entry++)
      sums[(reactions[entry] << 16) | (cells[entry] << 8) | delays[entry]] += counts[entry];
    return sums;
  }
  const many = new Int32Array(size);
  for (let entry = 0; entry < entries; entry++)
    many[(reactions[entry] << 16) | (cells[entry] << 8) | delays[entry]]++;
  return many;
}

/** By kind and week hour. */
function countActs({ cells, kinds, counts }: Activity, entries: number): Float64Array {
  const sums = new Float64Array(kindNames.length << 8);
  for (let entry = 0; entry < entries; entry++)
    sums[(kinds[entry] << 8) | cells[entry]] += counts ? counts[entry] : 1;
  return sums;
}
