import { describe, expect, it } from "vitest";
import { LearnError } from "../error.js";
import { random } from "../random.js";
import type { Table } from "../types.js";
import { multiclassBoosting } from "./multiclass-boosting.js";

/** Three classes on a plane, each the nearest to its own corner most of the time, and one column of noise. */
function corners(rows: number, seed: number): { table: Table; labels: Float64Array } {
  const draw = random(seed);
  const columns = ["x", "y", "noise"].map((name) => ({
    name,
    kind: "number" as const,
    values: Float32Array.from({ length: rows }, () => draw.uniform()),
  }));
  const labels = Float64Array.from({ length: rows }, (_, row) => {
    const [x, y] = columns.map(({ values }) => values[row]);
    return draw.uniform() < 0.1 ? draw.below(3) : x > 0.6 ? 2 : y > 0.5 ? 1 : 0;
  });
  return { table: { rows, columns }, labels };
}

describe("multiclassBoosting", () => {
  const train = corners(1500, 1);
  const test = corners(1500, 2);
  const options = { trees: 40, learningRate: 0.2, leaves: 5 };

  it("finds the class, with probabilities that sum to 1", async () => {
    const model = await multiclassBoosting(options).fit(train.table, train.labels);
    const right = model.predict(test.table).filter((label, row) => label === test.labels[row]);
    expect(right.length / 1500).toBeGreaterThan(0.9); // .933 is possible
    const shares = model.probabilities(test.table);
    let loss = 0;
    for (let row = 0; row < 1500; row++) {
      const own = shares.subarray(3 * row, 3 * row + 3);
      expect(own.reduce((sum, share) => sum + share, 0)).toBeCloseTo(1, 12);
      loss -= Math.log(own[test.labels[row]]) / 1500;
    }
    expect(loss).toBeLessThan(0.4);
    expect(model.importance().at(-1)?.column).toBe("noise");
  });

  it("explains the margin of each class", async () => {
    const model = await multiclassBoosting(options).fit(train.table, train.labels);
    const shares = model.probabilities(test.table);
    const parts = [0, 1, 2].map((label) => model.explain(test.table, label));
    for (let row = 0; row < 50; row++) {
      const margins = parts.map(({ base, contributions }) =>
        contributions.subarray(3 * row, 3 * row + 3).reduce((sum, part) => sum + part, base),
      );
      const sum = margins.reduce((all, margin) => all + Math.exp(margin), 0);
      margins.forEach((margin, label) => {
        expect(Math.exp(margin) / sum).toBeCloseTo(shares[3 * row + label], 9);
      });
    }
    expect(() => model.explain(test.table, 3)).toThrow("the class to explain must be");
  });

  it("stops early, and comes back from JSON", async () => {
    const estimator = multiclassBoosting({ ...options, trees: 300, patience: 5 });
    const model = await estimator.fit(train.table, train.labels);
    expect(model.forests[0].roots.length - 1).toBeLessThan(200);
    const loaded = estimator.load(JSON.parse(JSON.stringify(model.save())));
    expect(loaded.probabilities(test.table)).toEqual(model.probabilities(test.table));
    expect(() => estimator.load({ ...model.save(), data: { forests: [] } })).toThrow(LearnError);
  });

  it("gives the same bytes on two threads", async () => {
    const fit = async (threads: number) =>
      JSON.stringify(
        (await multiclassBoosting({ ...options, threads }).fit(train.table, train.labels)).save(),
      );
    expect(await fit(2)).toBe(await fit(1));
  });

  it("refuses labels that are no classes", async () => {
    const fit = (labels: Float64Array) => multiclassBoosting(options).fit(train.table, labels);
    await expect(fit(train.labels.map((label) => label + 0.5))).rejects.toThrow("labels must be");
    await expect(fit(train.labels.map(() => 0))).rejects.toThrow("at least two classes");
  });
});
