import { type Artifact, binaryClassifier } from "@inchworm/learn";
import { type FieldValue, InchwormError } from "@inchworm/spec";
import { type Dataset, distinct, outcomeDataset } from "../dataset.js";
import { earlierDays, fewToJudge } from "../probability/later-days.js";
import { atLeastOne } from "../probability/options.js";
import { pastRows } from "../probability/past.js";
import { bandsOf, scoreRows } from "../probability/score.js";
import { trainQuestion } from "../probability/train.js";
import type { Answers, Scorer, Trained } from "../scorer.js";
import { backtestWindows, day } from "../windows.js";
import { churnFields } from "./churn-fields.js";
import { type ChurnEvent, type ChurnQuestion, churnQuestion, noOrder } from "./churn-question.js";
import {
  loadSmall,
  smallReasons,
  smallSignals,
  type TrainedSmall,
  trainSmall,
} from "./small-churn.js";
import { betterSmall } from "./small-or-full.js";
import { leastOutcomes } from "./small-windows.js";

export interface ChurnOptions {
  /** What counts as churn. Defaults to no order. */
  readonly event?: ChurnEvent;
  /** How far ahead: the score is the probability of churn within so many days. Defaults to 90. */
  readonly horizonDays?: number;
  /** Only people who ordered (or did what `event.didNot` names) in so many days are asked about. Defaults to twice the horizon. */
  readonly activeDays?: number;
}

const defaults = { horizonDays: 90 };
/** Fewer than this many of either outcome teach no features and prove no rule beaten. */
const leastOfEach = 50;
/** With fewer customers, priors say more than their features could: see `trainSmall`. */
const fewCustomers = 250;

interface ChurnArtifact {
  readonly model: Artifact;
  /** Whether the model is the small one, of signals in place of features. */
  readonly small?: true;
}

/**
 * Churn for shops without contracts: the probability that an active customer places no order in the next `horizonDays`, or whatever
 * the marketer calls churn. The best of straight, bent and boosted models on all features, calibrated; must beat recency alone
 * ("who ordered longest ago leaves first") on a later window that training never saw, or over several where there are few people. From
 * about 50 customers, and below 250, a model of few signals with declared priors takes its place; with more customers it does where
 * it foretold the later days better, or where it alone can be published.
 */
export function churn(options: ChurnOptions = {}): Scorer {
  const horizonDays = atLeastOne(
    "churn",
    "horizonDays",
    options.horizonDays ?? defaults.horizonDays,
  );
  const activeDays = atLeastOne("churn", "activeDays", options.activeDays ?? 2 * horizonDays);
  const { event = noOrder } = options;
  const question = churnQuestion(event, horizonDays, activeDays);
  const fields = churnFields(question.asked);

  return {
    name: "churn",
    options: { horizonDays, activeDays, ...(!question.ofOrders && { event }) },
    fields,

    async train(history, trainOptions) {
      const { asOf } = trainOptions;
      const first = await firstDay(history, question);
      const windows = backtestWindows("churn", first, asOf, horizonDays);
      const past = await pastRows(history, question, windows, trainOptions);
      const { training, evaluation } = past;
      if (question.ofOrders && isSmall(training, evaluation)) {
        const small = await trainSmall(history, trainOptions, question, past.step);
        return trainedSmall(small);
      }
      requireBoth("train on", training, question);
      requireBoth("judge by", evaluation, question);
      const few = evaluation.rows < fewToJudge;
      const span = { first, asOf };
      const full = await trainQuestion(history, trainOptions, {
        question,
        asked: question.asked,
        windows,
        ...past,
        ...(few && {
          earlier: await earlierDays(history, question, span, past.known, trainOptions.signal),
        }),
        rule: question.rule,
      });
      const { card, model, seen } = full;
      if (question.ofOrders && (few || card.verdict === "withheld")) {
        const small = await betterSmall(history, trainOptions, question, full);
        if (small) return trainedSmall(small);
      }
      return { card, artifact: { model: model.save() } satisfies ChurnArtifact, seen };
    },

    async score(history, stored, { asOf, signal }) {
      const { model: saved, small } = readArtifact(stored);
      const table = await history.features({ asOf, ...(signal && { signal }) });
      const population = await question.population(history, asOf, signal);
      const abstained = population.excluded(table);
      const rows = Int32Array.from(table.contacts.keys()).filter(
        (row) => abstained[row] === undefined,
      );
      if (!small)
        return answers(table.contacts, abstained, rows, {
          ...scoreRows(binaryClassifier().load(saved), table, rows, { signal }),
        });
      const model = loadSmall(saved);
      const signals = smallSignals(horizonDays);
      const scored = scoreRows(model, table, rows, { signal, signals, mostReasons: 2 });
      return answers(table.contacts, abstained, rows, {
        probabilities: scored.probabilities,
        reasons: smallReasons(model, signals, table, rows, scored.reasons),
      });
    },

    async preview(history, { asOf, signal }) {
      const from = asOf - horizonDays * day;
      const first = await firstDay(history, question);
      if (from <= first) backtestWindows("churn", first, asOf, horizonDays);
      const { rows, labels } = await outcomeDataset(history, question, {
        cutoffs: [from],
        columns: ["days_since_order"],
        mostRows: Infinity,
        signal,
      });
      const positives = labels.reduce((sum, label) => sum + label, 0);
      const needed = question.ofOrders ? leastOutcomes : leastOfEach;
      return { population: rows, positives, negatives: rows - positives, needed };
    },

    outcome: {
      field: "churn_probability",
      kind: "probability",
      horizonDays,
      observe: (history, span) => question.observe(history, span),
    },
  };
}

