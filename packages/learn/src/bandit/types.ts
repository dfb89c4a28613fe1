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
  /** Names the decision, such as person and campaign: the same bandit, seed and id choose the same arm. */
  readonly id: string;
  /** Only these arms may be chosen. Defaults to all. */
  readonly allowed?: readonly string[];
}

/** Learns which arm earns most for whom, one decision at a time. */
export interface Bandit {
  readonly kind: string;
  readonly arms: readonly string[];
  /** Chooses for one person, told by their features; the reward stays pending until `reward` tells it. */
  choose(features: ArrayLike<number>, options: ChooseOptions): BanditChoice;
  /** What came of an earlier choice. @throws LearnError "input" for an id that is not pending, or was rewarded before */
  reward(id: string, reward: number): void;
  /** Drops a pending choice whose outcome will never be known. */
  forget(id: string): void;
  readonly pending: number;
  addArm(arm: string): void;
  /** It is chosen no more; rewards of its pending choices still teach. */
  removeArm(arm: string): void;
  save(): Artifact;
}
