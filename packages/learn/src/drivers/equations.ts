import type { DesignRows } from "./rows.js";

/** Variances of what the columns do not tell: of each row, and what the rows of a group share; infinite where groups have a level of their own. */
export interface Noise {
  readonly row: number;
  readonly group: number;
}

/**
 * How much of its rows' common level a group keeps: 0 with a level of its own, all of it where its rows share nothing. `sum` is the
 * rows' weights together.
 */
export const keptWeight = (sum: number, group: number): number =>
  group === Number.POSITIVE_INFINITY ? 0 : sum / (1 + group * sum);

/** XᵀV⁻¹X (lower triangle) and XᵀV⁻¹z, for V = diag(variances + noise.row) + noise.group within groups. */
export function normalEquations(
  design: DesignRows,
  z: Float64Array,
  variances: Float64Array,
  noise: Noise,
) {
  const { columns, starts, indices, values, groupStarts } = design;
  const information = new Float64Array(columns * columns);
  const right = new Float64Array(columns);
  const mean = new Float64Array(columns);
  const touched: number[] = [];
  const add = (
    at: ArrayLike<number>,
    from: number,
    to: number,
    value: (entry: number) => number,
    weight: number,
    target: number,
  ) => {
    for (let one = from; one < to; one++) {
      const column = at[one];
      const weighed = weight * value(one);
      right[column] += weighed * target;
      for (let other = from; other < to; other++)
        if (at[other] <= column)
          information[column * columns + at[other]] += weighed * value(other);
    }
  };
  for (let group = 0; group + 1 < groupStarts.length; group++) {
    let sum = 0;
    let level = 0;
    for (let row = groupStarts[group]; row < groupStarts[group + 1]; row++) {
      const weight = 1 / (variances[row] + noise.row);
      sum += weight;
      level += weight * z[row];
      for (let entry = starts[row]; entry < starts[row + 1]; entry++) {
        const column = indices[entry];
        if (mean[column] === 0) touched.push(column);
        mean[column] += weight * values[entry];
      }
      add(indices, starts[row], starts[row + 1], (entry) => values[entry], weight, z[row]);
    }
    // what the rows of a group share counts for less, or for nothing: Σ w x xᵀ − (W − kept) x̄ x̄ᵀ
    const lost = sum - keptWeight(sum, noise.group);
    for (const column of touched) mean[column] /= sum;
    if (lost > 0) add(touched, 0, touched.length, (at) => mean[touched[at]], -lost, level / sum);
    for (const column of touched) mean[column] = 0;
    touched.length = 0;
  }
  return { information, right };
}

/** V⁻¹ of what is left, for each row. */
export function weighed(
  { groupStarts }: DesignRows,
  left: Float64Array,
  variances: Float64Array,
  noise: Noise,
): Float64Array {
  const result = new Float64Array(left.length);
  for (let group = 0; group + 1 < groupStarts.length; group++) {
    let sum = 0;
    let level = 0;
    for (let row = groupStarts[group]; row < groupStarts[group + 1]; row++) {
      const weight = 1 / (variances[row] + noise.row);
      sum += weight;
      level += weight * left[row];
    }
    const off = (level / sum) * (1 - keptWeight(sum, noise.group) / sum);
    for (let row = groupStarts[group]; row < groupStarts[group + 1]; row++)
      result[row] = (left[row] - off) / (variances[row] + noise.row);
  }
  return result;
}
