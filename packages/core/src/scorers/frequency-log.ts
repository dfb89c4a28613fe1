import { type FrequencyLog, reactions } from "@inchworm/learn";
import type { Instant } from "@inchworm/spec";
import { type Moments, momentKinds } from "@inchworm/store";
import { type MessageHistory, timingHistory } from "../timing/timing-history.js";

const human = reactions.indexOf("open");
const leaving = (["unsubscribe", "complaint"] as const).map((kind) => momentKinds.indexOf(kind));
const secondsPerWeek = 7 * 86_400;

/** Weeks of people, and who they are. */
export interface PeopleWeeks {
  readonly log: FrequencyLog & { readonly week: Int32Array };
  /** The contact of each person of the log, ascending. */
  readonly contacts: Int32Array;
}

/** Messages and answers of everybody, whatever their clocks. */
export const messagesOf = (moments: Moments, asOf: Instant): MessageHistory =>
  timingHistory(moments, new Int32Array(moments.contacts.length), ["UTC"], asOf);

/**
 * Weeks of people from their first message in `[from, until)` to their leaving: how many messages they were sent, and how many of them
 * they answered within 24 hours. Weeks end at `until`.
 *
 * @param some which contacts
 */
export function peopleWeeks(
  { contacts, offsets, seconds, kinds }: Moments,
  { sends, sentAt }: MessageHistory,
  span: { readonly from: Instant; readonly until: Instant },
  some: (contact: number) => boolean = () => true,
): PeopleWeeks {
  const end = Math.floor(span.until / 1000);
  const weeks = Math.floor((span.until - span.from) / (secondsPerWeek * 1000));
  const start = end - weeks * secondsPerWeek;
  const weekOf = (second: number) => Math.floor((second - start) / secondsPerWeek);
  const rows = {
    person: [] as number[],
    week: [] as number[],
    messages: [] as number[],
    answers: [] as number[],
    left: [] as number[],
  };
  const people: number[] = [];
  const messages = new Int32Array(weeks);
  const answers = new Int32Array(weeks);
  for (const [row, contact] of contacts.entries()) {
    if (!some(contact)) continue;
    messages.fill(0);
    answers.fill(0);
    let first = weeks;
    for (let at = sends.offsets[row]; at < sends.offsets[row + 1]; at++) {
      const week = weekOf(sentAt[at]);
      if (week < 0 || week >= weeks) continue;
      messages[week]++;
      if (sends.reactions[at] >= human) answers[week]++;
      first = Math.min(first, week);
    }
    if (first === weeks) continue;
    let left = weeks;
    for (let at = offsets[row]; at < offsets[row + 1]; at++)
      if (leaving.includes(kinds[at]) && weekOf(seconds[at]) >= first)
        left = Math.min(left, weekOf(seconds[at]));
    const person = people.push(contact) - 1;
    for (let week = first; week <= Math.min(left, weeks - 1); week++) {
      rows.person.push(person);
      rows.week.push(week);
      rows.messages.push(messages[week]);
      rows.answers.push(answers[week]);
      rows.left.push(week === left ? 1 : 0);
    }
  }
  return {
    contacts: Int32Array.from(people),
    log: {
      rows: rows.person.length,
      people: people.length,
      person: Int32Array.from(rows.person),
      week: Int32Array.from(rows.week),
      messages: Float64Array.from(rows.messages),
      engagement: Float64Array.from(rows.answers),
      unsubscribed: Uint8Array.from(rows.left),
    },
  };
}
