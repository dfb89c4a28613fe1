import { describe, expect, it } from "vitest";
import { takeRows } from "../table.js";
import { makeReaders } from "./columns.js";
import type { Forest } from "./forest.js";
import { gradientBoosting } from "./gradient-boosting.js";
import { plantedTable } from "./planted.fixture.js";

/** What a tree is expected to say when only the columns of a set are known: splits on others go both ways, by training rows. */
function expectation(forest: Forest, node: number, values: Float32Array, known: number): number {
  const column = forest.feature[node];
  if (column < 0) return forest.value[node];
  const [left, right] = [forest.left[node], forest.right[node]];
  const next = (child: number): number => expectation(forest, child, values, known);
  if (!((known >> column) & 1)) {
    const share = forest.rows[left] / forest.rows[node];
    return share * next(left) + (1 - share) * next(right);
  }
  const x = values[column];
  if (forest.set[node] >= 0) return next(forest.sets[forest.set[node]][x] ? left : right);
  if (Number.isNaN(x)) return next(forest.missing[node]);
  return next(x <= forest.threshold[node] ? left : right);
}

/** Shapley values by their definition, over all sets of columns. */
function shapley(forest: Forest, values: Float32Array): { base: number; parts: number[] } {
  const width = forest.columns.length;
  const worth = Array.from({ length: 1 << width }, (_, known) => {
    let sum = forest.base;
    for (const root of forest.roots.subarray(0, -1))
      sum += expectation(forest, root, values, known);
    return sum;
  });
  const factorial = (n: number): number => (n < 2 ? 1 : n * factorial(n - 1));
  const size = (known: number): number => known.toString(2).replaceAll("0", "").length;
  const parts = forest.columns.map((_, column) => {
    let part = 0;
    for (let known = 0; known < worth.length; known++) {
      if ((known >> column) & 1) continue;
      const weight =
        (factorial(size(known)) * factorial(width - 1 - size(known))) / factorial(width);
      part += weight * (worth[known | (1 << column)] - worth[known]);
    }
    return part;
  });
  return { base: worth[0], parts };
}

describe("explaining trees", () => {
  it("gives the Shapley values of the definition", async () => {
    const { table, labels } = plantedTable(800, 6);
    const options = { trees: 6, leaves: 24, minRows: 3, learningRate: 0.5 };
    const { forest, explain } = await gradientBoosting(options).fit(table, labels);
    const rows = Array.from({ length: 25 }, (_, row) => row * 31);
    const some = takeRows(table, rows);
    const { base, contributions } = explain(some);
    const readers = makeReaders("test", forest.columns)(some);
    const width = forest.columns.length;
    rows.forEach((_, row) => {
      const values = new Float32Array(width);
      for (let column = 0; column < width; column++)
        readers[column].read(row, 1, values, column, 1);
      const expected = shapley(forest, values);
      expect(base).toBeCloseTo(expected.base, 12);
      expected.parts.forEach((part, column) => {
        expect(contributions[row * width + column]).toBeCloseTo(part, 10);
      });
    });
  });

  it("adds up to the margin where paths are long", async () => {
    const { table, labels } = plantedTable(3000, 7);
    const options = { trees: 10, leaves: 400, minRows: 1, l2: 0, learningRate: 1 };
    const model = await gradientBoosting(options).fit(table, labels);
    const some = takeRows(
      table,
      Array.from({ length: 200 }, (_, row) => row),
    );
    const { base, contributions } = model.explain(some);
    const width = table.columns.length;
    model.margin(some).forEach((margin, row) => {
      const own = contributions.subarray(row * width, (row + 1) * width);
      const sum = own.reduce((total, part) => total + part, base);
      expect(Math.abs(sum - margin)).toBeLessThan(1e-9 * (1 + Math.abs(margin)));
    });
  });
});
