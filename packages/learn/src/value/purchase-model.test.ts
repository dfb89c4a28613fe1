import { describe, expect, it } from "vitest";
import { random } from "../random.js";
import { bgNbd } from "./bg-nbd.js";
import { gammaGamma } from "./gamma-gamma.js";
import { mbgNbd } from "./mbg-nbd.js";
import { paretoNbd } from "./pareto-nbd.js";
import { plantedShop } from "./planted.fixture.js";
import type { Purchases, Spending } from "./types.js";

const makers = [bgNbd, mbgNbd, paretoNbd];
const purchasesOf = (...rows: [number, number, number][]): Purchases => ({
  rows: rows.length,
  frequency: Float64Array.from(rows, ([x]) => x),
  recency: Float64Array.from(rows, ([, last]) => last),
  age: Float64Array.from(rows, ([, , end]) => end),
});
const spendingOf = (...rows: [number, number][]): Spending => ({
  rows: rows.length,
  frequency: Float64Array.from(rows, ([x]) => x),
  monetary: Float64Array.from(rows, ([, mean]) => mean),
});

describe.each(makers)("%o", (make) => {
  const shop = plantedShop(
    { model: "bg-nbd", r: 0.6, alpha: 6, a: 0.9, b: 3 },
    { customers: 600, seed: 2 },
  );

  it("takes a row of weight 3 for three rows, in any order, and in any time unit", async () => {
    const { frequency, recency, age, rows } = shop.purchases;
    const weights = Float64Array.from({ length: rows }, (_, row) => row % 4);
    const weighted = await make().fit({ ...shop.purchases, weights });
    const repeated = Array.from(weights.keys())
      .reverse()
      .flatMap((row) => new Array<number>(weights[row]).fill(row));
    const take = (values: Float64Array, factor: number) =>
      Float64Array.from(repeated, (row) => values[row] * factor);
    const inDays = {
      rows: repeated.length,
      frequency: take(frequency, 1),
      recency: take(recency, 7),
      age: take(age, 7),
    };
    const single = await make().fit(inDays);
    expect(single.customers).toBe(weighted.customers);
    expect(single.parameters.r).toBeCloseTo(weighted.parameters.r, 5);
    expect(single.parameters.alpha / weighted.parameters.alpha).toBeCloseTo(7, 4);
    const [one] = weighted.expectedOrders(shop.purchases, 10);
    const sevenfold = purchasesOf([frequency[0], recency[0] * 7, age[0] * 7]);
    expect(single.expectedOrders(sevenfold, 70)[0]).toBeCloseTo(one, 5);
  });

  it("stands on its priors where there is next to nothing to learn, and says so", async () => {
    for (const few of [
      purchasesOf([0, 0, 30]),
      purchasesOf([1, 2, 3]),
      purchasesOf([0, 0, 5], [0, 0, 9], [0, 0, 20]),
      purchasesOf([0, 0, 0], [0, 0, 0]),
    ]) {
      const model = await make().fit(few);
      expect(model.priorShare).toBeGreaterThan(0.5);
      const customer = purchasesOf([2, 10, 30]);
      const [expected] = model.expectedOrders(customer, 30);
      expect(expected > 0 && expected < 100).toBe(true);
      const { orders, alive } = model.uncertainty(customer, 30, 0.8);
      expect(orders.high[0] / orders.low[0]).toBeGreaterThan(1.2);
      expect(alive.low[0] >= 0 && alive.high[0] <= 1).toBe(true);
    }
    expect((await make().fit(shop.purchases)).priorShare).toBeLessThan(0.3);
  });

  it("has intervals that narrow as customers grow in number, and hold the expectation", async () => {
    const width = async (customers: number) => {
      const { purchases } = plantedShop(
        { model: "bg-nbd", r: 0.6, alpha: 6, a: 0.9, b: 3 },
        { customers, seed: 5 },
      );
      const model = await make().fit(purchases);
      const one = purchasesOf([4, 20, 30]);
      const { orders, alive } = model.uncertainty(one, 30, 0.8);
      expect(orders.low[0]).toBeLessThan(model.expectedOrders(one, 30)[0]);
      expect(orders.high[0]).toBeGreaterThan(model.expectedOrders(one, 30)[0]);
      expect(alive.low[0]).toBeLessThan(model.probabilityAlive(one)[0]);
      return Math.log(orders.high[0] / orders.low[0]);
    };
    expect(await width(6400)).toBeLessThan(0.6 * (await width(400)));
  });

  it("knows nothing of a horizon of no length", async () => {
    const model = await make().fit(shop.purchases);
    const some = purchasesOf([0, 0, 3], [3, 4, 9]);
    expect(Array.from(model.expectedOrders(some, 0))).toEqual([0, 0]);
    expect(Array.from(model.probabilityOfOrder(some, 0))).toEqual([0, 0]);
    expect(Array.from(model.orderQuantiles(some, 0, [0.9])[0])).toEqual([0, 0]);
    expect(Array.from(model.orderProbabilities(some, 0, 1))).toEqual([1, 0, 1, 0]);
  });

  it("refuses what cannot be purchases, and names the row", async () => {
    const good: [number, number, number] = [1, 2, 3];
    for (const [bad, message] of [
      [[1.5, 2, 3], /row 1 has frequency 1\.5/],
      [[-1, 2, 3], /row 1 has frequency -1/],
      [[Number.NaN, 2, 3], /row 1 has frequency NaN/],
      [[1, 4, 3], /row 1 has recency 4/],
      [[1, -1, 3], /row 1 has recency -1/],
      [[1, 2, Infinity], /row 1 has age Infinity/],
      [[0, 2, 3], /row 1 has no purchase after the first/],
    ] as const)
      await expect(make().fit(purchasesOf(good, [...bad]))).rejects.toThrow(message);
    await expect(make().fit(purchasesOf())).rejects.toThrow(/no customers/);
    const short = { ...purchasesOf(good), age: Float64Array.of() };
    await expect(make().fit(short)).rejects.toThrow(/"age" has 0 entries for 1 rows/);
    const weights = Float64Array.of(-1);
    await expect(make().fit({ ...purchasesOf(good), weights })).rejects.toThrow(/weight -1/);
    await expect(make({ prior: -1 }).fit(purchasesOf(good))).rejects.toThrow(/"prior" must be/);
    await expect(make({ prior: 0 }).fit(purchasesOf([0, 0, 3]))).rejects.toThrow(/bought again/);
    await expect(make().fit(purchasesOf(good), { signal: AbortSignal.abort() })).rejects.toThrow(
      /Stopped/,
    );
    const model = await make().fit(purchasesOf(good));
    expect(() => model.expectedOrders(purchasesOf(good), -1)).toThrow(/"horizon" must be/);
    expect(() => model.uncertainty(purchasesOf(good), 1, 80)).toThrow(/between 0 and 1, got 80/);
    expect(model.expectedOrders(purchasesOf(), 1)).toHaveLength(0);
  });
});

