import { denseIds } from "../dense-ids.js";
import { type Constraints, checkOptions } from "../options.js";
import { checkLog, policyRows, who } from "./check-log.js";
import { estimate } from "./estimates.js";
import { expectations } from "./expectations.js";
import { findUnsupported } from "./support.js";
import type { ActionProbabilities, DecisionLog, PolicyEvaluation } from "./types.js";
import { inWords, reasonToAbstain } from "./verdict.js";

export interface EvaluatePolicyOptions {
  /** For the folds that reward models are learned in. Defaults to 0. */
  readonly seed?: number;
  /** The reward to expect of every action in a row, by a model that has not learned from this log. Defaults to models learned from its other folds. */
  readonly expected?: (row: number) => ArrayLike<number>;
  readonly signal?: AbortSignal;
}

const constraints: Constraints = { seed: { min: 0, integer: true } };

/**
 * What a policy would have earned, from decisions of another whose propensities were logged: doubly robust (Dudík, Langford & Li
 * 2011) with a reward model that has not seen the rows it is used on, beside inverse propensity scores, plain and self-normalised.
 * It abstains where the log cannot tell: an effective sample below 100, one row with more than 5 % of the weight, choices that the
 * log never made, propensities that cannot be true, next to no rewards.
 *
 * @throws LearnError "input" naming what in the log or the policy cannot be used; "aborted"
 */
export async function evaluatePolicy(
  log: DecisionLog,
  policy: ActionProbabilities,
  options: EvaluatePolicyOptions = {},
): Promise<PolicyEvaluation> {
  const { seed = 0, expected: given, signal } = options;
  checkOptions(who, { seed }, constraints);
  checkLog(log);
  const probabilities = policyRows(log, policy);
  const groups = log.person && denseIds(log.person);
  const { rows, action, propensity } = log;
  const weights = new Float64Array(rows);
  let total = 0;
  let squares = 0;
  let largest = 0;
  for (let row = 0; row < rows; row++) {
    const weight = probabilities(row)[action[row]] / propensity[row];
    weights[row] = weight;
    total += weight;
    squares += weight ** 2;
    largest = Math.max(largest, weight);
  }
  const support = {
    effectiveSample: total > 0 ? total ** 2 / squares : 0,
    meanWeight: total / rows,
    largestShare: total > 0 ? largest / total : 0,
    unsupported: findUnsupported(log, probabilities),
  };
  const expected = await expectations(log, probabilities, {
    seed,
    given,
    groups: groups?.of,
    signal,
  });
  const { estimates, gain, logged, direct } = estimate(log, weights, expected, groups);
  const reason = reasonToAbstain(log, weights, support, groups);
  const value = estimates.doublyRobust;
  return {
    verdict: reason ? "abstained" : "estimated",
    because: reason ? `Cannot tell: ${reason}.` : inWords(value, gain, support),
    value: reason ? undefined : value,
    gain: reason ? undefined : gain,
    logged,
    estimates,
    direct,
    rewardModel: expected.model,
    ...support,
  };
}
