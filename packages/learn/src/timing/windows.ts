import { LearnError } from "../error.js";
import { dayHours, weekDays } from "./bins.js";
import type { HourWindow } from "./types.js";
import { weekHours } from "./types.js";

/**
 * Flags by local week hour for `BestOptions.allowed`: hours inside any of the windows (all, where none is given) and outside all quiet
 * ones. An hour is left out when any part of it is quiet, and is inside a window only as a whole.
 *
 * @throws LearnError "input" when a window is none, or nothing is left
 */
export function allowedCells({
  windows,
  quiet = [],
}: {
  readonly windows?: readonly HourWindow[];
  readonly quiet?: readonly HourWindow[];
}): Uint8Array {
  const allowed = new Uint8Array(weekHours);
  if (windows === undefined) allowed.fill(1);
  else for (const window of windows) mark(allowed, window, 1, Math.ceil, Math.floor);
  for (const window of quiet) mark(allowed, window, 0, Math.floor, Math.ceil);
  if (!allowed.includes(1))
    throw new LearnError("input", "allowedCells: no hour of the week is left.", {
      hint: "Widen a window or shorten the quiet hours.",
    });
  return allowed;
}

function mark(
  cells: Uint8Array,
  { from, to, days = [0, 1, 2, 3, 4, 5, 6] }: HourWindow,
  flag: 0 | 1,
  begin: (hour: number) => number,
  end: (hour: number) => number,
): void {
  const right = (hour: number): boolean => hour >= 0 && hour <= dayHours;
  if (!right(from) || !right(to))
    throw new LearnError(
      "input",
      `allowedCells: a window goes from 0 to 24 o'clock, got ${from} to ${to}.`,
    );
  for (const day of days) {
    if (!(Number.isInteger(day) && day >= 0 && day < weekDays))
      throw new LearnError("input", `allowedCells: days are 0 (Monday) to 6, got ${day}.`);
    const until = to > from ? to : to + dayHours;
    for (let hour = begin(from); hour < end(until); hour++)
      cells[(day * dayHours + hour) % weekHours] = flag;
  }
}
