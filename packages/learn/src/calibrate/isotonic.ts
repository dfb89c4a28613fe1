import { badArtifact, makeArtifact } from "../artifact.js";
import { sortedOrder } from "../metrics/metric.js";
import {
  type Calibrator,
  type CalibratorEstimator,
  checkScores,
  openCalibrator,
  version,
} from "./calibrator.js";

/** A calibrator that is linear between its knots and flat outside them. */
export interface IsotonicCalibrator extends Calibrator {
  readonly kind: "isotonic";
  /** Log-odds, ascending. */
  readonly knots: Float64Array;
  /** Probabilities at the knots, ascending. */
  readonly values: Float64Array;
}

/**
 * Isotonic calibration by pooling adjacent violators, linear between the centres of the pools: for more than ten thousand rows.
 * Pools without a positive (negative) get the rule of succession, so no score is ever certain.
 */
export function isotonic(): CalibratorEstimator<IsotonicCalibrator> {
  return {
    kind: "isotonic",
    fit(logOdds, labels, weights) {
      checkScores("isotonic", logOdds, labels, weights);
      const pools = pool(logOdds, labels, weights);
      const [first] = pools;
      const last = pools[pools.length - 1];
      // the pools at the ends may be pure: (0 + 1) / (n + 2) instead of 0, and likewise for 1
      const lowest = (first.positive + 1) / (first.weight + 2);
      const highest = (last.positive + 1) / (last.weight + 2);
      const rate = ({ positive, weight }: Pool): number => {
        const observed = positive / weight;
        if (first.positive === 0 && observed < lowest) return lowest;
        if (last.positive === last.weight && observed > highest) return highest;
        return observed;
      };
      const knots = Float64Array.from(pools, ({ sum, weight }) => sum / weight);
      return isotonicModel(knots, Float64Array.from(pools, rate));
    },
    load(artifact) {
      const data = openCalibrator(artifact, "isotonic");
      const knots = data.numbers("knots");
      const values = data.numbers("values", { min: 0, max: 1, length: knots.length });
      if (knots.length === 0) throw badArtifact("isotonic", "it has no knots");
      for (let index = 1; index < knots.length; index++)
        if (!(knots[index] > knots[index - 1]) || values[index] < values[index - 1])
          throw badArtifact("isotonic", "its knots do not ascend");
      return isotonicModel(knots, values);
    },
  };
}

export interface Pool {
  /** Sum of weight × score: the pool's centre is `sum / weight`. */
  readonly sum: number;
  readonly positive: number;
  readonly weight: number;
}

/** Neighbours in order of score, merged until their rates ascend. Rows of one score are one neighbour from the start. */
export function pool(
  logOdds: Float64Array,
  labels: Float64Array,
  weights: Float64Array | undefined,
): Pool[] {
  const order = sortedOrder(logOdds);
  const pools: Pool[] = [];
  let place = 0;
  while (place < order.length) {
    const score = logOdds[order[place]];
    let positive = 0;
    let weight = 0;
    for (; place < order.length && logOdds[order[place]] === score; place++) {
      const row = order[place];
      const part = weights ? weights[row] : 1;
      weight += part;
      positive += part * labels[row];
    }
    if (weight === 0) continue;
    let merged: Pool = { sum: weight * score, positive, weight };
    for (let last = pools.at(-1); last && !below(last, merged); last = pools.at(-1)) {
      pools.pop();
      merged = {
        sum: last.sum + merged.sum,
        positive: last.positive + merged.positive,
        weight: last.weight + merged.weight,
      };
    }
    pools.push(merged);
  }
  return pools;
}

const below = (left: Pool, right: Pool): boolean =>
  left.positive * right.weight < right.positive * left.weight &&
  left.sum / left.weight < right.sum / right.weight;

function isotonicModel(knots: Float64Array, values: Float64Array): IsotonicCalibrator {
  const last = knots.length - 1;
  const at = (score: number): number => {
    if (!(score > knots[0])) return values[0];
    if (score >= knots[last]) return values[last];
    let low = 0;
    let high = last;
    while (high - low > 1) {
      const middle = (low + high) >> 1;
      if (knots[middle] <= score) low = middle;
      else high = middle;
    }
    const share = (score - knots[low]) / (knots[high] - knots[low]);
    return values[low] + share * (values[high] - values[low]);
  };
  return {
    kind: "isotonic",
    knots,
    values,
    apply: (logOdds) => logOdds.map(at),
    save: () => makeArtifact("isotonic", version, { knots: [...knots], values: [...values] }),
  };
}
