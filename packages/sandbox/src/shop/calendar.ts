import {
  guideCells,
  hoursPerWeek,
  type Rhythm,
  rhythms,
  season,
  secondsPerDay,
  secondsPerHour,
} from "./rhythm.js";
import { type ZoneOffsets, zoneOffsets } from "./zones.js";

const secondsPerWeek = 7 * secondsPerDay;
// 1970-01-01 was a Thursday: weeks here begin on Monday
const firstMonday = -3 * secondsPerDay;

/** What all people's clocks share: zones, and the strength of trade week by week. */
export interface Calendar {
  readonly zones: readonly ZoneOffsets[];
  readonly firstWeek: number;
  /** Per season, activity before each week since `firstWeek`. */
  readonly before: readonly Float64Array[];
}

/** From a week before `from` to two weeks after `until`, UTC seconds. */
export function calendar(timeZones: readonly string[], from: number, until: number): Calendar {
  const firstWeek = Math.floor((from - firstMonday) / secondsPerWeek) - 1;
  const weeks = Math.ceil((until - from) / secondsPerWeek) + 5;
  const before = ([0, 1] as const).map((kind) => {
    const sums = new Float64Array(weeks + 1);
    for (let week = 0; week < weeks; week++)
      sums[week + 1] = sums[week] + season(kind, firstMonday + (firstWeek + week) * secondsPerWeek);
    return sums;
  });
  return { zones: timeZones.map((zone) => zoneOffsets(zone, from, until)), firstWeek, before };
}

/**
 * A person's own clock. It turns an instant into *activity*: weeks of average trade, which pass quickly in the person's waking
 * hours and the busy season and hardly at all at night. A process of constant rate in activity has the right hours, weekdays,
 * season and daylight saving in calendar time. `instant` never decreases; the two are each other's inverse to the second,
 * except in an hour that a change of clocks skips or repeats.
 */
export interface Clock {
  /** Sets the clock to a person's zone, habits and season. `shift` hours later than the chronotype. */
  set(zone: number, chronotype: number, shift: number, seasonKind: 0 | 1): void;
  /** Activity at a UTC second. */
  activity(seconds: number): number;
  /** UTC second of an activity. */
  instant(activity: number): number;
  /** Hour of the week, 0 to 167, on the clocks of the person's zone. */
  hourOfWeek(seconds: number): number;
}

export function clock(shared: Calendar): Clock {
  return new PersonClock(shared);
}

class PersonClock implements Clock {
  private readonly shared: Calendar;
  private zone: ZoneOffsets;
  private before: Float64Array;
  private rhythm: Rhythm = rhythms[0];
  private shift = 0;
  private week = 0;
  private change = 0;

  constructor(shared: Calendar) {
    this.shared = shared;
    this.zone = shared.zones[0];
    this.before = shared.before[0];
  }

  set(zone: number, chronotype: number, shift: number, seasonKind: 0 | 1): void {
    this.zone = this.shared.zones[zone];
    this.before = this.shared.before[seasonKind];
    this.rhythm = rhythms[chronotype];
    this.shift = shift * secondsPerHour;
    this.week = 0;
    this.change = 0;
  }

  private offset(seconds: number): number {
    const { from, offset } = this.zone;
    let i = this.change;
    while (from[i] > seconds) i--;
    while (i + 1 < from.length && from[i + 1] <= seconds) i++;
    this.change = i;
    return offset[i];
  }

  private utc(local: number): number {
    const offset = this.offset(local - this.offset(local));
    const seconds = local - offset;
    const there = this.offset(seconds);
    if (there === offset) return seconds;
    // a local time that the clocks skip: the instant of the change
    this.offset(Math.max(seconds, local - there));
    return this.zone.from[this.change];
  }

  hourOfWeek(seconds: number): number {
    const local = seconds + this.offset(seconds) - firstMonday;
    return Math.floor((local % secondsPerWeek) / secondsPerHour);
  }

  activity(seconds: number): number {
    const own = seconds + this.offset(seconds) - this.shift - firstMonday;
    const week = Math.floor(own / secondsPerWeek);
    const hours = (own - week * secondsPerWeek) / secondsPerHour;
    const hour = Math.min(hoursPerWeek - 1, Math.floor(hours));
    const share = this.rhythm.before[hour] + (hours - hour) * this.rhythm.share[hour];
    const i = week - this.shared.firstWeek;
    return this.before[i] + share * (this.before[i + 1] - this.before[i]);
  }

  instant(activity: number): number {
    const { before, rhythm } = this;
    let week = this.week;
    if (before[week] > activity) week = 0;
    while (before[week + 1] <= activity) week++;
    this.week = week;
    const share = (activity - before[week]) / (before[week + 1] - before[week]);
    let hour = rhythm.guide[Math.floor(share * guideCells)];
    while (rhythm.before[hour + 1] <= share && hour < hoursPerWeek - 1) hour++;
    const hours = hour + (share - rhythm.before[hour]) / rhythm.share[hour];
    const local =
      firstMonday +
      (week + this.shared.firstWeek) * secondsPerWeek +
      hours * secondsPerHour +
      this.shift;
    return Math.round(this.utc(local));
  }
}
