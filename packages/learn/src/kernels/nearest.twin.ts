const f = Math.fround;

/** One assignment as the kernel does it, to the last bit, in plain TypeScript. */
export function nearestTwin(
  values: Float32Array,
  rows: number,
  size: number,
  centers: Float64Array,
): { labels: Int32Array; sums: Float64Array; counts: Float64Array } {
  const clusters = centers.length / size;
  const labels = new Int32Array(rows);
  const sums = new Float64Array(clusters * size);
  const counts = new Float64Array(clusters);
  const blocks = Math.ceil(rows / 16);
  const parts = Math.max(1, Math.min(16, Math.ceil(blocks / 128)));
  for (let part = 0; part < parts; part++) {
    const own = new Float64Array(clusters * size);
    const end = Math.floor((blocks * (part + 1)) / parts);
    for (let block = Math.floor((blocks * part) / parts); block < end; block += 128) {
      const floats = new Float32Array(clusters * size);
      const last = Math.min(rows, 16 * Math.min(block + 128, end));
      for (let row = 16 * block; row < last; row++) {
        const label = nearest(values, row, size, centers, clusters);
        labels[row] = label;
        counts[label]++;
        for (let axis = 0; axis < size; axis++)
          floats[label * size + axis] += values[row * size + axis];
      }
      for (let at = 0; at < own.length; at++) own[at] += floats[at];
    }
    for (let at = 0; at < own.length; at++) sums[at] += own[at];
  }
  return { labels, sums, counts };
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
