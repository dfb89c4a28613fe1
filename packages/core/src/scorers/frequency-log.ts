import { type FrequencyLog, reactions, windowHours } from "@inchworm/learn";
import type { Instant } from "@inchworm/spec";
import { type Moments, momentKinds } from "@inchworm/store";
import { type MessageHistory, timingHistory } from "../timing/timing-history.js";

const human = reactions.indexOf("open");
const leaving = (["unsubscribe", "complaint"] as const).map((kind) => momentKinds.indexOf(kind));
const day = 86_400;
const week = 7 * day;
/** A message every week, at about the same hour, is one in seven days, and not sometimes two. */
const slack = day / 2;
/** A number of messages is told of where so many weeks of people had as many or more. */
const leastWeeks = 50;

/** Messages of people, and who they are. */
export interface PeopleMessages {
  /**
   * One row per message: `messages` is which one of the last seven days it was, and it stands for that part of a week; and one for
   * every time without any in seven days.
   */
  readonly log: FrequencyLog & { readonly week: Int32Array; readonly weeks: Float64Array };
  /** The contact of each person of the log, ascending. */
  readonly contacts: Int32Array;
}

/** Messages and answers of everybody, whatever their clocks. */
export const messagesOf = (moments: Moments, asOf: Instant): MessageHistory =>
  timingHistory(moments, new Int32Array(moments.contacts.length), ["UTC"], asOf);

/**
 * What people were sent from `from` on and before `until`, up to their leaving, and whether they answered within 24 hours. A message
 * counts with all of the seven days before it, for what comes close to another is felt to, whatever the calendar's weeks. Of messages
 * not watched for 24 hours nothing is known yet, and nothing is told of anybody's first seven days: what is new is read by more.
 *
 * @param some which contacts
 */
export function peopleMessages(
  { contacts, offsets, seconds, kinds }: Moments,
  { sends, sentAt }: MessageHistory,
  span: { readonly from: Instant; readonly until: Instant },
  some: (contact: number) => boolean = () => true,
): PeopleMessages {
  const [start, end] = [span.from / 1000, span.until / 1000];
  const rows = rowsOf(start);
  const most = mostInWeeks({ sends, sentAt }, span);
  const people: number[] = [];
  for (const [row, contact] of contacts.entries()) {
    const [first, last] = [sends.offsets[row], sends.offsets[row + 1]];
    if (first === last || sentAt[last - 1] < start || !some(contact)) continue;
    let begun = first;
    while (sentAt[begun] < start) begun++;
    if (sentAt[begun] >= end) continue;
    let left = Number.POSITIVE_INFINITY;
    for (let at = offsets[row]; at < offsets[row + 1]; at++)
      if (leaving.includes(kinds[at]) && seconds[at] >= sentAt[begun] && seconds[at] < end)
        left = Math.min(left, seconds[at]);
    const person = people.length;
    const before = rows.count();
    const known = sentAt[first] + week - slack;
    let oldest = first;
    for (let at = begun; at < last && sentAt[at] < Math.min(end, left); at++) {
      const sent = sentAt[at];
      while (sentAt[oldest] <= sent - week + slack) oldest++;
      const next = at + 1 < last ? Math.min(end, sentAt[at + 1]) : end;
      const leaves = left < Math.min(next, sent + week);
      const answered = sends.reactions[at] >= human;
      const watched = answered || leaves || sends.delays[at] >= windowHours;
      if (watched && sent >= known)
        rows.add(person, sent, Math.min(most, at - oldest + 1), answered, leaves);
      if (Math.min(next, left) > sent + week)
        rows.addQuiet(person, sent + week, Math.min(next, left), left < next);
    }
    if (rows.count() > before) people.push(contact);
  }
  return { contacts: Int32Array.from(people), log: { ...rows.done(), people: people.length } };
}

/** The most messages that enough people had in weeks one after the other: for a moment there may be more. */
function mostInWeeks(
  { sends, sentAt }: Pick<MessageHistory, "sends" | "sentAt">,
  { from, until }: { readonly from: Instant; readonly until: Instant },
): number {
  const weeks: number[] = [];
  for (let person = 0; person + 1 < sends.offsets.length; person++) {
    let [last, count] = [-1, 0];
    for (let at = sends.offsets[person]; at < sends.offsets[person + 1]; at++) {
      if (sentAt[at] * 1000 < from || sentAt[at] * 1000 >= until) continue;
      const which = Math.floor((until / 1000 - sentAt[at]) / week);
      count = which === last ? count + 1 : 1;
      last = which;
      weeks[count] = (weeks[count] ?? 0) + 1;
    }
  }
  const told = weeks.findLastIndex((people) => people >= leastWeeks);
  return Math.max(1, told);
}

function rowsOf(start: number) {
  const person: number[] = [];
  const weekOf: number[] = [];
  const messages: number[] = [];
  const weeks: number[] = [];
  const answers: number[] = [];
  const left: number[] = [];
  const push = (who: number, at: number, count: number, span: number, leaves: boolean) => {
    person.push(who);
    weekOf.push(Math.floor((at - start) / week));
    messages.push(count);
    weeks.push(span);
    left.push(leaves ? 1 : 0);
  };
  return {
    count: () => person.length,
    add(who: number, at: number, count: number, answered: boolean, leaves: boolean): void {
      push(who, at, count, 1 / count, leaves);
      answers.push(answered ? 1 : 0);
    },
    addQuiet(who: number, from: number, to: number, leaves: boolean): void {
      push(who, from, 0, (to - from) / week, leaves);
      answers.push(0);
    },
    done: () => ({
      rows: person.length,
      person: Int32Array.from(person),
      week: Int32Array.from(weekOf),
      messages: Float64Array.from(messages),
      weeks: Float64Array.from(weeks),
      engagement: Float64Array.from(answers),
      unsubscribed: Uint8Array.from(left),
    }),
  };
}
