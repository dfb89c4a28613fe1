import type { Interval } from "../metrics/bootstrap.js";
import type { Expectations } from "./expectations.js";
import { type Groups, skewedInterval } from "./skewed-interval.js";
import type { DecisionLog, PolicyEstimator } from "./types.js";

export interface Estimates {
  readonly estimates: Readonly<Record<PolicyEstimator, Interval>>;
  readonly gain: Interval;
  readonly logged: Interval;
  readonly direct: number;
}

/** Every estimate, each with the rows' influence on it linearised (Owen 2013, Monte Carlo theory, section 9.2). */
export function estimate(
  { rows, reward }: DecisionLog,
  weights: Float64Array,
  { chosen, taken }: Expectations,
  groups: Groups | undefined,
): Estimates {
  const mean = (of: (row: number) => number): number => {
    let sum = 0;
    for (let row = 0; row < rows; row++) sum += of(row);
    return sum / rows;
  };
  const interval = (value: number, influence: (row: number) => number): Interval =>
    skewedInterval(
      value,
      Float64Array.from({ length: rows }, (_, row) => influence(row)),
      groups,
    );

  // no weight at all: there is nothing to correct with, and the verdict says so
  const weight = mean((row) => weights[row]) || 1;
  const earned = (row: number) => weights[row] * reward[row];
  const missed = (row: number) => weights[row] * (reward[row] - taken[row]);
  const direct = mean((row) => chosen[row]);
  const logged = mean((row) => reward[row]);
  const robust = (row: number) => chosen[row] + missed(row);
  const ips = mean(earned);
  const snips = ips / weight;
  const doublyRobust = mean(robust);
  const correction = mean(missed) / weight;
  return {
    estimates: {
      ips: interval(ips, earned),
      snips: interval(snips, (row) => (earned(row) - snips * weights[row]) / weight),
      doublyRobust: interval(doublyRobust, robust),
      selfNormalised: interval(
        direct + correction,
        (row) => chosen[row] + (missed(row) - correction * weights[row]) / weight,
      ),
    },
    gain: interval(doublyRobust - logged, (row) => robust(row) - reward[row]),
    logged: interval(logged, (row) => reward[row]),
    direct,
  };
}
