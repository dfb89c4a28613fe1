import { describe, expect, it } from "vitest";
import { type PlantedModel, plantedShop } from "./planted.fixture.js";
import { purchaseCohorts } from "./purchase-cohorts.js";
import type { Purchases } from "./types.js";

const truth = (alpha: number) =>
  ({ model: "bg-nbd", r: 0.8, alpha, a: 0.9, b: 3 }) satisfies PlantedModel;

/** One shop of several channels, which differ in pace alone. */
function channels(list: readonly { alpha: number; customers: number; seed: number }[]): {
  purchases: Purchases;
  codes: Int32Array;
} {
  const shops = list.map(({ alpha, customers, seed }) =>
    plantedShop(truth(alpha), { customers, seed }),
  );
  const join = (of: (purchases: Purchases) => Float64Array) =>
    Float64Array.from(shops.flatMap(({ purchases }) => Array.from(of(purchases))));
  const codes = shops.flatMap(({ purchases }, code) =>
    new Array<number>(purchases.rows).fill(code),
  );
  return {
    purchases: {
      rows: codes.length,
      frequency: join(({ frequency }) => frequency),
      recency: join(({ recency }) => recency),
      age: join(({ age }) => age),
    },
    codes: Int32Array.from(codes),
  };
}

const pace = ({ r, alpha }: Readonly<Record<string, number>>) => r / alpha;

describe("purchaseCohorts", () => {
  const differing = channels([
    { alpha: 4, customers: 1500, seed: 1 },
    { alpha: 8, customers: 1500, seed: 2 },
    { alpha: 16, customers: 1500, seed: 3 },
    { alpha: 16, customers: 12, seed: 4 },
  ]);
  const fitted = purchaseCohorts("bg-nbd").fit(differing.purchases, differing.codes);

  it("learns that channels differ, and by how much", async () => {
    const { cohorts, spread } = await fitted;
    const paces = cohorts.map(({ parameters }) => pace(parameters));
    expect(paces[0] / paces[1]).toBeGreaterThan(1.6);
    expect(paces[0] / paces[1]).toBeLessThan(2.5);
    expect(paces[1] / paces[2]).toBeGreaterThan(1.6);
    expect(paces[1] / paces[2]).toBeLessThan(2.5);
    expect(spread.alpha).toBeGreaterThan(0.3);
    expect(cohorts.map(({ customers }) => customers)).toEqual([1500, 1500, 1500, 12]);
  });

  it("answers a cohort of a dozen from all the others, and knows it less well", async () => {
    const { cohorts, everybody } = await fitted;
    const [, , large, small] = cohorts;
    expect(small.priorShare).toBeGreaterThan(large.priorShare);
    const width = ({ alpha }: (typeof large)["intervals"]) => Math.log(alpha.high / alpha.low);
    expect(width(small.intervals)).toBeGreaterThan(width(large.intervals));
    expect(width(everybody.intervals)).toBeGreaterThan(width(small.intervals));
    // between its own dozen, who say next to nothing, and the middle of the others
    expect(pace(small.parameters) / pace(everybody.parameters)).toBeGreaterThan(0.4);
    expect(pace(small.parameters) / pace(everybody.parameters)).toBeLessThan(1.3);
  });

  it("finds cohorts alike that are", async () => {
    const alike = channels(
      Array.from({ length: 6 }, (_, seed) => ({ alpha: 8, customers: 400, seed: 20 + seed })),
    );
    const model = await purchaseCohorts("bg-nbd").fit(alike.purchases, alike.codes);
    const paces = model.cohorts.map(({ parameters }) => pace(parameters));
    expect(Math.max(...paces) / Math.min(...paces)).toBeLessThan(1.35);
    expect(model.spread.alpha).toBeLessThan(0.2);
  });

  it("sends each row to its cohort, and a code never seen to everybody", async () => {
    const model = await fitted;
    const purchases: Purchases = {
      rows: 4,
      frequency: Float64Array.of(2, 2, 0, 2),
      recency: Float64Array.of(20, 20, 0, 20),
      age: Float64Array.of(30, 30, 30, 30),
    };
    const answers = model.of(Int32Array.of(2, 99, 0, -1));
    const each = [model.cohorts[2], model.everybody, model.cohorts[0], model.everybody];
    const expected = answers.expectedOrders(purchases, 10);
    const probabilities = answers.orderProbabilities(purchases, 10, 2);
    const [median, high] = answers.orderQuantiles(purchases, 10, [0.5, 0.9]);
    const { orders, alive } = answers.uncertainty(purchases, 10, 0.8);
    for (const [row, own] of each.entries()) {
      expect(expected[row]).toBe(own.expectedOrders(purchases, 10)[row]);
      expect(answers.probabilityAlive(purchases)[row]).toBe(own.probabilityAlive(purchases)[row]);
      expect(answers.probabilityOfOrder(purchases, 10)[row]).toBe(
        own.probabilityOfOrder(purchases, 10)[row],
      );
      expect(probabilities.slice(row * 3, row * 3 + 3)).toEqual(
        own.orderProbabilities(purchases, 10, 2).slice(row * 3, row * 3 + 3),
      );
      expect([median[row], high[row]]).toEqual(
        own.orderQuantiles(purchases, 10, [0.5, 0.9]).map((values) => values[row]),
      );
      expect(orders.low[row]).toBe(own.uncertainty(purchases, 10, 0.8).orders.low[row]);
      expect(alive.high[row]).toBe(own.uncertainty(purchases, 10, 0.8).alive.high[row]);
    }
    const none = { rows: 0, frequency: Float64Array.of(), recency: Float64Array.of() };
    expect(
      model.of(Int32Array.of()).expectedOrders({ ...none, age: Float64Array.of() }, 10),
    ).toHaveLength(0);
  });

  it("answers the same from an artifact, and refuses codes that do not fit", async () => {
    const model = await fitted;
    const saved = JSON.parse(JSON.stringify(model.save()));
    const loaded = purchaseCohorts("bg-nbd").load(saved);
    expect(loaded.save()).toEqual(model.save());
    expect(() => purchaseCohorts("pareto-nbd").load(saved)).toThrow(/model" is none of/);
    const hollow = { ...saved, data: { ...saved.data, count: 9 } };
    expect(() => purchaseCohorts("bg-nbd").load(hollow)).toThrow(/Not a usable/);
    const { purchases } = differing;
    const short = Int32Array.of(0);
    await expect(purchaseCohorts("bg-nbd").fit(purchases, short)).rejects.toThrow(/1 codes for/);
    const negative = new Int32Array(purchases.rows).fill(-1);
    await expect(purchaseCohorts("bg-nbd").fit(purchases, negative)).rejects.toThrow(/code -1/);
    expect(() => model.of(short).expectedOrders(purchases, 1)).toThrow(/1 codes for/);
  });
});
