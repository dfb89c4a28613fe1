import { describe, expect, it } from "vitest";
import { LearnError } from "../error.js";
import { timeZoneClock } from "./time-zone-clock.js";
import { wallClock } from "./wall-clock.js";

const hour = 3_600_000;
const day = 24 * hour;
const from = Date.UTC(2015, 0);
const to = Date.UTC(2027, 0);
const zones = Intl.supportedValuesOf("timeZone");
const utc = (text: string): number => Date.parse(`${text}Z`);

/** The wall time that the runtime itself prints. */
function printed(zone: string, instant: number): string {
  return new Date(instant).toLocaleString("sv-SE", { timeZone: zone });
}

describe("every zone's transitions since 2015", () => {
  const changes = zones.map((zone) => ({
    zone,
    clock: timeZoneClock(zone),
    at: timeZoneClock(zone).transitions(from, to),
  }));

  it("are all found, where the runtime changes its offset and nowhere else", () => {
    let found = 0;
    for (const { zone, at } of changes) {
      const source = wallClock(zone);
      found += at.length;
      for (const instant of at) expect(source.offset(instant)).not.toBe(source.offset(instant - 1));
      // between transitions nothing changes: looked at every 12 days of every zone
      let next = 0;
      let offset = source.offset(from);
      for (let instant = from; instant < to; instant += 12 * day) {
        while (next < at.length && at[next] <= instant) offset = source.offset(at[next++]);
        if (source.offset(instant) !== offset) throw new Error(`${zone} at ${instant}`);
      }
    }
    expect(found).toBeGreaterThan(2000);
  });

  it("lose no instant and double none, there and back", () => {
    for (const { zone, clock, at } of changes)
      for (const change of at) {
        const step = clock.offset(change) - clock.offset(change - 1);
        expect(step).not.toBe(0);
        for (let instant = change - 26 * hour; instant <= change + 26 * hour; instant += hour / 4) {
          const wall = clock.wall(instant);
          const back = clock.instant(wall);
          // shown a second time: the first of the two is meant; else back to where it was
          const again = step < 0 && instant >= change && instant < change - step;
          const expected = again ? instant + step : instant;
          if (back !== expected) throw new Error(`${zone}: ${instant} came back as ${back}`);
        }
        // a wall time that is never shown is read with the offset before
        for (let wall = clock.wall(change - 1) + 1; wall < clock.wall(change); wall += hour / 4)
          expect(clock.instant(wall)).toBe(wall - clock.offset(change - 1));
      }
  });

  it("cut time into whole local hours: each runs on from the one before", () => {
    for (const { zone, clock, at } of changes)
      for (const change of at) {
        const start = change - 30 * hour;
        const instants = Float64Array.from(
          { length: 241 },
          (_, index) => start + (index * hour) / 4,
        );
        const cells = clock.weekHours(instants);
        for (let index = 1; index < cells.length; index++) {
          const passed =
            Math.floor(clock.wall(instants[index]) / hour) -
            Math.floor(clock.wall(instants[index - 1]) / hour);
          const turned = (cells[index] - cells[index - 1] - passed) % 168;
          if (turned !== 0) throw new Error(`${zone} at ${instants[index]}`);
        }
      }
  });

  it("schedule every hour of the week around a change, once and in order", () => {
    for (const { zone, clock, at } of changes)
      for (const change of at.subarray(-2)) {
        const after = change - 3 * day;
        const step = clock.offset(change) - clock.offset(change - 1);
        for (let cell = 0; cell < 168; cell++) {
          const next = clock.next(cell, after);
          const skipped =
            step > 0 && clock.instant(clock.wall(next)) === next && clock.weekHour(next) !== cell;
          if (next < after || next >= after + 7 * day + 25 * hour)
            throw new Error(`${zone}: ${cell}`);
          if (!skipped && clock.weekHour(next) !== cell)
            throw new Error(`${zone}: ${cell} at ${next}`);
          if (clock.next(cell, next) !== next) throw new Error(`${zone}: ${cell} after ${next}`);
        }
      }
  });
});

describe("timeZoneClock", () => {
  it("agrees with what the runtime prints, in the past, present and future of odd zones", () => {
    const odd = [
      "Asia/Kathmandu",
      "Australia/Lord_Howe",
      "Africa/Casablanca",
      "Pacific/Apia",
      "America/St_Johns",
      "Europe/Dublin",
      "Antarctica/Troll",
    ];
    for (const zone of odd)
      for (
        let instant = utc("1955-03-01T00:00:00");
        instant < utc("2110-01-01T00:00:00");
        instant += 97.31 * day
      ) {
        const wall = new Date(Math.floor(timeZoneClock(zone).wall(instant) / 1000) * 1000);
        const shown = wall.toISOString().slice(0, 19).replace("T", " ");
        expect(shown).toBe(printed(zone, instant));
      }
  });

  it("counts week hours from Monday 00:00 on the local clock", () => {
    const berlin = timeZoneClock("Europe/Berlin");
    expect(berlin.weekHour(utc("2024-01-01T00:30:00"))).toBe(1);
    expect(berlin.weekHour(utc("2023-12-31T22:59:59"))).toBe(167);
    expect(berlin.weekHour(utc("2023-12-31T23:00:00"))).toBe(0);
    expect(timeZoneClock("Asia/Kolkata").weekHour(utc("2024-07-01T18:29:59"))).toBe(23);
    expect(timeZoneClock("UTC").weekHour(-1)).toBe(3 * 24 - 1);
  });

  it("reads a wall time in a gap with the offset before, and a doubled one as the first", () => {
    const berlin = timeZoneClock("europe/berlin");
    expect(berlin.zone).toBe("Europe/Berlin");
    expect(berlin.instant(utc("2024-03-31T02:30:00"))).toBe(utc("2024-03-31T01:30:00"));
    expect(berlin.instant(utc("2024-10-27T02:30:00"))).toBe(utc("2024-10-27T00:30:00"));
    // Samoa had no 30 December 2011
    const apia = timeZoneClock("Pacific/Apia");
    expect(apia.instant(utc("2011-12-30T12:00:00"))).toBe(utc("2011-12-30T22:00:00"));
  });

  it("finds the next time a week hour comes", () => {
    const berlin = timeZoneClock("Europe/Berlin");
    const monday = utc("2024-03-25T08:00:00"); // 09:00 there
    expect(berlin.next(9, monday)).toBe(monday);
    expect(berlin.next(9, monday + 1)).toBe(utc("2024-04-01T07:00:00"));
    // 02:00 on Sunday the 31st is skipped: the clock shows 03:00
    expect(berlin.next(6 * 24 + 2, monday)).toBe(utc("2024-03-31T01:00:00"));
  });

  it("says what is no zone without showing what may be an address, and what is no instant", () => {
    expect(() => timeZoneClock("Mars/Olympus")).toThrow(/"Mars\/Olympus" is no time zone/);
    expect(() => timeZoneClock("ada@example.com")).toThrow(/the text given is no time zone/);
    expect(() => timeZoneClock("")).toThrow(LearnError);
    const berlin = timeZoneClock("Europe/Berlin");
    expect(() => berlin.weekHour(Number.NaN)).toThrow(LearnError);
    expect(() => berlin.weekHours(Float64Array.of(0, Infinity))).toThrow(LearnError);
  });
});
