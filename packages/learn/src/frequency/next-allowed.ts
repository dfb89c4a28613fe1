import { LearnError } from "../error.js";
import { byTime, checkedCaps, quietAt, type Timed, timed, tooMany } from "./caps.js";
import type { Caps, LocalClock, Send } from "./types.js";

const hour = 3_600_000;
const day = 24 * hour;

/**
 * The first instant from `from` to before `until` at which one more message by `channel` breaks no limit, given all that was sent or
 * is planned already; `undefined` where there is none.
 *
 * @throws LearnError "input" for limits or times that are none
 */
export function nextAllowed(
  caps: Caps,
  sends: readonly Send[],
  message: { readonly channel: string; readonly from: number; readonly until: number },
  clock: LocalClock,
): number | undefined {
  const { rules, quiet } = checkedCaps(caps);
  const { channel, from, until } = message;
  if (!(Number.isFinite(from) && Number.isFinite(until)))
    throw new LearnError("input", `caps: cannot look from ${from} until ${until}.`, {
      hint: "Give both in UTC milliseconds.",
    });
  const standing = timed(sends, clock, false);
  const fits = (at: number): boolean => {
    const one: Timed = { at, channel, wall: at + clock.offset(at), planned: 0 };
    if (quietAt(quiet, one.wall, channel)) return false;
    const all = [...standing, one].sort(byTime);
    return rules.every((rule) => tooMany(rule, all).size === 0);
  };
  const instants = [...timed([{ at: from, channel }], clock, false), ...standing].flatMap(
    ({ at, wall }) => [
      at,
      at + (caps.gapMinutes ?? 0) * 60_000,
      ...(caps.volume ?? []).flatMap(({ days }) => shown(clock, wall + days * day)),
    ],
  );
  const firstDay = Math.floor((from + clock.offset(from)) / day);
  const lastDay = Math.floor((until + clock.offset(until)) / day);
  for (const { until: end } of quiet)
    for (let date = firstDay; date <= lastDay; date++)
      instants.push(...shown(clock, date * day + end * 60_000));
  return instants
    .filter((at) => at >= from && at < until)
    .sort((one, other) => one - other)
    .find(fits);
}

/** Where room can begin that a wall time gives: when it is first shown, and when an hour or half an hour is shown again. */
const shown = (clock: LocalClock, wall: number): number[] => {
  const first = clock.instant(wall);
  return [first, first + hour / 2, first + hour];
};
