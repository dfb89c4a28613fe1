import { lapsePriors } from "./lapse-priors.js";
import { type LogisticPriors, priorLogistic } from "./prior-logistic.js";
import { madeUpShop } from "./shops.fixture.js";

const { signals } = lapsePriors;

/** Hardly any prior: what one large shop says of itself, kept from running away where it says nothing. */
const wide: LogisticPriors = {
  intercept: { mean: 0, deviation: 10 },
  signals: signals.map(({ name, scale }) => ({ name, scale, mean: 0 })),
  covariance: signals.flatMap((_, row) => signals.map((__, column) => (row === column ? 9 : 0))),
};

/**
 * Mean and covariance, over shops of the family, of the coefficients that each large shop has of its own. A shop in which hardly
 * anybody lapses, or hardly anybody stays, is left out.
 */
export async function derivePriors(shops: number, customers: number, seed: number) {
  const found: number[][] = [];
  const bases: number[] = [];
  for (let index = 0; found.length < shops; index++) {
    const { now } = madeUpShop(customers, seed + index);
    const lapsed = now.labels.reduce((sum, label) => sum + label, 0) / now.labels.length;
    if (now.labels.length < customers || lapsed < 0.03 || lapsed > 0.97) continue;
    const { coefficients } = await priorLogistic(wide).fit(now.table, now.labels);
    bases.push(coefficients[0]);
    found.push([...coefficients.subarray(1)]);
  }
  const mean = (values: readonly number[]) =>
    values.reduce((sum, value) => sum + value, 0) / values.length;
  const means = signals.map((_, index) => mean(found.map((row) => row[index])));
  const covariance = signals.map((_, one) =>
    signals.map((__, other) =>
      mean(found.map((row) => (row[one] - means[one]) * (row[other] - means[other]))),
    ),
  );
  const base = mean(bases);
  return {
    means,
    covariance,
    base: { mean: base, deviation: Math.sqrt(mean(bases.map((value) => (value - base) ** 2))) },
  };
}
