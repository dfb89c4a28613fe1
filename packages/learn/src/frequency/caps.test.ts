import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { checkCaps } from "./caps.js";
import { intlClock, wallOf } from "./intl-clock.fixture.js";
import { nextAllowed } from "./next-allowed.js";
import type { Caps, LocalClock, Send } from "./types.js";

const utc: LocalClock = { offset: () => 0, instant: (wall) => wall };
const hour = 3_600_000;
const day = 24 * hour;
const at = (text: string): number => Date.parse(text);
const email = (text: string): Send => ({ at: at(text), channel: "email" });
const places = (caps: Caps, past: Send[], planned: Send[], clock = utc) =>
  checkCaps(caps, past, planned, clock).map(({ planned: place, kind }) => `${place} ${kind}`);

describe("checkCaps", () => {
  const weekly: Caps = { volume: [{ most: 2, days: 7 }] };

  it("counts what was sent, and names the latest planned that are too many", () => {
    const past = [email("2024-05-01T10:00Z")];
    const planned = [email("2024-05-03T10:00Z"), email("2024-05-04T10:00Z")];
    expect(places(weekly, past, planned)).toEqual(["1 volume"]);
    expect(places(weekly, past, [planned[0]])).toEqual([]);
    expect(checkCaps(weekly, past, planned, utc)[0].rule).toBe("at most 2 in 7 days");
  });

  it("leaves room again at the same minute so many days later", () => {
    const past = [email("2024-05-01T10:00Z"), email("2024-05-01T11:00Z")];
    expect(places(weekly, past, [email("2024-05-08T09:59Z")])).toEqual(["0 volume"]);
    expect(places(weekly, past, [email("2024-05-08T10:00Z")])).toEqual([]);
  });

  it("sees that a message planned before one that stands already breaks that one's week", () => {
    const standing = [email("2024-05-05T10:00Z"), email("2024-05-06T10:00Z")];
    expect(places(weekly, standing, [email("2024-05-04T10:00Z")])).toEqual(["0 volume"]);
  });

  it("blames no plan for what the past holds already", () => {
    const past = [1, 2, 3].map((date) => email(`2024-05-0${date}T10:00Z`));
    expect(places(weekly, past, [email("2024-05-20T10:00Z")])).toEqual([]);
  });

  it("counts one channel where a cap names one", () => {
    const caps: Caps = { volume: [{ most: 1, days: 1, channel: "sms" }] };
    const sms = (text: string): Send => ({ at: at(text), channel: "sms" });
    const planned = [sms("2024-05-01T12:00Z"), email("2024-05-01T12:30Z")];
    expect(places(caps, [email("2024-05-01T10:00Z")], planned)).toEqual([]);
    expect(places(caps, [sms("2024-05-01T10:00Z")], planned)).toEqual(["0 volume"]);
  });

  it("keeps the gap between channels, and lets nothing through where nothing may be sent", () => {
    const push: Send = { at: at("2024-05-01T10:29Z"), channel: "push" };
    expect(places({ gapMinutes: 30 }, [email("2024-05-01T10:00Z")], [push])).toEqual(["0 gap"]);
    expect(places({ gapMinutes: 29 }, [email("2024-05-01T10:00Z")], [push])).toEqual([]);
    expect(places({ volume: [{ most: 0, days: 1 }] }, [], [push])).toEqual(["0 volume"]);
  });

  it("knows quiet hours over midnight by the day they begin on", () => {
    const caps: Caps = { quietHours: [{ from: 22 * 60, until: 8 * 60, weekdays: [6] }] };
    const times = ["2024-05-04T21:59Z", "2024-05-04T22:00Z", "2024-05-05T07:59Z"]; // a Saturday
    const others = ["2024-05-05T08:00Z", "2024-05-05T23:00Z", "2024-05-04T07:00Z"];
    expect(places(caps, [], [...times, ...others].map(email))).toEqual([
      "1 quiet-hours",
      "2 quiet-hours",
    ]);
    const sundays: Caps = { quietHours: [{ from: 0, until: 0, weekdays: [7] }] };
    expect(places(sundays, [], [email("2024-05-05T00:00Z"), email("2024-05-06T00:00Z")])).toEqual([
      "0 quiet-hours",
    ]);
  });

  it("takes days from the person's clock on both nights it changes", () => {
    const berlin = intlClock("Europe/Berlin");
    const daily: Caps = { volume: [{ most: 1, days: 1 }] };
    // 09:00 on the wall is 23 hours after 09:00 in March, 25 in October
    const march = [email("2024-03-30T08:00Z")];
    expect(places(daily, march, [email("2024-03-31T07:00Z")], berlin)).toEqual([]);
    expect(places(daily, march, [email("2024-03-31T06:59Z")], berlin)).toEqual(["0 volume"]);
    const october = [email("2024-10-26T07:00Z")];
    expect(places(daily, october, [email("2024-10-27T07:30Z")], berlin)).toEqual(["0 volume"]);
    expect(places(daily, october, [email("2024-10-27T08:00Z")], berlin)).toEqual([]);
  });

  it("keeps quiet both times that an hour is shown, and across a date line", () => {
    const quiet: Caps = { quietHours: [{ from: 120, until: 180 }] };
    const twice = [email("2024-10-27T00:30Z"), email("2024-10-27T01:30Z")];
    expect(places(quiet, [], twice, intlClock("Europe/Berlin"))).toHaveLength(2);
    // Samoa had no 30 December 2011
    const apia = intlClock("Pacific/Apia");
    const daily: Caps = { volume: [{ most: 1, days: 2 }] };
    const past = [email("2011-12-29T20:00Z")];
    expect(places(daily, past, [email("2011-12-30T20:00Z")], apia)).toEqual([]);
  });

  it("refuses limits and times that are none", () => {
    const wrong: Caps[] = [
      { volume: [{ most: -1, days: 7 }] },
      { volume: [{ most: 1, days: 0.5 }] },
      { quietHours: [{ from: 1440, until: 0 }] },
      { quietHours: [{ from: 0, until: 60, weekdays: [0] }] },
      { gapMinutes: Number.NaN },
    ];
    for (const caps of wrong) expect(() => checkCaps(caps, [], [], utc)).toThrow(/caps: "/);
    for (const wrong of [Number.NaN, Infinity])
      expect(() => nextAllowed({}, [], { channel: "email", from: 0, until: wrong }, utc)).toThrow(
        /cannot look/,
      );
    expect(() => checkCaps({}, [], [{ at: Number.NaN, channel: "email" }], utc)).toThrow(/no time/);
  });
});

describe("over random plans", () => {
  const zones = ["UTC", "Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Asia/Kolkata"];
  const clocks = new Map(zones.map((zone) => [zone, intlClock(zone)]));
  // around the nights on which clocks change, in both hemispheres
  const nights = [
    "2024-03-10T07:00Z",
    "2024-03-31T01:00Z",
    "2024-04-06T15:00Z",
    "2024-10-27T01:00Z",
  ];
  const channel = fc.constantFrom("email", "sms", "push");
  const scene = fc.record({
    zone: fc.constantFrom(...zones),
    night: fc.constantFrom(...nights.map(at)),
    caps: fc.record({
      volume: fc.array(
        fc.record(
          { most: fc.nat(4), days: fc.constantFrom(1, 7, 30), channel },
          { requiredKeys: ["most", "days"] },
        ),
        { maxLength: 3 },
      ),
      quietHours: fc.array(fc.record({ from: fc.nat(1439), until: fc.nat(1439) }), {
        maxLength: 2,
      }),
      gapMinutes: fc.constantFrom(0, 30, 240),
    }),
    past: fc.array(fc.record({ at: fc.integer({ min: -40 * 96, max: 96 }), channel }), {
      maxLength: 12,
    }),
    planned: fc.array(fc.record({ at: fc.integer({ min: -192, max: 192 }), channel }), {
      maxLength: 12,
    }),
  });
  const place = (night: number, sends: readonly Send[]): Send[] =>
    sends.map((send) => ({ ...send, at: night + send.at * 15 * 60_000 }));

  /** Written anew, from the zone's own words for each time: does a plan keep every limit as far as it can? */
  function broken(caps: Caps, past: readonly Send[], plan: readonly Send[], zone: string): boolean {
    const told = [
      ...past.map((send) => ({ ...send, mine: false })),
      ...plan.map((send) => ({ ...send, mine: true })),
    ]
      .sort((one, other) => one.at - other.at || Number(one.mine) - Number(other.mine))
      .map((send) => ({ ...send, wall: wallOf(zone, send.at) }));
    const volume = (caps.volume ?? []).some(({ most, days, channel: only }) => {
      const those = told.filter((send) => only === undefined || send.channel === only);
      return those.some((later, last) => {
        const inside = those
          .slice(0, last + 1)
          .filter((send) => later.wall - send.wall < days * day);
        return inside.length > most && inside.some((send) => send.mine);
      });
    });
    const gap = told.some(
      (later, last) =>
        last > 0 &&
        (later.mine || told[last - 1].mine) &&
        later.at - told[last - 1].at < (caps.gapMinutes ?? 0) * 60_000,
    );
    const quiet = told.some(
      ({ mine, wall }) =>
        mine &&
        (caps.quietHours ?? []).some(({ from, until }) => {
          const minutes = Math.floor((((wall % day) + day) % day) / 60_000);
          return from < until
            ? minutes >= from && minutes < until
            : minutes >= from || minutes < until;
        }),
    );
    return volume || gap || quiet;
  }

  it("breaks no limit once the named messages are taken out, and names none without need", () => {
    let named = 0;
    fc.assert(
      fc.property(scene, ({ zone, night, caps, past, planned }) => {
        const clock = clocks.get(zone) ?? utc;
        const [sent, plan] = [place(night, past), place(night, planned)];
        const violations = checkCaps(caps, sent, plan, clock);
        named += violations.length;
        expect(violations.length > 0).toBe(broken(caps, sent, plan, zone));
        const out = new Set(violations.map((violation) => violation.planned));
        const kept = plan.filter((_, index) => !out.has(index));
        expect(broken(caps, sent, kept, zone)).toBe(false);
      }),
      { numRuns: 1500, seed: 1 },
    );
    expect(named).toBeGreaterThan(1000);
  });

  it("finds the next moment that is free, and none earlier is", () => {
    let found = 0;
    fc.assert(
      fc.property(scene, channel, ({ zone, night, caps, past }, by) => {
        const clock = clocks.get(zone) ?? utc;
        const sent = place(night, past);
        const [from, until] = [night - day, night + 2 * day];
        const free = nextAllowed(caps, sent, { channel: by, from, until }, clock);
        for (let moment = from; moment < (free ?? until); moment += 15 * 60_000)
          expect(broken(caps, sent, [{ at: moment, channel: by }], zone)).toBe(true);
        if (free === undefined) return;
        found++;
        expect(free).toBeGreaterThanOrEqual(from);
        expect(free).toBeLessThan(until);
        expect(broken(caps, sent, [{ at: free, channel: by }], zone)).toBe(false);
      }),
      { numRuns: 150, seed: 2 },
    );
    expect(found).toBeGreaterThan(50);
  });
});
