import { describe, expect, it } from "vitest";
import { random } from "../random.js";
import { bgBb } from "./bg-bb.js";
import { bgNbd } from "./bg-nbd.js";
import { gammaGamma } from "./gamma-gamma.js";
import { lifetimeValue } from "./lifetime-value.js";
import { mbgNbd } from "./mbg-nbd.js";
import { paretoNbd } from "./pareto-nbd.js";
import { type PlantedModel, plantedShop } from "./planted.fixture.js";
import { total } from "./real.fixture.js";

const shops = [
  { make: bgNbd, truth: { model: "bg-nbd", r: 0.6, alpha: 6, a: 0.9, b: 3 } },
  { make: mbgNbd, truth: { model: "mbg-nbd", r: 0.8, alpha: 6, a: 0.7, b: 3 } },
  { make: paretoNbd, truth: { model: "pareto-nbd", r: 0.6, alpha: 8, s: 0.7, beta: 15 } },
  {
    make: bgBb,
    truth: { model: "bg-bb", alpha: 1.2, beta: 0.8, gamma: 0.5, delta: 4 },
    age: 8,
    horizon: 6,
  },
] satisfies { make: unknown; truth: PlantedModel; age?: number; horizon?: number }[];

describe.each(shops)("$truth.model", ({ make, truth, age = 40, horizon = 30 }) => {
  const customers = 4000;
  const shop = plantedShop(truth, { customers, seed: 3, age, horizon });
  const { purchases, spending, later, laterSpend, alive } = shop;
  const fitted = make().fit(purchases);

  it("finds the planted parameters", async () => {
    const { parameters, intervals, limit, priorShare } = await fitted;
    expect(limit).toBeUndefined();
    expect(priorShare).toBeLessThan(0.02);
    for (const [letter, value] of Object.entries(parameters)) {
      const planted = (truth as unknown as Record<string, number>)[letter];
      const { low, high } = intervals[letter];
      // 95 % is two deviations: three of them hardly ever miss
      const deviation = Math.log(high / low) / 3.92;
      expect(Math.abs(Math.log(value / planted))).toBeLessThan(3 * deviation);
      expect(deviation).toBeLessThan(0.4);
    }
  });

  it("foretells orders, and who is still there, group by group", async () => {
    const model = await fitted;
    const expected = model.expectedOrders(purchases, horizon);
    const share = model.probabilityAlive(purchases);
    const buys = model.probabilityOfOrder(purchases, horizon);
    const order = Array.from(expected.keys()).sort((one, other) => expected[one] - expected[other]);
    for (let tenth = 0; tenth < 4; tenth++) {
      const rows = order.slice((tenth * customers) / 4, ((tenth + 1) * customers) / 4);
      const sum = (of: (row: number) => number) => rows.reduce((all, row) => all + of(row), 0);
      const happened = sum((row) => later[row]);
      const noise = 4 * Math.sqrt(sum((row) => (later[row] - expected[row]) ** 2));
      expect(Math.abs(happened - sum((row) => expected[row]))).toBeLessThan(
        noise + 0.03 * happened,
      );
      const near = (sure: number, count: number) =>
        expect(Math.abs(sure - count)).toBeLessThan(4 * Math.sqrt(rows.length / 4) + 10);
      near(
        sum((row) => share[row]),
        sum((row) => (alive[row] ? 1 : 0)),
      );
      near(
        sum((row) => buys[row]),
        sum((row) => (later[row] > 0 ? 1 : 0)),
      );
    }
  });

  it("has counts whose probabilities, quantiles and mean agree, and come true", async () => {
    const model = await fitted;
    const most = 60;
    const probabilities = model.orderProbabilities(purchases, horizon, most);
    const levels = [0.9, 0.1, 0.5];
    const quantiles = model.orderQuantiles(purchases, horizon, levels);
    const expected = model.expectedOrders(purchases, horizon);
    const { uniform } = random(8);
    const width = most + 1;
    let inside = 0;
    let worst = 0;
    for (let row = 0; row < customers; row++) {
      const own = probabilities.subarray(row * width, (row + 1) * width);
      const mean = own.reduce((sum, weight, count) => sum + weight * count, 0);
      // averaged over what the parameters may be, a mean is not quite that of the likeliest ones
      if (expected[row] < 15) worst = Math.max(worst, Math.abs(mean / expected[row] - 1));
      let below = 0;
      for (let count = 0; count < later[row]; count++) below += own[count] ?? 0;
      // a count has no exact place in its distribution, but one drawn within its step has
      const place = below + uniform() * (own[later[row]] ?? 0);
      if (place > 0.1 && place < 0.9) inside++;
      if (row % 20 > 0) continue;
      for (const [index, level] of levels.entries()) {
        const quantile = quantiles[index][row];
        if (quantile > most) continue;
        const upTo = (end: number) => own.subarray(0, end).reduce((sum, weight) => sum + weight, 0);
        expect(upTo(quantile + 1)).toBeGreaterThan(level - 1e-9);
        expect(upTo(quantile)).toBeLessThan(level + 1e-9);
      }
    }
    expect(worst).toBeLessThan(0.05);
    expect(inside / customers).toBeGreaterThan(0.78);
    expect(inside / customers).toBeLessThan(0.82);
  });

  it("foretells value, with quantiles that come true", async () => {
    const model = await fitted;
    const spend = await gammaGamma().fit(spending);
    for (const [letter, planted] of [
      ["p", 6],
      ["q", 4],
      ["v", 15],
    ] as const) {
      const { low, high } = spend.intervals[letter];
      expect(low * 0.9).toBeLessThan(planted);
      expect(high * 1.1).toBeGreaterThan(planted);
    }
    const value = lifetimeValue(model, spend);
    const expected = total(value.expected(purchases, spending, horizon));
    expect(Math.abs(expected / total(laterSpend) - 1)).toBeLessThan(0.06);
    const levels = [0.1, 0.5, 0.9];
    const some = Int32Array.from({ length: 1500 }, (_, row) => row);
    const take = (values: Float64Array) => Float64Array.from(some, (row) => values[row]);
    const part = {
      rows: some.length,
      frequency: take(purchases.frequency),
      recency: take(purchases.recency),
      age: take(purchases.age),
    };
    const quantiles = value.quantiles(
      part,
      { rows: some.length, frequency: part.frequency, monetary: take(spending.monetary) },
      horizon,
      levels,
    );
    const [none] = [model.probabilityOfOrder(part, horizon).map((share) => 1 - share)];
    const { uniform } = random(9);
    for (const [index, level] of levels.entries()) {
      const under = some.filter((row) =>
        laterSpend[row] === 0
          ? uniform() * none[row] < level
          : laterSpend[row] <= quantiles[index][row],
      ).length;
      expect(Math.abs(under / some.length - level)).toBeLessThan(0.035);
    }
  });

  it("answers the same from an artifact, and refuses a spoilt one", async () => {
    const model = await fitted;
    const saved = JSON.parse(JSON.stringify(model.save()));
    const loaded = make().load(saved);
    expect(loaded.expectedOrders(purchases, horizon)).toEqual(
      model.expectedOrders(purchases, horizon),
    );
    expect(loaded.save()).toEqual(model.save());
    expect(loaded.intervals).toEqual(model.intervals);
    for (const change of [{ at: [1, 2] }, { unit: 0 }, { covariance: "x" }, { limit: "?" }])
      expect(() => make().load({ ...saved, data: { ...saved.data, ...change } })).toThrow(
        /Not a usable/,
      );
    expect(() => make().load({ ...saved, kind: "kmeans" })).toThrow(/holds a model of kind/);
  });
});
