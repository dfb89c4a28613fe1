import { testEstimator } from "@inchworm/testing";
import { describe, expect, it } from "vitest";
import { LearnError } from "../error.js";
import { logisticRegression } from "../linear/logistic-regression.js";
import { logLoss } from "../metrics/loss.js";
import { random } from "../random.js";
import { takeRows } from "../table.js";
import type { Column, Table } from "../types.js";
import { derivePriors } from "./derive.fixture.js";
import { lapsePriors } from "./lapse-priors.js";
import { lapseSignals } from "./lapse-signals.js";
import { type LogisticPriors, priorLogistic } from "./prior-logistic.js";
import { madeUpShop } from "./shops.fixture.js";

const numbersOf = (column: Column): Float32Array =>
  column.kind === "number" ? column.values : new Float32Array(0);

const priors: LogisticPriors = {
  intercept: { mean: 0, deviation: 2 },
  signals: [
    { name: "x", scale: 1, mean: 1 },
    { name: "z", scale: 2, mean: 0 },
  ],
  covariance: [0.25, 0.05, 0.05, 1],
};

/** Log-odds x − z / 4 − 1, a tenth of z missing. */
function planted(rows: number, seed: number) {
  const { normal, uniform } = random(seed);
  const x = Float32Array.from({ length: rows }, normal);
  const z = Float32Array.from({ length: rows }, () =>
    uniform() < 0.1 ? Number.NaN : 2 * normal(),
  );
  const labels = Float64Array.from(x, (value, row) =>
    uniform() < 1 / (1 + Math.exp(1 - value + (z[row] || 0) / 4)) ? 1 : 0,
  );
  const table: Table = {
    rows,
    columns: [
      { name: "x", kind: "number", values: x },
      { name: "z", kind: "number", values: z },
    ],
  };
  return { table, labels };
}

testEstimator({ make: () => priorLogistic(priors), ...planted(80, 1) });

describe("priorLogistic", () => {
  it("says what the priors say where rows weigh nothing, and what rows say where there are many", async () => {
    const few = planted(60, 2);
    const silent = await priorLogistic(priors).fit(few.table, few.labels, {
      weights: new Float64Array(60).fill(1e-9),
    });
    expect([...silent.coefficients]).toEqual([0, 1, 0].map((mean) => expect.closeTo(mean, 6)));
    expect(silent.priorShare()).toBeCloseTo(1, 6);
    const many = planted(40_000, 3);
    const loud = await priorLogistic(priors).fit(many.table, many.labels);
    expect(loud.coefficients[1]).toBeCloseTo(1, 1);
    expect(loud.coefficients[2]).toBeCloseTo(-0.5, 1);
    expect(loud.priorShare()).toBeLessThan(0.01);
  });

  it("equals ridge regression where the priors are its penalty", async () => {
    const { table, labels } = planted(200, 4);
    const whole = { rows: 200, columns: table.columns.slice(0, 1) };
    const values = numbersOf(whole.columns[0]);
    const mean = values.reduce((sum, value) => sum + value, 0) / 200;
    const scale = Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / 200);
    const model = await priorLogistic({
      intercept: { mean: 0, deviation: 1e4 },
      signals: [{ name: "x", scale, mean: 0 }],
      covariance: [1 / 3],
    }).fit(whole, labels);
    const ridge = await logisticRegression({ l2: 3, knots: 0 }).fit(whole, labels);
    expect(model.coefficients[0]).toBeCloseTo(ridge.base, 4);
    const [term] = ridge.terms;
    if (term.kind === "number") expect(model.coefficients[1]).toBeCloseTo(term.slope * scale, 4);
  });

  it("has intervals that hold the true probability, and foretells how rows narrow them", async () => {
    let held = 0;
    for (let seed = 0; seed < 40; seed++) {
      const { table, labels } = planted(60, 100 + seed);
      const { low, high } = (await priorLogistic(priors).fit(table, labels)).interval(table, 0.8);
      for (let row = 0; row < 60; row++) {
        const [x, z] = table.columns.map((column) => numbersOf(column)[row] || 0);
        const truth = 1 / (1 + Math.exp(1 - x + z / 4));
        if (low[row] <= truth && truth <= high[row]) held++;
      }
    }
    expect(held / 2400).toBeGreaterThan(0.74);
    expect(held / 2400).toBeLessThan(0.88);
    const [small, large] = [planted(200, 5), planted(1600, 5)];
    const model = await priorLogistic(priors).fit(small.table, small.labels);
    const eightfold = await priorLogistic(priors).fit(large.table, large.labels);
    expect(model.spread(small.table, 8)).toBeCloseTo(eightfold.spread(small.table), 1);
    expect(model.priorShare(8)).toBeCloseTo(eightfold.priorShare(), 1);
    expect(model.priorShare(8)).toBeLessThan(model.priorShare());
  });

  it("is not moved by one wild value", async () => {
    const { table, labels } = planted(60, 6);
    const model = await priorLogistic(priors).fit(table, labels);
    const wild = (value: number) =>
      model.predict({
        rows: 1,
        columns: [
          { name: "x", kind: "number", values: Float32Array.of(value) },
          { name: "z", kind: "number", values: Float32Array.of(Number.NaN) },
        ],
      })[0];
    expect(wild(1e9)).toBe(wild(100));
  });

  it("refuses priors, tables and artifacts that cannot be", async () => {
    const refused = (part: Partial<LogisticPriors>) =>
      expect(() => priorLogistic({ ...priors, ...part })).toThrow(LearnError);
    refused({ signals: [] });
    refused({ signals: [priors.signals[0], priors.signals[0]] });
    refused({ covariance: [1] });
    refused({ covariance: [1, 2, 2, 1] });
    refused({ intercept: { mean: 0, deviation: 0 } });
    const { table, labels } = planted(60, 7);
    const [x] = table.columns;
    await expect(priorLogistic(priors).fit({ rows: 60, columns: [x] }, labels)).rejects.toThrow(
      /"z" is missing/,
    );
    const saved = (await priorLogistic(priors).fit(table, labels)).save();
    const data = saved.data as Record<string, unknown>;
    for (const part of [
      { signals: [] },
      { coefficients: [1] },
      { precision: new Array(9).fill(-100) },
      { information: ["a"] },
    ])
      expect(() => priorLogistic(priors).load({ ...saved, data: { ...data, ...part } })).toThrow(
        LearnError,
      );
  });
});

