import { LearnError } from "../error.js";
import { hungarian } from "./hungarian.js";
import type { ClusterModel } from "./model.js";

/**
 * For each cluster of `next`, the cluster of `previous` that it continues, or -1 for a new one: the pairing whose centres are
 * nearest in all, so that a segment keeps its name when the model is fitted again. Distances are in the spread of the previous
 * centres, column by column.
 *
 * @throws LearnError "input" when the models are of different columns
 */
export function matchClusters(
  previous: Pick<ClusterModel, "columns" | "clusters" | "centers">,
  next: Pick<ClusterModel, "columns" | "clusters" | "centers">,
): Int32Array {
  const { columns, clusters } = previous;
  const places = columns.map((name) => next.columns.indexOf(name));
  if (places.includes(-1) || next.columns.length !== columns.length)
    throw new LearnError("input", "matchClusters: the models were fitted on different columns.");
  const size = columns.length;
  const spread = columns.map((_, axis) => {
    const values = Array.from(
      { length: clusters },
      (_, cluster) => previous.centers[cluster * size + axis],
    );
    const mean = values.reduce((sum, value) => sum + value, 0) / clusters;
    const square = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / clusters;
    return square > 0 ? Math.sqrt(square) : 1;
  });
  const costs = new Float64Array(next.clusters * clusters);
  for (let cluster = 0; cluster < next.clusters; cluster++)
    for (let old = 0; old < clusters; old++)
      for (let axis = 0; axis < size; axis++) {
        const there = next.centers[cluster * size + places[axis]];
        const here = previous.centers[old * size + axis];
        costs[cluster * clusters + old] += ((there - here) / spread[axis]) ** 2;
      }
  return hungarian(costs, next.clusters, clusters);
}
