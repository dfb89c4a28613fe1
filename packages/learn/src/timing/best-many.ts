import { threadsFor } from "../kernels/pool.js";
import * as layout from "../kernels/timing-layout.js";
import { evenRows, timingMemory } from "../kernels/timing-memory.js";
import { binCount, binOfCell, dayOfCell } from "./bins.js";
import { watchedShare } from "./everyone.js";
import type { Fitted } from "./fitted.js";
import { widening } from "./gain.js";
import { usedDelays } from "./gather.js";
import { leastShareOf, ownKernel } from "./person.js";
import { delayCount } from "./tally.js";
import type { Activity, Sends, SendTimes, TimingHistory } from "./types.js";
import { weekHours } from "./types.js";

/** Contacts copied into the kernels' memory at a time. */
const round = 65_536;

/** What answers are chosen by, beside what was learned. */
export interface Choosing {
  readonly table: Float64Array;
  readonly open: Uint8Array;
  /** The hour that is best for everyone, and for each group. */
  readonly global: number;
  readonly common: readonly number[];
  readonly together: number;
  readonly leastGain: number;
}

/** Fills in everybody's answers with the kernels, helped by other threads where that pays; the same as one contact after another. */
export function fillMany(
  fitted: Fitted,
  choosing: Choosing,
  history: TimingHistory,
  groupOf: (contact: number) => number,
  answers: SendTimes,
  threads = threadsFor(history.contacts, 0),
): void {
  const { contacts, sends, activity } = history;
  const memory = timingMemory();
  const { arena, context } = memory;
  const { prior, reading } = fitted;
  const padded = prior.count + (prior.count % 2);
  const words = new Map<number, number>();
  const { doubles, integers, bytes } = memory;
  const wide = (rows: Float64Array, filled: number): Float64Array =>
    evenRows(rows, prior.count, filled);
  const delays = usedDelays(reading.decay);
  const weights = new Float64Array(prior.count + fitted.groups.length);
  weights.set(prior.weights);
  weights.set(fitted.groups, prior.count);
  const most = Math.min(round, contacts);
  const room = { sends: roomFor(sends), acts: roomFor(activity) };

  words.set(layout.COUNT, prior.count);
  words.set(layout.PADDED, padded);
  words.set(layout.LATER, reading.reading === "later" ? 1 : 0);
  words.set(layout.SENDS, fitted.basis === "sends" ? 1 : 0);
  words.set(layout.TAPS, delays.length);
  words.set(layout.USUAL, reading.usual);
  words.set(layout.GLOBAL, choosing.global);
  words.set(layout.RATES, doubles(wide(prior.rates, 1)));
  words.set(layout.LOG_RATES, doubles(wide(prior.logs, 0)));
  words.set(layout.BY_RHYTHM, doubles(prior.byRhythm));
  words.set(layout.LOG_WEEK, doubles(wide(prior.logWeek, 0)));
  words.set(layout.WEIGHTS, doubles(wide(weights, 0)));
  words.set(layout.COMMON, integers([choosing.global, ...choosing.common]));
  words.set(layout.TABLE, doubles(choosing.table));
  words.set(layout.BIN_WEIGHT, doubles(Float64Array.from(dayOfCell, (day) => reading.days[day])));
  const partial = Array.from({ length: delayCount }, (_, hours) =>
    watchedShare(reading.answered, hours),
  );
  words.set(layout.PARTIAL, doubles(partial));
  words.set(layout.DECAY, doubles(reading.decay));
  words.set(layout.TAP_DELAYS, integers(delays));
  words.set(layout.ANSWER_WEIGHTS, doubles(fitted.weighing.answers));
  words.set(layout.ACT_WEIGHTS, doubles(fitted.weighing.acts));
  words.set(layout.ACT_SCALE, doubles(fitted.acts.subarray(0, binCount)));
  words.set(layout.OPEN, bytes(choosing.open));
  words.set(layout.BIN_OF, bytes(binOfCell.subarray(0, weekHours)));
  words.set(layout.OWN_KERNEL, doubles(ownKernel));
  const at = {
    sends: take(room.sends),
    acts: take(room.acts),
    groups: arena.take(4 * most),
    answers: arena.take(layout.ANSWER_BYTES * most),
  };
  memory.scratch(threads, padded);
  words.set(layout.SEND_OFFSETS, at.sends.offsets);
  words.set(layout.SEND_CELLS, at.sends.cells);
  words.set(layout.SEND_REACTIONS, at.sends.kinds);
  words.set(layout.SEND_DELAYS, at.sends.delays);
  words.set(layout.SEND_COUNTS, at.sends.counts);
  words.set(layout.ACT_OFFSETS, at.acts.offsets);
  words.set(layout.ACT_CELLS, at.acts.cells);
  words.set(layout.ACT_KINDS, at.acts.kinds);
  words.set(layout.ACT_COUNTS, at.acts.counts);
  words.set(layout.GROUPS, at.groups);
  words.set(layout.ANSWERS, at.answers);
  memory.words(words);
  arena
    .doubles(context + layout.SPREAD, 8)
    .set([
      prior.spread,
      fitted.trust,
      fitted.pull,
      leastShareOf(prior.count),
      choosing.together,
      widening[reading.reading],
      fitted.leastEvents,
      choosing.leastGain,
    ]);

  for (let from = 0; from < contacts; from += round) {
    const to = Math.min(contacts, from + round);
    if (sends) copy(sends, sends.reactions, sends.delays, at.sends, from, to);
    if (activity) copy(activity, activity.kinds, undefined, at.acts, from, to);
    const groups = arena.words(at.groups, to - from);
    for (let contact = from; contact < to; contact++) groups[contact - from] = groupOf(contact) + 1;
    const chunks = Math.ceil((to - from) / layout.CONTACTS_STEP);
    memory.words(new Map([[layout.CONTACTS, to - from]]));
    memory.run("answerShared", chunks, threads);
    read(from, to);
  }

  /** Bytes that the entries of a round take at most; -1 where there are none. */
  function roomFor(list: Sends | Activity | undefined): number {
    if (!list) return -1;
    let many = 0;
    for (let from = 0; from < contacts; from += round)
      many = Math.max(many, list.offsets[Math.min(contacts, from + round)] - list.offsets[from]);
    return many;
  }

  function take(entries: number) {
    if (entries < 0) return { offsets: 0, cells: 0, kinds: 0, delays: 0, counts: 0 };
    const counted = (sends?.counts ?? activity?.counts) !== undefined;
    return {
      offsets: arena.take(4 * (most + 1)),
      cells: arena.take(entries),
      kinds: arena.take(entries),
      delays: arena.take(entries),
      counts: counted ? arena.take(8 * entries) : 0,
    };
  }

  function copy(
    { offsets, cells, counts }: Pick<Sends, "offsets" | "cells" | "counts">,
    kinds: Uint8Array,
    delaysOf: Uint8Array | undefined,
    into: ReturnType<typeof take>,
    from: number,
    to: number,
  ): void {
    const [first, end] = [offsets[from], offsets[to]];
    const places = arena.words(into.offsets, to - from + 1);
    for (let contact = from; contact <= to; contact++)
      places[contact - from] = offsets[contact] - first;
    arena.bytes(into.cells, end - first).set(cells.subarray(first, end));
    arena.bytes(into.kinds, end - first).set(kinds.subarray(first, end));
    if (delaysOf) arena.bytes(into.delays, end - first).set(delaysOf.subarray(first, end));
    if (into.counts === 0) return;
    const many = arena.doubles(into.counts, end - first);
    if (counts) many.set(counts.subarray(first, end));
    else many.fill(1);
  }

  function read(from: number, to: number): void {
    const numbers = arena.doubles(at.answers, ((to - from) * layout.ANSWER_BYTES) / 8);
    const flags = arena.bytes(at.answers, (to - from) * layout.ANSWER_BYTES);
    const told = fitted.basis === "sends";
    for (let contact = from; contact < to; contact++) {
      const place = (contact - from) * (layout.ANSWER_BYTES / 8);
      answers.probability[contact] = told ? numbers[place] : Number.NaN;
      answers.secondProbability[contact] = told ? numbers[place + 1] : Number.NaN;
      answers.globalProbability[contact] = told ? numbers[place + 2] : Number.NaN;
      answers.gain[contact] = numbers[place + 3];
      answers.gainLow[contact] = numbers[place + 4];
      answers.gainHigh[contact] = numbers[place + 5];
      answers.ownShare[contact] = numbers[place + 6];
      answers.events[contact] = numbers[place + 7];
      answers.best[contact] = flags[8 * place + 64];
      answers.second[contact] = flags[8 * place + 65];
      answers.reason[contact] = flags[8 * place + 66];
    }
  }
}
