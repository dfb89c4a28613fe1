import { makeArtifact } from "../artifact.js";
import {
  type Calibrator,
  type CalibratorEstimator,
  checkScores,
  openCalibrator,
  sigmoid,
  version,
} from "./calibrator.js";
import { fitSigmoid } from "./sigmoid.js";

/** Platt scaling, probability = σ(slope · log-odds + intercept): the choice below a thousand rows. */
export function platt(): CalibratorEstimator {
  return {
    kind: "platt",
    fit(logOdds, labels, weights) {
      const { positive, negative } = checkScores("platt", logOdds, labels, weights);
      // Platt 1999: targets drawn towards one half keep the fit finite on separable scores
      const high = (positive + 1) / (positive + 2);
      const low = 1 / (negative + 2);
      const targets = labels.map((label) => (label === 1 ? high : low));
      const [slope, intercept] = fitSigmoid([logOdds], targets, weights);
      return plattModel(slope, intercept);
    },
    load(artifact) {
      const data = openCalibrator(artifact, "platt");
      return plattModel(data.number("slope", { min: 0 }), data.number("intercept"));
    },
  };
}

function plattModel(
  slope: number,
  intercept: number,
): Calibrator & { slope: number; intercept: number } {
  return {
    kind: "platt",
    slope,
    intercept,
    apply: (logOdds) => logOdds.map((margin) => sigmoid(slope * margin + intercept)),
    save: () => makeArtifact("platt", version, { slope, intercept }),
  };
}
