import {
  auc,
  brier,
  calibrationError,
  calibrationTable,
  liftAt,
  logLoss,
  type Metric,
  measure,
  pairedDifference,
} from "@inchworm/learn";
import type { CardBase, Measured, ProbabilityCard } from "@inchworm/spec";
import type { Dataset } from "./dataset.js";
import { byDay } from "./probability/by-day.js";
import { day, type Windows } from "./windows.js";

export interface JudgeInput {
  readonly scorer: string;
  readonly question: string;
  readonly windows: Windows;
  readonly horizonDays: number;
  readonly training: Pick<Dataset, "rows" | "labels">;
  readonly evaluation: Pick<Dataset, "rows" | "labels">;
  /** Where the rows that judge are of several days: the place of each one's day and its person. */
  readonly several?: { readonly days: Int32Array; readonly contacts: Int32Array };
  /** The model's probabilities on the evaluation rows. */
  readonly model: Float64Array;
  readonly rule: { readonly name: string; readonly probabilities: Float64Array };
  readonly drivers: CardBase["drivers"];
  readonly trainedAt: number;
  readonly seed: number;
  readonly dataHash: string;
  /** What only some cards say; goes into the card as it is. */
  readonly also?: CardExtras;
}

export type CardExtras = Pick<CardBase, "notes" | "prior" | "opens" | "candidates">;

/**
 * The card of a race between a model and its simple rule on the same later rows. Published only when the model ranks better than
 * the rule beyond doubt (the low end of the paired interval of the AUC gain is above 0) and its probabilities are no worse. Over
 * several days rankings are compared within each day, and intervals draw all days of a person together.
 */
export function judge(input: JudgeInput): ProbabilityCard {
  const { windows, training, evaluation, model, rule, seed, several } = input;
  const { labels } = evaluation;
  const options = { seed, ...(several && { clusters: several.contacts }) };
  const within = (metric: Metric) => (several ? byDay(metric, several.days) : metric);
  const [ranked, lift] = [within(auc), within(liftAt(0.1))];
  const measured = (metric: Metric, scores: Float64Array): Measured =>
    measure(metric, scores, labels, options);
  const gain = {
    auc: pairedDifference(ranked, model, rule.probabilities, labels, options),
    logLoss: pairedDifference(logLoss, model, rule.probabilities, labels, options),
  };
  const metrics = {
    auc: measured(ranked, model),
    logLoss: measured(logLoss, model),
    brier: measured(brier, model),
    calibrationError: measured(calibrationError, model),
    liftTopDecile: measured(lift, model),
  };
  const ruleMetrics = {
    name: rule.name,
    auc: measured(ranked, rule.probabilities),
    logLoss: measured(logLoss, rule.probabilities),
    calibrationError: measured(calibrationError, rule.probabilities),
    liftTopDecile: measured(lift, rule.probabilities),
  };
  const published = gain.auc.low > 0 && gain.logLoss.value < 0;
  const positives = sum(labels);
  return {
    kind: "probability",
    scorer: input.scorer,
    question: input.question,
    verdict: published ? "published" : "withheld",
    because: because(published, metrics.auc, ruleMetrics, gain),
    trainedAt: input.trainedAt,
    windows: cardWindows(windows, input.horizonDays),
    counts: {
      trainingRows: training.rows,
      trainingPositives: sum(training.labels),
      evaluationRows: evaluation.rows,
      evaluationPositives: positives,
    },
    baseRate: positives / evaluation.rows,
    metrics,
    rule: ruleMetrics,
    gain,
    calibration: calibrationTable(model, labels),
    drivers: input.drivers,
    seed,
    dataHash: input.dataHash,
    ...input.also,
  };
}

export function cardWindows(
  { training, evaluation, refit }: Windows,
  horizonDays: number,
): CardBase["windows"] {
  const horizon = horizonDays * day;
  return {
    training: { cutoffs: training, labelsUntil: training[0] + horizon },
    evaluation: { cutoff: evaluation, labelsUntil: evaluation + horizon },
    refit: { cutoffs: refit, labelsUntil: refit[0] + horizon },
  };
}

const sum = (values: Float64Array) => values.reduce((total, value) => total + value, 0);

function because(
  published: boolean,
  own: Measured,
  rule: ProbabilityCard["rule"],
  gain: ProbabilityCard["gain"],
): string {
  const numbers = `AUC ${own.value.toFixed(3)} against ${rule.auc.value.toFixed(3)} of "${rule.name}" (gain ${gain.auc.low.toFixed(3)} to ${gain.auc.high.toFixed(3)})`;
  if (published) return `It beat its simple rule on later days: ${numbers}.`;
  return gain.auc.low > 0
    ? `Withheld: it ranks better, ${numbers}, but its probabilities are worse than the rule's.`
    : `Withheld: it did not beat its simple rule beyond doubt, ${numbers}.`;
}
