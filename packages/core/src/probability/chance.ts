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
  const { weights } = training;
  let [positives, all] = [0, 0];
  for (let row = 0; row < training.rows; row++) {
    positives += training.labels[row] * (weights?.[row] ?? 1);
    all += weights?.[row] ?? 1;
  }
  const constant = new Float64Array(labels.length).fill(positives / all);
  const { seed } = card;
  const gap = pairedDifference(logLoss, probabilities, constant, labels, { seed });
  if (gap.high < 0 && card.metrics.auc.low > 0.5) return card;
  return {
    ...card,
    verdict: "withheld",
    because: `Withheld: it is not better than one rate for all beyond doubt, AUC ${card.metrics.auc.value.toFixed(3)} (from ${card.metrics.auc.low.toFixed(3)}), log loss ${gap.value.toFixed(3)} apart (${gap.low.toFixed(3)} to ${gap.high.toFixed(3)}).`,
  };
}
