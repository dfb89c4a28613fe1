import { badArtifact, makeArtifact, openArtifact } from "../artifact.js";
import { LearnError } from "../error.js";
import { type Constraints, checkOptions } from "../options.js";
import type { Table } from "../types.js";
import { expect, type Mixture, maximise, narrowest } from "./em.js";
import { kmeans } from "./kmeans.js";
import type { ClusterEstimator, ClusterFitOptions, ClusterModel } from "./model.js";
import { largestFirst, reorder } from "./order.js";
import { type Axis, inUnits, makeAxes, type Points, readAxes, toPoints } from "./points.js";

export interface GaussianMixtureOptions {
  /** How many, or numbers to choose from by the Bayesian information criterion. */
  readonly clusters: number | readonly number[];
  readonly seed: number;
  /** k-means starts for each number. Defaults to 10. */
  readonly starts?: number;
  /** Defaults to 200. */
  readonly iterations?: number;
}

const defaults = { starts: 10, iterations: 200 };
const constraints: Constraints = {
  clusters: { min: 1, max: 10_000, integer: true },
  seed: { min: 0, integer: true },
  starts: { min: 1, max: 1000, integer: true },
  iterations: { min: 1, integer: true },
};

export interface GaussianMixtureModel extends ClusterModel {
  readonly kind: "gaussian-mixture";
  readonly axes: readonly Axis[];
  /** Means and variances in standard deviations from the mean, row-major. */
  readonly standardCenters: Float64Array;
  readonly standardVariances: Float64Array;
  /** Of the training rows, on standardised columns. */
  readonly logLikelihood: number;
  /** −2 · log-likelihood + parameters · ln(rows): the less the better. */
  readonly bic: number;
  /** How surely each row belongs to each cluster: row-major, rows × clusters, each row sums to 1. */
  responsibilities(table: Table): Float64Array;
}

const kind = "gaussian-mixture";
const version = 1;

/** A mixture of Gaussians with diagonal covariances, by EM from a k-means start: soft clusters of different width. */
export function gaussianMixture(
  options: GaussianMixtureOptions,
): ClusterEstimator<GaussianMixtureModel> {
  const { clusters, ...settings } = { ...defaults, ...options };
  const numbers = typeof clusters === "number" ? [clusters] : [...clusters];
  if (numbers.length === 0)
    throw new LearnError("input", `${kind}: "clusters" must name at least one number.`);
  for (const number of numbers) checkOptions(kind, { clusters: number, ...settings }, constraints);
  return {
    kind,
    async fit(table, { signal, onProgress }: ClusterFitOptions = {}) {
      const axes = makeAxes(kind, table);
      const points = toPoints(kind, axes, table);
      let best: GaussianMixtureModel | undefined;
      for (const [index, number] of numbers.entries()) {
        const { seed, starts } = settings;
        const start = await kmeans({ clusters: number, seed, starts }).fit(
          table,
          signal ? { signal } : {},
        );
        const fitted = await maximise(
          points,
          start.assign(table),
          number,
          settings.iterations,
          signal,
        );
        const model = modelOfMixture(axes, points, fitted);
        if (!best || model.bic < best.bic) best = model;
        onProgress?.((index + 1) / numbers.length);
      }
      return best as GaussianMixtureModel;
    },
    load(artifact) {
      const data = openArtifact(artifact, kind, version);
      const axes = readAxes(kind, data);
      const shares = data.numbers("shares", { min: 0, max: 1 });
      if (shares.length === 0) throw badArtifact(kind, "it has no clusters");
      const length = shares.length * axes.length;
      const mixture = {
        shares,
        means: data.numbers("means", { length }),
        variances: data.numbers("variances", { length, min: narrowest / 2 }),
      };
      return mixtureModel(axes, mixture, data.number("logLikelihood"), data.number("bic"));
    },
  };
}

/** Numbers the clusters of a mixture, the largest first. */
export function modelOfMixture(
  axes: readonly Axis[],
  points: Points,
  { mixture, logLikelihood }: { mixture: Mixture; logLikelihood: number },
): GaussianMixtureModel {
  const { means, shares, variances } = mixture;
  const order = largestFirst(shares, means);
  const ordered = {
    shares: reorder(shares, order),
    means: reorder(means, order),
    variances: reorder(variances, order),
  };
  const varied = axes.filter(({ inverseScale }) => inverseScale > 0).length;
  const parameters = shares.length * (2 * varied + 1) - 1;
  const bic = -2 * logLikelihood + parameters * Math.log(points.rows);
  return mixtureModel(axes, ordered, logLikelihood, bic);
}

function mixtureModel(
  axes: readonly Axis[],
  mixture: Mixture,
  logLikelihood: number,
  bic: number,
): GaussianMixtureModel {
  const { shares, means, variances } = mixture;
  const clusters = shares.length;
  const responsibilities = (table: Table): Float64Array => {
    const points = toPoints(kind, axes, table);
    const weights = new Float64Array(table.rows * clusters);
    expect(points, mixture, weights);
    return weights;
  };
  return {
    kind,
    columns: axes.map(({ name }) => name),
    clusters,
    axes,
    standardCenters: means,
    standardVariances: variances,
    centers: inUnits(axes, means),
    shares,
    logLikelihood,
    bic,
    responsibilities,
    assign(table) {
      const weights = responsibilities(table);
      const labels = new Int32Array(table.rows);
      for (let row = 0; row < table.rows; row++)
        for (let cluster = 1; cluster < clusters; cluster++)
          if (weights[row * clusters + cluster] > weights[row * clusters + labels[row]])
            labels[row] = cluster;
      return labels;
    },
    save: () =>
      makeArtifact(kind, version, {
        axes: axes.map((axis) => ({ ...axis })),
        shares: [...shares],
        means: [...means],
        variances: [...variances],
        logLikelihood,
        bic,
      }),
  };
}
