import {
  type Artifact,
  type LapseInput,
  lapsePriors,
  lapseSignals,
  type PriorLogisticModel,
  priorLogistic,
  type Table,
  takeRows,
} from "@inchworm/learn";
import { InchwormError, type Instant, type ProbabilityCard } from "@inchworm/spec";
import type { FeatureTable } from "@inchworm/store";
import { type Dataset, digest, distinct, outcomeDataset } from "../dataset.js";
import { judge } from "../judge.js";
import { driversOf } from "../probability/fit.js";
import { saidByPeople } from "../probability/train.js";
import type { History, TrainOptions } from "../scorer.js";
import type { ChurnQuestion } from "./churn-question.js";
import { type Foretold, priorOf, verdictOf } from "./small-card.js";
import { requireSome, smallWindows } from "./small-windows.js";

/** The features that the signals are made of. */
const needed = {
  daysSinceOrder: "days_since_order",
  daysSinceFirstOrder: "days_since_first_order",
  orders: "orders_total",
  gapDays: "gap_mean_days",
  activeDays: "active_days_90d",
} as const satisfies Record<keyof LapseInput, string>;
const columns = Object.values(needed);

export interface TrainedSmall {
  readonly card: ProbabilityCard;
  readonly model: PriorLogisticModel;
  readonly seen: Int32Array;
  /** What it foretold of each later day, from days before it; the latest last. */
  readonly foretold: readonly (Foretold & { readonly cutoff: Instant })[];
}

/**
 * Churn from about 50 customers: five signals, free of the shop's scale, whose weights are drawn towards declared priors
 * (`lapsePriors`). See `verdictOf` for what it must show to be published.
 */
export async function trainSmall(
  history: History,
  { asOf, seed, signal }: TrainOptions,
  question: ChurnQuestion,
  step: (name: string) => void,
): Promise<TrainedSmall> {
  const { horizonDays } = question;
  const { first = asOf } = await history.summary();
  const windows = smallWindows(first, asOf, horizonDays);
  const days: Dataset[] = [];
  for (const cutoff of windows.refit)
    days.push(await outcomeDataset(history, question, { cutoffs: [cutoff], columns, signal }));
  requireSome(joined(days).labels, horizonDays);
  step("fitting with priors");
  const signals = smallSignals(horizonDays);
  const fit = (datasets: readonly Dataset[]) => {
    const { rows, columns, labels } = joined(datasets);
    return priorLogistic(lapsePriors).fit(signals({ rows, columns }), labels, {
      ...(signal && { signal }),
    });
  };
  // each window is foretold from those before it alone; the latest is the one the card's numbers are of
  const windowsForetold: (Foretold & { readonly cutoff: Instant })[] = [];
  for (let index = days.length - 2; index >= 0; index--) {
    const past = days.slice(index + 1);
    if (!bothOccur(past)) continue;
    const model = (await fit(past)).predict(signals(days[index]));
    const raw = rawRates(joined(past), days[index]);
    const cutoff = windows.refit[index];
    windowsForetold.push({ cutoff, model, labels: days[index].labels, raw });
  }
  const [evaluation, ...training] = days;
  const latest = windowsForetold.at(-1);
  const past = joined(training);
  if (!latest || !bothOccur(training) || evaluation.rows === 0)
    throw new InchwormError(
      "insufficient-data",
      `churn: the ${past.rows} outcomes before the day of judging are all alike.`,
      { hint: "Import more history, or choose another horizon." },
    );
  step("judging");
  const judged = await fit(training);
  const rate = past.labels.reduce((sum, label) => sum + label, 0) / past.rows;
  const card = judge({
    scorer: "churn",
    question: question.asked,
    windows,
    horizonDays,
    training: past,
    evaluation,
    model: latest.model,
    rule: { name: "one rate for all", probabilities: new Float64Array(evaluation.rows).fill(rate) },
    drivers: driversOf(judged, signals(evaluation)),
    trainedAt: asOf,
    seed,
    dataHash: digest(past, evaluation),
    also: { notes: await saidByPeople(history, question, ...days) },
  });
  const all = joined(days);
  const model = await fit(days);
  const customers = distinct(all.contacts).length;
  return {
    card: {
      ...card,
      ...verdictOf(windowsForetold, customers),
      prior: priorOf(model, signals(all), customers),
    },
    model,
    seen: distinct(all.contacts),
    foretold: windowsForetold,
  };
}

