import { factor } from "../optimise/solve.js";
import type { SideFeatures } from "./types.js";

/** Writes into `priors` what the features say of each row's factors, learned from the rows that have been observed. */
export type FeatureMap = (factors: Float32Array, size: number, priors: Float32Array) => void;

/** Pseudo-observations that draw the map to zero. */
const ridge = 1;

/**
 * Ridge regression of factors on features and a constant: W = (GᵀCG + I)⁻¹GᵀCY, with C = n / (n + 1) for a row observed n times, so that
 * rows that were never observed teach nothing.
 */
export function featureMap(
  { size: width, values }: SideFeatures,
  counts: Float64Array,
): FeatureMap {
  const wide = width + 1;
  const row = new Float64Array(wide);
  const read = (at: number): void => {
    row[width] = 1;
    for (let axis = 0; axis < width; axis++) row[axis] = values[at * width + axis];
  };
  const square = new Float64Array(wide * wide);
  for (let at = 0; at < wide; at++) square[at * wide + at] = ridge;
  counts.forEach((count, at) => {
    if (count === 0) return;
    read(at);
    const share = count / (count + 1);
    for (let one = 0; one < wide; one++)
      if (row[one] !== 0)
        for (let other = 0; other <= one; other++)
          square[one * wide + other] += share * row[one] * row[other];
  });
  const solve = factor(square, wide);
  return (factors, size, priors) => {
    const right = new Float64Array(size * wide);
    counts.forEach((count, at) => {
      if (count === 0) return;
      read(at);
      const share = count / (count + 1);
      for (let one = 0; one < wide; one++) {
        const weight = share * row[one];
        if (weight === 0) continue;
        for (let axis = 0; axis < size; axis++)
          right[axis * wide + one] += weight * factors[at * size + axis];
      }
    });
    const map = Array.from({ length: size }, (_, axis) =>
      solve(right.subarray(axis * wide, (axis + 1) * wide)),
    );
    const sums = new Float64Array(size);
    for (let at = 0; at < counts.length; at++) {
      read(at);
      sums.fill(0);
      // most features are 0 of most rows
      for (let one = 0; one < wide; one++)
        if (row[one] !== 0)
          for (let axis = 0; axis < size; axis++) sums[axis] += map[axis][one] * row[one];
      priors.set(sums, at * size);
    }
  };
}
