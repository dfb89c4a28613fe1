import { LearnError } from "../error.js";
import { normalCdf } from "../special/normal.js";
import { alwaysValid } from "./always-valid.js";
import { groupSequential } from "./group-sequential.js";
import type { Looking } from "./types.js";

const quarters = [0.25, 0.5, 0.75, 1];

/**
 * The level at which an interval over `rows` people is to be made so that claims at any of the looks are false with a chance of
 * `level` at most, all looks together.
 *
 * @throws LearnError "input" for a planned number, or shares looked at, that are none
 */
export function levelNow(looking: Looking, rows: number, level: number): number {
  if (looking.kind === "once") return level;
  const { planned } = looking;
  if (!(planned > 0) || !Number.isFinite(planned))
    throw new LearnError("input", 'experiment: "planned" must be a number of people above 0.');
  if (looking.kind === "always-valid") return tails(alwaysValid(rows, planned, level));
  const now = rows / planned;
  const given = looking.earlier ?? quarters;
  if (given.some((share) => !(share > 0)))
    throw new LearnError("input", 'experiment: "earlier" must hold shares above 0.');
  const before = given.filter((share) => share < now).sort((one, other) => one - other);
  const looks = [...new Set([...before, now])];
  return tails(groupSequential(looks, level)[looks.length - 1]);
}

/** People in the smaller arm for each unit of kurtosis; of a rare yes, expected ones. */
const leastPeople = 5;

/** Whether a look comes before arms hold enough for their means to be as normal as bounds so far out need them to be. */
export const tooEarly = (looking: Looking, smaller: number, kurtosis: number): boolean =>
  looking.kind !== "once" && !(smaller >= leastPeople * Math.max(kurtosis, 3));

const tails = (z: number): number => 2 * normalCdf(-z);