const trainedSmall = ({ card, model, seen }: TrainedSmall): Trained => ({
  card,
  artifact: { model: model.save(), small: true } satisfies ChurnArtifact,
  seen,
});

/** The first day of history, of which there must be some. */
async function firstDay(
  history: Parameters<Scorer["train"]>[0],
  { ofOrders }: ChurnQuestion,
): Promise<number> {
  const { first } = await history.summary();
  if (first !== undefined) return first;
  throw new InchwormError(
    "insufficient-data",
    `churn: there ${ofOrders ? "are no orders" : "is no history"} yet.`,
    { hint: "Import orders first: inchworm import orders FILE." },
  );
}

function isSmall(training: Dataset, evaluation: Dataset): boolean {
  const rarest = Math.min(rarer(training), rarer(evaluation));
  return rarest < leastOfEach || distinct(training.contacts).length < fewCustomers;
}

function rarer({ rows, labels }: Dataset): number {
  const positives = labels.reduce((sum, label) => sum + label, 0);
  return Math.min(positives, rows - positives);
}

/** @throws InchwormError "insufficient-data" with the count that is missing */
function requireBoth(
  purpose: string,
  dataset: Dataset,
  { about, horizonDays }: ChurnQuestion,
): void {
  const fewer = rarer(dataset);
  if (fewer >= leastOfEach) return;
  const churned = dataset.labels.reduce((sum, label) => sum + label, 0);
  const kind = churned === fewer ? "who churned" : "who did not churn";
  throw new InchwormError(
    "insufficient-data",
    `churn: to ${purpose}, needs ${leastOfEach} people ${kind} within ${horizonDays} days, and there are ${fewer}: ${leastOfEach - fewer} are missing.`,
    { hint: `Asked of ${about}. Import more history, or choose another event or horizon.` },
  );
}

function answers(
  contacts: Int32Array,
  abstained: readonly (string | undefined)[],
  rows: Int32Array,
  scored: { readonly probabilities: Float64Array; readonly reasons: readonly string[][] },
): Answers {
  const nothing = (): (FieldValue | null)[] => new Array(contacts.length).fill(null);
  const [probability, band, reason] = [nothing(), nothing(), nothing()];
  const reasons: (readonly string[])[] = new Array(contacts.length).fill([]);
  const bandOf = bandsOf(scored.probabilities);
  for (const [index, row] of rows.entries()) {
    probability[row] = Math.round(scored.probabilities[index] * 1000) / 1000;
    band[row] = bandOf(scored.probabilities[index]);
    reasons[row] = scored.reasons[index];
    reason[row] = scored.reasons[index].join(" · ");
  }
  return {
    contacts,
    fields: { churn_probability: probability, churn_band: band, churn_reason: reason },
    reasons,
    abstained,
  };
}

function readArtifact(stored: unknown): ChurnArtifact {
  const { model, small } = (stored ?? {}) as Partial<ChurnArtifact>;
  if (model) return { model, ...(small && { small }) };
  throw new InchwormError("artifact", "churn: what the store holds is not a churn model.", {
    hint: "Train again: inchworm train --scorers churn.",
  });
}
