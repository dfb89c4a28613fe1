import { type Artifact, binaryClassifier } from "@inchworm/learn";
import { type Field, type FieldValue, InchwormError } from "@inchworm/spec";
import type { EventRule } from "@inchworm/store";
import { among, type Dataset, distinct, outcomeDataset } from "../dataset.js";
import { checkEvents, listed } from "../probability/events.js";
import { atLeastOne } from "../probability/options.js";
import { pastRows } from "../probability/past.js";
import type { Question } from "../probability/question.js";
import { percentiles, scoreRows } from "../probability/score.js";
import { trainQuestion } from "../probability/train.js";
import type { History, Scorer } from "../scorer.js";
import { backtestWindows, day } from "../windows.js";
import { activityColumns, withoutGoal } from "./churn-question.js";

export interface LeadScoreOptions {
  /** What a lead is to reach: its first order, or any of these events. Defaults to "first-order". */
  readonly goal?: "first-order" | { readonly did: readonly EventRule[] };
  /** How far ahead: the probability of reaching it within so many days. Defaults to 90. */
  readonly horizonDays?: number;
}

const defaults = { goal: "first-order", horizonDays: 90 } satisfies Required<LeadScoreOptions>;
/** People who reached the goal, to learn from and to judge by: fewer show nothing. */
const least = { training: 50, evaluation: 20 };

/**
 * The probability that a contact who has not reached the goal yet reaches it within the horizon, and where it stands among all
 * leads. Must beat "who was active last comes first" on a later window that training never saw.
 */
export function leadScore(options: LeadScoreOptions = {}): Scorer {
  const { goal } = { ...defaults, ...options };
  const horizonDays = atLeastOne(
    "lead-score",
    "horizonDays",
    options.horizonDays ?? defaults.horizonDays,
  );
  const events: readonly EventRule[] = goal === "first-order" ? [{ type: "order" }] : goal.did;
  checkEvents("lead-score", "did", events);
  if (events.length === 0)
    throw new InchwormError("input", 'lead-score: "goal" names no event.', {
      hint: 'Say goal: "first-order", or goal: { did: [{ type: "form" }] }.',
    });
  const reaching = goal === "first-order" ? "place a first order" : `reach ${listed(events)}`;
  const already =
    goal === "first-order" ? "has ordered already" : `has reached it already: ${listed(events)}`;
  const question: Question = {
    scorer: "lead-score",
    horizonDays,
    async population(history, asOf, signal) {
      const span = { from: 0, to: asOf, ...(signal && { signal }) };
      const { contacts } = await history.summary(asOf);
      return withoutGoal(await history.reached({ events, ...span }), {
        size: contacts,
        why: already,
      });
    },
    async observe(history, { contacts, from, to }) {
      return among(contacts, (await history.reached({ events, from, to })).contacts);
    },
  };

  return {
    name: "lead-score",
    options: { goal, horizonDays },
    fields: fieldsFor(reaching, horizonDays),

    async train(history, trainOptions) {
      const { asOf } = trainOptions;
      const windows = backtestWindows("lead-score", await firstDay(history), asOf, horizonDays);
      const past = await pastRows(history, question, windows, trainOptions);
      const { training, evaluation } = past;
      requireConversions("learn from", training, least.training);
      requireConversions("judge by", evaluation, least.evaluation);
      const { card, model, seen } = await trainQuestion(history, trainOptions, {
        question,
        asked: `Will this contact ${reaching} within ${horizonDays} days?`,
        windows,
        ...past,
        rule: { name: "most recent activity", columns: activityColumns, likelier: "of late" },
      });
      return { card, artifact: { model: model.save() } satisfies LeadArtifact, seen };
    },

    async score(history, stored, { asOf, signal }) {
      const model = binaryClassifier().load(readArtifact(stored).model);
      const table = await history.features({ asOf, ...(signal && { signal }) });
      const population = await question.population(history, asOf, signal);
      const abstained = population.excluded(table);
      const rows = Int32Array.from(table.contacts.keys()).filter(
        (row) => abstained[row] === undefined,
      );
      const { probabilities, reasons: own } = scoreRows(model, table, rows, { signal });
      const ranks = percentiles(probabilities);
      const nothing = (): (FieldValue | null)[] => new Array(table.rows).fill(null);
      const [score, probability, reason] = [nothing(), nothing(), nothing()];
      const reasons: (readonly string[])[] = new Array(table.rows).fill([]);
      for (const [index, row] of rows.entries()) {
        score[row] = ranks[index];
        probability[row] = Math.round(probabilities[index] * 1000) / 1000;
        reasons[row] = own[index];
        reason[row] = own[index].join(" · ");
      }
      return {
        contacts: table.contacts,
        fields: { lead_score: score, lead_probability: probability, lead_reason: reason },
        reasons,
        abstained,
      };
    },

    async preview(history, { asOf, signal }) {
      const from = asOf - horizonDays * day;
      const first = await firstDay(history);
      if (from <= first) backtestWindows("lead-score", first, asOf, horizonDays);
      const { rows, labels } = await outcomeDataset(history, question, {
        cutoffs: [from],
        columns: ["tenure_days"],
        mostRows: Infinity,
        signal,
      });
      const positives = labels.reduce((sum, label) => sum + label, 0);
      return { population: rows, positives, negatives: rows - positives, needed: least.training };
    },

    outcome: {
      field: "lead_probability",
      kind: "probability",
      horizonDays,
      observe: (history, span) => question.observe(history, span),
    },
  };
}

const fieldsFor = (reaching: string, horizonDays: number): readonly Field[] => [
  {
    name: "lead_score",
    label: "Lead score",
    description: "Where the lead stands among all leads by its probability: 0 lowest, 100 highest.",
    type: "number",
    decimals: 0,
  },
  {
    name: "lead_probability",
    label: "Lead probability",
    description: `Probability that the contact will ${reaching} within ${horizonDays} days, 0 to 1.`,
    type: "number",
    decimals: 3,
  },
  {
    name: "lead_reason",
    label: "Lead reasons",
    description: "Up to three reasons for the lead probability.",
    type: "text",
  },
];

interface LeadArtifact {
  readonly model: Artifact;
}

function readArtifact(stored: unknown): LeadArtifact {
  const { model } = (stored ?? {}) as Partial<LeadArtifact>;
  if (model) return { model };
  throw new InchwormError("artifact", "lead-score: what the store holds is not its model.", {
    hint: "Train again: inchworm train --scorers lead-score.",
  });
}

async function firstDay(history: History): Promise<number> {
  const { first } = await history.summary();
  if (first !== undefined) return first;
  throw new InchwormError("insufficient-data", "lead-score: there is no history yet.", {
    hint: "Import engagements and orders first: inchworm import engagements FILE.",
  });
}

/** @throws InchwormError "insufficient-data" with the count that is missing */
function requireConversions(purpose: string, { contacts, labels }: Dataset, needed: number): void {
  const converted = distinct(contacts.filter((_, row) => labels[row] === 1)).length;
  const missing = (needs: string, found: number, short: number) =>
    new InchwormError(
      "insufficient-data",
      `lead-score: to ${purpose}, needs ${needs}, there are ${found}: ${short} are missing.`,
      {
        hint: "Import more history, or choose a goal that more people reach, or a longer horizon.",
      },
    );
  if (converted < needed) throw missing(`${needed} conversions`, converted, needed - converted);
  const others = distinct(contacts.filter((_, row) => labels[row] === 0)).length;
  if (others < needed)
    throw missing(`${needed} leads that do not convert`, others, needed - others);
}
