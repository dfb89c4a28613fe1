import type { Interval } from "../metrics/bootstrap.js";
import { type Groups, skewedInterval } from "./skewed-interval.js";
import type { DecisionLog, PolicyEvaluation, Unsupported } from "./types.js";

export type Support = Pick<
  PolicyEvaluation,
  "effectiveSample" | "meanWeight" | "largestShare" | "unsupported"
>;

const limits = {
  effectiveSample: 100,
  largestShare: 0.05,
  unsupported: 0.01,
  /** Rows whose reward is another than most rows'. */
  rewards: 5,
  /** Weights average 1 where propensities are true; chance alone leaves this interval once in 10,000 logs. */
  confidence: 0.9999,
};

/** Why the log cannot tell, as the end of a sentence that begins "Cannot tell: "; `undefined` where it can. */
export function reasonToAbstain(
  log: DecisionLog,
  weights: Float64Array,
  { effectiveSample, largestShare, meanWeight, unsupported }: Support,
  groups: Groups | undefined,
): string | undefined {
  const missing = unsupported.reduce((sum, { share }) => sum + share, 0);
  if (missing > limits.unsupported)
    return `${percent(missing)} of the policy's choices are ones that the log never made, such as ${named(unsupported[0])}`;
  if (effectiveSample < limits.effectiveSample)
    return `the log's ${log.rows} decisions weigh as much as ${Math.floor(effectiveSample)} of the policy's own, and ${limits.effectiveSample} are needed`;
  if (largestShare > limits.largestShare)
    return `one decision has ${percent(largestShare)} of all the weight, and more than ${percent(limits.largestShare)} is chance`;
  const { low, high } = skewedInterval(meanWeight, weights, groups, limits.confidence);
  if (low > 1 || high < 1)
    return `the weights average ${meanWeight.toPrecision(3)} where true propensities give 1, so the propensities logged are not those that were used`;
  const others = rarerRewards(log.reward);
  if (others < limits.rewards)
    return `only ${others} of ${log.rows} decisions have another reward than the rest, and ${limits.rewards} are needed`;
  return undefined;
}

/** One sentence for an estimate that stands. */
export function inWords(value: Interval, gain: Interval, { effectiveSample }: Support): string {
  const earns = `The policy earns ${told(value)} a decision`;
  const more = gain.low > 0 ? "more" : gain.high < 0 ? "less" : undefined;
  const than = more
    ? `which is ${more} than the log's own`
    : "which cannot be told from the log's own";
  return `${earns}, ${than} (a difference of ${told(gain)}), by an effective sample of ${Math.floor(effectiveSample)}.`;
}

const told = ({ value, low, high }: Interval): string =>
  `${value.toPrecision(3)} (${low.toPrecision(3)} to ${high.toPrecision(3)})`;

const percent = (share: number): string => `${Number((100 * share).toPrecision(2))} %`;

const named = ({ action, position }: Unsupported): string =>
  `"${action}"${position === undefined ? "" : ` at position ${position}`}`;

/** How many rewards are not the commonest one. */
function rarerRewards(rewards: Float64Array): number {
  const counts = new Map<number, number>();
  let most = 0;
  for (const reward of rewards) {
    const count = (counts.get(reward) ?? 0) + 1;
    counts.set(reward, count);
    most = Math.max(most, count);
  }
  return rewards.length - most;
}
