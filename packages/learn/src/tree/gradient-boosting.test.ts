import { testEstimator } from "@inchworm/testing";
import { describe, expect, it } from "vitest";
import { LearnError } from "../error.js";
import { auc } from "../metrics/auc.js";
import { logLoss } from "../metrics/loss.js";
import { takeRows } from "../table.js";
import type { Column, Table } from "../types.js";
import { gradientBoosting } from "./gradient-boosting.js";
import { constraints, type GradientBoostingOptions } from "./options.js";
import { plantedTable } from "./planted.fixture.js";

const { table, labels } = plantedTable(600, 3);
const quick = { trees: 20, leaves: 6, minRows: 5, learningRate: 0.2, seed: 1 };

testEstimator({ make: () => gradientBoosting(quick), table, labels });

describe("gradientBoosting", () => {
  it("finds what was planted", async () => {
    const train = plantedTable(4000, 1);
    const test = plantedTable(4000, 2);
    const model = await gradientBoosting().fit(train.table, train.labels);
    // the planted log-odds themselves reach .82
    const best = auc(test.odds, test.labels);
    expect(auc(model.predict(test.table), test.labels)).toBeGreaterThan(best - 0.03);
    expect(model.importance().at(-1)).toEqual({ column: "constant", gain: 0 });
    const named = model.importance().map(({ column }) => column);
    expect(named.indexOf("noise")).toBeGreaterThan(named.indexOf("spend"));
  });

  it("gives the same bytes on any number of threads", async () => {
    const large = plantedTable(20_000, 5);
    for (const options of [
      { leaves: 20 },
      { leaves: 20, rowSampling: 0.6, columnSampling: 0.5 },
      { objective: "squared-error" },
      { objective: "quantile", quantile: 0.8 },
      { patience: 5 },
    ] satisfies GradientBoostingOptions[]) {
      const fit = async (threads: number) => {
        const model = await gradientBoosting({
          trees: 6,
          learningRate: 0.3,
          ...options,
          threads,
        }).fit(large.table, large.labels, { weights: large.weights });
        return JSON.stringify(model.save());
      };
      const one = await fit(1);
      expect(await fit(2)).toBe(one);
      expect(await fit(3)).toBe(one);
    }
  });

  it("takes weights for repetitions, and weight 0 for absence", async () => {
    const weights = Float64Array.from(labels, (_, row) => row % 3);
    const repeated = labels.reduce<number[]>(
      (rows, _, row) => rows.concat(Array.from({ length: row % 3 }, () => row)),
      [],
    );
    // few values, so that bins are the same
    const coarse = { rows: table.rows, columns: [table.columns[3], rounded(table.columns[0])] };
    const options = { ...quick, objective: "squared-error", minRows: 1 } as const;
    const weighted = await gradientBoosting(options).fit(coarse, labels, { weights });
    const longer = await gradientBoosting(options).fit(
      takeRows(coarse, repeated),
      Float64Array.from(repeated, (row) => labels[row]),
    );
    const [one, other] = [weighted.predict(coarse), longer.predict(coarse)];
    for (let row = 0; row < table.rows; row++) expect(one[row]).toBeCloseTo(other[row], 5);
  });

  it("learns where missing values belong", async () => {
    const rows = 400;
    const values = Float32Array.from({ length: rows }, (_, row) => (row % 4 === 0 ? NaN : row % 7));
    const missing: Table = { rows, columns: [{ name: "x", kind: "number", values }] };
    const isMissing = Float64Array.from(values, (value) => (Number.isNaN(value) ? 1 : 0));
    const model = await gradientBoosting({ trees: 50, learningRate: 0.3 }).fit(missing, isMissing);
    const predicted = model.predict(missing);
    for (let row = 0; row < rows; row++)
      expect(Math.abs(predicted[row] - isMissing[row])).toBeLessThan(0.05);
  });

  it("splits many levels into two sets at once", async () => {
    const rows = 3000;
    const levels = Array.from({ length: 60 }, (_, level) => `level ${level}`);
    const codes = Int32Array.from({ length: rows }, (_, row) => (row * 37) % 60);
    const high = (code: number): boolean => (code * 7) % 60 < 30;
    const target = Float64Array.from(codes, (code) => (high(code) ? 3 : -1));
    const data: Table = { rows, columns: [{ name: "town", kind: "category", codes, levels }] };
    const model = await gradientBoosting({
      objective: "squared-error",
      trees: 1,
      leaves: 2,
      learningRate: 1,
      l2: 0,
    }).fit(data, target);
    const predicted = model.predict(data);
    for (let row = 0; row < rows; row++) expect(predicted[row]).toBeCloseTo(target[row], 5);
  });

  it("keeps monotone constraints, and only where asked", async () => {
    const { table, labels } = plantedTable(3000, 8);
    const grid = Float32Array.from({ length: 200 }, (_, step) => step / 10 - 10);
    const sweep = (row: number): Table => ({
      rows: grid.length,
      columns: takeRows(table, new Array(grid.length).fill(row)).columns.map((column) =>
        column.name === "age" ? { name: "age", kind: "number", values: grid } : column,
      ),
    });
    const falls = async (monotone: Record<string, -1 | 0 | 1>): Promise<number> => {
      const model = await gradientBoosting({ trees: 60, leaves: 12, monotone }).fit(table, labels);
      let count = 0;
      for (let row = 0; row < 20; row++) {
        const along = model.margin(sweep(row));
        for (let step = 1; step < along.length; step++) if (along[step] < along[step - 1]) count++;
      }
      return count;
    };
    expect(await falls({ age: 1 })).toBe(0);
    expect(await falls({})).toBeGreaterThan(0);
    await expect(falls({ plan: 1 })).rejects.toThrow(
      '"monotone" names "plan", which is a category',
    );
    await expect(falls({ height: 1 })).rejects.toThrow('"monotone" names "height"');
  });

  it("stops early on noise and keeps the best trees", async () => {
    const train = plantedTable(1500, 11);
    const estimator = { trees: 400, leaves: 12, learningRate: 0.2, patience: 10 };
    const test = plantedTable(3000, 12);
    const loss = async (options: GradientBoostingOptions, folds?: Int32Array) => {
      const model = await gradientBoosting(options).fit(
        train.table,
        train.labels,
        folds ? { folds } : {},
      );
      return {
        trees: model.forest.roots.length - 1,
        loss: logLoss(model.predict(test.table), test.labels),
      };
    };
    const folds = Int32Array.from(train.labels, (_, row) => row % 4);
    const [all, early, folded] = [
      await loss({ ...estimator, patience: 0 }),
      await loss(estimator),
      await loss(estimator, folds),
    ];
    expect(all.trees).toBe(400);
    expect(early.trees).toBeLessThan(150);
    expect(early.loss).toBeLessThan(all.loss);
    expect(folded.trees).toBeLessThan(150);
    expect(folded.loss).toBeLessThan(all.loss);
    await expect(loss({ trees: 5 }, folds)).rejects.toThrow('"folds" choose the number of trees');
    await expect(loss(estimator, folds.subarray(1))).rejects.toThrow("1499 folds for 1500 rows");
  });

  it("predicts means, rates and quantiles", async () => {
    const { table, odds } = plantedTable(4000, 21);
    const draw = plantedTable(4000, 22).odds; // another table's odds: noise that is at hand
    const noise = Float64Array.from(draw, (value) => value - draw.reduce((a, b) => a + b) / 4000);
    const spread = Float64Array.from(odds, (value, row) => 1e6 + value + noise[row]);
    const share = async (quantile: number): Promise<number> => {
      const predicted = (
        await gradientBoosting({
          objective: "quantile",
          quantile,
          trees: 80,
          learningRate: 0.1,
        }).fit(table, spread)
      ).predict(table);
      return spread.filter((value, row) => value <= predicted[row]).length / 4000;
    };
    expect(Math.abs((await share(0.1)) - 0.1)).toBeLessThan(0.03);
    expect(Math.abs((await share(0.9)) - 0.9)).toBeLessThan(0.03);

    const mean = (
      await gradientBoosting({ objective: "squared-error", learningRate: 0.1 }).fit(table, spread)
    ).predict(table);
    expect(average(mean)).toBeCloseTo(average(spread), 1);
    expect(correlation(mean, odds)).toBeGreaterThan(0.9);

    const counts = Float64Array.from(odds, (value, row) =>
      Math.max(0, Math.round(Math.exp(value / 2) + noise[row] / 2)),
    );
    const rate = (
      await gradientBoosting({ objective: "poisson", learningRate: 0.1 }).fit(table, counts)
    ).predict(table);
    expect(rate.every((value) => value > 0)).toBe(true);
    expect(average(rate)).toBeCloseTo(average(counts), 1);
    expect(correlation(rate.map(Math.log), odds)).toBeGreaterThan(0.9);
  });

  it("refuses bad options, naming them", () => {
    for (const [name, constraint] of Object.entries(constraints)) {
      const bad = [NaN, "3", ("min" in constraint ? constraint.min : constraint.above) - 1];
      for (const value of bad)
        expect(() => gradientBoosting({ [name]: value })).toThrow(
          `gradient-boosting: "${name}" must be`,
        );
    }
    expect(() => gradientBoosting({ objective: "hinge" as "binary" })).toThrow(
      '"objective" must be',
    );
    expect(() => gradientBoosting({ quantile: 1 })).toThrow('"quantile" must be');
    expect(() => gradientBoosting({ monotone: { age: 2 as 1 } })).toThrow('"monotone" must be');
  });

  it("can be called off and says how far it is", async () => {
    const shares: number[] = [];
    const controller = new AbortController();
    const fit = gradientBoosting({ trees: 1000 }).fit(table, labels, {
      signal: controller.signal,
      onProgress(share) {
        shares.push(share);
        if (shares.length === 40) controller.abort();
      },
    });
    await expect(fit).rejects.toSatisfy((error) => LearnError.is(error, "aborted"));
    expect(shares.length).toBeLessThan(60);
    expect(shares).toEqual(shares.toSorted((one, other) => one - other));
  });
});

function rounded(column: Column): Column {
  return column.kind === "number" ? { ...column, values: column.values.map(Math.round) } : column;
}

function average(values: Float64Array): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

function correlation(one: Float64Array, other: Float64Array): number {
  const [a, b] = [average(one), average(other)];
  let [ab, aa, bb] = [0, 0, 0];
  for (let row = 0; row < one.length; row++) {
    ab += (one[row] - a) * (other[row] - b);
    aa += (one[row] - a) ** 2;
    bb += (other[row] - b) ** 2;
  }
  return ab / Math.sqrt(aa * bb);
}
