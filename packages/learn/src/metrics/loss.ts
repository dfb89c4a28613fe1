import { makeMetric } from "./metric.js";

/** A probability of 0 or 1 that turns out wrong costs this much rather than infinitely much. */
const certain = 1e-15;

/** Mean negative log-likelihood, natural log. Probabilities are held within 1e-15 of 0 and 1. */
export const logLoss = makeMetric(
  "logLoss",
  { probabilities: true, most: Infinity, better: "lower" },
  (scores, labels) =>
    weightedMean(
      scores.map(
        (score, row) => -Math.log(Math.max(certain, labels[row] === 1 ? score : 1 - score)),
      ),
    ),
);

/** Mean squared difference between probability and outcome. */
export const brier = makeMetric(
  "brier",
  { probabilities: true, most: 1, better: "lower" },
  (scores, labels) => weightedMean(scores.map((score, row) => (score - labels[row]) ** 2)),
);

function weightedMean(losses: Float64Array): (weights: Float64Array) => number {
  return (weights) => {
    let sum = 0;
    let total = 0;
    for (let row = 0; row < losses.length; row++) {
      sum += weights[row] * losses[row];
      total += weights[row];
    }
    return sum / total;
  };
}
