import { breathe } from "../abort.js";
import { withNearest } from "../kernels/nearest.js";
import { manyRows } from "../kernels/pool.js";
import { random } from "../random.js";
import { between, hamerly, type Lloyd } from "./lloyd.js";
import { plusPlus } from "./plus-plus.js";
import type { Points } from "./points.js";

export interface RunSettings {
  readonly clusters: number;
  readonly iterations: number;
  readonly tolerance: number;
}

/** The run with the least inertia of several k-means++ starts, and of a given one. */
export function bestRun(
  who: string,
  points: Points,
  settings: RunSettings & {
    readonly seed: number;
    readonly starts: number;
    readonly from?: Float64Array | undefined;
  },
  signal: AbortSignal | undefined,
  onProgress?: (share: number) => void,
): Promise<Run> {
  const { clusters, seed, starts, from } = settings;
  return withAssigner(points, clusters, async (assigner) => {
    let best = from && (await iterate(points, assigner(), from, settings, signal));
    for (let start = 0; start < starts; start++) {
      await breathe(signal);
      const first = plusPlus(who, points, clusters, random(seed, start));
      const run = await iterate(points, assigner(), first, settings, signal);
      if (!best || run.inertia < best.inertia) best = run;
      onProgress?.((start + 1) / starts);
    }
    return best as Run;
  });
}

/** Bounds spare most distances of a few rows; for many rows the kernel is faster at computing them all. */
export function withAssigner<T>(
  points: Points,
  clusters: number,
  job: (assigner: () => Assigner) => Promise<T>,
): Promise<T> {
  if (points.rows < manyRows) return job(() => hamerly(points, clusters));
  return withNearest(points, clusters, 0, (nearest) => job(() => nearest));
}

export interface Run {
  readonly centers: Float64Array;
  readonly counts: Float64Array;
  readonly inertia: number;
}

export type Assigner = Pick<Lloyd, "labels" | "sums" | "counts"> & {
  assign(centers: Float64Array): number | Promise<number>;
};

export async function iterate(
  points: Points,
  lloyd: Assigner,
  start: Float64Array,
  { clusters, iterations, tolerance }: RunSettings,
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

export function squareTo(
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
