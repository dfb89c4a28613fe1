import { breathe } from "../abort.js";
import { type Noise, normalEquations, weighed } from "./equations.js";
import { invert } from "./invert.js";
import type { DesignRows } from "./rows.js";

export interface MixedFit {
  readonly noise: Noise;
  /** Of each family of columns. */
  readonly variances: readonly number[];
  /** Posterior means and covariance (columns × columns) of all columns. */
  readonly means: Float64Array;
  readonly covariance: Float64Array;
  /** Degrees of freedom that are left for the noise. */
  readonly freedom: number;
}

const rounds = 60;
const least = { family: 1e-5, noise: 0 };
const most = { family: 4, noise: 9 };

/**
 * Log-odds of a click by a mixed model on counts: fixed columns, families of columns each drawn towards 0 by a variance of its own, noise of
 * rows beyond sampling, and what rows of a group share. Penalised quasi-likelihood (Breslow & Clayton 1993) with a level for each row, so that
 * rare clicks and rows of any size are weighed as they should; families' variances by MacKay's fixed point (1992), noise so that what is left
 * is as large as expected (Paule & Mandel 1982).
 */
export async function fitMixed(
  design: DesignRows,
  groups: "own-level" | "random" | { readonly rowNoise: number },
  signal?: AbortSignal,
): Promise<MixedFit> {
  const { rows, columns, fixed, families, groupStarts, shown, clicked } = design;
  const count = groupStarts.length - 1;
  const own = groups === "own-level";
  const units = own ? rows - count : count;
  const noise = {
    row: typeof groups === "object" ? groups.rowNoise : 0.01,
    group: own ? Number.POSITIVE_INFINITY : typeof groups === "object" ? 0.05 : 0,
  };
  // those of the latest equations, and those of the next
  let used = families.map(() => 0.01);
  let vary = used;
  const z = new Float64Array(rows);
  const variances = new Float64Array(rows);
  const etas = Float64Array.from(shown, (n, row) =>
    Math.log((clicked[row] + 0.5) / (n - clicked[row] + 0.5)),
  );
  let covariance: Float64Array = new Float64Array(0);
  let means: Float64Array = new Float64Array(columns);
  let effective = 0;
  for (let round = 0; round < rounds; round++) {
    await breathe(signal);
    linearise(design, etas, z, variances);
    const { information, right } = normalEquations(design, z, variances, noise);
    const rank = keepWhatTells(information, right, design);
    for (const [at, { from, to }] of families.entries())
      for (let column = from; column < to; column++)
        information[column * columns + column] += 1 / vary[at];
    covariance = invert(information, columns);
    means = times(covariance, right, columns);
    effective = 0;
    let moved = 0;
    used = vary;
    vary = families.map(({ from, to }, at) => {
      let square = 0;
      let known = 0;
      for (let column = from; column < to; column++) {
        square += means[column] ** 2;
        known += 1 - covariance[column * columns + column] / used[at];
      }
      effective += known;
      const next = within(square / Math.max(known, 1e-9), least.family, most.family);
      moved = Math.max(moved, Math.abs(next - used[at]) / (next + 1e-4));
      return next;
    });
    const left = leftOver(design, z, means);
    const pulled = weighed(design, left, variances, noise);
    // zᵀPz falls as the noise grows: Newton's step to where it is as large as the degrees of freedom
    let quadratic = 0;
    let slope = 0;
    for (let row = 0; row < rows; row++) quadratic += z[row] * pulled[row];
    if (typeof groups === "object")
      for (let group = 0; group < count; group++) {
        let sum = 0;
        for (let row = groupStarts[group]; row < groupStarts[group + 1]; row++) sum += pulled[row];
        slope += sum * sum;
      }
    else for (let row = 0; row < rows; row++) slope += pulled[row] * pulled[row];
    const target = (own ? rows - count : rows) - rank;
    const before = typeof groups === "object" ? noise.group : noise.row;
    const after = within(before + (quadratic - target) / slope, least.noise, most.noise);
    moved = Math.max(moved, Math.abs(after - before) / (before + 1e-3));
    if (typeof groups === "object") noise.group = after;
    else noise.row = after;
    settle(design, etas, z, left, variances, noise);
    if (round > 2 && moved < 2e-3) break;
  }
  return {
    noise,
    variances: used,
    means,
    covariance,
    freedom: Math.max(1, units - fixed - effective),
  };
}

/** A fixed column that is the same throughout each group tells nothing where groups have a level of their own; how many do tell. */
function keepWhatTells(
  information: Float64Array,
  right: Float64Array,
  { fixed, columns }: DesignRows,
): number {
  let rank = 0;
  for (let column = 0; column < fixed; column++) {
    if (information[column * columns + column] > 1e-7) {
      rank++;
      continue;
    }
    for (let at = 0; at < columns; at++)
      information[Math.max(at, column) * columns + Math.min(at, column)] = at === column ? 1 : 0;
    right[column] = 0;
  }
  return rank;
}

const within = (value: number, low: number, high: number): number =>
  Number.isFinite(value) ? Math.min(high, Math.max(low, value)) : low;

function times(matrix: Float64Array, vector: Float64Array, size: number): Float64Array {
  return Float64Array.from({ length: size }, (_, row) => {
    let sum = 0;
    for (let column = 0; column < size; column++)
      sum += matrix[row * size + column] * vector[column];
    return sum;
  });
}

/** The counts as values that are normal about each row's level, and their variances. */
function linearise(
  { rows, shown, clicked }: DesignRows,
  etas: Float64Array,
  z: Float64Array,
  variances: Float64Array,
): void {
  for (let row = 0; row < rows; row++) {
    const eta = Math.max(-20, Math.min(20, etas[row]));
    const rate = 1 / (1 + Math.exp(-eta));
    const spread = rate * (1 - rate);
    z[row] = eta + (clicked[row] / shown[row] - rate) / spread;
    variances[row] = 1 / (shown[row] * spread);
  }
}

/** What the columns do not tell of each row. */
function leftOver(design: DesignRows, z: Float64Array, means: Float64Array): Float64Array {
  const { rows, starts, indices, values } = design;
  const left = new Float64Array(rows);
  for (let row = 0; row < rows; row++) {
    let told = 0;
    for (let entry = starts[row]; entry < starts[row + 1]; entry++)
      told += values[entry] * means[indices[entry]];
    left[row] = z[row] - told;
  }
  return left;
}

/** Each row's level for the next round: what is told of it, its group's level, and its own as far as its counts carry it. */
function settle(
  { groupStarts }: DesignRows,
  etas: Float64Array,
  z: Float64Array,
  left: Float64Array,
  variances: Float64Array,
  noise: Noise,
): void {
  for (let group = 0; group + 1 < groupStarts.length; group++) {
    let sum = 0;
    let level = 0;
    for (let row = groupStarts[group]; row < groupStarts[group + 1]; row++) {
      const weight = 1 / (variances[row] + noise.row);
      sum += weight;
      level += weight * left[row];
    }
    level /= sum;
    if (noise.group !== Number.POSITIVE_INFINITY) level *= noise.group / (noise.group + 1 / sum);
    for (let row = groupStarts[group]; row < groupStarts[group + 1]; row++) {
      const own = (noise.row / (noise.row + variances[row])) * (left[row] - level);
      etas[row] = z[row] - left[row] + level + own;
    }
  }
}
