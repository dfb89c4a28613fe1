import type { Interval } from "../metrics/bootstrap.js";
import type { ArmUplift } from "./types.js";

type Summary = Pick<ArmUplift, "ate" | "learners" | "chosen" | "signal" | "treat">;

export const verdictOf = ({ signal }: Pick<Summary, "signal">): string =>
  signal ? "signal: treat those who gain" : "no signal: treat all or none";

/** One sentence with the numbers that decided. */
export function becauseOf({ ate, learners, chosen, treat }: Summary): string {
  const winner = learners.find(({ name }) => name === chosen) ?? learners[0];
  const mean = `the mean effect is ${told(ate)}`;
  if (treat === "ranked")
    return `The ${chosen} ranks people better than chance: Qini ${told({ ...winner, value: winner.qini })}; the 30 % ranked highest gain ${number(winner.uplift30)}, and ${mean}.`;
  const best = learners.find(({ name }) => name !== "ate-only");
  const near = best
    ? ` (the best, ${best.name}, has a Qini of ${told({ ...best, value: best.qini })})`
    : "";
  return `No learner ranks people better than chance beyond doubt${near}; ${mean}, ${advice[treat]}.`;
}

const advice = {
  all: "so treat all",
  none: "so treat none",
  undecided: "which may be nothing, so nothing speaks for treating anybody",
};

const told = ({ value, low, high }: Interval): string =>
  `${number(value)} (${number(low)} to ${number(high)})`;

const number = (value: number): string => String(Number(value.toPrecision(3)));
