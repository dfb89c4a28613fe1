import { describe, expect, it } from "vitest";
import { logisticRegression } from "../linear/logistic-regression.js";
import { logLoss } from "../metrics/loss.js";
import { random } from "../random.js";
import type { Column, Table } from "../types.js";
import { partialDependence } from "./partial-dependence.js";
import { permutationImportance } from "./permutation-importance.js";

const sigmoid = (margin: number) => 1 / (1 + Math.exp(-margin));

/** "strong" and "weak" matter, "noise" does not, "level" a little. */
function planted(rows: number, seed: number): { table: Table; labels: Float64Array } {
  const { normal, uniform, below } = random(seed);
  const draw = () => Float32Array.from({ length: rows }, normal);
  const [noise, strong, weak] = [draw(), draw(), draw()];
  const codes = Int32Array.from({ length: rows }, () => below(3) - 1);
  const labels = Float64Array.from(strong, (value, row) =>
    uniform() < sigmoid(2 * value + weak[row] / 2 + codes[row] / 2) ? 1 : 0,
  );
  const number = (name: string, values: Float32Array): Column => ({ name, kind: "number", values });
  const level: Column = { name: "level", kind: "category", codes, levels: ["a", "b"] };
  return {
    table: {
      rows,
      columns: [number("noise", noise), number("strong", strong), number("weak", weak), level],
    },
    labels,
  };
}

describe("permutationImportance", () => {
  const { table, labels } = planted(3000, 1);
  const judged = planted(3000, 2);

  it("finds what matters, and lets the interval of what does not hold 0", async () => {
    const model = await logisticRegression().fit(table, labels);
    const found = await permutationImportance(model, judged.table, judged.labels, { seed: 1 });
    expect(found.map(({ column }) => column).slice(0, 1)).toEqual(["strong"]);
    const of = Object.fromEntries(found.map((entry) => [entry.column, entry]));
    expect(of.strong.low).toBeGreaterThan(0.2);
    expect(of.weak.low).toBeGreaterThan(0);
    expect(of.noise.low).toBeLessThanOrEqual(0);
    expect(of.noise.high).toBeGreaterThanOrEqual(0);
    for (const { value, low, high } of found) {
      expect(low).toBeLessThanOrEqual(value);
      expect(high).toBeGreaterThanOrEqual(value);
    }
  });

  it("counts a rising loss as importance, and a column the model ignores as none", async () => {
    const model = {
      predict: (rows: Table) =>
        rows.columns[1].kind === "number"
          ? Float64Array.from(rows.columns[1].values, sigmoid)
          : new Float64Array(),
    };
    const options = { seed: 1, metric: logLoss, repeats: 2, rows: 1000 };
    const found = await permutationImportance(model, table, labels, options);
    expect(found[0].column).toBe("strong");
    expect(found[0].low).toBeGreaterThan(0.1);
    expect(
      found.slice(1).every(({ value, low, high }) => value === 0 && low === 0 && high === 0),
    ).toBe(true);
    expect(await permutationImportance(model, table, labels, options)).toEqual(found);
  });

  it("refuses and stops as all do", async () => {
    const model = { predict: (rows: Table) => new Float64Array(rows.rows) };
    await expect(permutationImportance(model, table, labels, { seed: -1 })).rejects.toThrow(
      '"seed" must be',
    );
    await expect(permutationImportance(model, table, labels.slice(1), { seed: 1 })).rejects.toThrow(
      "2999 labels for 3000 rows",
    );
    const signal = AbortSignal.abort();
    await expect(
      permutationImportance(model, table, labels, { seed: 1, signal }),
    ).rejects.toMatchObject({ code: "aborted" });
  });
});

describe("partialDependence", () => {
  const { table } = planted(500, 3);
  const model = {
    predict: ({ columns, rows }: Table) =>
      Float64Array.from({ length: rows }, (_, row) => {
        const [noise, strong, , level] = columns;
        if (noise.kind !== "number" || strong.kind !== "number" || level.kind !== "category")
          throw new Error();
        return (strong.values[row] || -7) + 10 * level.codes[row] + noise.values[row] / 10;
      }),
  };
  const mean = (values: ArrayLike<number>) =>
    Array.from(values).reduce((sum, value) => sum + value, 0) / values.length;
  const [noise, strong, , level] = table.columns;
  if (noise.kind !== "number" || strong.kind !== "number" || level.kind !== "category")
    throw new Error();

  it("draws the shape of a number's effect", () => {
    const points = partialDependence(model, table, "strong", { seed: 1, points: 5, rows: 500 });
    expect(points.map(({ value }) => value)).toEqual(
      points.map(({ value }) => value).toSorted((a, b) => Number(a) - Number(b)),
    );
    expect(points[0].value).toBe(Math.min(...strong.values));
    expect(points[4].value).toBe(Math.max(...strong.values));
    const rest = 10 * mean(level.codes) + mean(noise.values) / 10;
    for (const { value, mean: found, low, high } of points) {
      expect(found).toBeCloseTo(Number(value) + rest, 9);
      expect(low).toBeLessThan(high);
    }
  });

  it("gives each level, and what is missing", () => {
    const points = partialDependence(model, table, "level", { seed: 1 });
    expect(points.map(({ value }) => value)).toEqual(["a", "b", undefined]);
    expect(points[1].mean - points[0].mean).toBeCloseTo(10, 9);
    expect(points[0].mean - points[2].mean).toBeCloseTo(10, 9);
    const holes = {
      ...strong,
      values: strong.values.map((value, row) => (row % 2 ? value : Number.NaN)),
    };
    const gaps = partialDependence(
      model,
      { ...table, columns: table.columns.with(1, holes) },
      "strong",
      { seed: 1, points: 2 },
    );
    expect(gaps.map(({ value }) => value === undefined)).toEqual([false, false, true]);
  });

  it("takes a column that is always missing or always the same, and refuses one that is not there", () => {
    const blank = { ...strong, values: new Float32Array(500).fill(Number.NaN) };
    const points = partialDependence(
      model,
      { ...table, columns: table.columns.with(1, blank) },
      "strong",
      { seed: 1 },
    );
    expect(points.map(({ value }) => value)).toEqual([undefined]);
    const same = { ...strong, values: new Float32Array(500).fill(2) };
    expect(
      partialDependence(model, { ...table, columns: table.columns.with(1, same) }, "strong", {
        seed: 1,
      }),
    ).toHaveLength(1);
    expect(() => partialDependence(model, table, "other", { seed: 1 })).toThrow(
      'no column "other"',
    );
    expect(() => partialDependence(model, table, "level", { seed: 1, points: 1 })).toThrow(
      '"points" must be',
    );
  });
});
