import { reactions, type Sends, type SendTimeModel, weekHours, windowHours } from "@inchworm/learn";
import { uniform } from "../dataset.js";
import { historyOf } from "../timing/history-of.js";
import type { ReadTiming } from "../timing/read-timing.js";
import { type AtBest, gainAtBest } from "./send-time-gain.js";

const human = reactions.indexOf("open");
/** Contacts whose curves are worked out at a time. */
const chunk = 4096;
/** Messages that are judged by; of more, all of some people's. */
const mostRows = 60_000;

/** Later messages, what was foretold of them, and what came. */
export interface JudgedSends {
  readonly contacts: Int32Array;
  readonly labels: Float64Array;
  readonly model: Float64Array;
  /** The hours that are best for everyone, at the person's own rate. */
  readonly rule: Float64Array;
  /** Messages that happened to be sent within an hour of the person's own best, on that kind of day. */
  readonly atBest: AtBest;
}

/** Foretells messages sent from an instant on by what was known before it. */
export function judgeSends(
  model: SendTimeModel,
  past: ReadTiming,
  whole: ReadTiming,
  { from, seed }: { readonly from: number; readonly seed: number },
): JudgedSends {
  const { sends, sentAt } = whole.timing;
  const isLater = (at: number) => sentAt[at] * 1000 >= from;
  const later = sentAt.reduce((count, _, at) => count + (isLater(at) ? 1 : 0), 0);
  const share = mostRows / Math.max(1, later);
  const people = whole.contacts.filter((contact) => share >= 1 || uniform(contact, 0x5e4d) < share);
  const rowOf = new Map(Array.from(whole.contacts, (contact, row) => [contact, row]));
  const rows: Judged[] = [];
  for (let start = 0; start < people.length; start += chunk) {
    const part = people.subarray(start, start + chunk);
    const known = historyOf(past.timing, past.contacts, part);
    const curves = model.probabilities(known);
    const { best, reason } = model.best(known);
    for (const [index, contact] of part.entries()) {
      const row = rowOf.get(contact) as number;
      const level = levelOf(known.sends, index, model.everyone);
      for (let at = sends.offsets[row]; at < sends.offsets[row + 1]; at++) {
        if (!isLater(at)) continue;
        const answered = sends.reactions[at] >= human;
        // not watched to its end: what is to come is not known
        if (!answered && sends.delays[at] < windowHours) continue;
        const cell = sends.cells[at];
        rows.push({
          contact,
          label: answered ? 1 : 0,
          model: curves[index * weekHours + cell],
          everyone: model.everyone[cell],
          ...level,
          atBest: reason[index] === 0 && within(cell, best[index]),
        });
      }
    }
  }
  return judged(rows, aroundBest(model), seed);
}

interface Level {
  /** Answers so far, and how many there would have been at everyone's rate. */
  readonly came: number;
  readonly expected: number;
}

interface Judged extends Level {
  readonly contact: number;
  readonly label: number;
  readonly model: number;
  readonly everyone: number;
  readonly atBest: boolean;
}

function levelOf(sends: Sends | undefined, row: number, everyone: Float64Array): Level {
  let [came, expected] = [0, 0];
  for (let at = sends?.offsets[row] ?? 0; sends && at < sends.offsets[row + 1]; at++) {
    if (sends.reactions[at] >= human) came++;
    else if (sends.delays[at] < windowHours) continue;
    expected += everyone[sends.cells[at]];
  }
  return { came, expected };
}

/** Everyone's chance around the hours that are best for everyone, taken as near as people's own hours are. */
function aroundBest({ everyone }: SendTimeModel): number {
  const around = everyone.map((_, best) => {
    const near = everyone.filter((_, cell) => within(cell, best));
    return near.reduce((sum, chance) => sum + chance, 0) / near.length;
  });
  return Math.max(...around);
}

/** Within an hour on the clock, on a day of the same kind: a working day or the weekend. */
const within = (cell: number, best: number): boolean => {
  const apart = Math.abs((cell % 24) - (best % 24));
  return Math.min(apart, 24 - apart) <= 1 && cell >= weekend === best >= weekend;
};
const weekend = 120;

/** How many expected answers everybody's rate weighs as much as: the rule gets whichever foretells these very messages best. */
const weightsOfAll = [0.125, 0.25, 0.5, 1, 2, 4, 8];
const [least, most] = [0.0005, 0.9995];
const clipped = (value: number): number => Math.min(most, Math.max(least, value));

function judged(rows: readonly Judged[], bestForAll: number, seed: number): JudgedSends {
  const labels = Float64Array.from(rows, ({ label }) => label);
  const rules = weightsOfAll.map((weight) =>
    Float64Array.from(rows, ({ came, expected, everyone }) =>
      clipped((everyone * (came + weight)) / (expected + weight)),
    ),
  );
  const loss = (rule: Float64Array) =>
    rule.reduce((sum, p, row) => sum - Math.log(labels[row] === 1 ? p : 1 - p), 0);
  const losses = rules.map(loss);
  const rule = rules[losses.indexOf(Math.min(...losses))] ?? new Float64Array(0);
  // interest in later days may be more or less than it was: the rule is held to the level of all later messages
  const sum = (values: Float64Array) => values.reduce((total, value) => total + value, 0);
  const level = sum(labels) / sum(rule);
  const near = rows.flatMap(({ contact, label, everyone, atBest }, row) =>
    atBest
      ? [{ contact, label, expected: clipped((level * rule[row] * bestForAll) / everyone) }]
      : [],
  );
  return {
    contacts: Int32Array.from(rows, ({ contact }) => contact),
    labels,
    model: Float64Array.from(rows, ({ model }) => clipped(model)),
    rule,
    atBest: gainAtBest(near, seed),
  };
}
