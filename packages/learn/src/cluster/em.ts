import { breathe } from "../abort.js";
import type { Points } from "./points.js";

/** No cluster may be narrower than this share of a column's variance, or it could shrink onto one point. */
export const narrowest = 1e-6;

/** Row-major clusters × axes, in standard deviations from the mean. */
export interface Mixture {
  readonly shares: Float64Array;
  readonly means: Float64Array;
  readonly variances: Float64Array;
}

/** EM from a first grouping, until a round gains less than a millionth per row. */
export async function maximise(
  points: Points,
  labels: Int32Array,
  clusters: number,
  iterations: number,
  signal: AbortSignal | undefined,
): Promise<{ mixture: Mixture; logLikelihood: number }> {
  const { rows } = points;
  const weights = new Float64Array(rows * clusters);
  labels.forEach((label, row) => {
    weights[row * clusters + label] = 1;
  });
  let mixture = update(points, weights, clusters);
  let logLikelihood = expect(points, mixture, weights);
  for (let iteration = 0; iteration < iterations; iteration++) {
    await breathe(signal);
    mixture = update(points, weights, clusters);
    const next = expect(points, mixture, weights);
    const gained = next - logLikelihood;
    logLikelihood = next;
    if (gained < 1e-6 * rows) break;
  }
  return { mixture, logLikelihood };
}

/** M step. A cluster that has lost all its weight keeps the columns' own mean and variance, with share 0. */
function update({ rows, size, values }: Points, weights: Float64Array, clusters: number): Mixture {
  const mass = new Float64Array(clusters);
  const means = new Float64Array(clusters * size);
  const variances = new Float64Array(clusters * size);
  for (let row = 0; row < rows; row++)
    for (let cluster = 0; cluster < clusters; cluster++) {
      const weight = weights[row * clusters + cluster];
      if (weight === 0) continue;
      mass[cluster] += weight;
      for (let axis = 0; axis < size; axis++)
        means[cluster * size + axis] += weight * values[row * size + axis];
    }
  for (let at = 0; at < means.length; at++) means[at] /= mass[Math.floor(at / size)] || 1;
  for (let row = 0; row < rows; row++)
    for (let cluster = 0; cluster < clusters; cluster++) {
      const weight = weights[row * clusters + cluster];
      if (weight === 0) continue;
      for (let axis = 0; axis < size; axis++) {
        const at = cluster * size + axis;
        variances[at] += weight * (values[row * size + axis] - means[at]) ** 2;
      }
    }
  for (let at = 0; at < variances.length; at++) {
    const weight = mass[Math.floor(at / size)];
    variances[at] = weight > 0 ? Math.max(narrowest, variances[at] / weight) : 1;
  }
  return { shares: mass.map((weight) => weight / rows), means, variances };
}

/** E step: fills the responsibilities and returns the log-likelihood. */
export function expect(points: Points, mixture: Mixture, weights: Float64Array): number {
  const { rows, size, values } = points;
  const clusters = mixture.shares.length;
  const constants = logConstants(mixture, size);
  const logs = new Float64Array(clusters);
  let logLikelihood = 0;
  for (let row = 0; row < rows; row++) {
    let most = -Infinity;
    for (let cluster = 0; cluster < clusters; cluster++) {
      let square = 0;
      for (let axis = 0, at = cluster * size; axis < size; axis++, at++)
        square += (values[row * size + axis] - mixture.means[at]) ** 2 / mixture.variances[at];
      logs[cluster] = constants[cluster] - square / 2;
      if (logs[cluster] > most) most = logs[cluster];
    }
    let sum = 0;
    for (let cluster = 0; cluster < clusters; cluster++) sum += Math.exp(logs[cluster] - most);
    const total = most + Math.log(sum);
    logLikelihood += total;
    for (let cluster = 0; cluster < clusters; cluster++)
      weights[row * clusters + cluster] = Math.exp(logs[cluster] - total);
  }
  return logLikelihood;
}

/** Logarithm of each cluster's share and of its density's factor. */
export function logConstants({ shares, variances }: Mixture, size: number): Float64Array {
  return shares.map((share, cluster) => {
    let constant = Math.log(share);
    for (let axis = 0; axis < size; axis++)
      constant -= Math.log(2 * Math.PI * variances[cluster * size + axis]) / 2;
    return constant;
  });
}
