const f = Math.fround;

export interface NearestTwin {
  readonly labels: Int32Array;
  readonly sums: Float64Array;
  readonly counts: Float64Array;
  assign(centers: Float64Array): number;
}

/** Assignments as the kernel does them, to the last bit, in plain TypeScript. */
export function nearestTwin(
  values: Float32Array,
  rows: number,
  size: number,
  clusters: number,
): NearestTwin {
  const labels = new Int32Array(rows).fill(-1);
  const sums = new Float64Array(clusters * size);
  const counts = new Float64Array(clusters);
  const blocks = Math.ceil(rows / 16);
  const parts = Math.max(1, Math.min(16, Math.ceil(blocks / 128)));
  const partSums = Array.from({ length: parts }, () => new Float64Array(clusters * size));
  return {
    labels,
    sums,
    counts,
    assign(centers) {
      let changed = 0;
      const before = labels.slice();
      for (let row = 0; row < rows; row++)
        labels[row] = nearest(values, row, size, centers, clusters);
      partSums.forEach((own, part) => {
        for (let block = from(part); block < from(part + 1); block++)
          for (const sign of [-1, 1])
            for (let row = 16 * block; row < Math.min(rows, 16 * block + 16); row++) {
              const label = sign < 0 ? before[row] : labels[row];
              if (before[row] === labels[row] || label < 0) continue;
              for (let axis = 0; axis < size; axis++)
                own[label * size + axis] += sign * values[row * size + axis];
              counts[label] += sign;
            }
      });
      for (let row = 0; row < rows; row++) if (before[row] !== labels[row]) changed++;
      sums.fill(0);
      for (const own of partSums) for (let at = 0; at < own.length; at++) sums[at] += own[at];
      return changed;
    },
  };

  function from(part: number): number {
    return Math.floor((blocks * part) / parts);
  }
}

function nearest(
  values: Float32Array,
  row: number,
  size: number,
  centers: Float64Array,
  clusters: number,
): number {
  let label = 0;
  let least = Infinity;
  for (let cluster = 0; cluster < clusters; cluster++) {
    const center = centers.subarray(cluster * size, (cluster + 1) * size);
    let score = f(center.reduce((sum, coordinate) => sum + coordinate * coordinate, 0));
    for (let axis = 0; axis < size; axis++)
      score = f(score + f(values[row * size + axis] * f(-2 * center[axis])));
    if (score >= least) continue;
    least = score;
    label = cluster;
  }
  return label;
}
