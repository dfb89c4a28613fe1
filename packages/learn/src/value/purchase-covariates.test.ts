import { describe, expect, it } from "vitest";
import { random } from "../random.js";
import { families } from "./families.js";
import { type PlantedModel, plantedShop } from "./planted.fixture.js";
import { purchaseCovariates } from "./purchase-covariates.js";
import { purchaseModel } from "./purchase-model.js";
import type { Covariate, PurchaseModelName, Purchases } from "./types.js";

interface Planted {
  readonly purchases: Purchases;
  readonly covariates: readonly [distance: Covariate, noise: Covariate];
  readonly later: Float64Array;
}

/** Customers whose pace and leaving follow a normal covariate with mean 50 and deviation 20, beside one that says nothing. */
function planted(truthOf: (z: number) => PlantedModel, customers: number, seed: number): Planted {
  const { normal } = random(seed);
  const z = Float64Array.from({ length: customers }, normal);
  const shops = Array.from(z, (value, row) =>
    plantedShop(truthOf(value), { customers: 1, seed: seed * 100_000 + row }),
  );
  const join = (of: (purchases: Purchases) => Float64Array) =>
    Float64Array.from(shops, ({ purchases }) => of(purchases)[0]);
  return {
    purchases: {
      rows: customers,
      frequency: join(({ frequency }) => frequency),
      recency: join(({ recency }) => recency),
      age: join(({ age }) => age),
    },
    covariates: [
      { name: "distance", values: z.map((value) => 50 + 20 * value) },
      { name: "noise", values: Float64Array.from({ length: customers }, normal) },
    ],
    later: Float64Array.from(shops, ({ later }) => later[0]),
  };
}

const pace = 0.7;
const leaving = -0.6;
const models: Readonly<Record<string, (z: number) => PlantedModel>> = {
  "bg-nbd": (z) => ({
    model: "bg-nbd",
    r: 1,
    alpha: 6 * Math.exp(-pace * z),
    a: 1.2 * Math.exp(leaving * z),
    b: 3,
  }),
  "pareto-nbd": (z) => ({
    model: "pareto-nbd",
    r: 1,
    alpha: 6 * Math.exp(-pace * z),
    s: 1,
    beta: 12 * Math.exp(-leaving * z),
  }),
};
/** Poisson's: a loss whose least expectation is at the mean, and which a single large customer does not decide. */
const loss = (forecast: Float64Array, came: Float64Array) =>
  came.reduce((sum, value, row) => sum + forecast[row] - value * Math.log(forecast[row]), 0);

describe.each(Object.keys(models) as PurchaseModelName[])("covariates of %s", (name) => {
  const shop = planted(models[name], 900, 3);
  const fitted = purchaseCovariates(name).fit(shop.purchases, shop.covariates);

  it("are found where they matter, and hold the planted truth", async () => {
    const [distance] = (await fitted).effects;
    expect(distance.name).toBe("distance");
    // per unit: a twentieth of the planted coefficient per deviation
    for (const [found, truth] of [
      [distance.pace, Math.exp(pace / 20)],
      [distance.leaving, Math.exp(leaving / 20)],
    ] as const) {
      expect(found?.low).toBeLessThan(truth);
      expect(found?.high).toBeGreaterThan(truth);
      expect(Math.abs(Math.log((found?.value ?? 0) / truth))).toBeLessThan(0.012);
    }
  });

  it("say nothing where they do not", async () => {
    const [, noise] = (await fitted).effects;
    for (const factor of [noise.pace, noise.leaving]) {
      expect(factor?.low).toBeLessThan(1);
      expect(factor?.high).toBeGreaterThan(1);
      expect(Math.abs(Math.log(factor?.value ?? 0))).toBeLessThan(0.15);
    }
  });

  it("foretell better than the same model without them", async () => {
    const { purchases, covariates, later } = planted(models[name], 900, 4);
    const without = await purchaseModel(families[name], {}).fit(shop.purchases);
    const own = (await fitted).of(covariates).expectedOrders(purchases, 30);
    const sum = (values: Float64Array) => values.reduce((total, value) => total + value, 0);
    const plain = without.expectedOrders(purchases, 30);
    expect((loss(plain, later) - loss(own, later)) / later.length).toBeGreaterThan(0.01);
    expect(Math.abs(sum(own) / sum(later) - 1)).toBeLessThan(0.12);
  });
});

