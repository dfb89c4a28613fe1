import { logLoss, pairedDifference, random, type SendTimeModel, weekHours } from "@inchworm/learn";
import type { ProbabilityCard } from "@inchworm/spec";
import { uniform } from "../dataset.js";
import { historyOf } from "../timing/history-of.js";
import type { ReadTiming } from "../timing/read-timing.js";

/** Hours of later acts, each beside an hour drawn from everyone's, and how likely it is that it is the contact's own. */
export interface JudgedActs {
  readonly contacts: Int32Array;
  /** 1 = the contact acted in that hour; 0 = drawn. */
  readonly labels: Float64Array;
  readonly model: Float64Array;
  /** The contact's acts of before, counted by the hour of the day, its neighbours with it. */
  readonly rule: Float64Array;
}

/** Contacts whose curves are worked out at a time. */
const chunk = 4096;
/** Acts that are judged by; of more, all of some people's. */
const mostActs = 30_000;
/** Acts at everyone's hours that own acts are added to. */
const pull = 10;

/** Foretells the hours of later acts by what was known before them; of people who had not acted before nothing can be. */
export function judgeActs(
  model: SendTimeModel,
  past: ReadTiming,
  later: ReadTiming,
  seed: number,
): JudgedActs {
  const { everyone } = model;
  const draw = drawer(everyone);
  const counted = counter(everyone);
  const { activity } = later.timing;
  const share = mostActs / Math.max(1, activity.cells.length);
  const people = later.contacts.filter(
    (contact, row) =>
      activity.offsets[row + 1] > activity.offsets[row] && uniform(contact, 0x3ac7) < share,
  );
  const rowOf = new Map(Array.from(later.contacts, (contact, row) => [contact, row]));
  const rows: { contact: number; label: number; model: number; rule: number }[] = [];
  for (let start = 0; start < people.length; start += chunk) {
    const part = people.subarray(start, start + chunk);
    const known = historyOf(past.timing, past.contacts, part);
    const acts = known.activity;
    if (acts === undefined) break;
    const curves = model.probabilities({
      contacts: part.length,
      activity: acts,
      ...groupsOf(known),
    });
    for (const [index, contact] of part.entries()) {
      const before = acts.cells.subarray(acts.offsets[index], acts.offsets[index + 1]);
      if (before.length === 0) continue;
      const { below, uniform: next } = random(seed, contact + 1);
      const own = curves.subarray(index * weekHours, (index + 1) * weekHours);
      const simple = counted(before);
      const row = rowOf.get(contact) as number;
      for (let at = activity.offsets[row]; at < activity.offsets[row + 1]; at++) {
        // which of the two comes first says nothing
        const cells = [activity.cells[at], draw(next)];
        for (const label of below(2) === 0 ? [1, 0] : [0, 1]) {
          const cell = cells[1 - label];
          const chance = (value: number) => value / (value + everyone[cell]);
          rows.push({ contact, label, model: chance(own[cell]), rule: chance(simple(cell)) });
        }
      }
    }
  }
  return {
    contacts: Int32Array.from(rows, ({ contact }) => contact),
    labels: Float64Array.from(rows, ({ label }) => label),
    model: Float64Array.from(rows, ({ model: value }) => value),
    rule: Float64Array.from(rows, ({ rule }) => rule),
  };
}

const groupsOf = ({ groups }: { readonly groups?: Int32Array }) => (groups ? { groups } : {});

function drawer(shares: Float64Array): (uniform: () => number) => number {
  const sum = shares.reduce((total, share) => total + share, 0);
  return (next) => {
    let left = next() * sum;
    for (let cell = 0; cell < weekHours; cell++) {
      left -= shares[cell];
      if (left < 0) return cell;
    }
    return weekHours - 1;
  };
}

function counter(everyone: Float64Array) {
  const byHour = new Float64Array(24);
  for (const [cell, share] of everyone.entries()) byHour[cell % 24] += share;
  return (acts: Uint8Array) => {
    const counts = byHour.map((share) => pull * share);
    for (const cell of acts) for (const near of [23, 0, 1]) counts[(cell + near) % 24] += 1 / 3;
    const all = pull + acts.length;
    return (cell: number): number =>
      ((counts[cell % 24] / all) * everyone[cell]) / byHour[cell % 24];
  };
}

/**
 * The verdict for hours told by activity alone: published when hours of later acts are told from everyone's beyond doubt, and no worse
 * than by counting.
 */
export function actsVerdict(
  { contacts, labels, model, rule }: JudgedActs,
  seed: number,
): Pick<ProbabilityCard, "verdict" | "because"> {
  const alike = new Float64Array(labels.length).fill(0.5);
  const beyond = pairedDifference(logLoss, model, alike, labels, { seed, clusters: contacts });
  const [own, counted] = [logLoss(model, labels), logLoss(rule, labels)];
  const numbers = `log loss ${own.toFixed(4)} of telling the hour of a later act from one drawn of everyone's, where everyone's hours have ${Math.LN2.toFixed(4)} (difference ${beyond.low.toFixed(4)} to ${beyond.high.toFixed(4)}) and own acts counted by hour ${counted.toFixed(4)}`;
  const published = beyond.high < 0 && own <= counted;
  return {
    verdict: published ? "published" : "withheld",
    because: published
      ? `People are active at hours of their own: ${numbers}. What nobody was sent cannot tell how they would answer.`
      : `Withheld: that people are active at hours of their own is ${beyond.high < 0 ? "told better by counting" : "not beyond doubt"}: ${numbers}.`,
  };
}
