import { LearnError } from "../error.js";
import type { Ridge } from "./ridge.js";
import type { BanditChoice, BanditOptions } from "./types.js";

export const who = "bandit";

export type Settings = Required<Omit<BanditOptions, "arms">>;

export interface Waiting {
  readonly choice: BanditChoice;
  /** Features and the constant. */
  readonly x: Float64Array;
}

/** All that a bandit knows. */
export interface BanditState {
  readonly settings: Settings;
  /** Arms that can be chosen; `known` also has those that were removed. */
  readonly active: Set<string>;
  readonly known: Map<string, Ridge>;
  readonly waiting: Map<string, Waiting>;
  /** Rewards told so far. */
  seen: number;
  /** Their mean and number, faded, and the range they were in. */
  mean: number;
  weight: number;
  lowest: number;
  highest: number;
}

/** The features and a constant 1 behind them. @throws LearnError "input" */
export function withConstant({ features }: Settings, values: ArrayLike<number>): Float64Array {
  if (values.length !== features)
    throw new LearnError("input", `${who}: ${values.length} features instead of ${features}.`);
  const x = new Float64Array(features + 1);
  for (let index = 0; index < features; index++) {
    if (!Number.isFinite(values[index]))
      throw new LearnError("input", `${who}: feature ${index} is ${values[index]}.`, {
        hint: "Fill in what is missing before choosing.",
      });
    x[index] = values[index];
  }
  x[features] = 1;
  return x;
}
