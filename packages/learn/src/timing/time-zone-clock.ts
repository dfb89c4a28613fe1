import type { TimeZoneClock } from "./types.js";
import { weekHours } from "./types.js";
import { wallClock } from "./wall-clock.js";

/** 2²⁹ ms, some six days: no zone has changed its offset twice in so short a time since 1970 and come back to the same one. */
const span = 2 ** 29;
const hour = 3_600_000;
const day = 24 * hour;
const week = 7 * day;
/** The table holds the years 1970 to 2099; other instants are asked of the runtime each time. */
const spans = Math.ceil(Date.UTC(2100, 0) / span);
/** 1970-01-01 was a Thursday. */
const epochHour = 72;
const unread = 0x7fffffff;

const clocks = new Map<string, TimeZoneClock>();

/**
 * The clock of an IANA zone, kept for the next who asks. Its table is read from the runtime's time zone data as it is needed, six days
 * at a time, by bisection.
 *
 * @throws LearnError "input" when the runtime knows no such zone, and for an instant that is no number
 */
export function timeZoneClock(zone: string): TimeZoneClock {
  const key = zone.toLowerCase();
  const known = clocks.get(key);
  if (known) return known;
  const clock = makeClock(zone);
  clocks.set(key, clock);
  return clock;
}

function makeClock(name: string): TimeZoneClock {
  const source = wallClock(name);
  const before = new Int32Array(spans).fill(unread);
  const after = new Int32Array(spans);
  const changes = new Float64Array(spans);

  const read = (at: number): void => {
    const start = at * span;
    const end = start + span;
    const first = source.offset(start);
    const last = source.offset(end);
    let [low, high] = [start, end];
    if (first !== last)
      while (high - low > 1) {
        const middle = Math.floor((low + high) / 2);
        if (source.offset(middle) === first) low = middle;
        else high = middle;
      }
    changes[at] = first === last ? Infinity : high;
    before[at] = first;
    after[at] = last;
  };
  const offset = (instant: number): number => {
    const at = Math.floor(instant / span);
    if (!(at >= 0 && at < spans)) return source.offset(instant);
    if (before[at] === unread) read(at);
    return instant < changes[at] ? before[at] : after[at];
  };
  const toInstant = (wall: number): number => {
    const earlier = offset(wall - day);
    const later = offset(wall + day);
    const first = wall - earlier;
    if (earlier === later) return first;
    const second = wall - later;
    const firstHolds = offset(first) === earlier;
    const secondHolds = offset(second) === later;
    if (firstHolds && secondHolds) return Math.min(first, second);
    return secondHolds ? second : first;
  };

  return {
    zone: source.zone,
    offset,
    wall: (instant) => instant + offset(instant),
    instant: toInstant,
    weekHour: (instant) => weekHourOf(instant + offset(instant)),
    weekHours(instants, into = new Uint8Array(instants.length)) {
      for (let index = 0; index < instants.length; index++) {
        const instant = instants[index];
        into[index] = weekHourOf(instant + offset(instant));
      }
      return into;
    },
    next(weekHour, from) {
      const wall = from + offset(from);
      const back = weekHourOf(wall) - weekHour;
      const latest = (Math.floor(wall / hour) - (back < 0 ? back + weekHours : back)) * hour;
      const instant = toInstant(latest);
      return instant >= from ? instant : toInstant(latest + week);
    },
    transitions(from, to) {
      const found: number[] = [];
      const last = Math.min(spans - 1, Math.floor(to / span));
      // a change at the very start of a span stands at the end of the one before
      for (let at = Math.max(0, Math.floor(from / span) - 1); at <= last; at++) {
        if (before[at] === unread) read(at);
        if (changes[at] >= from && changes[at] < to) found.push(changes[at]);
      }
      return Float64Array.from(found);
    },
  };
}

function weekHourOf(wall: number): number {
  const cell = (Math.floor(wall / hour) + epochHour) % weekHours;
  return cell < 0 ? cell + weekHours : cell;
}
