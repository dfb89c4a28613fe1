import { artifactKind, badArtifact, makeArtifact, openArtifact } from "../artifact.js";
import { beta } from "../calibrate/beta.js";
import { isotonic } from "../calibrate/isotonic.js";
import { platt } from "../calibrate/platt.js";
import { logisticRegression } from "../linear/logistic-regression.js";
import type { AnyCalibrator } from "../onnx/calibrator.js";
import { gradientBoosting } from "../tree/gradient-boosting.js";
import type { Artifact, Explanation, Model, Table } from "../types.js";
import type { Learner } from "./contenders.js";
import type { RaceResult } from "./race.js";

/** The winner of a race, calibrated. */
export interface BinaryClassifierModel extends Model {
  readonly kind: "binary-classifier";
  /** What won, such as "gradient boosting, 200 trees of 15 leaves". */
  readonly winner: string;
  readonly learner: Learner;
  readonly calibrator: AnyCalibrator | undefined;
  /** How each contender did; empty where there were too few rows for a race. */
  readonly race: readonly RaceResult[];
  /** Calibrated log-odds per row. */
  margin(table: Table): Float64Array;
  /**
   * Adds up to the calibrated log-odds: the learner's own contributions, all of a row stretched by the factor by which calibration
   * moved it away from the base.
   */
  explain(table: Table): Explanation;
}

export const kind = "binary-classifier";
const version = 1;

export function classifierModel(
  winner: string,
  learner: Learner,
  calibrator: AnyCalibrator | undefined,
  race: readonly RaceResult[],
): BinaryClassifierModel {
  const predict = (table: Table): Float64Array =>
    calibrator ? calibrator.apply(learner.margin(table)) : learner.predict(table);
  const toLogOdds = (margins: Float64Array): Float64Array =>
    calibrator ? calibrator.apply(margins).map(logOdds) : margins;
  return {
    kind,
    winner,
    learner,
    calibrator,
    race,
    predict,
    margin: (table) => toLogOdds(learner.margin(table)),
    explain(table) {
      const { base, columns, contributions } = learner.explain(table);
      if (!calibrator) return { base, columns, contributions };
      const [calibratedBase] = toLogOdds(Float64Array.of(base));
      const width = columns.length;
      const stretched = new Float64Array(contributions.length);
      const sums = new Float64Array(table.rows);
      for (let row = 0, at = 0; row < table.rows; row++)
        for (let column = 0; column < width; column++, at++) sums[row] += contributions[at];
      const calibrated = toLogOdds(sums.map((sum) => base + sum));
      for (let row = 0, at = 0; row < table.rows; row++) {
        const factor = sums[row] === 0 ? 1 : (calibrated[row] - calibratedBase) / sums[row];
        for (let column = 0; column < width; column++, at++)
          stretched[at] = contributions[at] * factor;
      }
      return { base: calibratedBase, columns, contributions: stretched };
    },
    save: (): Artifact =>
      makeArtifact(kind, version, {
        winner,
        learner: learner.save(),
        calibrator: calibrator ? calibrator.save() : "none",
        race: race.map((result) => ({ ...result })),
      }),
  };
}

/** @throws LearnError "artifact" */
export function loadClassifier(artifact: Artifact): BinaryClassifierModel {
  const data = openArtifact(artifact, kind, version);
  const race = data.objects("race").map((result) => ({
    contender: result.text("contender"),
    logLoss: result.number("logLoss", { min: 0 }),
  }));
  return classifierModel(
    data.text("winner"),
    loadLearner(data.artifact("learner")),
    loadCalibrator(data.artifact("calibrator")),
    race,
  );
}

function loadLearner(saved: unknown): Learner {
  switch (artifactKind(saved)) {
    case "logistic-regression":
      return logisticRegression().load(saved as Artifact);
    case "gradient-boosting": {
      const model = gradientBoosting().load(saved as Artifact);
      if (model.objective !== "binary")
        throw badArtifact(kind, "its trees are of another objective");
      return model;
    }
    default:
      throw badArtifact(kind, "its learner is of no known kind");
  }
}

function loadCalibrator(saved: unknown): AnyCalibrator | undefined {
  if (saved === "none") return undefined;
  switch (artifactKind(saved)) {
    case "platt":
      return platt().load(saved as Artifact);
    case "beta":
      return beta().load(saved as Artifact);
    case "isotonic":
      return isotonic().load(saved as Artifact);
    default:
      throw badArtifact(kind, "its calibrator is of no known kind");
  }
}

const logOdds = (probability: number): number => {
  // calibration can round to 0 or 1, whose log-odds are infinite
  const held = Math.min(1 - 1e-15, Math.max(1e-15, probability));
  return Math.log(held / (1 - held));
};
