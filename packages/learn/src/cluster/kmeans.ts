import { badArtifact, makeArtifact, openArtifact } from "../artifact.js";
import { type Constraints, checkOptions } from "../options.js";
import { bestRun, type Run, squareTo } from "./iterate.js";
import type { ClusterEstimator, ClusterFitOptions, ClusterModel } from "./model.js";
import { largestFirst, reorder } from "./order.js";
import { type Axis, inUnits, makeAxes, readAxes, toPoints } from "./points.js";

export interface KmeansOptions {
  readonly clusters: number;
  readonly seed: number;
  /** How many starts to try; the one with the least inertia is kept. Defaults to 10. */
  readonly starts?: number;
  /** Defaults to 300. */
  readonly iterations?: number;
  /** Ends when the centres have moved, in all, by less than this share of a column's variance (squared). Defaults to 1e-4. */
  readonly tolerance?: number;
}

const defaults = { starts: 10, iterations: 300, tolerance: 1e-4 };
export const kmeansConstraints: Constraints = {
  clusters: { min: 1, max: 10_000, integer: true },
  seed: { min: 0, integer: true },
  starts: { min: 1, max: 1000, integer: true },
  iterations: { min: 1, integer: true },
  tolerance: { min: 0 },
};

export interface KmeansModel extends ClusterModel {
  readonly kind: "kmeans";
  readonly axes: readonly Axis[];
  /** Centres in standard deviations from the mean. */
  readonly standardCenters: Float64Array;
  /** Sum of squared distances to the nearest centre, in standard deviations. */
  readonly inertia: number;
}

const kind = "kmeans";
const version = 1;

/** k-means on standardised numbers: greedy k-means++ starts, then Lloyd's iteration. */
export function kmeans(options: KmeansOptions): ClusterEstimator<KmeansModel> {
  const settings = { ...defaults, ...options };
  checkOptions(kind, settings, kmeansConstraints);
  return {
    kind,
    async fit(table, { signal, onProgress }: ClusterFitOptions = {}) {
      const axes = makeAxes(kind, table);
      const points = toPoints(kind, axes, table);
      const run = await bestRun(kind, points, settings, signal, onProgress);
      return modelOfRun(axes, points.rows, run);
    },
    load(artifact) {
      const data = openArtifact(artifact, kind, version);
      const axes = readAxes(kind, data);
      const shares = data.numbers("shares", { min: 0, max: 1 });
      if (shares.length === 0) throw badArtifact(kind, "it has no clusters");
      const centers = data.numbers("centers", { length: shares.length * axes.length });
      return kmeansModel(axes, centers, shares, data.number("inertia", { min: 0 }));
    },
  };
}

/** Numbers the clusters of a run, the largest first. */
export function modelOfRun(
  axes: readonly Axis[],
  rows: number,
  { centers, counts, inertia }: Run,
): KmeansModel {
  const order = largestFirst(counts, centers);
  const shares = Float64Array.from(order, (cluster) => counts[cluster] / rows);
  return kmeansModel(axes, reorder(centers, order), shares, inertia);
}

function kmeansModel(
  axes: readonly Axis[],
  standardCenters: Float64Array,
  shares: Float64Array,
  inertia: number,
): KmeansModel {
  return {
    kind,
    columns: axes.map(({ name }) => name),
    clusters: shares.length,
    axes,
    standardCenters,
    centers: inUnits(axes, standardCenters),
    shares,
    inertia,
    assign(table) {
      const { rows, size, values } = toPoints(kind, axes, table);
      const labels = new Int32Array(rows);
      for (let row = 0; row < rows; row++) {
        let least = Infinity;
        for (let cluster = 0; cluster < shares.length; cluster++) {
          const square = squareTo(values, row, standardCenters, cluster, size);
          if (square >= least) continue;
          least = square;
          labels[row] = cluster;
        }
      }
      return labels;
    },
    save: () =>
      makeArtifact(kind, version, {
        axes: axes.map((axis) => ({ ...axis })),
        centers: [...standardCenters],
        shares: [...shares],
        inertia,
      }),
  };
}
