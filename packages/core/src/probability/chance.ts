import { logLoss, pairedDifference } from "@inchworm/learn";
import type { ProbabilityCard } from "@inchworm/spec";
import type { Dataset } from "../dataset.js";

/**
 * Withholds what is no better than one rate for all: where nothing tells people apart a rule can rank the wrong way round by
 * chance, and to beat it then means nothing. The mean log loss on the later day must be below that of the rate of training
 * beyond doubt, and the AUC above one half.
 */
export function betterThanOneRate(
  card: ProbabilityCard,
  probabilities: Float64Array,
  training: Dataset,
  evaluation: Dataset,
): ProbabilityCard {
  if (card.verdict === "withheld") return card;
  const { labels } = evaluation;
  const rateOf = (values: Float64Array) =>
    values.reduce((sum, label) => sum + label, 0) / values.length;
  const constant = new Float64Array(labels.length).fill(rateOf(training.labels));
  const { seed } = card;
  const gap = pairedDifference(logLoss, probabilities, constant, labels, { seed });
  if (gap.high < 0 && card.metrics.auc.low > 0.5) return card;
  return {
    ...card,
    verdict: "withheld",
    because: `Withheld: it is not better than one rate for all beyond doubt, AUC ${card.metrics.auc.value.toFixed(3)} (from ${card.metrics.auc.low.toFixed(3)}), log loss ${gap.value.toFixed(3)} apart (${gap.low.toFixed(3)} to ${gap.high.toFixed(3)}).`,
  };
}
