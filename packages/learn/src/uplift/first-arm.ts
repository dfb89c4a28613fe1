import type { ArmUplift } from "./types.js";

/** The arm to tell of first: the one with the surest ranking, else the one that does most. */
export function firstArm(arms: readonly ArmUplift[]): ArmUplift {
  const surest = ({ learners, chosen }: ArmUplift): number =>
    learners.find(({ name }) => name === chosen)?.low ?? 0;
  return arms.reduce((one, other) => {
    if (one.signal !== other.signal) return one.signal ? one : other;
    const more = one.signal ? surest(other) > surest(one) : other.ate.value > one.ate.value;
    return more ? other : one;
  });
}
