import type { FrequencyModel } from "@inchworm/learn";
import type { PeopleMessages } from "./frequency-log.js";

/** One forecast of later rows beside a simple one. */
export interface Foretold {
  readonly contacts: Int32Array;
  readonly labels: Float64Array;
  readonly model: Float64Array;
  readonly rule: Float64Array;
}

/** Later messages, what was foretold of them, and what came. */
export interface JudgedMessages extends Foretold {
  /** Everybody alike: the share answered of messages that were so many in seven days. The rule is each person's own rate. */
  readonly alike: Float64Array;
  /** Whether people left after a message, beside one rate of leaving for every message. */
  readonly leaving: Foretold;
}

const [least, most] = [0.0005, 0.9995];
const clipped = (value: number, low = least): number => Math.min(most, Math.max(low, value));
/** Nobody is certain to stay. */
const leastRisk = 1e-7;
/** Messages that everybody's rate weighs as much as: own rates get whichever foretells these very messages best. */
const weights = [1, 2, 4, 8, 16, 32, 64];
/** Messages that are judged by; of more, all of some people's. */
const mostRows = 60_000;

/** Foretells later messages by what was known before them; of people who were not known then nothing can be. */
export function judgeMessages(
  model: FrequencyModel,
  past: PeopleMessages,
  later: PeopleMessages,
): JudgedMessages {
  const personOf = new Map(Array.from(past.contacts, (contact, person) => [contact, person]));
  const own = ratesOf(past);
  const { log } = later;
  const every = Math.max(1, Math.ceil(log.rows / mostRows));
  const asked: { contact: number; row: number; person: number }[] = [];
  for (let row = 0; row < log.rows; row++) {
    const contact = later.contacts[log.person[row]];
    const person = personOf.get(contact);
    if (log.messages[row] > 0 && person !== undefined && log.person[row] % every === 0)
      asked.push({ contact, row, person });
  }
  const each = (value: (row: number, person: number) => number): Float64Array =>
    Float64Array.from(asked, ({ row, person }) => value(row, person));
  const numberOf = (row: number) => Math.min(log.messages[row], model.most);
  const contacts = Int32Array.from(asked, ({ contact }) => contact);
  const labels = each((row) => log.engagement[row]);
  const loss = (values: Float64Array) =>
    values.reduce((sum, p, row) => sum - Math.log(labels[row] === 1 ? p : 1 - p), 0);
  const ownRates = weights.map((weight) =>
    each((_, person) =>
      clipped((own.answered[person] + weight * own.rate) / (own.sent[person] + weight)),
    ),
  );
  const losses = ownRates.map(loss);
  return {
    contacts,
    labels,
    model: each((row, person) => clipped(model.engagement(person)[numberOf(row)] / numberOf(row))),
    rule: ownRates[losses.indexOf(Math.min(...losses))],
    alike: each((row) => clipped(own.alike(log.messages[row]))),
    leaving: {
      contacts,
      labels: each((row) => log.unsubscribed[row]),
      model: each((row, person) =>
        clipped(model.risk(person)[numberOf(row)] * log.weeks[row], leastRisk),
      ),
      rule: each(() => clipped(own.leaving, leastRisk)),
    },
  };
}

function ratesOf({ log }: PeopleMessages) {
  const sent = new Float64Array(log.people);
  const answered = new Float64Array(log.people);
  const byNumber = new Map<number, { sent: number; answered: number }>();
  let [all, came, left] = [0, 0, 0];
  for (let row = 0; row < log.rows; row++) {
    const number = log.messages[row];
    if (number === 0) continue;
    sent[log.person[row]]++;
    answered[log.person[row]] += log.engagement[row];
    all++;
    came += log.engagement[row];
    left += log.unsubscribed[row];
    const those = byNumber.get(number) ?? { sent: 0, answered: 0 };
    those.sent++;
    those.answered += log.engagement[row];
    byNumber.set(number, those);
  }
  const rate = came / Math.max(1, all);
  return {
    sent,
    answered,
    rate,
    leaving: left / Math.max(1, all),
    alike(number: number): number {
      const seen = byNumber.get(number);
      return seen && seen.sent >= 50 ? seen.answered / seen.sent : rate;
    },
  };
}
