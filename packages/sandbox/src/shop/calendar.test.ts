import { expect, test } from "vitest";
import { calendar, clock } from "./calendar.js";
import { places } from "./places.js";
import { chronotypes, hoursPerWeek, rhythms, season, secondsPerDay } from "./rhythm.js";
import { zoneOffsets } from "./zones.js";

const from = Date.UTC(2024, 0, 1) / 1000;
const until = Date.UTC(2026, 0, 1) / 1000;
const zones = [...new Set(places.map((place) => place.timeZone))];

test.each(zones)("clocks of %s are right, changes included", (timeZone) => {
  const { from: starts, offset } = zoneOffsets(timeZone, from, until);
  const format = new Intl.DateTimeFormat("en-US", { timeZone, timeZoneName: "longOffset" });
  const told = (seconds: number): number => {
    const text = format.format(seconds * 1000).match(/GMT([+-]?)(\d+)?:?(\d+)?/) ?? [];
    const size = Number(text[2] ?? 0) * 3600 + Number(text[3] ?? 0) * 60;
    return text[1] === "-" ? -size : size;
  };
  for (let at = from; at < until; at += 5 * secondsPerDay + 3600) {
    let i = starts.length - 1;
    while (starts[i] > at) i--;
    expect(offset[i]).toBe(told(at));
  }
  for (let i = 1; i < starts.length; i++) {
    expect(told(starts[i] - 1)).toBe(offset[i - 1]);
    expect(told(starts[i])).toBe(offset[i]);
  }
});

const shared = calendar(zones, from, until);

test.each(zones.map((zone, i) => [zone, i] as const))(
  "activity and instant are inverse and in order in %s",
  (_, zone) => {
    const own = clock(shared);
    own.set(zone, zone % chronotypes.length, (zone % 3) - 1, zone % 2 === 0 ? 0 : 1);
    const end = own.activity(until);
    let apart = 0;
    let backwards = 0;
    let last = Number.NEGATIVE_INFINITY;
    for (let activity = own.activity(from); activity < end; activity += 0.0047) {
      const at = own.instant(activity);
      if (at < last) backwards++;
      last = at;
      if (Math.abs(own.activity(at) - activity) > 0.001) apart++;
    }
    expect(backwards).toBe(0);
    // two changes of clocks a year, an hour each: at most a few of the 20,000
    expect(apart).toBeLessThan(12);
  },
);

test("a year of activity is about a year, and November is busier than February", () => {
  const own = clock(shared);
  own.set(0, 1, 0, 0);
  const month = (n: number): number =>
    (own.activity(Date.UTC(2025, n + 1, 1) / 1000) - own.activity(Date.UTC(2025, n, 1) / 1000)) /
    ((Date.UTC(2025, n + 1, 1) - Date.UTC(2025, n, 1)) / 86_400_000);
  expect(own.activity(until) - own.activity(Date.UTC(2025, 0, 1) / 1000)).toBeCloseTo(365 / 7, 0);
  expect(month(10) / month(1)).toBeGreaterThan(1.15);
  for (const kind of [0, 1] as const) {
    let sum = 0;
    for (let week = 0; week < 52; week++) sum += season(kind, from + week * 7 * secondsPerDay);
    expect(sum / 52).toBeCloseTo(1, 1);
  }
});

test("hours of the week are those of the wall clock", () => {
  const own = clock(shared);
  own.set(zones.indexOf("Europe/Berlin"), 0, 1, 0);
  // Monday 2025-03-31 09:30 in Berlin is 07:30 UTC, the day after clocks went forward; the Monday before it is 08:30 UTC
  expect(own.hourOfWeek(Date.UTC(2025, 2, 31, 7, 30) / 1000)).toBe(9);
  expect(own.hourOfWeek(Date.UTC(2025, 2, 24, 8, 30) / 1000)).toBe(9);
  own.set(zones.indexOf("America/Los_Angeles"), 0, 0, 0);
  expect(own.hourOfWeek(Date.UTC(2025, 0, 6, 6, 0) / 1000)).toBe(6 * 24 + 22);
});

test("rhythms sum to one, average one, and differ", () => {
  for (const { share, before, opening } of rhythms) {
    expect(share.reduce((a, b) => a + b, 0)).toBeCloseTo(1, 12);
    expect(before[hoursPerWeek]).toBe(1);
    expect(opening.reduce((a, b) => a + b, 0) / hoursPerWeek).toBeCloseTo(1, 12);
    expect(Math.min(...opening)).toBeGreaterThan(0);
  }
  const best = rhythms.map(({ opening }) => opening.indexOf(Math.max(...opening)) % 24);
  expect(new Set(best).size).toBeGreaterThanOrEqual(4);
});
