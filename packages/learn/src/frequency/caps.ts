import { LearnError } from "../error.js";
import { type Constraint, checkOptions } from "../options.js";
import type { Caps, CapViolation, LocalClock, QuietHours, Send, VolumeCap } from "./types.js";

const who = "caps";
const minute = 60_000;
const day = 1440 * minute;
/** Days by which a clock may have been put back: islands have changed sides of the date line. */
const longestJump = 2;

/** A rule as it is checked: which of two messages, told by instants and wall times, it does not let stand. */
export interface Rule {
  readonly kind: CapViolation["kind"];
  readonly words: string;
  readonly channel: string | undefined;
  /** How many messages may count for one, itself included. */
  readonly most: number;
  /** Messages further apart than so many milliseconds do not count for each other. */
  readonly reach: number;
  /** Whether an earlier message counts for a later one. */
  counts(earlier: Timed, later: Timed): boolean;
}

export interface Timed {
  readonly at: number;
  readonly wall: number;
  readonly channel: string;
  /** Place among the planned; -1 for what was sent. */
  readonly planned: number;
}

const minuteOfDay: Constraint = { min: 0, max: 1439, integer: true };

/** @throws LearnError "input" for limits that are none */
export function checkedCaps(caps: Caps): { rules: readonly Rule[]; quiet: readonly QuietHours[] } {
  const { volume = [], quietHours = [], gapMinutes } = caps;
  for (const cap of volume)
    checkOptions(who, cap, { most: { min: 0, integer: true }, days: { min: 1, integer: true } });
  for (const quiet of quietHours) {
    checkOptions(who, quiet, { from: minuteOfDay, until: minuteOfDay });
    for (const weekday of quiet.weekdays ?? [])
      checkOptions(who, { weekday }, { weekday: { min: 1, max: 7, integer: true } });
  }
  const rules = volume.map(volumeRule);
  if (gapMinutes !== undefined) {
    checkOptions(who, { gapMinutes }, { gapMinutes: { min: 0 } });
    const counts: Rule["counts"] = (earlier, later) => later.at - earlier.at < gapMinutes * minute;
    const words = `at least ${gapMinutes} minutes between two messages`;
    const reach = gapMinutes * minute;
    rules.push({ kind: "gap", words, channel: undefined, most: 1, reach, counts });
  }
  return { rules, quiet: quietHours };
}

function volumeRule({ most, days, channel }: VolumeCap): Rule {
  return {
    kind: "volume",
    words: `at most ${most}${channel === undefined ? "" : ` by ${channel}`} in ${days === 1 ? "a day" : `${days} days`}`,
    channel,
    most,
    reach: (days + longestJump) * day,
    counts: (earlier, later) => later.wall - earlier.wall < days * day,
  };
}

/** @throws LearnError "input" for a message without a time */
export function timed(sends: readonly Send[], clock: LocalClock, planned: boolean): Timed[] {
  return sends.map(({ at, channel }, place) => {
    if (!Number.isFinite(at))
      throw new LearnError("input", `${who}: message ${place} has no time, but ${String(at)}.`, {
        hint: "Give UTC milliseconds.",
      });
    return { at, channel, wall: at + clock.offset(at), planned: planned ? place : -1 };
  });
}

/** Earlier first; at one instant what was sent comes before what is planned. */
export const byTime = (one: Timed, other: Timed): number =>
  one.at - other.at || one.planned - other.planned;

/** The quiet hours that a wall time falls in. */
export function quietAt(
  quietHours: readonly QuietHours[],
  wall: number,
  channel: string,
): QuietHours | undefined {
  const today = Math.floor(wall / day);
  const minuteNow = Math.floor((wall - today * day) / minute);
  return quietHours.find(({ from, until, weekdays, channel: only }) => {
    if (only !== undefined && only !== channel) return false;
    const begunOn = (onDay: number) =>
      // 1970-01-01 was a Thursday
      weekdays === undefined || weekdays.includes(((((onDay + 3) % 7) + 7) % 7) + 1);
    if (from < until) return minuteNow >= from && minuteNow < until && begunOn(today);
    return (minuteNow >= from && begunOn(today)) || (minuteNow < until && begunOn(today - 1));
  });
}

/**
 * Every planned message that breaks a limit, given what was sent. What is left when those are taken out breaks none, however many
 * the past holds: of the messages that are too many, the latest planned ones are named.
 *
 * @throws LearnError "input" for limits or times that are none
 */
export function checkCaps(
  caps: Caps,
  past: readonly Send[],
  planned: readonly Send[],
  clock: LocalClock,
): CapViolation[] {
  const { rules, quiet } = checkedCaps(caps);
  const plans = timed(planned, clock, true);
  const all = [...timed(past, clock, false), ...plans].sort(byTime);
  const violations = new Map<string, CapViolation>();
  const report = (place: number, kind: CapViolation["kind"], rule: string): void => {
    violations.set(`${place} ${rule}`, { planned: place, rule, kind });
  };
  for (const { wall, channel, planned: place } of plans) {
    const hours = quietAt(quiet, wall, channel);
    if (hours) report(place, "quiet-hours", quietWords(hours));
  }
  for (const rule of rules)
    for (const { planned: place } of tooMany(rule, all)) report(place, rule.kind, rule.words);
  return [...violations.values()].sort((one, other) => one.planned - other.planned);
}

/** `all` in order of time. The planned messages, latest first, without which none has more than `most` that count for it. */
export function tooMany(rule: Rule, all: readonly Timed[]): Set<Timed> {
  const excess = new Set<Timed>();
  const { channel, most, reach } = rule;
  const those = channel === undefined ? all : all.filter((send) => send.channel === channel);
  const first = those.findIndex((send) => send.planned >= 0);
  for (let last = Math.max(0, first); first >= 0 && last < those.length; last++) {
    const later = those[last];
    const counted: Timed[] = [];
    for (let index = last; index >= 0 && later.at - those[index].at < reach; index--)
      if (!excess.has(those[index]) && rule.counts(those[index], later)) counted.push(those[index]);
    let over = counted.length - most;
    for (const send of counted)
      if (over > 0 && send.planned >= 0) {
        excess.add(send);
        over--;
      }
  }
  return excess;
}

function quietWords({ from, until, channel }: QuietHours): string {
  const clockTime = (minutes: number) =>
    `${String(Math.floor(minutes / 60)).padStart(2, "0")}:${String(minutes % 60).padStart(2, "0")}`;
  const by = channel === undefined ? "" : ` by ${channel}`;
  return `quiet${by} from ${clockTime(from)} to ${clockTime(until)}`;
}
