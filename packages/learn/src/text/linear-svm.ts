import { breathe } from "../abort.js";
import { random } from "../random.js";
import type { SparseRows } from "./sparse.js";

export interface LinearSvmOptions {
  /** What a row on the wrong side costs beside ½‖w‖². */
  readonly cost: number;
  readonly seed: number;
  /** Rows to learn from. Defaults to all. */
  readonly among?: Int32Array;
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ((share: number) => void) | undefined;
}

const tolerance = 0.1;
const mostPasses = 100;

/**
 * One against the rest with squared hinge loss, by dual coordinate descent with shrinking (Hsieh et al. 2008). `classes` holds each row's
 * class, `0 … k − 1`. Gives (columns + 1) × k weights, the last row the intercepts.
 */
export async function linearSvm(
  rows: SparseRows,
  classes: Int32Array,
  k: number,
  options: LinearSvmOptions,
): Promise<Float32Array> {
  const { cost, seed, signal, onProgress } = options;
  const among = options.among ?? Int32Array.from(classes.keys());
  const width = rows.columns + 1;
  const weights = new Float32Array(width * k);
  const squares = Float64Array.from(among, (row) => squareOf(rows, row) + 1 / (2 * cost));
  const own = new Float64Array(width);
  for (let one = 0; one < k; one++) {
    await breathe(signal);
    separate(rows, among, classes, one, squares, own, 1 / (2 * cost), seed);
    for (let column = 0; column < width; column++) weights[column * k + one] = own[column];
    onProgress?.((one + 1) / k);
  }
  return weights;
}

function squareOf({ starts, values }: SparseRows, row: number): number {
  let square = 1;
  for (let at = starts[row]; at < starts[row + 1]; at++) square += values[at] * values[at];
  return square;
}

/** Fills `weights` with those that part class `one` from all others. */
function separate(
  { starts, indices, values, columns }: SparseRows,
  among: Int32Array,
  classes: Int32Array,
  one: number,
  squares: Float64Array,
  weights: Float64Array,
  slack: number,
  seed: number,
): void {
  weights.fill(0);
  const draws = random(seed, one);
  const order = Int32Array.from(among.keys());
  const alphas = new Float64Array(among.length);
  let active = order.length;
  let highest = Infinity;
  for (let pass = 0; pass < mostPasses; pass++) {
    let most = -Infinity;
    let least = Infinity;
    for (let at = 0; at < active; at++) swap(order, at, at + draws.below(active - at));
    for (let at = 0; at < active; at++) {
      const index = order[at];
      const row = among[index];
      const side = classes[row] === one ? 1 : -1;
      let margin = weights[columns];
      const end = starts[row + 1];
      for (let entry = starts[row]; entry < end; entry++)
        margin += weights[indices[entry]] * values[entry];
      const alpha = alphas[index];
      const gradient = side * margin - 1 + slack * alpha;
      let projected = gradient;
      if (alpha === 0) {
        if (gradient > highest) {
          swap(order, at--, --active);
          continue;
        }
        if (gradient > 0) projected = 0;
      }
      if (projected > most) most = projected;
      if (projected < least) least = projected;
      if (Math.abs(projected) < 1e-12) continue;
      const next = Math.max(0, alpha - gradient / squares[index]);
      alphas[index] = next;
      const step = (next - alpha) * side;
      weights[columns] += step;
      for (let entry = starts[row]; entry < end; entry++)
        weights[indices[entry]] += step * values[entry];
    }
    if (most - least < tolerance) {
      if (active === order.length) return;
      // what was put aside is looked at once more
      active = order.length;
      highest = Infinity;
    } else highest = most <= 0 ? Infinity : most;
  }
}

function swap(list: Int32Array, left: number, right: number): void {
  const kept = list[left];
  list[left] = list[right];
  list[right] = kept;
}
