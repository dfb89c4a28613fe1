/** Clusters by size; equal ones by their coordinates, so that no start decides their numbers. */
export function largestFirst(counts: Float64Array, centers: Float64Array): number[] {
  const size = centers.length / counts.length;
  return Array.from(counts, (_, cluster) => cluster).sort((left, right) => {
    let difference = counts[right] - counts[left];
    for (let axis = 0; axis < size && difference === 0; axis++)
      difference = centers[left * size + axis] - centers[right * size + axis];
    return difference;
  });
}

/** Rows of a row-major matrix in another order. */
export function reorder(matrix: Float64Array, order: readonly number[]): Float64Array {
  const size = matrix.length / order.length;
  const ordered = new Float64Array(matrix.length);
  order.forEach((from, to) => {
    ordered.set(matrix.subarray(from * size, (from + 1) * size), to * size);
  });
  return ordered;
}
