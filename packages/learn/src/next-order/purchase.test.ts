import { describe, expect, it } from "vitest";
import { clockOf, makeClock } from "./clock.js";
import { nextOrder } from "./next-order.js";
import { plantedShop } from "./planted.fixture.js";
import { purchaseShop } from "./purchase-shop.fixture.js";
import { longest, purchasesOf, purchaseWaits } from "./purchase-waits.js";
import { summarise } from "./summary.js";
import { mixWaits, type Waits } from "./waits.js";

const truths = [
  { model: "bg-nbd", r: 0.9, alpha: 40, a: 0.8, b: 2.4 },
  { model: "pareto-nbd", r: 0.8, alpha: 40, s: 0.9, beta: 150 },
] as const;

describe.each(truths)("nextOrder on customers of $model", (truth) => {
  const shop = purchaseShop(truth, { customers: 2000, seed: 3 });
  const estimator = nextOrder();
  const weighed = estimator.weigh(shop, { horizonDays: 90 });
  const fitted = weighed.then(({ blend }) => estimator.fit(shop, { blend }));

  it("finds out that they order at random and leave unseen, and finds the parameters", async () => {
    const { blend, candidates } = await weighed;
    expect(blend.purchase).toBe(truth.model);
    expect(blend.weight).toBeGreaterThan(0.75);
    expect(candidates[0].name).toContain(truth.model);
    expect(candidates).toHaveLength(5);
    const losses = candidates.slice(1).map(({ logLoss }) => logLoss);
    expect(losses).toEqual(losses.slice().sort((left, right) => left - right));
    const { model } = (await fitted).purchase ?? {};
    for (const [letter, value] of Object.entries(truth))
      if (typeof value === "number") {
        const { low, high } = model?.intervals[letter] ?? { low: 0, high: 0 };
        // 95 % intervals, half as wide again
        const slack = Math.sqrt(Math.sqrt(high / low));
        expect(value).toBeGreaterThan(low / slack);
        expect(value).toBeLessThan(high * slack);
      }
  });

  it("has windows that cover what they say, and probabilities that come true", async () => {
    const { date, within, again } = (await fitted).forecast(shop);
    const back = Array.from(shop.next.keys()).filter((row) => shop.next[row] < longest);
    for (const level of [0.5, 0.8]) {
      const [low, high] = [date((1 - level) / 2), date((1 + level) / 2)];
      const held = back.filter((row) => {
        const came = shop.next[row] + 0.5;
        return low[row] <= came && came <= high[row];
      }).length;
      const chance = 2.5 * Math.sqrt((level * (1 - level)) / back.length);
      expect(Math.abs(held / back.length - level)).toBeLessThan(chance);
    }
    for (const [probability, days] of [
      [within(7), 7],
      [within(30), 30],
      [again, longest],
    ] as const) {
      const expected = probability.reduce((sum, one) => sum + one, 0);
      const came = shop.next.filter((wait) => wait < days).length;
      expect(Math.abs(came - expected)).toBeLessThan(3.5 * Math.sqrt(expected));
    }
  });

  it("says what the model of purchases says, to a thousandth", async () => {
    const { purchase } = await fitted;
    if (!purchase) throw new Error("no model of purchases");
    const summary = summarise(shop, makeClock());
    const waits = purchaseWaits(shop, summary, makeClock(), purchase.model);
    const purchases = purchasesOf(summary);
    for (const days of [0.1, 1, 7, 33, 400, 3000]) {
      const own = purchase.model.probabilityOfOrder(purchases, days);
      for (const [index, row] of purchases.of.entries())
        if (index % 7 === 0)
          expect(Math.abs(waits.within(row, days) - own[index])).toBeLessThan(0.002);
    }
    for (const row of purchases.of.subarray(0, 500))
      for (const share of [0.01, 0.3, 0.9])
        expect(waits.within(row, waits.day(row, share)) / waits.again[row]).toBeCloseTo(share, 6);
  });
});

