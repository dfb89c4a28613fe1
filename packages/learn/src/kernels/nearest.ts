import { withCrew } from "./crew.js";
import { kmeans } from "./kmeans.wasm.js";
import * as layout from "./kmeans-layout.js";
import { family } from "./module.js";
import { threadsFor } from "./pool.js";

const kmeansKernels = family("kmeans", kmeans);
/** Rows are added up in so many parts, whatever the number of threads. */
const mostParts = 16;

/** Row-major, `rows` × `size`. */
export interface NearestPoints {
  readonly rows: number;
  readonly size: number;
  readonly values: Float32Array;
}

/** Where an iteration over the nearest centres stands. */
export interface Nearest {
  /** Nearest centre of each row. A view of memory that is gone when the job is over. */
  readonly labels: Int32Array;
  /** Sum of the points of each centre (row-major), and their number. */
  readonly sums: Float64Array;
  readonly counts: Float64Array;
  /** Assigns every row to its nearest centre; of equally near ones the first. Resolves to how many rows changed. */
  assign(centers: Float64Array): Promise<number>;
}

/**
 * Nearest centres of many points, in single precision (centre the points first) with sums in double precision.
 * The result does not depend on `threads`; 0 = one below 20,000 rows, else one per core.
 *
 * @throws LearnError "input" when the points do not fit into 4 GB
 */
export async function withNearest<T>(
  { rows, size, values }: NearestPoints,
  clusters: number,
  threads: number,
  job: (nearest: Nearest) => Promise<T>,
): Promise<T> {
  return withCrew(kmeansKernels, threadsFor(rows, threads), async ({ arena, threads, call }) => {
    const blocks = Math.ceil(rows / 16);
    const parts = Math.max(1, Math.min(mostParts, Math.ceil(blocks / 128)));
    const even = clusters + (clusters % 2);
    const cells = even * (size + 1);
    const context = arena.take(layout.KMEANS_BYTES);
    const at = {
      points: arena.take(64 * size * blocks),
      labels: arena.take(64 * blocks),
      centers: arena.take(4 * cells),
      sums: arena.take(8 * parts * cells),
      changed: arena.take(4 * parts),
    };
    const words = arena.words(context, layout.KMEANS_BYTES / 4);
    words[layout.ROWS / 4] = rows;
    words[layout.SIZE / 4] = size;
    words[layout.CLUSTERS / 4] = even;
    words[layout.POINTS / 4] = at.points;
    words[layout.CENTERS / 4] = at.centers;
    words[layout.LABELS / 4] = at.labels;
    words[layout.SUMS / 4] = at.sums;
    words[layout.CHANGED / 4] = at.changed;
    words[layout.PARTS / 4] = parts;
    fillPoints(arena.floats(at.points, 16 * size * blocks), values, rows, size);
    const labels = arena.words(at.labels, 16 * blocks).fill(-1);
    // an odd number of centres is followed by one that nothing is near
    const factors = arena.floats(at.centers, cells).fill(0);
    factors[cells - 1] = Infinity;
    const partSums = arena.doubles(at.sums, parts * cells).fill(0);
    const changed = arena.words(at.changed, parts);
    const sums = new Float64Array(clusters * size);
    const counts = new Float64Array(clusters);

    return job({
      labels: labels.subarray(0, rows),
      sums,
      counts,
      async assign(centers) {
        for (let cluster = 0; cluster < clusters; cluster++) {
          let square = 0;
          for (let axis = 0; axis < size; axis++) {
            const coordinate = centers[cluster * size + axis];
            factors[cluster * (size + 1) + axis] = -2 * coordinate;
            square += coordinate * coordinate;
          }
          factors[cluster * (size + 1) + size] = square;
        }
        await call("assign", (thread) => [context, thread, threads]);
        sums.fill(0);
        counts.fill(0);
        for (let part = 0; part < parts; part++)
          for (let cluster = 0; cluster < clusters; cluster++) {
            const from = part * cells + cluster * (size + 1);
            for (let axis = 0; axis < size; axis++)
              sums[cluster * size + axis] += partSums[from + axis];
            counts[cluster] += partSums[from + size];
          }
        return changed.reduce((sum, count) => sum + count, 0);
      },
    });
  });
}

/** Blocks of 16 rows, coordinate by coordinate; zeros where there is no row. */
function fillPoints(target: Float32Array, values: Float32Array, rows: number, size: number): void {
  target.fill(0);
  for (let row = 0; row < rows; row++) {
    const to = (row >> 4) * 16 * size + (row & 15);
    for (let axis = 0; axis < size; axis++) target[to + 16 * axis] = values[row * size + axis];
  }
}
