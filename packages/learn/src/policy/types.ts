import type { Interval } from "../metrics/bootstrap.js";
import type { Table } from "../types.js";

/** Logged decisions, one row each. All arrays have one entry per row, unless said otherwise. */
export interface DecisionLog {
  readonly rows: number;
  /** Names of the actions; an action is told by its place here. */
  readonly actions: readonly string[];
  readonly action: Int32Array;
  /** Probability with which the action taken had been chosen, above 0 and at most 1. */
  readonly propensity: Float64Array;
  /** What came of it: 0 or 1, or an amount. Rows whose reward is still pending are left out by the caller. */
  readonly reward: Float64Array;
  /** What was known when deciding; the reward model learns from it. */
  readonly context?: Table;
  /** Place of the action in a list, 0 or more, where places differ. */
  readonly position?: Int32Array;
  /** One id per row: decisions about one person are not independent, and intervals allow for it. */
  readonly person?: ArrayLike<number>;
}

/**
 * What the policy under judgement would do: one probability per action, adding up to 1. The same for every row (as many as there
 * are actions), row-major (`rows × actions`), or asked for each row.
 */
export type ActionProbabilities = Float64Array | ((row: number) => ArrayLike<number>);

/**
 * `ips`: inverse propensity scores. `snips`: the same over the weights' sum. `doublyRobust`: what a reward model says, corrected by
 * the weighted errors that it makes on the log; `selfNormalised`: the same, the weights over their sum.
 */
export type PolicyEstimator = "ips" | "snips" | "doublyRobust" | "selfNormalised";

/** An action that the policy would take and the log never did, or never at that position. */
export interface Unsupported {
  readonly action: string;
  /** Where the log has positions. */
  readonly position?: number;
  /** Share of the policy's choices that fall on it. */
  readonly share: number;
}

/** What the log says about a policy's mean reward per decision. */
export interface PolicyEvaluation {
  /** "abstained": the log cannot tell; `because` says what is missing. The estimates stay to be looked at, not to be acted on. */
  readonly verdict: "estimated" | "abstained";
  /** One sentence with the numbers that decided it. */
  readonly because: string;
  /** Mean reward under the policy with its 95 % interval, doubly robust; `undefined` when abstained. */
  readonly value: Interval | undefined;
  /** `value` minus what the log itself earned, on the same rows; `undefined` when abstained. */
  readonly gain: Interval | undefined;
  /** Mean reward of the log itself. */
  readonly logged: Interval;
  /** Every estimate, with intervals that are to be trusted no further than the verdict. */
  readonly estimates: Readonly<Record<PolicyEstimator, Interval>>;
  /** What the reward model says by itself (the direct method). It has no interval: the log does not tell how wrong a model is elsewhere. */
  readonly direct: number;
  /** What the rewards were expected from: each action's own rate, boosted trees on the context, or as the caller said. */
  readonly rewardModel: "rates" | "trees" | "given";
  /** (Σw)² / Σw² with w = probability under the policy / logged propensity: how many rows of its own the policy would need to know as much. */
  readonly effectiveSample: number;
  /** Near 1 when the logged propensities are true. */
  readonly meanWeight: number;
  /** Largest weight over the sum of all. */
  readonly largestShare: number;
  readonly unsupported: readonly Unsupported[];
}

/** One choice with all that a log needs so that it can judge another policy later. */
export interface ExploredChoice {
  readonly arm: number;
  /** "random": from the share in which all have the same chance; "learned": from what is known. */
  readonly by: "random" | "learned";
  /** Exact probability of `arm`, both ways together. */
  readonly propensity: number;
  /** Of every arm. */
  readonly probabilities: Float64Array;
}
