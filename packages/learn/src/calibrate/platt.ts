import { makeArtifact } from "../artifact.js";
import {
  type Calibrator,
  type CalibratorEstimator,
  checkScores,
  openCalibrator,
  sigmoid,
  version,
} from "./calibrator.js";
import { fitSigmoid, smoothTargets } from "./sigmoid.js";

export interface PlattCalibrator extends Calibrator {
  readonly kind: "platt";
  readonly slope: number;
  readonly intercept: number;
}

/** Platt scaling, probability = σ(slope · log-odds + intercept): the choice below a thousand rows. */
export function platt(): CalibratorEstimator<PlattCalibrator> {
  return {
    kind: "platt",
    fit(logOdds, labels, weights) {
      const counts = checkScores("platt", logOdds, labels, weights);
      const [slope, intercept] = fitSigmoid([logOdds], smoothTargets(labels, counts), weights);
      return plattModel(slope, intercept);
    },
    load(artifact) {
      const data = openCalibrator(artifact, "platt");
      return plattModel(data.number("slope", { min: 0 }), data.number("intercept"));
    },
  };
}

export function plattModel(slope: number, intercept: number): PlattCalibrator {
  return {
    kind: "platt",
    slope,
    intercept,
    apply: (logOdds) => logOdds.map((margin) => sigmoid(slope * margin + intercept)),
    save: () => makeArtifact("platt", version, { slope, intercept }),
  };
}
