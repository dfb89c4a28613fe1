import type { FrequencyModel } from "@inchworm/learn";
import type { PeopleWeeks } from "./frequency-log.js";

/** Later weeks with messages, what was foretold of them, and what came. */
export interface JudgedWeeks {
  readonly contacts: Int32Array;
  /** 1 = answered any message of that week. */
  readonly labels: Float64Array;
  readonly model: Float64Array;
  /** Everybody alike: the share that answered of weeks with so many messages. */
  readonly rule: Float64Array;
  /** Log loss a week of the model, and of own answers per message however many there are. */
  readonly loss: { readonly model: number; readonly ownRate: number };
  /** Leavings in all later weeks, and how many the model foretold. */
  readonly left: { readonly weeks: number; readonly came: number; readonly foretold: number };
}

const [least, most] = [0.0005, 0.9995];
const clipped = (value: number): number => Math.min(most, Math.max(least, value));
/** Messages that everybody's rate weighs as much as: own rates get whichever foretells these very weeks best. */
const weights = [1, 2, 4, 8, 16, 32, 64];

/** Foretells later weeks by what was known before them; of people who were not known then nothing can be. */
export function judgeWeeks(
  model: FrequencyModel,
  past: PeopleWeeks,
  later: PeopleWeeks,
): JudgedWeeks {
  const personOf = new Map(Array.from(past.contacts, (contact, person) => [contact, person]));
  const own = ratesOf(past);
  const { log } = later;
  const rows: {
    contact: number;
    label: number;
    model: number;
    messages: number;
    person: number;
  }[] = [];
  const left = { weeks: 0, came: 0, foretold: 0 };
  for (let row = 0; row < log.rows; row++) {
    const contact = later.contacts[log.person[row]];
    const person = personOf.get(contact);
    if (person === undefined) continue;
    const messages = log.messages[row];
    const number = Math.min(messages, model.most);
    left.weeks++;
    left.came += log.unsubscribed[row];
    left.foretold += model.risk(person)[number];
    if (messages === 0) continue;
    rows.push({
      contact,
      label: log.engagement[row] > 0 ? 1 : 0,
      model: clipped(1 - Math.exp(-model.engagement(person)[number])),
      messages,
      person,
    });
  }
  const labels = Float64Array.from(rows, ({ label }) => label);
  const foretold = Float64Array.from(rows, ({ model: value }) => value);
  const loss = (values: Float64Array) =>
    values.reduce((sum, p, row) => sum - Math.log(labels[row] === 1 ? p : 1 - p), 0) /
    Math.max(1, rows.length);
  const ownRates = weights.map((weight) =>
    Float64Array.from(rows, ({ person, messages }) => {
      const rate = (own.answered[person] + weight * own.rate) / (own.sent[person] + weight);
      return clipped(1 - (1 - rate) ** messages);
    }),
  );
  return {
    contacts: Int32Array.from(rows, ({ contact }) => contact),
    labels,
    model: foretold,
    rule: Float64Array.from(rows, ({ messages }) => clipped(own.alike(messages))),
    loss: { model: loss(foretold), ownRate: Math.min(...ownRates.map(loss)) },
    left,
  };
}

function ratesOf({ log }: PeopleWeeks) {
  const sent = new Float64Array(log.people);
  const answered = new Float64Array(log.people);
  const byNumber = new Map<number, { weeks: number; answered: number }>();
  let [all, came] = [0, 0];
  for (let row = 0; row < log.rows; row++) {
    const messages = log.messages[row];
    // more answers than messages come of messages of the week before
    const answers = Math.min(messages, log.engagement[row]);
    sent[log.person[row]] += messages;
    answered[log.person[row]] += answers;
    all += messages;
    came += answers;
    const weeks = byNumber.get(messages) ?? { weeks: 0, answered: 0 };
    weeks.weeks++;
    weeks.answered += answers > 0 ? 1 : 0;
    byNumber.set(messages, weeks);
  }
  const rate = came / Math.max(1, all);
  return {
    sent,
    answered,
    rate,
    alike(messages: number): number {
      const seen = byNumber.get(messages);
      return seen && seen.weeks >= 50 ? seen.answered / seen.weeks : 1 - (1 - rate) ** messages;
    },
  };
}