describe("purchaseCovariates", () => {
  const shop = planted(models["bg-nbd"], 300, 7);
  const fitted = purchaseCovariates("bg-nbd").fit(shop.purchases, shop.covariates);

  it("answers for customers at the means as the average does, and a missing covariate is the mean", async () => {
    const model = await fitted;
    const mean = (values: Float64Array) => values.reduce((sum, value) => sum + value, 0) / 300;
    const [distance, noise] = shop.covariates.map(({ values }) => mean(values));
    const rows = { rows: 2, frequency: Float64Array.of(2, 2), recency: Float64Array.of(20, 20) };
    const purchases = { ...rows, age: Float64Array.of(30, 30) };
    const own = model.of([
      { name: "noise", values: Float64Array.of(noise, Number.NaN) },
      { name: "distance", values: Float64Array.of(distance, Number.NaN) },
    ]);
    const expected = model.average.expectedOrders(purchases, 10);
    for (const [row, value] of own.expectedOrders(purchases, 10).entries())
      expect(value).toBeCloseTo(expected[row], 9);
    const probabilities = own.orderProbabilities(purchases, 10, 3);
    expect(probabilities[1]).toBeCloseTo(model.average.orderProbabilities(purchases, 10, 3)[1], 9);
    const { orders } = own.uncertainty(purchases, 10, 0.8);
    expect(orders.low[0]).toBeLessThan(expected[0]);
    expect(orders.high[0]).toBeGreaterThan(expected[0]);
  });

  it("has as few groups as there are profiles, whatever the unit of time or of the covariate", async () => {
    const { normal } = random(2);
    const joined = Float64Array.from({ length: 300 }, () => (normal() > 0 ? 1 : 0));
    const fit = (times: number, covariate: number) => {
      const { frequency, recency, age } = shop.purchases;
      return purchaseCovariates("bg-nbd").fit(
        {
          rows: 300,
          frequency,
          recency: recency.map((value) => times * value),
          age: age.map((value) => times * value),
        },
        [{ name: "joined", values: joined.map((value) => covariate * value) }],
      );
    };
    const [weeks, days] = [await fit(1, 1), await fit(7, 10)];
    expect(days.effects[0].pace.value ** 10).toBeCloseTo(weeks.effects[0].pace.value, 4);
    expect(days.average.parameters.alpha / weeks.average.parameters.alpha).toBeCloseTo(7, 3);
  });

  it("leaves nobody leaving where nobody does, and one that never varies alone", async () => {
    const loyal = planted((z) => ({ model: "nbd", r: 1, alpha: 5 * Math.exp(-0.5 * z) }), 800, 7);
    const still: Covariate = { name: "still", values: new Float64Array(800).fill(4) };
    const model = await purchaseCovariates("pareto-nbd").fit(loyal.purchases, [
      loyal.covariates[0],
      still,
    ]);
    expect(model.average.limit).toBe("nobody-drops-out");
    const [distance, constant] = model.effects;
    expect(distance.leaving).toBeUndefined();
    expect(Math.log(distance.pace.value) * 20).toBeCloseTo(0.5, 0);
    expect(constant.pace.value).toBeCloseTo(1, 6);
    const loaded = purchaseCovariates("pareto-nbd").load(JSON.parse(JSON.stringify(model.save())));
    expect(loaded.save()).toEqual(model.save());
  });

  it("answers the same from an artifact, and refuses what cannot be used", async () => {
    const model = await fitted;
    const saved = JSON.parse(JSON.stringify(model.save()));
    const loaded = purchaseCovariates("bg-nbd").load(saved);
    expect(loaded.save()).toEqual(model.save());
    expect(loaded.of(shop.covariates).expectedOrders(shop.purchases, 9)).toEqual(
      model.of(shop.covariates).expectedOrders(shop.purchases, 9),
    );
    expect(() => purchaseCovariates("mbg-nbd").load(saved)).toThrow(/model" is none of/);
    const hollow = { ...saved, data: { ...saved.data, covariates: [] } };
    expect(() => purchaseCovariates("bg-nbd").load(hollow)).toThrow(/Not a usable/);
    const refusal = (covariates: readonly Covariate[]) =>
      expect(purchaseCovariates("bg-nbd").fit(shop.purchases, covariates)).rejects;
    const [distance] = shop.covariates;
    await refusal([]).toThrow(/there are no covariates/);
    await refusal([distance, distance]).toThrow(/two covariates "distance"/);
    await refusal([{ name: "d", values: Float64Array.of(1) }]).toThrow(/1 values for 300 rows/);
    const infinite = distance.values.slice();
    infinite[7] = Infinity;
    await refusal([{ name: "d", values: infinite }]).toThrow(/row 7 of the covariate "d"/);
    expect(() => model.of([distance]).expectedOrders(shop.purchases, 9)).toThrow(
      /"noise" is missing/,
    );
  });
});
