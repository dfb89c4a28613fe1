import { breathe } from "../abort.js";
import { badArtifact, makeArtifact, openArtifact } from "../artifact.js";
import { withNearest } from "../kernels/nearest.js";
import { manyRows } from "../kernels/pool.js";
import { type Constraints, checkOptions } from "../options.js";
import { random } from "../random.js";
import { between, hamerly, type Lloyd } from "./lloyd.js";
import type { ClusterEstimator, ClusterFitOptions, ClusterModel } from "./model.js";
import { largestFirst, reorder } from "./order.js";
import { plusPlus } from "./plus-plus.js";
import { type Axis, inUnits, makeAxes, type Points, readAxes, toPoints } from "./points.js";

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
  const { clusters, seed, starts } = settings;
  return {
    kind,
    async fit(table, { signal, onProgress }: ClusterFitOptions = {}) {
      const axes = makeAxes(kind, table);
      const points = toPoints(kind, axes, table);
      const search = async (assigner: () => Assigner): Promise<Run> => {
        let best: Run | undefined;
        for (let start = 0; start < starts; start++) {
          await breathe(signal);
          const first = plusPlus(kind, points, clusters, random(seed, start));
          const run = await iterate(points, assigner(), first, settings, signal);
          if (!best || run.inertia < best.inertia) best = run;
          onProgress?.((start + 1) / starts);
        }
        return best as Run;
      };
      // bounds spare most distances of a few rows; for many rows the kernel is faster at computing them all
      const { centers, counts, inertia } =
        points.rows < manyRows
          ? await search(() => hamerly(points, clusters))
          : await withNearest(points, clusters, 0, (nearest) => search(() => nearest));
      const order = largestFirst(counts, centers);
      const shares = Float64Array.from(order, (cluster) => counts[cluster] / points.rows);
      return kmeansModel(axes, reorder(centers, order), shares, inertia);
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

interface Run {
  readonly centers: Float64Array;
  readonly counts: Float64Array;
  readonly inertia: number;
}

type Assigner = Pick<Lloyd, "labels" | "sums" | "counts"> & {
  assign(centers: Float64Array): number | Promise<number>;
};

async function iterate(
  points: Points,
  lloyd: Assigner,
  start: Float64Array,
  { clusters, iterations, tolerance }: { clusters: number; iterations: number; tolerance: number },
  signal: AbortSignal | undefined,
): Promise<Run> {
  const { size } = points;
  let centers = start;
  for (let iteration = 0; iteration < iterations; iteration++) {
    const changed = await lloyd.assign(centers);
    const next = means(lloyd.sums, lloyd.counts, centers, size);
    const moved = refill(points, next, lloyd.labels, lloyd.counts);
    let shift = 0;
    for (let cluster = 0; cluster < clusters; cluster++)
      shift += between(centers, next, cluster, cluster, size) ** 2;
    centers = next;
    if (!moved && (changed === 0 || shift <= tolerance)) break;
    if (iteration % 8 === 7) await breathe(signal);
  }
  await lloyd.assign(centers);
  return {
    centers,
    counts: lloyd.counts.slice(),
    inertia: inertiaOf(points, centers, lloyd.labels),
  };
}

function means(
  sums: Float64Array,
  counts: Float64Array,
  centers: Float64Array,
  size: number,
): Float64Array {
  return sums.map((sum, at) => {
    const count = counts[Math.floor(at / size)];
    return count > 0 ? sum / count : centers[at];
  });
}

/** Moves the centre of each empty cluster to the point furthest from its own. */
function refill(
  { rows, size, values }: Points,
  centers: Float64Array,
  labels: Int32Array,
  counts: Float64Array,
): boolean {
  const empty = counts.indexOf(0);
  if (empty < 0) return false;
  const taken = new Set<number>();
  for (let cluster = empty; cluster < counts.length; cluster++) {
    if (counts[cluster] > 0) continue;
    let furthest = -1;
    let most = -1;
    for (let row = 0; row < rows; row++) {
      const square = squareTo(values, row, centers, labels[row], size);
      if (square > most && !taken.has(row)) {
        most = square;
        furthest = row;
      }
    }
    taken.add(furthest);
    for (let axis = 0; axis < size; axis++)
      centers[cluster * size + axis] = values[furthest * size + axis];
  }
  return true;
}

function squareTo(
  values: Float32Array,
  row: number,
  centers: Float64Array,
  cluster: number,
  size: number,
): number {
  let square = 0;
  for (let axis = 0; axis < size; axis++)
    square += (values[row * size + axis] - centers[cluster * size + axis]) ** 2;
  return square;
}

function inertiaOf(
  { rows, size, values }: Points,
  centers: Float64Array,
  labels: Int32Array,
): number {
  let inertia = 0;
  for (let row = 0; row < rows; row++) inertia += squareTo(values, row, centers, labels[row], size);
  return inertia;
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
