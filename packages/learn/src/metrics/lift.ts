import { LearnError } from "../error.js";
import { type Metric, makeMetric, rank } from "./metric.js";

/**
 * Positive rate among the best-scored `share` of the rows, over the rate of all: `liftAt(0.1)(scores, labels)`. Of tied rows at
 * the edge, the part that fits counts.
 *
 * @throws LearnError "input" unless 0 < share ≤ 1
 */
export function liftAt(share: number): Metric {
  if (!(share > 0 && share <= 1))
    throw new LearnError("input", `liftAt: "share" must be a number > 0 and ≤ 1, got ${share}.`);
  return makeMetric(
    `liftAt(${share})`,
    { probabilities: false, most: 1 / share, better: "higher" },
    (scores, labels) => {
      const ranking = rank(scores, labels);
      return (weights) => {
        const { order, labels: sorted, ends } = ranking;
        let total = 0;
        let positives = 0;
        for (let row = 0; row < scores.length; row++) {
          total += weights[row];
          positives += weights[row] * labels[row];
        }
        const room = share * total;
        let taken = 0;
        let found = 0;
        let place = 0;
        for (let tie = 0; tie < ends.length; tie++) {
          const end = ends[tie];
          let weight = 0;
          let positive = 0;
          for (; place < end; place++) {
            const drawn = weights[order[place]];
            weight += drawn;
            positive += drawn * sorted[place];
          }
          if (weight === 0) continue;
          const part = Math.min(1, (room - taken) / weight);
          found += part * positive;
          taken += part * weight;
          if (part < 1) break;
        }
        return found / room / (positives / total);
      };
    },
  );
}