describe("gammaGamma", () => {
  it("leaves out who spent nothing or got money back, and counts them", async () => {
    const rows: [number, number][] = [
      [2, 30],
      [3, 20],
      [1, 55],
      [4, 25],
    ];
    const plain = await gammaGamma().fit(spendingOf(...rows));
    const dirty = await gammaGamma().fit(spendingOf(...rows, [2, 0], [1, -9], [0, Number.NaN]));
    expect(dirty.dropped).toBe(2);
    expect(dirty.customers).toBe(4);
    expect(dirty.parameters).toEqual(plain.parameters);
    const [nothing, back, never] = dirty.expectedSpend(
      spendingOf([2, 0], [1, -9], [0, Number.NaN]),
    );
    expect(nothing).toBe(never);
    expect(back).toBe(never);
    await expect(gammaGamma().fit(spendingOf([0, 0], [1, -3]))).rejects.toThrow(/nobody has spent/);
    await expect(gammaGamma().fit(spendingOf([1, Number.NaN]))).rejects.toThrow(/row 0/);
  });

  it("says where the number of purchases goes with their size", async () => {
    const rows = Array.from({ length: 60 }, (_, row): [number, number] => [
      1 + (row % 12),
      20 + 5 * (row % 12) + (row % 7),
    ]);
    const model = await gammaGamma().fit(spendingOf(...rows));
    expect(model.correlation).toBeGreaterThan(0.9);
    expect(model.correlated).toBe(true);
  });

  it("keeps the mean finite where customers differ without measure, and where all pay one price", async () => {
    const { normal } = random(3);
    const wild = Array.from({ length: 300 }, (): [number, number] => [1, Math.exp(3 * normal())]);
    const heavy = await gammaGamma().fit(spendingOf(...wild));
    expect(heavy.parameters.q).toBeGreaterThan(1);
    const same = Array.from({ length: 300 }, (): [number, number] => [2, 9.99]);
    const flat = await gammaGamma().fit(spendingOf(...same));
    for (const model of [heavy, flat]) {
      const spending = spendingOf([0, 0], [3, 12], [5000, 1e6]);
      const { low, high } = model.uncertainty(spending, 0.8);
      for (const [row, mean] of model.expectedSpend(spending).entries()) {
        expect(mean > 0 && mean < Infinity).toBe(true);
        expect(low[row]).toBeLessThanOrEqual(mean);
        expect(high[row]).toBeGreaterThanOrEqual(mean);
      }
    }
    expect(flat.expectedSpend(spendingOf([2, 9.99]))[0]).toBeCloseTo(9.99, 1);
  });

  it("answers the same from an artifact", async () => {
    const model = await gammaGamma().fit(spendingOf([2, 30], [3, 20], [1, 55]));
    const loaded = gammaGamma().load(JSON.parse(JSON.stringify(model.save())));
    expect(loaded.save()).toEqual(model.save());
    expect(loaded.expectedSpend(spendingOf([2, 30]))).toEqual(
      model.expectedSpend(spendingOf([2, 30])),
    );
    expect(() => gammaGamma().load({ ...model.save(), data: {} })).toThrow(/Not a usable/);
  });
});