describe("lapsePriors", () => {
  it("are what the family of made-up shops gives", async () => {
    const { means, covariance, base } = await derivePriors(40, 600, 9000);
    for (const [index, { name, mean }] of lapsePriors.signals.entries()) {
      const deviation = Math.sqrt(covariance[index][index]);
      expect(Math.abs(means[index] - mean), name).toBeLessThan(3.5 * (deviation / Math.sqrt(40)));
      const declared = Math.sqrt(lapsePriors.covariance[index * means.length + index]);
      expect(declared / deviation, name).toBeGreaterThan(0.7);
      expect(declared / deviation, name).toBeLessThan(1.9);
    }
    expect(base.deviation).toBeLessThan(lapsePriors.intercept.deviation);
  });

  it("beat the raw rates and one rate for all in shops of 50, 200 and 1,000 customers", async () => {
    for (const customers of [50, 200, 1000]) {
      let shops = 0;
      let beaten = 0;
      for (let seed = 20_000; shops < 20; seed++) {
        const { before, now } = madeUpShop(customers === 1000 ? 1000 : 600, seed);
        const first = Int32Array.from(
          { length: Math.min(customers, before.table.rows) },
          (_, row) => row,
        );
        const labels = before.labels.subarray(0, first.length);
        const rate = labels.reduce((sum, label) => sum + label, 0) / labels.length;
        if (first.length < customers || Math.min(rate, 1 - rate) * customers < 3) continue;
        shops++;
        const table = takeRows(before.table, first);
        const model = await priorLogistic(lapsePriors).fit(table, labels);
        const loss = logLoss(model.predict(now.table), now.labels);
        const constant = logLoss(new Float64Array(now.table.rows).fill(rate), now.labels);
        if (loss < Math.min(constant, rawRates(table, labels, now.table, now.labels))) beaten++;
      }
      expect(beaten, `${customers} customers`).toBeGreaterThanOrEqual(18);
    }
  });

  it("have signals that do not depend on the shop's scale", () => {
    const days = (factor: number) =>
      lapseSignals(
        {
          daysSinceOrder: [9 * factor - 1],
          daysSinceFirstOrder: [80 * factor],
          orders: [4],
          gapDays: [6 * factor - 1],
          activeDays: [0],
        },
        30 * factor,
      ).columns.map((column) => numbersOf(column)[0]);
    expect(days(1)[1]).toBeCloseTo(days(3)[1], 6);
    expect(days(1)[2]).toBeCloseTo(Math.log(1.5), 6);
    expect(days(3)[2]).toBeCloseTo(Math.log(1.5), 6);
    expect(days(1)[4]).toBeNaN();
  });
});

/** The share that lapsed in each fifth by recency, as it is. */
function rawRates(table: Table, labels: Float64Array, later: Table, truth: Float64Array): number {
  const recency = ({ columns }: Table) => numbersOf(columns[0]);
  const cuts = recency(table).toSorted();
  const cell = (value: number) =>
    [0.2, 0.4, 0.6, 0.8].filter((share) => value > cuts[Math.floor(share * cuts.length)]).length;
  const sums = Array.from({ length: 5 }, () => ({ rows: 0, lapsed: 0 }));
  for (const [row, value] of recency(table).entries()) {
    const sum = sums[cell(value)];
    sum.rows++;
    sum.lapsed += labels[row];
  }
  const rates = Float64Array.from(recency(later), (value) => {
    const { rows, lapsed } = sums[cell(value)];
    return rows > 0 ? lapsed / rows : 0.5;
  });
  return logLoss(rates, truth);
}
