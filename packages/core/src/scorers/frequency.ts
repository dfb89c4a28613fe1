import { type FrequencyModel, messageFrequency } from "@inchworm/learn";
import { type Campaign, type Field, InchwormError } from "@inchworm/spec";
import { digest, uniform } from "../dataset.js";
import { judge } from "../judge.js";
import { atLeastOne } from "../probability/options.js";
import type { History, Scorer } from "../scorer.js";
import { day } from "../windows.js";
import { answersFor } from "./frequency-answers.js";
import { formsByAnswers } from "./frequency-forms.js";
import { type JudgedMessages, judgeMessages } from "./frequency-judge.js";
import { messagesOf, type PeopleMessages, peopleMessages } from "./frequency-log.js";
import { verdictOf } from "./frequency-verdict.js";

export interface FrequencyScorerOptions {
  /** Defaults to "email". */
  readonly channel?: Campaign["channel"];
  /** Weeks that are learned from. Defaults to 104. */
  readonly weeks?: number;
  /** What is lost with a subscriber, in answers. Defaults to the answers of an average contact in a year. */
  readonly subscription?: number;
}

const name = "frequency";
const defaults = { channel: "email", weeks: 104 } as const;
const judgedWeeks = 8;
/** Answered messages needed to learn from, and to judge by. */
const leastAnswers = 100;
/** People that are learned from at a time. */
export const mostPeople = 20_000;

const fields = [
  {
    name: "welcome_per_week",
    label: "Welcome messages a week",
    description:
      "Messages a week at which answers gained are worth most, less what is lost where people leave.",
    type: "number",
    decimals: 0,
  },
  {
    name: "expected_answers",
    label: "Answers a week",
    description:
      "Messages that the contact is expected to answer in a week with the welcome number.",
    type: "number",
    decimals: 2,
  },
  {
    name: "unsubscribe_risk",
    label: "Risk of leaving",
    description:
      "Probability that the contact unsubscribes or complains within four weeks with the welcome number, 0 to 1.",
    type: "number",
    decimals: 4,
  },
  {
    name: "frequency_own_share",
    label: "Own share of the number",
    description:
      "How much of the answer is the contact's own history, 0 to 1; the rest comes from people alike.",
    type: "number",
    decimals: 2,
  },
] as const satisfies readonly Field[];

/**
 * How many messages a week each contact welcomes: answers rise ever less with messages, and leaving ever more. Curves are learned
 * from the same people's times with more and with fewer messages in seven days, their forms by how often people answer; where everybody
 * always got as many, nobody can know, and there is no number. Judged on later messages beside each person's own rate however many
 * there are, and beside everybody alike.
 */
export function frequency(options: FrequencyScorerOptions = {}): Scorer {
  const { channel, subscription } = { ...defaults, ...options };
  const weeks = atLeastOne(name, "weeks", options.weeks ?? defaults.weeks);
  const week = 7 * day;
  const read = async (history: History, asOf: number, span: number, signal?: AbortSignal) => {
    // a week more: whoever answers in the first week was sent something before
    const since = asOf - span * week - week;
    const moments = await history.moments({ asOf, since, channel, ...(signal && { signal }) });
    return { moments, messages: messagesOf(moments, asOf) };
  };

  return {
    name,
    options: { channel, weeks, ...(subscription !== undefined && { subscription }) },
    fields,

    async train(history, { asOf, seed, signal, onProgress }) {
      const told = (share: number) => onProgress?.({ step: name, done: share, total: 1 });
      const from = asOf - judgedWeeks * week;
      const known = await read(history, from, weeks, signal);
      const share = mostPeople / Math.max(1, known.moments.contacts.length);
      const some = (contact: number) => share >= 1 || uniform(contact, 0xf4e9) < share;
      const past = peopleMessages(
        known.moments,
        known.messages,
        { from: from - weeks * week, until: from },
        some,
      );
      requireAnswers("learn from", answeredIn(past));
      told(0.2);
      const model = await fitted(past, signal);
      told(0.7);
      const whole = await read(history, asOf, judgedWeeks, signal);
      const later = peopleMessages(whole.moments, whole.messages, { from, until: asOf }, some);
      const judged = judgeMessages(model, past, later);
      requireAnswers(
        "judge by",
        judged.labels.reduce((sum, label) => sum + label, 0),
      );
      const card = judge({
        scorer: name,
        question: "Will this contact answer a message that is one of so many in seven days?",
        windows: { training: [from - judgedWeeks * week], evaluation: from, refit: [from] },
        horizonDays: judgedWeeks * 7,
        training: {
          rows: past.log.rows,
          labels: past.log.engagement,
        },
        evaluation: { rows: judged.labels.length, labels: judged.labels },
        model: judged.model,
        several: {
          days: new Int32Array(judged.labels.length),
          contacts: judged.contacts,
        },
        rule: { name: "own rate", probabilities: judged.rule },
        drivers: [],
        trainedAt: asOf,
        seed,
        dataHash: digestOf(judged),
      });
      const { notes, ...verdict } = verdictOf(judged, seed);
      told(1);
      return {
        card: { ...card, ...verdict, notes: [...notesOf(model), ...notes] },
        artifact: { scorer: name, weeks },
        seen: past.contacts,
      };
    },

    async score(history, stored, { asOf, signal }) {
      if ((stored as { scorer?: unknown } | undefined)?.scorer !== name)
        throw new InchwormError("artifact", `${name}: what the store holds is not its model.`, {
          hint: `Train again: inchworm train --scorers ${name}.`,
        });
      const { moments, messages } = await read(history, asOf, weeks, signal);
      const parts = Math.max(1, Math.round(moments.contacts.length / mostPeople));
      const models: { people: PeopleMessages; model: FrequencyModel }[] = [];
      for (let part = 0; part < parts; part++) {
        const people = peopleMessages(
          moments,
          messages,
          { from: asOf - weeks * week, until: asOf },
          (contact) => Math.floor(uniform(contact, 0xf4e9) * parts) === part,
        );
        if (answeredIn(people) < leastAnswers) continue;
        models.push({ people, model: await fitted(people, signal) });
      }
      return answersFor(moments.contacts, models, subscription);
    },
  };
}

const fitted = (people: PeopleMessages, signal?: AbortSignal): Promise<FrequencyModel> =>
  messageFrequency().fit(
    { ...people.log, forms: formsByAnswers(people) },
    { ...(signal && { signal }) },
  );

const answeredIn = ({ log }: PeopleMessages): number =>
  log.engagement.reduce((sum, answers) => sum + (answers > 0 ? 1 : 0), 0);

function requireAnswers(purpose: string, answers: number): void {
  if (answers >= leastAnswers) return;
  throw new InchwormError(
    "insufficient-data",
    `${name}: to ${purpose}, needs ${leastAnswers} messages that people answered, there are ${answers}: ${leastAnswers - answers} are missing.`,
    { hint: "Import what was sent and opened: inchworm import engagements FILE." },
  );
}

const digestOf = ({ contacts, labels, model }: JudgedMessages): string =>
  digest({
    contacts,
    labels,
    columns: [{ name: "model", kind: "number", values: Float32Array.from(model) }],
  });

const evidence = {
  randomised: "times whose number of messages was drawn by lot",
  "within-person": "the same people's times with more and with fewer messages",
  "between-people":
    "people who were always sent more and others who were sent fewer, which may only tell who they are",
} as const;

const notesOf = ({ evidence: { engagement, risk } }: FrequencyModel): string[] => [
  `Answers rest on ${evidence[engagement]}, leaving on ${evidence[risk]}.`,
];
