import { describe, expect, it } from "vitest";
import { LearnError } from "../error.js";
import type { Column, Table } from "../types.js";
import { gradientBoosting } from "./gradient-boosting.js";
import { plantedTable } from "./planted.fixture.js";

const number = (name: string, values: readonly number[]): Column => ({
  name,
  kind: "number",
  values: Float32Array.from(values),
});
const tableOf = (...columns: Column[]): Table => {
  const [first] = columns;
  return { rows: first.kind === "number" ? first.values.length : first.codes.length, columns };
};
const steps = (rows: number, value: (row: number) => number): number[] =>
  Array.from({ length: rows }, (_, row) => value(row));
const alternating = (rows: number): Float64Array =>
  Float64Array.from(steps(rows, (row) => row % 2));
const squared = { objective: "squared-error", minRows: 1, learningRate: 1, l2: 0 } as const;

describe("gradientBoosting on tables that mean no good", () => {
  it("predicts the base rate where no column varies or is known", async () => {
    const labels = Float64Array.from([1, 0, 0, 0]);
    for (const table of [
      tableOf(number("constant", [7, 7, 7, 7])),
      tableOf(number("missing", [NaN, NaN, NaN, NaN])),
      tableOf({ name: "one", kind: "category", codes: new Int32Array(4), levels: ["a"] }),
      tableOf({ name: "none", kind: "category", codes: new Int32Array(4).fill(-1), levels: [] }),
    ]) {
      const model = await gradientBoosting({ minRows: 1 }).fit(table, labels);
      const predicted = model.predict(table);
      for (const value of predicted) expect(value).toBeCloseTo(0.25, 12);
      expect([...model.explain(table).contributions]).toEqual([0, 0, 0, 0]);
      expect(
        gradientBoosting()
          .load(JSON.parse(JSON.stringify(model.save())))
          .predict(table),
      ).toEqual(predicted);
    }
  });

  it("learns from one row where that can be, and says so where not", async () => {
    const table = tableOf(number("x", [3]));
    const model = await gradientBoosting(squared).fit(table, Float64Array.of(42));
    expect([...model.predict(table)]).toEqual([42]);
    await expect(gradientBoosting().fit(table, Float64Array.of(1))).rejects.toThrow(
      "needs rows labelled 0 and rows labelled 1, got 0 and 1",
    );
    await expect(
      gradientBoosting({ objective: "poisson" }).fit(table, Float64Array.of(0)),
    ).rejects.toThrow("every label is 0");
  });

  it("refuses infinities and duplicate names, naming the column", async () => {
    const labels = alternating(4);
    await expect(
      gradientBoosting().fit(tableOf(number("spend", [1, Infinity, 2, 3])), labels),
    ).rejects.toThrow('"spend" is infinite in row 1');
    const twice = tableOf(number("a", [1, 2, 3, 4]), number("a", [1, 2, 3, 4]));
    await expect(gradientBoosting().fit(twice, labels)).rejects.toThrow('two columns "a"');
    await expect(
      gradientBoosting().fit(tableOf(number("a", [1, 2, 3, 4])), labels, {
        weights: new Float64Array(4),
      }),
    ).rejects.toSatisfy((error) => LearnError.is(error, "input"));
  });

  it("tells the largest floats and neighbouring floats apart", async () => {
    const largest = 3.4028234663852886e38;
    const values = [-largest, -1e-45, 0, 1e-45, 1, 1.0000001192092896, largest, NaN];
    const table = tableOf(number("x", values));
    const labels = Float64Array.from(values, (_, row) => (row * 5) % 8);
    const model = await gradientBoosting({ ...squared, trees: 3, leaves: 8 }).fit(table, labels);
    const predicted = model.predict(table);
    for (let row = 0; row < 8; row++) expect(predicted[row]).toBeCloseTo(labels[row], 5);
    // -0 is 0, and beyond the largest float lies only missing
    const again = model.predict(tableOf(number("x", [-0, Infinity, -Infinity])));
    expect(again[0]).toBe(predicted[2]);
    expect(again[2]).toBe(predicted[0]);
    expect(Number.isFinite(again[1])).toBe(true);
  });

  it("takes labels of any size", async () => {
    const table = tableOf(
      number(
        "x",
        steps(100, (row) => row),
      ),
    );
    for (const size of [1e-200, 1, 1e12, 1e30]) {
      const labels = Float64Array.from(steps(100, (row) => size * (1e4 + row)));
      const model = await gradientBoosting({ ...squared, trees: 20, leaves: 40 }).fit(
        table,
        labels,
      );
      const predicted = model.predict(table);
      // leaf values are floats: below 1e-45 they vanish, and the mean remains
      const bound = size < 1e-40 ? 0.01 : 1e-5;
      for (let row = 0; row < 100; row++)
        expect(Math.abs(predicted[row] / labels[row] - 1)).toBeLessThan(bound);
    }
  });

  it("keeps the frequent of 10,000 levels and takes the rest for missing", async () => {
    const rows = 30_000;
    const levels = steps(10_000, (level) => level).map((level) => `naïve ${level} 🛒`);
    const codes = Int32Array.from(
      steps(rows, (row) => (row % 2 === 0 ? (row / 2) % 50 : (row * 7919) % 10_000)),
    );
    const labels = Float64Array.from(codes, (code) => (code < 50 && code % 3 === 0 ? 1 : 0));
    const table = tableOf({ name: "sku", kind: "category", codes, levels });
    const model = await gradientBoosting({ trees: 20, learningRate: 0.5 }).fit(table, labels);
    const predicted = model.predict(table);
    const right = labels.filter((label, row) => label === Math.round(predicted[row]));
    expect(right.length).toBe(rows);
    expect(JSON.stringify(model.save()).length).toBeLessThan(200_000);
    const [one] = model.predict(
      tableOf({
        name: "sku",
        kind: "category",
        codes: Int32Array.of(2),
        levels: levels.slice(1, 4),
      }),
    );
    expect(one).toBe(predicted[codes.indexOf(3)]);
  });

  it("finds the one column of 5,000 that matters", async () => {
    const rows = 200;
    const labels = alternating(rows);
    const columns = Array.from({ length: 5000 }, (_, index) =>
      number(
        `c${index}`,
        steps(rows, (row) => ((row * (index + 7)) % 101) / 7),
      ),
    );
    columns[4321] = number("the one", [...labels]);
    const model = await gradientBoosting({ trees: 2, leaves: 3 }).fit(tableOf(...columns), labels);
    expect(model.importance()[0].column).toBe("the one");
  });

  it("stays within its memory at every count of rows, columns and bins", async () => {
    // around the edges of vectors, stages, blocks and rows of bins
    const sizes = [1, 2, 15, 16, 17, 511, 513, 4095, 4096, 4097];
    for (const rows of sizes)
      for (const width of [1, 16, 17, 33]) {
        const columns = Array.from({ length: width }, (_, index) =>
          number(
            `c${index}`,
            steps(rows, (row) => ((row + 1) * (index + 3)) % 300),
          ),
        );
        const labels = Float64Array.from(steps(rows, (row) => ((row * 31) % 97) + 1));
        const options = { ...squared, trees: 2, leaves: 5, bins: 2 + ((rows * width) % 254) };
        const fit = async (threads: number) =>
          JSON.stringify(
            (
              await gradientBoosting({ ...options, threads }).fit(tableOf(...columns), labels)
            ).save(),
          );
        expect(await fit(2)).toBe(await fit(1));
      }
  });

  it("answers alike for few rows and many, for small trees and large", async () => {
    const { table, labels } = plantedTable(5000, 9);
    for (const leaves of [2, 31, 33, 150]) {
      const model = await gradientBoosting({ trees: 12, leaves, minRows: 2 }).fit(table, labels);
      const many = model.margin(table); // by the kernels
      for (const from of [0, 17, 4096]) {
        const few = {
          rows: 40,
          columns: table.columns.map((column) =>
            column.kind === "number"
              ? { ...column, values: column.values.slice(from, from + 40) }
              : { ...column, codes: column.codes.slice(from, from + 40) },
          ),
        };
        expect(model.margin(few)).toEqual(many.slice(from, from + 40)); // by plain TypeScript
      }
    }
  });

  it("fits several models at once", async () => {
    const { table, labels } = plantedTable(3000, 4);
    const fit = async (seed: number) =>
      JSON.stringify(
        (
          await gradientBoosting({ trees: 8, seed, threads: 2, rowSampling: 0.5 }).fit(
            table,
            labels,
          )
        ).save(),
      );
    const alone = [await fit(1), await fit(2), await fit(3)];
    expect(await Promise.all([fit(1), fit(2), fit(3)])).toEqual(alone);
  });
});
