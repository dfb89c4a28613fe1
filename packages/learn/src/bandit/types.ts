import type { Artifact } from "../types.js";

/** A choice among arms, with all that a decision log needs. */
export interface BanditChoice {
  /** Names this choice until its reward is told. */
  readonly id: string;
  readonly arm: string;
  /** Exact probability of the arm at the time. */
  readonly propensity: number;
  /** Arms that could have been chosen, and their probabilities. */
  readonly arms: readonly string[];
  readonly probabilities: Float64Array;
}

export interface ChooseOptions {
  /** Names the decision, such as person and campaign. The same bandit, seed and id choose the same arm. */
  readonly id: string;
  /** Only these arms may be chosen. Defaults to all. */
  readonly allowed?: readonly string[];
}

/**
 * `square-cb`: chances fall with the inverse of how much less an arm promises. `thompson`: each arm by its chance to be the best.
 * `lin-ucb`: the arm that may be best, and a share at random.
 */
export type BanditMethod = "square-cb" | "thompson" | "lin-ucb";

export interface BanditOptions {
  readonly arms: readonly string[];
  /** How many numbers are known of each decision, at most 1000. They should be of the size of 1; a constant is added. */
  readonly features: number;
  /** Defaults to "square-cb". */
  readonly method?: BanditMethod;
  /** Defaults to 0. */
  readonly seed?: number;
  /** Share of choices in which every arm has the same chance. Defaults to 0 for "square-cb", which gives every arm a chance anyway, else 0.05. */
  readonly share?: number;
  /** Rewards, of all arms, after which one counts half: for worlds that drift. Defaults to Infinity. */
  readonly halfLife?: number;
  /** Ridge penalty, towards the mean reward of all arms. Defaults to 1. */
  readonly ridge?: number;
  /** How greedy "square-cb" is, times the root of the rewards seen; more is greedier. Defaults to 10. */
  readonly greed?: number;
  /** How far "thompson" and "lin-ucb" trust what is uncertain, in standard errors. Defaults to 1. */
  readonly width?: number;
}

/** Learns which arm earns most for whom, one decision at a time. */
export interface Bandit {
  readonly method: BanditMethod;
  readonly arms: readonly string[];
  /** Choices whose reward has not been told. */
  readonly pending: number;
  /**
   * Chooses for one decision. It teaches nothing until its reward is told. Asked again for an id that is pending, it gives the same
   * choice, so that asking twice is safe.
   *
   * @throws LearnError "input" for features that are none, or when no arm is allowed
   */
  choose(features: ArrayLike<number>, options: ChooseOptions): BanditChoice;
  /**
   * What came of a choice; 0 once it is clear that nothing will.
   *
   * @throws LearnError "input" for an id that is not pending
   */
  reward(id: string, reward: number): void;
  /** Drops a pending choice whose outcome will never be known. @throws LearnError "input" for an id that is not pending */
  forget(id: string): void;
  /** Starts at the mean reward of all arms; one that was removed goes on from what it had learned. @throws LearnError "input" when it is there */
  addArm(arm: string): void;
  /** It is chosen no more; rewards of its pending choices still teach. @throws LearnError "input" when it is not there */
  removeArm(arm: string): void;
  /** What every arm is expected to earn, in the order of `arms`. */
  expected(features: ArrayLike<number>): Float64Array;
  /** All it knows, pending choices with their features and ids included. */
  save(): Artifact;
}
