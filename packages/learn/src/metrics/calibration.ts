import { LearnError } from "../error.js";
import { makeMetric, type Ranking, rank } from "./metric.js";

const bins = 10;

/** Expected calibration error: over ten bins of equal size by score, the mean distance between predicted and observed rate. */
export const calibrationError = makeMetric(
  "calibrationError",
  { probabilities: true, most: 1, better: "lower" },
  (scores, labels) => {
    const ranking = rank(scores, labels);
    const predicted = new Float64Array(bins);
    const observed = new Float64Array(bins);
    const sizes = new Float64Array(bins);
    return (weights) => {
      fillBins(scores, weights, ranking, predicted, observed, sizes);
      let distance = 0;
      let total = 0;
      for (let bin = 0; bin < bins; bin++) {
        distance += Math.abs(predicted[bin] - observed[bin]);
        total += sizes[bin];
      }
      return distance / total;
    };
  },
);

/** Ten groups of equal size by score, lowest first (fewer where scores are tied): what was predicted and what came. */
export function calibrationTable(
  scores: Float64Array,
  labels: Float64Array,
): { predicted: number; observed: number; rows: number }[] {
  calibrationError.prepare(scores, labels); // checks the input
  if (scores.length === 0) throw new LearnError("input", "calibrationTable: there are no rows.");
  const ranking = rank(scores, labels);
  const predicted = new Float64Array(bins);
  const observed = new Float64Array(bins);
  const sizes = new Float64Array(bins);
  const ones = new Float64Array(scores.length).fill(1);
  fillBins(scores, ones, ranking, predicted, observed, sizes);
  return Array.from(sizes, (rows, bin) => ({
    predicted: predicted[bin] / rows,
    observed: observed[bin] / rows,
    rows,
  }))
    .filter(({ rows }) => rows > 0)
    .reverse();
}

/** Sums of score, label and weight by bin, best scores first. Rows of equal score share the bin their middle falls into. */
function fillBins(
  scores: Float64Array,
  weights: Float64Array,
  { order, labels, ends }: Ranking,
  predicted: Float64Array,
  observed: Float64Array,
  sizes: Float64Array,
): void {
  predicted.fill(0);
  observed.fill(0);
  sizes.fill(0);
  let total = 0;
  for (let row = 0; row < weights.length; row++) total += weights[row];
  let before = 0;
  let place = 0;
  for (let tie = 0; tie < ends.length; tie++) {
    const end = ends[tie];
    let weight = 0;
    let positive = 0;
    const score = scores[order[place]];
    for (; place < end; place++) {
      const drawn = weights[order[place]];
      weight += drawn;
      positive += drawn * labels[place];
    }
    if (weight === 0) continue;
    const bin = Math.min(bins - 1, Math.floor((bins * (before + weight / 2)) / total));
    predicted[bin] += weight * score;
    observed[bin] += positive;
    sizes[bin] += weight;
    before += weight;
  }
}
