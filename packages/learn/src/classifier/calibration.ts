import { beta } from "../calibrate/beta.js";
import { type CalibratorEstimator, sigmoid } from "../calibrate/calibrator.js";
import { isotonic } from "../calibrate/isotonic.js";
import { platt, plattModel } from "../calibrate/platt.js";
import { logLoss } from "../metrics/loss.js";
import type { AnyCalibrator } from "../onnx/calibrator.js";
import { random } from "../random.js";

/** Scores of rows that the model scoring them had not seen. */
export interface Unseen {
  readonly margins: Float64Array;
  readonly labels: Float64Array;
  readonly weights: Float64Array | undefined;
}

/** Fewer rows of either outcome say nothing about calibration that the model's own likelihood does not say better. */
const fewest = 20;
const folds = 5;

/**
 * The calibrator for so many rows (Platt below 1,000, beta up to 10,000, isotonic above), or another of them that is better by
 * more than one standard error on scores it was not fitted on; none where an outcome is rare.
 */
export function chooseCalibrator(unseen: Unseen, seed: number): AnyCalibrator | undefined {
  if (rarest(unseen) < fewest) return undefined;
  const rows = unseen.labels.length;
  const makers: (() => CalibratorEstimator<AnyCalibrator>)[] = [platt];
  if (rows >= 1000) makers.push(beta, isotonic);
  const usual = rows < 1000 ? 0 : rows < 10_000 ? 1 : 2;
  if (makers.length === 1) return platt().fit(unseen.margins, unseen.labels, unseen.weights);
  const losses = makers.map((make) => crossLosses(make(), unseen, seed));
  let chosen = usual;
  for (const [index, own] of losses.entries()) {
    const gaps = losses[chosen].map((loss, row) => loss - own[row]);
    if (better(gaps, unseen.weights)) chosen = index;
  }
  return makers[chosen]().fit(unseen.margins, unseen.labels, unseen.weights);
}

/**
 * Platt scaling for the latest rows. Its slope comes from scores of a model that had not seen them, and is 1 at most: a model
 * that happened to do well on them must not become surer of itself. Its intercept makes the final model's mean probability
 * there the observed rate.
 */
export function calibrateLatest(
  unseen: Unseen,
  finalMargins: Float64Array,
): AnyCalibrator | undefined {
  if (rarest(unseen) < fewest) return undefined;
  const free = platt().fit(unseen.margins, unseen.labels, unseen.weights);
  // a flat calibrator would throw the order of the scores away
  const slope = free.slope > 0 ? Math.min(1, free.slope) : 1;
  const margins = finalMargins.map((margin) => slope * margin);
  return plattModel(slope, shift({ ...unseen, margins }));
}

/** What must be added to all scores for their mean probability to be the observed rate. */
function shift({ margins, labels, weights }: Unseen): number {
  let low = -100;
  let high = 100;
  while (high - low > 1e-9) {
    const middle = (low + high) / 2;
    let surplus = 0;
    for (let row = 0; row < margins.length; row++)
      surplus += (weights ? weights[row] : 1) * (sigmoid(margins[row] + middle) - labels[row]);
    if (surplus > 0) high = middle;
    else low = middle;
  }
  return (low + high) / 2;
}

/** Scores of several splits as one. */
export function together(parts: readonly Unseen[]): Unseen {
  const join = (values: (part: Unseen) => Float64Array | undefined) => {
    const all = parts.map((part) => values(part) ?? new Float64Array(0));
    const joined = new Float64Array(all.reduce((length, part) => length + part.length, 0));
    let at = 0;
    for (const part of all) {
      joined.set(part, at);
      at += part.length;
    }
    return joined;
  };
  return {
    margins: join(({ margins }) => margins),
    labels: join(({ labels }) => labels),
    weights: parts[0].weights && join(({ weights }) => weights),
  };
}

function rarest({ labels }: Unseen): number {
  const positives = labels.reduce((sum, label) => sum + label, 0);
  return Math.min(positives, labels.length - positives);
}

function crossLosses(
  estimator: CalibratorEstimator<AnyCalibrator>,
  { margins, labels, weights }: Unseen,
  seed: number,
): Float64Array {
  const draws = random(seed, 0xca1);
  const fold = Int32Array.from(labels, () => draws.below(folds));
  const losses = new Float64Array(labels.length);
  for (let judged = 0; judged < folds; judged++) {
    const part = (values: Float64Array) => values.filter((_, row) => fold[row] !== judged);
    const calibrator = estimator.fit(part(margins), part(labels), weights && part(weights));
    const probabilities = calibrator.apply(margins);
    for (let row = 0; row < losses.length; row++)
      if (fold[row] === judged)
        losses[row] = logLoss(probabilities.subarray(row, row + 1), labels.subarray(row, row + 1));
  }
  return losses;
}

function better(gaps: Float64Array, weights: Float64Array | undefined): boolean {
  let sum = 0;
  let total = 0;
  for (let row = 0; row < gaps.length; row++) {
    const weight = weights ? weights[row] : 1;
    sum += weight * gaps[row];
    total += weight;
  }
  const mean = sum / total;
  let squares = 0;
  for (let row = 0; row < gaps.length; row++)
    squares += ((weights ? weights[row] : 1) * (gaps[row] - mean)) ** 2;
  return mean > Math.sqrt(squares) / total;
}
