import type { Cells } from "./cells.js";
import type { PurchaseModelName } from "./types.js";

/** Log likelihood of all cells and its gradient, both in the logarithms of the parameters. */
export type Likelihood = (at: Float64Array, gradient: Float64Array) => number;

/** What known parameters say of one customer. Times in the unit of the parameters. */
export interface Answers {
  /** Log odds of having left by now; −∞ where that cannot be. */
  leftOdds(frequency: number, recency: number, age: number): number;
  /** Of one who has not left: that the next purchase is not ruled out by leaving before it. 1 in continuous time. */
  stays(frequency: number, age: number): number;
  /** Mean number of purchases of one who has not left. */
  mean(frequency: number, age: number, horizon: number): number;
  /** Begins the distribution of the number of purchases of one who has not left. */
  begin(frequency: number, age: number, horizon: number): void;
  /** After `begin`: P(at least 1), then P(at least 2), and so on. */
  next(): number;
}

/** A parameter whose logarithm a covariate adds to, and whether more of it is more (1) or less (-1) of what is meant. */
export interface Lever {
  readonly index: number;
  readonly sign: 1 | -1;
}

/** One model of purchases: all that tells it from the others. */
export interface Family {
  readonly kind: PurchaseModelName;
  /** Names of the parameters, all positive. */
  readonly letters: readonly string[];
  /** Which of them are times. */
  readonly timed: readonly boolean[];
  /** Centres of the priors, for times in units of the customers' mean age. */
  readonly centres: readonly number[];
  /** Standard deviations of the priors on the logarithms. */
  readonly deviations: readonly number[];
  /** Times are whole numbers of opportunities. */
  readonly whole?: boolean;
  /** Of how often customers buy. */
  readonly pace: Lever;
  /** Of how soon they leave; none where nobody does. */
  readonly leaving?: Lever;
  likelihood(cells: Cells): Likelihood;
  answers(parameters: Float64Array): Answers;
  /** The same where nobody leaves: its parameters are the first of the family's. */
  readonly limit?: Family;
}
