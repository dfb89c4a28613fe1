import { LearnError } from "../error.js";
import type { Random } from "../random.js";
import type { Points } from "./points.js";

/**
 * Greedy k-means++ (Arthur & Vassilvitskii 2007): each centre is the best of 2 + ln k points drawn by squared distance from the
 * centres so far.
 *
 * @throws LearnError "input" when there are fewer different points than clusters
 */
export function plusPlus(
  who: string,
  points: Points,
  clusters: number,
  draws: Random,
): Float64Array {
  const { rows, size, values } = points;
  const centers = new Float64Array(clusters * size);
  const tries = 2 + Math.floor(Math.log(clusters));
  let nearest = new Float64Array(rows).fill(Infinity);
  let candidate = new Float64Array(rows);
  let best = new Float64Array(rows);
  let total = 0;
  for (let cluster = 0; cluster < clusters; cluster++) {
    if (cluster > 0 && !(total > 0))
      throw new LearnError(
        "input",
        `${who}: ${clusters} clusters need as many different rows, got ${cluster}.`,
        {
          hint: `Set "clusters" to ${cluster} or less.`,
        },
      );
    let bestTotal = Infinity;
    let bestRow = 0;
    for (let attempt = 0; attempt < (cluster === 0 ? 1 : tries); attempt++) {
      const row = cluster === 0 ? draws.below(rows) : pick(nearest, total * draws.uniform());
      const sum = reach(points, row, nearest, candidate);
      if (sum >= bestTotal) continue;
      bestTotal = sum;
      bestRow = row;
      [best, candidate] = [candidate, best];
    }
    for (let axis = 0; axis < size; axis++)
      centers[cluster * size + axis] = values[bestRow * size + axis];
    [nearest, best] = [best, nearest];
    total = bestTotal;
  }
  return centers;
}

/** The row at which the running sum passes `target`; never one at distance 0. */
function pick(distances: Float64Array, target: number): number {
  let sum = 0;
  let last = 0;
  for (let row = 0; row < distances.length; row++) {
    if (distances[row] === 0) continue;
    sum += distances[row];
    last = row;
    if (sum > target) return row;
  }
  return last;
}

/** Squared distances were this row a centre too, and their sum. */
function reach(
  { rows, size, values }: Points,
  center: number,
  nearest: Float64Array,
  distances: Float64Array,
): number {
  let sum = 0;
  const from = center * size;
  for (let row = 0, at = 0; row < rows; row++, at += size) {
    let square = 0;
    for (let axis = 0; axis < size; axis++) {
      const difference = values[at + axis] - values[from + axis];
      square += difference * difference;
    }
    distances[row] = Math.min(square, nearest[row]);
    sum += distances[row];
  }
  return sum;
}
