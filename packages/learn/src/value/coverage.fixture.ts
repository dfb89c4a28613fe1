import { families } from "./families.js";
import { gammaGamma } from "./gamma-gamma.js";
import { lifetimeValue } from "./lifetime-value.js";
import { type PlantedModel, plantedShop } from "./planted.fixture.js";
import { modelOf } from "./purchase-model.js";
import type { Intervals, PurchaseEstimator, PurchaseModel } from "./types.js";

export interface CoverageOptions {
  readonly age: number;
  readonly horizon: number;
  readonly customers: number;
  readonly shops: number;
  readonly level?: number;
}

const spend = { p: 6, q: 4, v: 15 };
/** Customers of each shop that are looked at: those of one shop stand and fall together. */
const looked = 200;

/** The share of intervals that hold what the known parameters say, over many shops drawn from them. */
export async function coverage(
  estimator: PurchaseEstimator,
  truth: Exclude<PlantedModel, { model: "nbd" }>,
  { age, horizon, customers, shops, level = 0.8 }: CoverageOptions,
): Promise<{ orders: number; alive: number; value: number }> {
  const known = knownModel(truth);
  const inside = { orders: 0, alive: 0, value: 0 };
  const asked = { orders: 0, alive: 0, value: 0 };
  const count = (what: keyof typeof inside, { low, high }: Intervals, values: Float64Array) => {
    for (const [row, value] of values.entries()) {
      if (what === "alive" && value === 1) continue; // certain, whatever the parameters
      asked[what]++;
      if (low[row] <= value && value <= high[row]) inside[what]++;
    }
  };
  for (let seed = 0; seed < shops; seed++) {
    const shop = plantedShop(truth, { customers, seed: 1000 + seed, age, horizon, spend });
    const model = await estimator.fit(shop.purchases);
    const spending = await gammaGamma().fit(shop.spending);
    const part = (values: Float64Array) => values.subarray(0, looked);
    const purchases = {
      rows: looked,
      frequency: part(shop.purchases.frequency),
      recency: part(shop.purchases.recency),
      age: part(shop.purchases.age),
    };
    const own = {
      rows: looked,
      frequency: purchases.frequency,
      monetary: part(shop.spending.monetary),
    };
    const orders = known.expectedOrders(purchases, horizon);
    const perOrder = own.frequency.map((x, row) =>
      x > 0
        ? (spend.p * (spend.v + x * own.monetary[row])) / (spend.p * x + spend.q - 1)
        : (spend.p * spend.v) / (spend.q - 1),
    );
    const intervals = model.uncertainty(purchases, horizon, level);
    count("orders", intervals.orders, orders);
    count("alive", intervals.alive, known.probabilityAlive(purchases));
    count(
      "value",
      lifetimeValue(model, spending).uncertainty(purchases, own, horizon, level),
      orders.map((value, row) => value * perOrder[row]),
    );
  }
  return {
    orders: inside.orders / asked.orders,
    alive: inside.alive / asked.alive,
    value: inside.value / asked.value,
  };
}

function knownModel(truth: Exclude<PlantedModel, { model: "nbd" }>): PurchaseModel {
  const family = families[truth.model];
  const parameters = truth as unknown as Readonly<Record<string, number>>;
  return modelOf({
    family,
    limit: undefined,
    at: Float64Array.from(family.letters, (letter) => Math.log(parameters[letter])),
    covariance: new Float64Array(family.letters.length ** 2),
    unit: 1,
    logLikelihood: 0,
    customers: 1,
    priorShare: 0,
  });
}
