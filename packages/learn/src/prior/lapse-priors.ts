import type { LogisticPriors } from "./prior-logistic.js";

/**
 * What is taken to be known, before any data, of whether a customer lapses: priors for the signals of `lapseSignals`.
 *
 * Where they come from: 400 made-up shops of a wide family (gamma rates, regular to random gaps, customers who stop after an order,
 * leave with time or drift, visits that tell of orders or do not; horizons of 21 to 180 days; `shops.fixture.ts`), 2,000 active
 * customers each. The means are the means over shops of the coefficients each shop has of its own (`derive.fixture.ts` with seed 1),
 * the deviations their standard deviations times 1.25, because no real shop is of the family. No real shop's data went into them.
 * The intercept is left to the shop: its deviation lets 5 to 97 % of the customers lapse.
 */
const signals = {
  recency: { scale: 1, mean: 0.23, deviation: 0.38 },
  pace: { scale: 0.8, mean: -1.12, deviation: 0.6 },
  overdue: { scale: 0.5, mean: 0.47, deviation: 0.44 },
  frequency: { scale: 0.8, mean: 0.25, deviation: 0.45 },
  activity: { scale: 0.8, mean: -0.39, deviation: 0.43 },
};

/** Between the coefficients, in the order of the signals. */
const correlation = [
  [1, 0.61, -0.16, 0, -0.09],
  [0.61, 1, -0.37, -0.5, -0.04],
  [-0.16, -0.37, 1, -0.16, 0.2],
  [0, -0.5, -0.16, 1, -0.48],
  [-0.09, -0.04, 0.2, -0.48, 1],
];

const deviations = Object.values(signals).map(({ deviation }) => deviation);

export const lapsePriors: LogisticPriors = {
  intercept: { mean: 0.4, deviation: 1.5 },
  signals: Object.entries(signals).map(([name, { scale, mean }]) => ({ name, scale, mean })),
  covariance: correlation.flatMap((row, one) =>
    row.map((value, other) => value * (deviations[one] * deviations[other])),
  ),
};
