import { auc, type BinaryClassifierModel, measure } from "@inchworm/learn";
import type { Instant, ProbabilityCard } from "@inchworm/spec";
import { type CutoffRows, type Dataset, digest, distinct, outcomeDataset } from "../dataset.js";
import { type CardExtras, judge } from "../judge.js";
import type { History, TrainOptions } from "../scorer.js";
import type { Windows } from "../windows.js";
import { betterThanOneRate } from "./chance.js";
import { driversOf, fitClassifier, tableOf, withoutOpens } from "./fit.js";
import { type ForetoldDay, foretold, joinDays, type LaterDay } from "./later-days.js";
import type { Question } from "./question.js";
import type { RecencyRule } from "./recency.js";

/** Three times as many were no better where it was measured, and above 50,000 the race takes trees that take long to explain. */
export const mostTrainingRows = 30_000;

/** Where few do what is asked: enough of those who do, out of up to twenty times the rows. */
export const rareOutcomes = { positives: 1500, times: 20, thin: true };
/** The rows that judge are not weighed: four times as many are as many as it is worth waiting for. */
export const rareJudged = { positives: 150, times: 4, thin: false };

export interface TrainInput {
  readonly question: Question;
  readonly asked: string;
  readonly windows: Windows;
  readonly training: Dataset;
  readonly evaluation: Dataset;
  readonly rule: RecencyRule;
  /** What training computed of its cut-offs; the latest days are partly the same. */
  readonly known: Map<Instant, CutoffRows>;
  /** Days before the one that judges, to be foretold and judged too; see `earlierDays`. */
  readonly earlier?: readonly LaterDay[];
  readonly notes?: readonly string[];
  readonly step: (name: string) => void;
}

export interface TrainedQuestion {
  readonly card: ProbabilityCard;
  readonly model: BinaryClassifierModel;
  readonly seen: Int32Array;
  /** What it was judged by, the latest day first. */
  readonly foretold: readonly ForetoldDay[];
}

/** Fits, judges on the later day, and fits again with the latest days. */
export async function trainQuestion(
  history: History,
  { asOf, seed, signal }: TrainOptions,
  input: TrainInput,
): Promise<TrainedQuestion> {
  const { question, windows, training, evaluation, rule, step } = input;
  const work = { seed, signal };
  step("fitting");
  const judged = await fitClassifier(training, work);
  const table = tableOf(evaluation);
  const probabilities = judged.predict(table);
  step("fitting without opens");
  const opens = await sensitivity(judged, probabilities, training, evaluation, work);
  step("judging");
  const days = [
    foretold({ cutoff: windows.evaluation, training, evaluation }, probabilities, rule),
  ];
  for (const earlier of input.earlier ?? []) {
    // of the kind that won the race: a race of its own for every day would take several times as long
    const model = await fitClassifier(earlier.training, { ...work, contender: judged.winner });
    days.push(foretold(earlier, model.predict(tableOf(earlier.evaluation)), rule));
  }
  const all = joinDays(days);
  const also: CardExtras = {
    ...(opens && { opens }),
    candidates: raced(judged),
    notes: [
      ...(input.notes ?? []),
      ...(days.length > 1 ? [onSeveralDays(days)] : []),
      ...(await saidByPeople(history, question, training, evaluation)),
    ],
  };
  const raw = judge({
    scorer: question.scorer,
    question: input.asked,
    windows,
    horizonDays: question.horizonDays,
    training,
    evaluation: { rows: all.labels.length, labels: all.labels },
    ...(days.length > 1 && { several: all }),
    model: all.model,
    rule: { name: rule.name, probabilities: all.rule },
    drivers: driversOf(judged, table),
    trainedAt: asOf,
    seed,
    dataHash: digest(training, evaluation),
    also,
  });
  const card = betterThanOneRate(raw, all);
  const latest = await outcomeDataset(history, question, {
    cutoffs: windows.refit,
    mostRows: mostTrainingRows,
    rare: rareOutcomes,
    // as many days share the rows, or each would have another part of the people
    ...(windows.refit.length === windows.training.length && { known: input.known }),
    signal,
    onCutoff: () => step("past days"),
  });
  step("fitting again with the latest days");
  const model = await fitClassifier(latest, { ...work, contender: judged.winner });
  const seen = distinct(training.contacts, evaluation.contacts, latest.contacts);
  return { card, model, seen, foretold: days };
}

const onSeveralDays = (days: readonly ForetoldDay[]): string => {
  const on = days.map(({ cutoff }) => new Date(cutoff).toISOString().slice(0, 10));
  return `Judged on ${days.length} days, each foretold from days before it, because one has few people: ${on.join(", ")}.`;
};

/** The same recipe with features of opens and without them, on the same later rows. */
async function sensitivity(
  judged: BinaryClassifierModel,
  probabilities: Float64Array,
  training: Dataset,
  evaluation: Dataset,
  work: { readonly seed: number; readonly signal: AbortSignal | undefined },
): Promise<ProbabilityCard["opens"]> {
  const rest = withoutOpens(training);
  if (!rest) return undefined;
  const model = await fitClassifier(rest, { ...work, contender: judged.winner });
  const { labels } = evaluation;
  const { seed } = work;
  return {
    with: measure(auc, probabilities, labels, { seed }),
    without: measure(auc, model.predict(tableOf(evaluation)), labels, { seed }),
  };
}

function raced({ race, winner }: BinaryClassifierModel): NonNullable<CardExtras["candidates"]> {
  const place = (name: string) => (name === winner ? 0 : 1);
  return race
    .map(({ contender, logLoss }) => ({ name: contender, metrics: { logLoss } }))
    .sort((left, right) => place(left.name) - place(right.name));
}

/** Where labels come from that are not what was observed. */
export async function saidByPeople(
  history: History,
  { scorer }: Question,
  ...datasets: readonly Dataset[]
): Promise<string[]> {
  const told = datasets.reduce((sum, dataset) => sum + dataset.told, 0);
  if (told === 0) return [];
  const { origins } = await history.labels(scorer);
  const sources = Object.entries(origins).map(([origin, labels]) => `${origin}: ${labels}`);
  return [
    `${told} outcomes are as people said, in place of what was observed (labels by origin: ${sources.join(", ")}).`,
  ];
}