/** What the model looks at, made of the features. */
export const smallSignals =
  (horizonDays: number) =>
  (features: Table): Table => {
    const values = (name: string): Float32Array => {
      const column = features.columns.find((candidate) => candidate.name === name);
      if (column?.kind === "number") return column.values;
      throw new InchwormError("internal", `churn: feature "${name}" is missing.`);
    };
    const input = Object.fromEntries(
      Object.entries(needed).map(([key, name]) => [key, values(name)]),
    ) as unknown as LapseInput;
    return lapseSignals(input, horizonDays);
  };

/** @throws LearnError "artifact" */
export const loadSmall = (saved: Artifact): PriorLogisticModel =>
  priorLogistic(lapsePriors).load(saved);

/** The reasons, and how far the probability may be off: with few customers that is part of the answer. */
export function smallReasons(
  model: PriorLogisticModel,
  signals: (table: Table) => Table,
  table: FeatureTable,
  rows: Int32Array,
  reasons: readonly string[][],
): string[][] {
  const { low, high } = model.interval(signals(takeRows(table, rows)), 0.8);
  const percent = (share: number) => Math.round(100 * share);
  return reasons.map((own, index) => [
    ...own,
    `few customers to learn from: likely between ${percent(low[index])} and ${percent(high[index])} %`,
  ]);
}

function joined(datasets: readonly Dataset[]): Dataset {
  const rows = datasets.reduce((sum, dataset) => sum + dataset.rows, 0);
  const contacts = new Int32Array(rows);
  const labels = new Float64Array(rows);
  const values = datasets[0].columns.map(() => new Float32Array(rows));
  let at = 0;
  for (const dataset of datasets) {
    contacts.set(dataset.contacts, at);
    labels.set(dataset.labels, at);
    for (const [index, column] of dataset.columns.entries()) values[index].set(column.values, at);
    at += dataset.rows;
  }
  return {
    rows,
    contacts,
    labels,
    columns: datasets[0].columns.map((column, index) => ({ ...column, values: values[index] })),
    told: datasets.reduce((sum, dataset) => sum + dataset.told, 0),
  };
}

const bothOccur = (datasets: readonly Dataset[]): boolean => {
  const { labels } = joined(datasets);
  return labels.includes(0) && labels.includes(1);
};

const cells = 5;

/** The share that lapsed in each fifth by recency, as it is; that of all where a fifth is empty. */
function rawRates(past: Dataset, now: Dataset): Float64Array {
  const recency = ({ columns }: Dataset) =>
    columns.find(({ name }) => name === needed.daysSinceOrder)?.values ?? new Float32Array(0);
  const sorted = recency(past).toSorted();
  const cuts = Array.from(
    { length: cells - 1 },
    (_, cut) => sorted[Math.floor(((cut + 1) / cells) * sorted.length)],
  );
  const cellOf = (days: number) => cuts.filter((cut) => days > cut).length;
  const sums = Array.from({ length: cells }, () => ({ rows: 0, lapsed: 0 }));
  for (const [row, days] of recency(past).entries()) {
    sums[cellOf(days)].rows++;
    sums[cellOf(days)].lapsed += past.labels[row];
  }
  const overall = past.labels.reduce((sum, label) => sum + label, 0) / past.rows;
  return Float64Array.from(recency(now), (days) => {
    const { rows, lapsed } = sums[cellOf(days)];
    return rows > 0 ? lapsed / rows : overall;
  });
}
