import { LearnError } from "../error.js";
import { expOf, logOf } from "../kernels/log-exp.twin.js";
import { fillMany } from "./best-many.js";
import { binOfCell, dayHours, dayOfCell } from "./bins.js";
import { checkHistory } from "./check.js";
import { bestOf, everyoneByCell, type Fitted, hazardTable, openCells } from "./fitted.js";
import { gainOf } from "./gain.js";
import { gatherer, roomForOne, usedDelays } from "./gather.js";
import { ownWidth, person } from "./person.js";
import { delayCount } from "./tally.js";
import type { BestOptions, SendTimes, TimingHistory } from "./types.js";
import { noPersonalTime, weekHours } from "./types.js";

/** A gain below this share of the probability in everyone's best hour is none worth telling. */
const leastGain = 0.005;
/** From so many contacts on the kernels answer. */
const kernelContacts = 1000;
/** Hours between the best and the second. */
const apart = 3;

const reason = {
  none: noPersonalTime.indexOf("no history"),
  few: noPersonalTime.indexOf("too few reactions"),
  machines: noPersonalTime.indexOf("machines alone opened"),
  flat: noPersonalTime.indexOf("no hour stands out"),
};

/** Answers for one contact after another, from the same memory. */
export function answerer(who: string, fitted: Fitted, history: TimingHistory) {
  checkHistory(who, history);
  const { prior, acts, pull, reading, weighing, groups } = fitted;
  const { count } = prior;
  const one = gatherer(history, reading, weighing);
  const room = roomForOne();
  const someone = person(prior, acts, fitted);
  const cells = new Float64Array(weekHours);
  const byCell = new Float64Array(weekHours);
  const taps = usedDelays(reading.decay);
  const later = reading.reading === "later" && fitted.basis === "sends";
  const together = later ? sharedDoubt(reading.decay) : 1;
  const known = groups.length / count;

  const groupOf = (contact: number): number => {
    const group = history.groups ? history.groups[contact] : -1;
    return group >= 0 && group < known ? group : -1;
  };
  return {
    one,
    someone,
    /** By week hour, after `look`: mean hazard. */
    cells,
    groupOf,
    together,
    /** How far the contact's own events raise or lower what the rhythms say of an hour. */
    own(cell: number, table: Float64Array): number {
      if (pull === Infinity) return 1;
      if (!later) return someone.own[binOfCell[cell]];
      let mean = 0;
      const from = cell * count;
      for (let index = 0; index < someone.kept; index++)
        mean +=
          (someone.shares[index] * someone.power * table[from + someone.rhythms[index]]) /
          someone.levels[index];
      return cells[cell] / mean;
    },
    /** Relative variance of that. */
    doubt: (cell: number): number => together * someone.doubt[binOfCell[cell]],
    look(contact: number): void {
      one.gather(contact);
      room.fill(one);
      const group = groupOf(contact);
      const weights =
        group < 0 ? prior.weights : groups.subarray(group * count, (group + 1) * count);
      someone.look(room.evidence, 0, weights);
      const into = later ? byCell : cells;
      for (let cell = 0; cell < weekHours; cell++)
        into[cell] = someone.rates[binOfCell[cell]] * reading.days[dayOfCell[cell]];
      if (!later) return;
      for (let cell = 0; cell < weekHours; cell++) {
        let sum = 0;
        for (const delay of taps) {
          const there = cell + delay;
          sum += reading.decay[delay] * byCell[there < weekHours ? there : there - weekHours];
        }
        cells[cell] = sum;
      }
    },
  };
}

