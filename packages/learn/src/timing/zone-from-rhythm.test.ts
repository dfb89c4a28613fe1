import { describe, expect, it } from "vitest";
import { LearnError } from "../error.js";
import { simulateTiming } from "./simulate.fixture.js";
import { timeZoneClock } from "./time-zone-clock.js";
import type { ZoneGuesses } from "./types.js";
import { zoneFromRhythm } from "./zone-from-rhythm.js";

const zones = [
  ["America/Los_Angeles", 15],
  ["America/Chicago", 15],
  ["America/New_York", 20],
  ["America/Sao_Paulo", 8],
  ["Europe/London", 10],
  ["Europe/Berlin", 15],
  ["Asia/Kolkata", 8],
  ["Asia/Tokyo", 5],
  ["Australia/Sydney", 4],
] as const;
const candidates = zones.map(([zone, weight]) => ({ zone, weight }));
const known = simulateTiming({ contacts: 1500, seed: 31, sends: 1, acts: 30, zones });
const located = { ...known.acts, names: zones.map(([zone]) => zone), zones: known.zones };
const fitted = zoneFromRhythm().fit(located);

function judge(people: typeof known, guesses: ZoneGuesses) {
  let [told, right, sure] = [0, 0, 0];
  guesses.zones.forEach((guess, contact) => {
    if (guess < 0) return;
    const last = Math.max(
      ...people.acts.instants.subarray(
        people.acts.offsets[contact],
        people.acts.offsets[contact + 1],
      ),
    );
    const offset = (place: number): number => timeZoneClock(zones[place][0]).offset(last);
    told++;
    sure += guesses.confidence[contact];
    if (Math.abs(offset(guess) - offset(people.zones[contact])) <= 3_600_000) right++;
    expect(guesses.offsetMinutes[contact]).toBe(offset(guess) / 60_000);
  });
  return { told, right: right / told, sure: sure / told };
}

describe("zoneFromRhythm", () => {
  it("is right within an hour for nine of ten with 30 events, and as often as it says", async () => {
    const people = simulateTiming({ contacts: 800, seed: 32, sends: 1, acts: 30, zones });
    const { told, right, sure } = judge(people, (await fitted).guess(people.acts, candidates));
    expect(told).toBeGreaterThan(200);
    expect(right).toBeGreaterThan(0.9);
    expect(Math.abs(right - sure)).toBeLessThan(0.05);
  });

  it("keeps a guess back where there is little to go by", async () => {
    const people = simulateTiming({ contacts: 300, seed: 33, sends: 1, acts: 2, zones });
    const {
      zones: told,
      confidence,
      offsetMinutes,
    } = (await fitted).guess(people.acts, candidates);
    expect(told.every((zone) => zone === -1)).toBe(true);
    expect(offsetMinutes.every((minutes) => minutes === 0)).toBe(true);
    expect(confidence.every((value) => value > 0 && value < 0.9)).toBe(true);
    const nobody = { contacts: 1, offsets: Int32Array.of(0, 0), instants: new Float64Array(0) };
    expect((await fitted).guess(nobody, [{ zone: "UTC", weight: 1 }]).zones[0]).toBe(-1);
  });

  it("takes candidates that keep the same time for one, and names the likelier", async () => {
    const people = simulateTiming({
      contacts: 200,
      seed: 34,
      sends: 1,
      acts: 60,
      zones: [["Europe/Paris", 1]],
    });
    const two = [
      { zone: "Europe/Berlin", weight: 1 },
      { zone: "Europe/Paris", weight: 3 },
      { zone: "Asia/Tokyo", weight: 1 },
    ];
    const { zones: told } = (await fitted).guess(people.acts, two);
    expect(told.filter((zone) => zone === 1).length).toBeGreaterThan(150);
    expect(told.includes(0)).toBe(false);
  });

  it("answers the same after saving, and refuses what it cannot read", async () => {
    const model = await fitted;
    const loaded = zoneFromRhythm().load(JSON.parse(JSON.stringify(model.save())));
    expect(loaded.guess(known.acts, candidates)).toEqual(model.guess(known.acts, candidates));
    expect(() => model.guess(known.acts, [])).toThrow(/at least one candidate/);
    expect(() => model.guess(known.acts, [{ zone: "Mars/Olympus", weight: 1 }])).toThrow(
      LearnError,
    );
    await expect(
      zoneFromRhythm().fit({ ...located, zones: known.zones.map(() => -1) }),
    ).rejects.toThrow(/nobody with a known zone/);
    expect(() => zoneFromRhythm({ leastConfidence: 2 })).toThrow(/"leastConfidence"/);
  });
});
