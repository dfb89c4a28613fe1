import type { FrequencyModel } from "@inchworm/learn";
import type { FieldValue } from "@inchworm/spec";
import type { Answers } from "../scorer.js";
import type { PeopleMessages } from "./frequency-log.js";

interface Part {
  readonly people: PeopleMessages;
  readonly model: FrequencyModel;
}

/** A lost subscriber would have gone on for so many weeks. */
const lostWeeks = 52;
const riskWeeks = 4;

/** Each contact's welcome number, or why there is none. */
export function answersFor(
  contacts: Int32Array,
  parts: readonly Part[],
  subscription: number | undefined,
): Answers {
  const rowOf = new Map(Array.from(contacts, (contact, row) => [contact, row]));
  const nothing = () => new Array<FieldValue>(contacts.length).fill(null);
  const fields = {
    welcome_per_week: nothing(),
    expected_answers: nothing(),
    unsubscribe_risk: nothing(),
    frequency_own_share: nothing(),
  };
  const reasons: string[][] = Array.from(contacts, () => []);
  const abstained: (string | undefined)[] = Array.from(
    contacts,
    () => "no welcome number: no messages of late",
  );
  for (const { people, model } of parts) {
    const usual = usualOf(people);
    // a subscriber is worth the same whoever it is: whoever answers little has less to gain by a further message
    const plan = model.plan({
      engagement: 1,
      subscription: subscription ?? lostWeeks * mean(usual.answers),
    });
    for (const [person, contact] of people.contacts.entries()) {
      const row = rowOf.get(contact) as number;
      if (plan.verdict === "kept") {
        abstained[row] =
          "no welcome number: more and fewer messages always went to different people";
        continue;
      }
      abstained[row] = undefined;
      const number = plan.messages[person];
      const [engagement, risk] = [model.engagement(person), model.risk(person)];
      fields.welcome_per_week[row] = number;
      fields.expected_answers[row] = rounded(engagement[number], 100);
      fields.unsubscribe_risk[row] = rounded(1 - Math.exp(-riskWeeks * risk[number]), 10_000);
      fields.frequency_own_share[row] = rounded(model.ownShare(person), 100);
      reasons[row] = reasonsFor(usual, person, number, engagement, risk);
    }
  }
  return { contacts, fields, reasons, abstained };
}

const mean = (values: Float64Array): number =>
  values.reduce((sum, value) => sum + value, 0) / Math.max(1, values.length);
const rounded = (value: number, parts: number): number => Math.round(value * parts) / parts;

interface Usual {
  /** A week, on average. */
  readonly messages: Float64Array;
  readonly answers: Float64Array;
}

function usualOf({ log }: PeopleMessages): Usual {
  const weeks = new Float64Array(log.people);
  const messages = new Float64Array(log.people);
  const answers = new Float64Array(log.people);
  for (let row = 0; row < log.rows; row++) {
    const person = log.person[row];
    weeks[person] += log.weeks[row];
    messages[person] += log.messages[row] > 0 ? 1 : 0;
    answers[person] += log.engagement[row];
  }
  return {
    messages: messages.map((sum, person) => sum / weeks[person]),
    answers: answers.map((sum, person) => sum / weeks[person]),
  };
}

function reasonsFor(
  usual: Usual,
  person: number,
  number: number,
  engagement: Float64Array,
  risk: Float64Array,
): string[] {
  const reasons = [
    `was sent ${usual.messages[person].toFixed(1)} messages a week, and answered ${usual.answers[person].toFixed(1)}`,
  ];
  const percent = (share: number) => `${(100 * share).toFixed(2)} %`;
  if (number + 1 < engagement.length)
    reasons.push(
      `one more a week would add ${(engagement[number + 1] - engagement[number]).toFixed(2)} answers, and ${percent(risk[number + 1] - risk[number])} of leaving`,
    );
  else reasons.push(`nobody was sent more than ${number} a week often enough to tell`);
  return reasons;
}
