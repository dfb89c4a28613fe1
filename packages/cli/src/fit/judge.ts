import { auc, brier, calibrationError, calibrationTable, liftAt, logLoss } from "@inchworm/learn";
import type { Measured } from "@inchworm/spec";
import type { Baseline } from "./baseline.js";
import type { FitCard } from "./card.js";
import { measures } from "./metrics.js";
import type { Plan } from "./splits.js";

type Judgement = Pick<
  FitCard,
  "verdict" | "because" | "crossValidation" | "baseline" | "gain" | "calibration"
>;

/** Measures a model and its baseline on the same rows, and says which is better. */
export function judge(
  plan: Plan,
  labels: Float64Array,
  scores: Float64Array,
  simple: Baseline,
  seed: number,
): Judgement {
  const judged = Float64Array.from(plan.judged, (row) => labels[row]);
  const { of, difference } = measures(judged, plan.repeats.length, seed);
  const own = of(auc, scores);
  const gain = {
    auc: difference(auc, scores, simple.scores),
    logLoss: difference(logLoss, scores, simple.scores),
  };
  const rule = {
    name: simple.name,
    auc: of(auc, simple.scores),
    logLoss: of(logLoss, simple.scores),
  };
  const better = gain.auc.low > 0 && gain.logLoss.value < 0;
  return {
    verdict: better ? "better" : "no better",
    because: because(own, rule, gain.auc, better),
    crossValidation: {
      method: plan.name,
      rows: judged.length,
      auc: own,
      logLoss: of(logLoss, scores),
      brier: of(brier, scores),
      calibrationError: of(calibrationError, scores),
      liftTopDecile: of(liftAt(0.1), scores),
    },
    baseline: rule,
    gain,
    calibration: calibrationTable(scores.subarray(0, judged.length), judged),
  };
}

function because(
  own: Measured,
  rule: FitCard["baseline"],
  gain: Measured,
  better: boolean,
): string {
  const numbers = `AUC ${own.value.toFixed(3)} against ${rule.auc.value.toFixed(3)} of ${rule.name} (gain ${gain.low.toFixed(3)} to ${gain.high.toFixed(3)})`;
  if (better) return `Better than its baseline on rows it had not seen: ${numbers}.`;
  return gain.low > 0
    ? `No better than its baseline: it ranks better, ${numbers}, but its probabilities are worse.`
    : `No better than its baseline beyond doubt: ${numbers}.`;
}
