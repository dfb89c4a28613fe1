import type { ProbabilityCard } from "@inchworm/spec";
import { type CardParts, measured, percent } from "./format.js";

export function probabilityParts(card: ProbabilityCard): CardParts {
  const { counts, metrics, rule, gain } = card;
  return {
    rows: [
      ["AUC", metrics.auc, rule.auc],
      ["log loss", metrics.logLoss, rule.logLoss],
      ["Brier score", metrics.brier, undefined],
      ["calibration error", metrics.calibrationError, rule.calibrationError],
      ["lift in the top tenth", metrics.liftTopDecile, rule.liftTopDecile],
    ],
    gain: `AUC ${measured(gain.auc)}, log loss ${measured(gain.logLoss)}`,
    learnedFrom: `${counts.trainingRows} rows (${counts.trainingPositives} positive)`,
    judgedOn: `${counts.evaluationRows} rows (${counts.evaluationPositives} positive, base rate ${percent(card.baseRate)})`,
    tables: [
      "| predicted | observed | rows |",
      "|---|---|---|",
      ...card.calibration.map(
        (group) => `| ${percent(group.predicted)} | ${percent(group.observed)} | ${group.rows} |`,
      ),
      "",
    ],
  };
}
