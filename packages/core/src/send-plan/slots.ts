import { type Caps, checkCaps, nextAllowed, type Send, type TimeZoneClock } from "@inchworm/learn";
import type { Settings } from "./settings.js";

const hour = 3_600_000;
const day = 24 * hour;

/** Hours of a window as a zone's clock shows them, those of the night left out. */
export interface Slots {
  readonly clock: TimeZoneClock;
  /** When each begins, UTC milliseconds, ascending. */
  readonly at: Float64Array;
  /** Hour of the week, 0 = Monday 00:00. */
  readonly cells: Uint8Array;
}

/** Every full clock hour in the window that begins outside of quiet hours. One that is shown twice is there once; one that is skipped is not. */
export function slotsOf(
  clock: TimeZoneClock,
  { from, until, quiet, channel }: Pick<Settings, "from" | "until" | "quiet" | "channel">,
): Slots {
  const at: number[] = [];
  const first = Math.ceil(clock.wall(from) / hour) * hour;
  // clocks that go back show an hour of before again: two hours more are looked at
  for (let wall = first - 2 * hour; wall <= clock.wall(until) + 2 * hour; wall += hour) {
    const instant = clock.instant(wall);
    if (instant < from || instant >= until || clock.wall(instant) !== wall) continue;
    if (at.length > 0 && instant <= at[at.length - 1]) continue;
    const noisy = checkCaps({ quietHours: quiet }, [], [{ at: instant, channel }], clock);
    if (noisy.length === 0) at.push(instant);
  }
  return {
    clock,
    at: Float64Array.from(at),
    cells: Uint8Array.from(at, (instant) => clock.weekHour(instant)),
  };
}

/** Clocks move a cap's days by less than this. */
const clockChange = 2 * day;

/**
 * Which slots the caps leave to somebody, given what they were sent and are to be sent: 1 = may be used. `undefined` = all of them.
 */
export function freeSlots(
  slots: Slots,
  caps: Caps,
  messages: readonly Send[],
  { until, channel }: Pick<Settings, "until" | "channel">,
): Uint8Array | undefined {
  if (!mayBind(caps, messages, slots.at)) return undefined;
  const free = new Uint8Array(slots.at.length);
  for (let slot = 0; slot < free.length; ) {
    const from = slots.at[slot];
    const next = nextAllowed(caps, messages, { channel, from, until }, slots.clock);
    if (next === undefined) break;
    if (next === from) free[slot++] = 1;
    else while (slot < free.length && slots.at[slot] < next) slot++;
  }
  return free;
}

/** Whether so many messages are near enough that a limit could bind at all: most people have too few. */
function mayBind(
  { volume = [], gapMinutes = 0 }: Caps,
  messages: readonly Send[],
  at: Float64Array,
): boolean {
  const [first, last] = [at[0], at[at.length - 1]];
  const near = (span: number) =>
    messages.reduce((count, { at }) => count + (at > first - span && at < last + span ? 1 : 0), 0);
  if (gapMinutes > 0 && near(gapMinutes * 60_000) > 0) return true;
  return volume.some(({ most, days }) => near(days * day + clockChange) >= most);
}
