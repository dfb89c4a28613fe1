import { type FrequencyModel, messageFrequency } from "@inchworm/learn";
import { type Campaign, type Field, InchwormError } from "@inchworm/spec";
import { digest, uniform } from "../dataset.js";
import { judge } from "../judge.js";
import { atLeastOne } from "../probability/options.js";
import type { History, Scorer } from "../scorer.js";
import { day } from "../windows.js";
import { answersFor } from "./frequency-answers.js";
import { type JudgedWeeks, judgeWeeks } from "./frequency-judge.js";
import { messagesOf, type PeopleWeeks, peopleWeeks } from "./frequency-log.js";

export interface FrequencyScorerOptions {
  /** Defaults to "email". */
  readonly channel?: Campaign["channel"];
  /** Weeks that are learned from. Defaults to 52. */
  readonly weeks?: number;
  /** What is lost with a subscriber, in answers. Defaults to the answers of an average contact in a year. */
  readonly subscription?: number;
}

const name = "frequency";
const defaults = { channel: "email", weeks: 52 } as const;
const judgedWeeks = 8;
/** Answered weeks needed to learn from, and to judge by. */
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
 * from the same people's weeks with more and with fewer messages; where everybody always got as many, nobody can know, and there is no
 * number. Judged on later weeks beside everybody alike.
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
      const past = peopleWeeks(
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
      const later = peopleWeeks(whole.moments, whole.messages, { from, until: asOf }, some);
      const judged = judgeWeeks(model, past, later);
      requireAnswers(
        "judge by",
        judged.labels.reduce((sum, label) => sum + label, 0),
      );
      const card = judge({
        scorer: name,
        question: "Will this contact answer any of so many messages in a week?",
        windows: { training: [from - judgedWeeks * week], evaluation: from, refit: [from] },
        horizonDays: judgedWeeks * 7,
        training: {
          rows: past.log.rows,
          labels: past.log.engagement.map((one) => (one > 0 ? 1 : 0)),
        },
        evaluation: { rows: judged.labels.length, labels: judged.labels },
        model: judged.model,
        rule: { name: "everybody alike", probabilities: judged.rule },
        drivers: [],
        trainedAt: asOf,
        seed,
        dataHash: digestOf(judged),
        also: { notes: notesOf(model, judged) },
      });
      told(1);
      return { card, artifact: { scorer: name, weeks }, seen: past.contacts };
    },

    async score(history, stored, { asOf, signal }) {
      if ((stored as { scorer?: unknown } | undefined)?.scorer !== name)
        throw new InchwormError("artifact", `${name}: what the store holds is not its model.`, {
          hint: `Train again: inchworm train --scorers ${name}.`,
        });
      const { moments, messages } = await read(history, asOf, weeks, signal);
      const parts = Math.max(1, Math.round(moments.contacts.length / mostPeople));
      const models: { people: PeopleWeeks; model: FrequencyModel }[] = [];
      for (let part = 0; part < parts; part++) {
        const people = peopleWeeks(
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

const fitted = ({ log }: PeopleWeeks, signal?: AbortSignal): Promise<FrequencyModel> =>
  messageFrequency().fit(log, { ...(signal && { signal }) });

const answeredIn = ({ log }: PeopleWeeks): number =>
  log.engagement.reduce((sum, answers) => sum + (answers > 0 ? 1 : 0), 0);

function requireAnswers(purpose: string, answers: number): void {
  if (answers >= leastAnswers) return;
  throw new InchwormError(
    "insufficient-data",
    `${name}: to ${purpose}, needs ${leastAnswers} weeks in which people answered messages, there are ${answers}: ${leastAnswers - answers} are missing.`,
    { hint: "Import what was sent and opened: inchworm import engagements FILE." },
  );
}

const digestOf = ({ contacts, labels, model }: JudgedWeeks): string =>
  digest({
    contacts,
    labels,
    columns: [{ name: "model", kind: "number", values: Float32Array.from(model) }],
  });

const evidence = {
  randomised: "weeks whose number of messages was drawn by lot",
  "within-person": "the same people's weeks with more and with fewer messages",
  "between-people":
    "people who were always sent more and others who were sent fewer, which may only tell who they are",
} as const;

const notesOf = (model: FrequencyModel, { left, loss }: JudgedWeeks): string[] => [
  `Answers rest on ${evidence[model.evidence.engagement]}, leaving on ${evidence[model.evidence.risk]}.`,
  `Log loss of later weeks ${loss.model.toFixed(4)}; of own answers per message, however many there are, ${loss.ownRate.toFixed(4)}.`,
  `In ${left.weeks} later weeks ${left.came} people left; ${left.foretold.toFixed(1)} were foretold.`,
];