export function bestTimes(
  who: string,
  fitted: Fitted,
  history: TimingHistory,
  { allowed }: BestOptions,
  manyContacts = kernelContacts,
): SendTimes {
  if (allowed && (allowed.length !== weekHours || !allowed.some((flag) => flag !== 0)))
    throw new LearnError(
      "input",
      `${who}: "allowed" must hold ${weekHours} flags, at least one of them not 0.`,
    );
  const { prior, basis, leastEvents, groups } = fitted;
  const { count } = prior;
  const ask = answerer(who, fitted, history);
  const { one, someone, cells } = ask;
  const table = hazardTable(fitted);
  const gain = gainOf(fitted, table);
  const open = openCells(allowed, fitted.tried);
  const global = bestOf(everyoneByCell(fitted), open);
  const common = Array.from({ length: groups.length / count }, (_, group) =>
    groupBest(table, groups.subarray(group * count, (group + 1) * count), open),
  );
  const answers = room(history.contacts);
  if (history.contacts >= manyContacts) {
    const { together, groupOf } = ask;
    const choosing = { table, open, global, common, together, leastGain };
    fillMany(fitted, choosing, history, groupOf, answers);
    return answers;
  }

  for (let contact = 0; contact < history.contacts; contact++) {
    ask.look(contact);
    const events = one.count;
    let why = 0;
    if (events < leastEvents)
      why =
        events === 0 && one.sends === 0
          ? reason.none
          : events === 0 && one.machines > 0
            ? reason.machines
            : reason.few;
    const group = ask.groupOf(contact);
    const fallback = group < 0 ? global : common[group];
    let best = why ? fallback : bestOf(cells, open);
    if (!why && (best === global || cells[best] < cells[global] * (1 + leastGain))) {
      why = reason.flat;
      best = global;
    }
    const second = secondBest(cells, open, best);
    const factors = [ask.own(best, table), ask.own(global, table)] as const;
    const doubt =
      best === global ? ([0, 0] as const) : ([ask.doubt(best), ask.doubt(global)] as const);
    const found = gain(someone, [best, global], factors, doubt);
    answers.best[contact] = best;
    answers.second[contact] = second;
    answers.probability[contact] = basis === "sends" ? found.best : Number.NaN;
    answers.secondProbability[contact] =
      basis === "sends" ? Math.min(found.best, chance(cells[second], someone.power)) : Number.NaN;
    answers.globalProbability[contact] = basis === "sends" ? found.global : Number.NaN;
    answers.gain[contact] = found.mean;
    answers.gainLow[contact] = found.low;
    answers.gainHigh[contact] = found.high;
    answers.ownShare[contact] = why === reason.none ? 0 : someone.moved;
    answers.events[contact] = events;
    answers.reason[contact] = why;
  }
  return answers;
}

/** What is left of an hour's doubt where hours are taken together: those around the clock are not equally wrong. */
function sharedDoubt(decay: Float64Array): number {
  let sum = 0;
  for (let one = 0; one < delayCount; one++)
    for (let two = 0; two < delayCount; two++)
      sum += decay[one] * decay[two] * Math.exp(-((one - two) ** 2) / (4 * ownWidth ** 2));
  return sum;
}

/** By contact and week hour; shares of activity where nothing else is known. */
export function curves(who: string, fitted: Fitted, history: TimingHistory): Float32Array {
  const ask = answerer(who, fitted, history);
  const { someone, cells } = ask;
  const answers = new Float32Array(history.contacts * weekHours);
  for (let contact = 0; contact < history.contacts; contact++) {
    ask.look(contact);
    const from = contact * weekHours;
    let sum = 0;
    for (let cell = 0; cell < weekHours; cell++) sum += cells[cell];
    for (let cell = 0; cell < weekHours; cell++)
      answers[from + cell] =
        fitted.basis === "activity" ? cells[cell] / sum : chance(cells[cell], someone.power);
  }
  return answers;
}

/** Of an answer, where the hazard is gamma with this mean and shape. */
function chance(hazard: number, power: number): number {
  return 1 - expOf(-power * logOf(1 + hazard / power));
}

function groupBest(table: Float64Array, weights: Float64Array, open: Uint8Array): number {
  const values = new Float64Array(weekHours);
  for (let cell = 0; cell < weekHours; cell++)
    for (let rhythm = 0; rhythm < weights.length; rhythm++)
      values[cell] += weights[rhythm] * table[cell * weights.length + rhythm];
  return bestOf(values, open);
}

function secondBest(cells: Float64Array, open: Uint8Array, best: number): number {
  const hour = best % dayHours;
  const weekend = best >= 120;
  let second = -1;
  for (let cell = 0; cell < weekHours; cell++) {
    if (!open[cell] || (second >= 0 && cells[cell] <= cells[second])) continue;
    const turn = Math.abs((cell % dayHours) - hour);
    if (cell >= 120 === weekend && Math.min(turn, dayHours - turn) < apart) continue;
    second = cell;
  }
  return second < 0 ? best : second;
}

function room(contacts: number) {
  const numbers = (): Float64Array => new Float64Array(contacts);
  return {
    contacts,
    best: new Uint8Array(contacts),
    second: new Uint8Array(contacts),
    probability: numbers(),
    secondProbability: numbers(),
    globalProbability: numbers(),
    gain: numbers(),
    gainLow: numbers(),
    gainHigh: numbers(),
    ownShare: numbers(),
    events: numbers(),
    reason: new Uint8Array(contacts),
  };
}
