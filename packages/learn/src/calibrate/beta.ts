import { makeArtifact } from "../artifact.js";
import {
  type Calibrator,
  type CalibratorEstimator,
  checkScores,
  openCalibrator,
  sigmoid,
  softplus,
  version,
} from "./calibrator.js";
import { fitSigmoid, smoothTargets } from "./sigmoid.js";

export interface BetaCalibrator extends Calibrator {
  readonly kind: "beta";
  readonly a: number;
  readonly b: number;
  readonly c: number;
}

/**
 * Beta calibration, log-odds = a · ln p − b · ln(1 − p) + c with a, b ≥ 0 (Kull, Silva Filho & Flach 2017, eq. 8): bends where
 * Platt scaling is straight, and is the identity at a = b = 1, c = 0.
 */
export function beta(): CalibratorEstimator<BetaCalibrator> {
  return {
    kind: "beta",
    fit(logOdds, labels, weights) {
      const counts = checkScores("beta", logOdds, labels, weights);
      const [a, b, c] = fitSigmoid(
        [logOdds.map(logOf), logOdds.map(softplus)],
        smoothTargets(labels, counts),
        weights,
      );
      return betaModel(a, b, c);
    },
    load(artifact) {
      const data = openCalibrator(artifact, "beta");
      return betaModel(
        data.number("a", { min: 0 }),
        data.number("b", { min: 0 }),
        data.number("c"),
      );
    },
  };
}

/** ln p of a score in log-odds. */
const logOf = (margin: number): number => -softplus(-margin);

function betaModel(a: number, b: number, c: number): BetaCalibrator {
  return {
    kind: "beta",
    a,
    b,
    c,
    apply: (logOdds) =>
      logOdds.map((margin) => sigmoid(a * logOf(margin) + b * softplus(margin) + c)),
    save: () => makeArtifact("beta", version, { a, b, c }),
  };
}
