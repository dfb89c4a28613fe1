import { secondsPerDay } from "./rhythm.js";

/** Offsets from UTC of one time zone, looked up once so that the hot path never asks Intl. */
export interface ZoneOffsets {
  /** UTC seconds from which each offset holds, ascending; the first is -Infinity. */
  readonly from: Float64Array;
  /** Local minus UTC, seconds. */
  readonly offset: Float64Array;
}

/** A look every two weeks finds every change: no zone used here changes its clocks twice in a fortnight. */
const step = 14 * secondsPerDay;

/** Every change of a zone's clocks between two UTC seconds. */
export function zoneOffsets(timeZone: string, from: number, until: number): ZoneOffsets {
  const format = new Intl.DateTimeFormat("en-US", {
    timeZone,
    hourCycle: "h23",
    year: "numeric",
    month: "numeric",
    day: "numeric",
    hour: "numeric",
    minute: "numeric",
    second: "numeric",
  });
  const offsetAt = (seconds: number): number => {
    const part: Record<string, number> = {};
    for (const { type, value } of format.formatToParts(seconds * 1000)) part[type] = Number(value);
    const local = Date.UTC(
      part.year,
      part.month - 1,
      part.day,
      part.hour,
      part.minute,
      part.second,
    );
    return local / 1000 - seconds;
  };

  const starts = [Number.NEGATIVE_INFINITY];
  const offsets = [offsetAt(from)];
  for (let at = from; at < until; at += step) {
    const next = offsetAt(at + step);
    const current = offsets[offsets.length - 1];
    if (next === current) continue;
    let low = at;
    let high = at + step;
    while (high - low > 1) {
      const middle = Math.floor((low + high) / 2);
      if (offsetAt(middle) === current) low = middle;
      else high = middle;
    }
    starts.push(high);
    offsets.push(next);
  }
  return { from: Float64Array.from(starts), offset: Float64Array.from(offsets) };
}