describe("nextOrder beside a model of purchases", () => {
  const rhythm = { location: 3.4, trust: 0.3, shape: 30, scale: 2.7, stop: 0.6, stay: 6 };

  it("leaves regular customers to their gaps", async () => {
    const regular = plantedShop(rhythm, { customers: 800, seed: 9 });
    const { blend, candidates } = await nextOrder().weigh(regular, { horizonDays: 60 });
    expect(candidates[0].name).toBe("gaps");
    expect(blend.weight).toBe(0);
    expect((await nextOrder().fit(regular, { blend })).purchase).toBeUndefined();
  });

  it("mixes both where some customers are regular and others are not", async () => {
    const few = plantedShop(rhythm, { customers: 110, seed: 9 });
    const many = purchaseShop(truths[0], { customers: 1500, seed: 9 });
    const both = {
      asOf: 20_000,
      offsets: [...few.offsets, ...many.offsets.subarray(1).map((end) => few.days.length + end)],
      days: [...few.days, ...many.days],
    };
    const { blend, candidates } = await nextOrder().weigh(both, { horizonDays: 60 });
    expect(candidates[0].name).toMatch(/^\d+ % .*-nbd, \d+ % gaps$/);
    expect(blend.weight).toBeGreaterThan(0.05);
    expect(blend.weight).toBeLessThan(0.95);
    for (const { logLoss } of candidates.slice(1))
      expect(logLoss).toBeGreaterThan(candidates[0].logLoss);

    const model = await nextOrder().fit(both, { blend });
    const mixed = model.forecast(both);
    const [own, other] = await Promise.all(
      [0, 1].map(async (weight) =>
        (await nextOrder().fit(both, { blend: { ...blend, weight } })).forecast(both).within(20),
      ),
    );
    for (const [row, mix] of mixed.within(20).entries())
      expect(mix).toBeCloseTo((1 - blend.weight) * own[row] + blend.weight * other[row], 12);
    // quantiles undo the mixed probabilities
    const half = mixed.quantile(0.4);
    const reached = mixed.within(half);
    for (let row = 0; row < 3220; row += 7)
      if (mixed.again[row] > 0.45) expect(Math.abs(reached[row] - 0.4)).toBeLessThan(0.003);
      else if (mixed.again[row] < 0.4) expect(half[row]).toBe(Infinity);

    const saved = JSON.parse(JSON.stringify(model.save()));
    expect(nextOrder().load(saved).forecast(both).date(0.9)).toEqual(mixed.date(0.9));
    for (const change of [
      { weight: 2 },
      { purchase: 3 },
      { purchase: { ...saved.data.purchase, kind: "kmeans" } },
      { purchase: { ...saved.data.purchase, data: {} } },
    ])
      expect(() => nextOrder().load({ ...saved, data: { ...saved.data, ...change } })).toThrow(
        /Not a usable .* artifact/,
      );
  });

  it("lets time stand still on a quiet day for purchases too", async () => {
    const shop = purchaseShop(truths[0], { customers: 200, seed: 1 });
    const { purchase } = await nextOrder().fit(shop, {
      blend: { purchase: "bg-nbd", weight: 1 },
    });
    if (!purchase) throw new Error("no model of purchases");
    // day 20,000 is a Friday: two days on it is Sunday
    const clock = clockOf(Float64Array.of(0.1, 1.15, 1.15, 1.15, 1.15, 1.15, 1.15));
    const waits = purchaseWaits(shop, summarise(shop, clock), clock, purchase.model);
    const [before, after, later] = [2, 3, 4].map((days) => waits.within(0, days));
    expect(after - before).toBeLessThan((later - after) / 5);
  });

  it("refuses what it cannot weigh by", async () => {
    const shop = { offsets: [0, 1], days: [90], asOf: 100 };
    const { weigh, fit } = nextOrder();
    await expect(weigh(shop, { horizonDays: 0 })).rejects.toThrow(/"horizonDays" must be/);
    await expect(weigh(shop, { horizonDays: 30 })).rejects.toThrow(/nobody .* has ordered/);
    await expect(fit(shop, { blend: { purchase: "bg-nbd", weight: 1.5 } })).rejects.toThrow(
      /"blend.weight" must be 0 to 1/,
    );
  });
});

describe("mixWaits", () => {
  /** Everybody's order comes by a power of time, or never. */
  const power = (again: number, longestDays: number, exponent: number): Waits => ({
    again: Float64Array.of(again),
    within: (_, days) => again * Math.min(1, Math.max(0, days / longestDays)) ** exponent,
    day: (_, share) => longestDays * share ** (1 / exponent),
  });

  it("finds days that lie far apart in the two, and says never where the mixture does not come that far", () => {
    for (const [one, other] of [
      [power(0.9, 10, 3), power(0.9, 9000, 0.3)],
      [power(0.02, 1, 1), power(1, 3000, 1)],
      [power(1, 0.2, 2), power(0.5, 0.3, 0.5)],
    ])
      for (const weight of [0.05, 0.5, 0.95]) {
        const { within, day, again } = mixWaits(one, other, weight);
        for (const share of [0.01, 0.1, 0.5, 0.9, 0.99]) {
          const reached = within(0, day(0, share)) / again[0];
          const nearby = within(0, day(0, share) + 0.02) - within(0, day(0, share) - 0.02);
          expect(Math.abs(reached - share)).toBeLessThan(0.002 + nearby);
        }
      }
  });
});
