import type { Column } from "../types.js";

export const number = (name: string, values: ArrayLike<number>): Column => ({
  name,
  kind: "number",
  values: Float32Array.from(values),
});
export const category = (name: string, cells: readonly (string | undefined)[]): Column => {
  const levels = [...new Set(cells)].filter((cell) => cell !== undefined);
  const codes = Int32Array.from(cells, (cell) => (cell === undefined ? -1 : levels.indexOf(cell)));
  return { name, kind: "category", codes, levels };
};

export const furthest = (left: Float64Array, right: Float64Array): number =>
  Math.max(...left.map((value, row) => Math.abs(value - right[row])));
