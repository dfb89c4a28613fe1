import { type ArtifactReader, openArtifact } from "../artifact.js";
import { LearnError } from "../error.js";
import { checkWeights } from "../table.js";
import type { Artifact } from "../types.js";

/** Turns log-odds that rank well into probabilities that come true. Never reverses the order of two scores. */
export interface Calibrator {
  readonly kind: CalibratorKind;
  /** Probabilities, one per score in log-odds. */
  apply(logOdds: Float64Array): Float64Array;
  save(): Artifact;
}

export type CalibratorKind = "platt" | "beta" | "isotonic";

/** Scores must come from a model that has not seen their rows (out-of-fold), or calibration flatters it. */
export interface CalibratorEstimator<C extends Calibrator = Calibrator> {
  readonly kind: CalibratorKind;
  /** @throws LearnError "input" when lengths differ, a score is not finite, a label is not 0 or 1, or one class is missing */
  fit(logOdds: Float64Array, labels: Float64Array, weights?: Float64Array): C;
  /** @throws LearnError "artifact" */
  load(artifact: Artifact): C;
}

export const version = 1;

export function openCalibrator(artifact: Artifact, kind: CalibratorKind): ArtifactReader {
  return openArtifact(artifact, kind, version);
}

export function checkScores(
  who: string,
  logOdds: Float64Array,
  labels: Float64Array,
  weights: Float64Array | undefined,
): { positive: number; negative: number } {
  if (logOdds.length !== labels.length)
    throw new LearnError("input", `${who}: ${logOdds.length} scores for ${labels.length} labels.`);
  checkWeights(who, weights, labels.length);
  let positive = 0;
  let negative = 0;
  for (let row = 0; row < labels.length; row++) {
    if (!Number.isFinite(logOdds[row]))
      throw new LearnError(
        "input",
        `${who}: scores must be finite, got ${logOdds[row]} in row ${row}.`,
      );
    if (labels[row] !== 0 && labels[row] !== 1)
      throw new LearnError(
        "input",
        `${who}: labels must be 0 or 1, got ${labels[row]} in row ${row}.`,
      );
    const weight = weights ? weights[row] : 1;
    if (labels[row] === 1) positive += weight;
    else negative += weight;
  }
  if (positive === 0 || negative === 0)
    throw new LearnError("input", `${who}: needs rows labelled 0 and rows labelled 1.`);
  return { positive, negative };
}

export const sigmoid = (margin: number): number => 1 / (1 + Math.exp(-margin));

/** ln(1 + eˣ) without overflow. */
export const softplus = (x: number): number => Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x)));
