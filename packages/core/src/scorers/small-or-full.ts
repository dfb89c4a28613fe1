import { logLoss } from "@inchworm/learn";
import { InchwormError } from "@inchworm/spec";
import type { TrainedQuestion } from "../probability/train.js";
import type { History, TrainOptions } from "../scorer.js";
import type { ChurnQuestion } from "./churn-question.js";
import { type TrainedSmall, trainSmall } from "./small-churn.js";

/**
 * The model of few signals with priors, where it serves better than that of all features: it can be published, it foretold the later
 * days that both were judged on no worse than recency alone, and the other cannot be published or foretold them worse. Else nothing.
 */
export async function betterSmall(
  history: History,
  options: TrainOptions,
  question: ChurnQuestion,
  full: TrainedQuestion,
): Promise<TrainedSmall | undefined> {
  let small: TrainedSmall;
  try {
    small = await trainSmall(history, options, question, () => undefined);
  } catch (error) {
    if (InchwormError.is(error, "insufficient-data")) return undefined;
    throw error;
  }
  if (small.card.verdict === "withheld") return undefined;
  const losses = { rows: 0, small: 0, full: 0, rule: 0 };
  for (const { cutoff, evaluation, model, rule } of full.foretold) {
    const same = small.foretold.find((day) => day.cutoff === cutoff);
    if (same?.labels.length !== evaluation.rows) continue;
    const { rows, labels } = evaluation;
    losses.rows += rows;
    losses.small += rows * logLoss(same.model, labels);
    losses.full += rows * logLoss(model, labels);
    losses.rule += rows * logLoss(rule, labels);
  }
  if (losses.rows === 0 || losses.small > losses.rule) return undefined;
  const withheld = full.card.verdict === "withheld";
  if (!withheld && losses.full <= losses.small) return undefined;
  const each = (sum: number) => (sum / losses.rows).toFixed(3);
  const notes = [
    ...(small.card.notes ?? []),
    `On the later days that both were judged on its log loss was ${each(losses.small)}, against ${each(losses.full)} of a model of all features, which ${withheld ? "was withheld" : "could be published too"}, and ${each(losses.rule)} of "${full.card.rule.name}".`,
  ];
  return { ...small, card: { ...small.card, notes } };
}
