import { LearnError } from "../error.js";
import type { AnswerCurve } from "./types.js";

const grid = [0.25, 0.5, 1, 2, 3, 4, 6, 8, 12, 18, 24, 36, 48, 72, 96, 120, 168];
/** Fewer answers than this say little of how soon they come. */
const leastAnswers = 50;

/**
 * How soon answers come, from the delays in hours of answers to messages sent at least `horizon` hours ago; later answers do not count.
 *
 * @throws LearnError "input" when there are fewer than 50
 */
export function answerCurve(delays: ArrayLike<number>, horizon = 72): AnswerCurve {
  const known = Array.from(delays).filter((delay) => delay >= 0 && delay <= horizon);
  if (known.length < leastAnswers)
    throw new LearnError(
      "input",
      `answerCurve: ${known.length} answers within ${horizon} hours say too little of how soon they come; ${leastAnswers} are needed.`,
    );
  known.sort((left, right) => left - right);
  const hours = [...grid.filter((hour) => hour < horizon), horizon];
  let before = 0;
  const shares = hours.map((hour) => {
    while (before < known.length && known[before] <= hour) before++;
    return before / known.length;
  });
  return { hours, shares };
}

/** The share of answers that have come after so many hours: straight lines between the hours that are told. */
export function shareBy({ hours, shares }: AnswerCurve, at: number): number {
  const next = hours.findIndex((hour) => hour >= at);
  if (next < 0) return shares.at(-1) ?? 1;
  const from = next === 0 ? 0 : hours[next - 1];
  const low = next === 0 ? 0 : shares[next - 1];
  if (hours[next] === from) return shares[next];
  return low + ((shares[next] - low) * (at - from)) / (hours[next] - from);
}

/** @throws LearnError "input" for one that does not rise from 0 to 1 */
export function checkCurve(who: string, { hours, shares }: AnswerCurve): void {
  const rises = (list: readonly number[]) =>
    list.every((value, at) => value >= 0 && (at === 0 || value >= list[at - 1]));
  if (
    hours.length > 0 &&
    hours.length === shares.length &&
    rises(hours) &&
    rises(shares) &&
    (shares.at(-1) as number) > 0 &&
    (shares.at(-1) as number) <= 1
  )
    return;
  throw new LearnError(
    "input",
    `${who}: a curve has as many hours as shares, both rising, the shares above 0 and at most 1.`,
  );
}
