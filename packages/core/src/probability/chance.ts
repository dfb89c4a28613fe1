import { logLoss, pairedDifference } from "@inchworm/learn";
import type { ProbabilityCard } from "@inchworm/spec";
import type { joinDays } from "./later-days.js";

/**
 * Withholds what is no better than one rate for all: where nothing tells people apart a rule can rank the wrong way round by
 * chance, and to beat it then means nothing. The mean log loss on the later days must be below that of the rate of the days before
 * beyond doubt, and the AUC above one half.
 */
export function betterThanOneRate(
  card: ProbabilityCard,
  { model, rate, labels, contacts }: ReturnType<typeof joinDays>,
): ProbabilityCard {
  if (card.verdict === "withheld") return card;
  const { seed } = card;
  const gap = pairedDifference(logLoss, model, rate, labels, { seed, clusters: contacts });
  if (gap.high < 0 && card.metrics.auc.low > 0.5) return card;
  return {
    ...card,
    verdict: "withheld",
    because: `Withheld: it is not better than one rate for all beyond doubt, AUC ${card.metrics.auc.value.toFixed(3)} (from ${card.metrics.auc.low.toFixed(3)}), log loss ${gap.value.toFixed(3)} apart (${gap.low.toFixed(3)} to ${gap.high.toFixed(3)}).`,
  };
}
