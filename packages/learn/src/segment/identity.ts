import { matchClusters } from "../cluster/match.js";
import { type Points, toPoints } from "../cluster/points.js";
import { kind, type SegmentationModel } from "./model.js";
import { shaped } from "./shape.js";

export interface Identity {
  readonly id: number;
  /** The earlier name, for a segment that goes on. */
  readonly name?: string;
}

/** The centres of an earlier model as points of a new one; nothing when it is of other columns. */
export function earlierCenters(
  previous: SegmentationModel | undefined,
  next: Pick<SegmentationModel, "shapes"> & { readonly axes: Parameters<typeof toPoints>[1] },
): Points | undefined {
  if (!previous || previous.columns.length !== next.shapes.length) return undefined;
  if (next.shapes.some(({ name }) => !previous.columns.includes(name))) return undefined;
  const size = previous.columns.length;
  const table = {
    rows: previous.clusters,
    columns: previous.columns.map((name, axis) => ({
      name,
      kind: "number" as const,
      values: Float32Array.from(
        { length: previous.clusters },
        (_, cluster) => previous.centers[cluster * size + axis],
      ),
    })),
  };
  return toPoints(kind, next.axes, shaped(kind, next.shapes, table));
}

/**
 * Who goes on from an earlier fit: pairs of old and new centres that are nearest in all, where at least one of the two is the
 * other's nearest. A new segment gets a number that none ever had.
 */
export function identities(
  previous: SegmentationModel | undefined,
  earlier: Points | undefined,
  centers: Float64Array,
  clusters: number,
): { readonly identities: readonly Identity[]; readonly nextId: number } {
  let nextId = previous?.nextId ?? 1;
  const pairs = previous && earlier ? goingOn(earlier, centers, clusters) : undefined;
  const found = Array.from({ length: clusters }, (_, cluster): Identity => {
    const old = previous?.segments[pairs?.[cluster] ?? -1];
    return old ? { id: old.id, name: old.name } : { id: nextId++ };
  });
  return { identities: found, nextId };
}

/** For each new centre the earlier one that it continues, or -1. */
function goingOn(earlier: Points, centers: Float64Array, clusters: number): Int32Array {
  const { rows, size } = earlier;
  const columns = Array.from({ length: size }, (_, axis) => String(axis));
  const old = Float64Array.from(earlier.values);
  const pairs = matchClusters(
    { columns, clusters: rows, centers: old },
    { columns, clusters, centers },
  );
  return pairs.map((pair, cluster) => {
    if (pair < 0) return -1;
    const near =
      nearest(old, centers, cluster, size) === pair ||
      nearest(centers, old, pair, size) === cluster;
    return near ? pair : -1;
  });
}

/** Of the centres the one nearest to center `of` of `others`. */
function nearest(centers: Float64Array, others: Float64Array, of: number, size: number): number {
  let least = Infinity;
  let found = -1;
  for (let at = 0; at < centers.length; at += size) {
    let square = 0;
    for (let axis = 0; axis < size; axis++)
      square += (centers[at + axis] - others[of * size + axis]) ** 2;
    if (square >= least) continue;
    least = square;
    found = at / size;
  }
  return found;
}
