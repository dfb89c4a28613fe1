import type { Points } from "./points.js";

/** Where Lloyd's iteration stands. A faster implementation need only keep this interface. */
export interface Lloyd {
  /** Nearest centre of each row, after a call of `assign`. */
  readonly labels: Int32Array;
  /** Sum of the points of each cluster (row-major) and their number. */
  readonly sums: Float64Array;
  readonly counts: Float64Array;
  /** Assigns every row to its nearest centre; of equally near ones the first. Returns how many rows changed. */
  assign(centers: Float64Array): number;
}

/**
 * Plain Lloyd with Hamerly's bounds (2010): one upper and one lower bound per row show for most rows that nothing can have
 * changed. Distances are f64, so the result is that of comparing all.
 */
export function hamerly(points: Points, clusters: number): Lloyd {
  const { rows, size, values } = points;
  const labels = new Int32Array(rows).fill(-1);
  const sums = new Float64Array(clusters * size);
  const counts = new Float64Array(clusters);
  const upper = new Float64Array(rows).fill(Infinity);
  const lower = new Float64Array(rows);
  const safe = new Float64Array(clusters);
  const moves = new Float64Array(clusters);
  let before: Float64Array | undefined;

  const distance = (row: number, centers: Float64Array, cluster: number): number => {
    let square = 0;
    for (let axis = 0, at = row * size, to = cluster * size; axis < size; axis++, at++, to++) {
      const difference = values[at] - centers[to];
      square += difference * difference;
    }
    return Math.sqrt(square);
  };

  function move(row: number, from: number, to: number): void {
    for (let axis = 0, at = row * size; axis < size; axis++, at++) {
      if (from >= 0) sums[from * size + axis] -= values[at];
      sums[to * size + axis] += values[at];
    }
    if (from >= 0) counts[from]--;
    counts[to]++;
  }

  function loosen(centers: Float64Array): void {
    if (!before) return;
    let first = 0;
    let second = 0;
    let furthest = -1;
    for (let cluster = 0; cluster < clusters; cluster++) {
      const moved = between(before, centers, cluster, cluster, size);
      moves[cluster] = moved;
      if (moved > first) {
        second = first;
        first = moved;
        furthest = cluster;
      } else if (moved > second) second = moved;
    }
    for (let row = 0; row < rows; row++) {
      upper[row] += moves[labels[row]];
      lower[row] -= labels[row] === furthest ? second : first;
    }
  }

  return {
    labels,
    sums,
    counts,
    assign(centers) {
      loosen(centers);
      before = centers.slice();
      for (let cluster = 0; cluster < clusters; cluster++) {
        let near = Infinity;
        for (let other = 0; other < clusters; other++)
          if (other !== cluster)
            near = Math.min(near, between(centers, centers, cluster, other, size));
        safe[cluster] = near / 2;
      }
      let changed = 0;
      for (let row = 0; row < rows; row++) {
        const label = labels[row];
        if (label >= 0) {
          const bound = Math.max(safe[label], lower[row]);
          if (upper[row] < bound) continue;
          upper[row] = distance(row, centers, label);
          if (upper[row] < bound) continue;
        }
        let nearest = 0;
        let first = Infinity;
        let second = Infinity;
        for (let cluster = 0; cluster < clusters; cluster++) {
          const away = distance(row, centers, cluster);
          if (away < first) {
            second = first;
            first = away;
            nearest = cluster;
          } else if (away < second) second = away;
        }
        upper[row] = first;
        lower[row] = second;
        if (nearest === label) continue;
        labels[row] = nearest;
        move(row, label, nearest);
        changed++;
      }
      return changed;
    },
  };
}

/** Distance between cluster `a` of one set of centres and cluster `b` of another. */
export function between(
  left: Float64Array,
  right: Float64Array,
  a: number,
  b: number,
  size: number,
): number {
  let square = 0;
  for (let axis = 0; axis < size; axis++)
    square += (left[a * size + axis] - right[b * size + axis]) ** 2;
  return Math.sqrt(square);
}
