import { makeMetric, rank } from "./metric.js";

/** Chance that a random positive scores above a random negative, ties counting half. */
export const auc = makeMetric(
  "auc",
  { probabilities: false, most: 1, better: "higher" },
  (scores, labels) => {
    const ranking = rank(scores, labels);
    return (weights) => {
      const { order, labels: sorted, ends } = ranking;
      let positives = 0;
      let negatives = 0;
      let area = 0;
      let place = 0;
      for (let tie = 0; tie < ends.length; tie++) {
        const end = ends[tie];
        let positive = 0;
        let negative = 0;
        for (; place < end; place++) {
          const weight = weights[order[place]];
          positive += weight * sorted[place];
          negative += weight * (1 - sorted[place]);
        }
        area += negative * (positives + positive / 2);
        positives += positive;
        negatives += negative;
      }
      return area / (positives * negatives);
    };
  },
);

/** Mean precision over the positives, from the best score down; tied rows enter together. */
export const averagePrecision = makeMetric(
  "averagePrecision",
  { probabilities: false, most: 1, better: "higher" },
  (scores, labels) => {
    const ranking = rank(scores, labels);
    return (weights) => {
      const { order, labels: sorted, ends } = ranking;
      let positives = 0;
      let taken = 0;
      let area = 0;
      let place = 0;
      for (let tie = 0; tie < ends.length; tie++) {
        const end = ends[tie];
        let positive = 0;
        for (; place < end; place++) {
          const weight = weights[order[place]];
          taken += weight;
          positive += weight * sorted[place];
        }
        positives += positive;
        if (positive > 0) area += (positive * positives) / taken;
      }
      return area / positives;
    };
  },
);
