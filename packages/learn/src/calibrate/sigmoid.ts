import { type NewtonProblem, newtonNow } from "../optimise/newton.js";
import { sigmoid, softplus } from "./calibrator.js";

/** Labels drawn towards one half, as Platt (1999) did: they keep the fit finite on scores that separate the classes. */
export function smoothTargets(
  labels: Float64Array,
  { positive, negative }: { readonly positive: number; readonly negative: number },
): Float64Array {
  const high = (positive + 1) / (positive + 2);
  const low = 1 / (negative + 2);
  return labels.map((label) => (label === 1 ? high : low));
}

/**
 * Coefficients ≥ 0 of a logistic fit on one or two features, and a free intercept, which comes last. A feature whose coefficient
 * would be negative is left out, as a calibration must not turn the order round.
 */
export function fitSigmoid(
  features: readonly Float64Array[],
  targets: Float64Array,
  weights: Float64Array | undefined,
): number[] {
  let kept = features.map((_, index) => index);
  for (;;) {
    const fitted = fit(
      kept.map((index) => features[index]),
      targets,
      weights,
    );
    const worst = kept.reduce(
      (least, _, place) => (fitted[place] < fitted[least] ? place : least),
      0,
    );
    if (kept.length === 0 || fitted[worst] >= 0) {
      const result = features.map((_, index) =>
        kept.includes(index) ? fitted[kept.indexOf(index)] : 0,
      );
      return [...result, fitted[kept.length]];
    }
    kept = kept.filter((_, place) => place !== worst);
  }
}

/** With a ridge too small to be seen on standardised features. */
function fit(
  features: readonly Float64Array[],
  targets: Float64Array,
  weights: Float64Array | undefined,
): number[] {
  const moments = features.map(standardise);
  const size = features.length + 1;
  const ridge = 1e-9;
  const row = new Float64Array(size).fill(1);
  const evaluate: NewtonProblem["evaluate"] = (at, gradient, hessian) => {
    let value = 0;
    gradient.fill(0);
    hessian.fill(0);
    for (let index = 0; index < targets.length; index++) {
      const weight = weights ? weights[index] : 1;
      let margin = at[size - 1];
      for (let j = 0; j < size - 1; j++) {
        row[j] = (features[j][index] - moments[j].center) / moments[j].scale;
        margin += at[j] * row[j];
      }
      const probability = sigmoid(margin);
      value += weight * (softplus(margin) - targets[index] * margin);
      const residual = weight * (probability - targets[index]);
      const curvature = weight * probability * (1 - probability);
      for (let j = 0; j < size; j++) {
        gradient[j] += residual * row[j];
        for (let k = 0; k <= j; k++) hessian[j * size + k] += curvature * row[j] * row[k];
      }
    }
    for (let j = 0; j < size; j++) {
      value += 0.5 * ridge * at[j] ** 2;
      gradient[j] += ridge * at[j];
      hessian[j * size + j] += ridge;
    }
    return value;
  };
  const at = newtonNow({ size, evaluate }, new Float64Array(size));
  const slopes = moments.map(({ scale }, j) => at[j] / scale);
  const shift = slopes.reduce((sum, slope, j) => sum + slope * moments[j].center, 0);
  return [...slopes, at[size - 1] - shift];
}

function standardise(feature: Float64Array): { center: number; scale: number } {
  const center = feature.reduce((sum, value) => sum + value, 0) / feature.length;
  const square = feature.reduce((sum, value) => sum + (value - center) ** 2, 0) / feature.length;
  return { center, scale: square > 0 ? Math.sqrt(square) : 1 };
}
