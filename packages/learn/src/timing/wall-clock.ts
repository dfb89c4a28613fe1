import { LearnError } from "../error.js";

/** Reads a zone's wall time from the runtime's own time zone data: right for any instant of the years 1 to 9999, but slow. */
export interface WallClock {
  readonly zone: string;
  /** Wall time less UTC in milliseconds. @throws LearnError "input" for an instant that is none */
  offset(instant: number): number;
}

const earliest = Date.parse("0001-01-02T00:00:00Z");
const latest = Date.UTC(9999, 11, 30);

/** @throws LearnError "input" when the runtime knows no such zone */
export function wallClock(name: string): WallClock {
  const format = formatOf(name);
  return {
    zone: format.resolvedOptions().timeZone,
    offset(instant) {
      if (!(instant >= earliest && instant <= latest))
        throw new LearnError("input", `timeZoneClock: ${instant} is no instant in milliseconds.`, {
          hint: "Pass UTC milliseconds since 1970-01-01, of the years 1 to 9999.",
        });
      const second = Math.floor(instant / 1000) * 1000;
      let [year, month, day, hour, minute, seconds] = [0, 0, 0, 0, 0, 0];
      for (const { type, value } of format.formatToParts(second)) {
        if (type === "year") year = Number(value);
        else if (type === "month") month = Number(value);
        else if (type === "day") day = Number(value);
        else if (type === "hour") hour = Number(value);
        else if (type === "minute") minute = Number(value);
        else if (type === "second") seconds = Number(value);
      }
      return Date.UTC(year, month - 1, day, hour, minute, seconds) - second;
    },
  };
}

function formatOf(timeZone: string): Intl.DateTimeFormat {
  try {
    return new Intl.DateTimeFormat("en-US", {
      timeZone,
      calendar: "iso8601",
      numberingSystem: "latn",
      hourCycle: "h23",
      year: "numeric",
      month: "numeric",
      day: "numeric",
      hour: "numeric",
      minute: "numeric",
      second: "numeric",
    });
  } catch (cause) {
    // what stands in a zone's field may be anything, even an address: show only what looks like a zone
    const shown = /^[\w+\-/: ]{1,40}$/.test(timeZone) ? `"${timeZone}"` : "the text given";
    throw new LearnError("input", `timeZoneClock: ${shown} is no time zone.`, {
      hint: 'Pass an IANA name such as "Europe/Berlin".',
      cause,
    });
  }
}
