import { type Caps, checkCaps, random, type Send, timeZoneClock } from "@inchworm/learn";
import type { Store } from "@inchworm/store";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { chooser } from "./choose.js";
import { sendPlanCsv, timeZoneSegments } from "./export.js";
import { makeSendPlan } from "./make-send-plan.js";
import { hour, now, shopOf } from "./send-plan.fixture.js";
import { settingsOf } from "./settings.js";
import { slotsOf } from "./slots.js";
import { armNames, type SendPlan, type SendPlanCampaign } from "./types.js";

let store: Store;
beforeAll(async () => {
  store = await shopOf(200);
});
afterAll(() => store.close());

const evening = Float64Array.from({ length: 168 }, (_, cell) => (cell % 24 === 19 ? 0.4 : 0.1));
const morning = Float64Array.from({ length: 168 }, (_, cell) => (cell % 24 === 9 ? 0.3 : 0.1));
const noon = Float64Array.from({ length: 168 }, (_, cell) => (cell % 24 === 12 ? 0.3 : 0.1));
const preferences = {
  everyone: morning,
  own: (contact: number) => (contact % 2 === 0 ? { chances: evening, draws: [] } : undefined),
};
const make = (
  campaign: Partial<SendPlanCampaign> = {},
  given: Partial<Parameters<typeof makeSendPlan>[3]> = {},
  audience = {},
) =>
  makeSendPlan(store, { id: "march", ...campaign }, audience, {
    now,
    seed: 1,
    preferences,
    ...given,
  });

const armOf = (plan: SendPlan, row: number) => armNames[plan.arms[row]];
const wallOf = (plan: SendPlan, row: number) =>
  new Date(timeZoneClock(plan.zoneNames[plan.zones[row]]).wall(plan.at[row]));

describe("sendPlan", () => {
  it("gives everybody who may be written to one hour in the window, and says why others get none", async () => {
    const plan = await make({ caps: false });
    expect(new Set(plan.contacts).size).toBe(plan.rows);
    const skipped = Object.values(plan.skipped).reduce((sum, count) => sum + count, 0);
    expect(plan.rows + skipped).toBe(200);
    expect(plan.skipped).toEqual({ "no consent": 14 });
    for (let row = 0; row < plan.rows; row++) {
      expect(plan.at[row]).toBeGreaterThanOrEqual(now);
      expect(plan.at[row]).toBeLessThan(now + 24 * hour);
      const wall = wallOf(plan, row);
      expect(wall.getUTCMinutes()).toBe(0);
      expect(wall.getUTCHours()).toBeGreaterThanOrEqual(8);
      expect(wall.getUTCHours()).toBeLessThan(21);
      expect(plan.localHours[row]).toBe(((wall.getUTCDay() + 6) % 7) * 24 + wall.getUTCHours());
    }
    expect(plan.notes[0]).toMatch(/people have no known time zone/);
  });

  it("leaves out who is held out, from this campaign or from everything", async () => {
    const shop = await shopOf(200);
    const definition = {
      name: "march",
      arms: [
        { name: "held out", share: 0.2 },
        { name: "treated", share: 0.8 },
      ],
    };
    await shop.holdOut(definition, { now });
    const { contacts, arms } = await shop.holdoutArms("march");
    const held = new Set(contacts.filter((_, row) => arms[row] === 0));
    expect(held.size).toBeGreaterThan(20);
    const options = { now, seed: 1, preferences };
    const plan = await makeSendPlan(shop, { id: "march", caps: false }, {}, options);
    expect(plan.contacts.some((contact) => held.has(contact))).toBe(false);
    expect(plan.skipped["held out"]).toBeGreaterThan(20);
    const other = await makeSendPlan(shop, { id: "april", caps: false }, {}, options);
    expect(other.contacts.some((contact) => held.has(contact))).toBe(true);
    await shop.close();
  });

  it("takes people's own best hour, else that of everyone, and some hours by lot", async () => {
    const plan = await make({ caps: false });
    const profiled = new Set((await store.profiles({ columns: ["country"] })).contacts);
    const counts = { personal: 0, everyone: 0, random: 0 };
    for (let row = 0; row < plan.rows; row++) {
      const arm = armOf(plan, row);
      counts[arm]++;
      const contact = plan.contacts[row];
      if (arm === "random") expect(profiled.has(contact)).toBe(true);
      else {
        const own = contact % 2 === 0 && profiled.has(contact);
        expect(arm).toBe(own ? "personal" : "everyone");
        expect(wallOf(plan, row).getUTCHours()).toBe(own ? 19 : 9);
      }
    }
    expect(counts.random).toBeGreaterThan(6);
    expect(counts.random).toBeLessThan(36);
    expect(counts.personal).toBeGreaterThan(60);
    expect(counts.everyone).toBeGreaterThan(60);
  });

  it("logs with what chance each hour was chosen: over all seeds it is chosen so often", () => {
    const slots = slotsOf(
      timeZoneClock("Europe/Berlin"),
      settingsOf({ id: "march" }, { now, seed: 1 }),
    );
    const chosen = new Map<number, number>();
    const logged = new Map<number, number>();
    const rounds = 2000;
    for (let seed = 0; seed < rounds; seed++) {
      const choose = chooser(settingsOf({ id: "march", explore: 0.5 }, { now, seed }), morning);
      const own = { chances: evening, draws: [evening, morning, evening, noon] };
      const choice = choose({ contact: 5, slots, free: undefined, own, profiled: true });
      if (!choice) throw new Error("no choice");
      chosen.set(choice.slot, (chosen.get(choice.slot) ?? 0) + 1);
      logged.set(choice.slot, choice.propensity);
    }
    const total = [...logged.values()].reduce((sum, share) => sum + share, 0);
    expect(logged.size).toBe(13);
    expect(total).toBeCloseTo(1, 9);
    // half by lot among 13; of the draws half were best in the evening, a quarter each in the morning and at noon
    const shares = [...logged.values()].map((share) => Math.round(1000 * (share - 0.5 / 13)));
    expect(shares.filter((share) => share > 0).sort()).toEqual([125, 125, 250]);
    for (const [slot, share] of logged) {
      const deviation = Math.sqrt((share * (1 - share)) / rounds);
      expect(Math.abs((chosen.get(slot) ?? 0) / rounds - share)).toBeLessThan(4 * deviation);
    }
  });

  it("is the same for the same seed, another for another", async () => {
    const [one, same, other] = [await make(), await make(), await make({}, { seed: 2 })];
    expect(same).toEqual(one);
    expect(other.id).not.toBe(one.id);
    expect([...other.arms]).not.toEqual([...one.arms]);
    expect(other.rows).toBe(one.rows);
  });

  it("breaks no limit, whatever the limits, windows and histories", async () => {
    const { below, uniform } = random(3);
    const past = await store.messageTimes({ from: 0, to: now + 1e10 });
    const sentTo = (contact: number): Send[] => {
      const row = past.contacts.indexOf(contact);
      if (row < 0) return [];
      const own = past.at.subarray(past.offsets[row], past.offsets[row + 1]);
      return Array.from(own, (at, index) => ({
        at,
        channel: past.names[past.channels[past.offsets[row] + index]],
      }));
    };
    let rows = 0;
    let refused = 0;
    for (let round = 0; round < 10; round++) {
      const caps: Caps = {
        volume: [
          { most: 1 + below(2), days: 1 },
          { most: below(4), days: 7, ...(uniform() < 0.5 && { channel: "email" }) },
          { most: 2 + below(8), days: 30 },
        ],
        ...(uniform() < 0.5 && { gapMinutes: below(3000) }),
        ...(uniform() < 0.5 && { quietHours: [{ from: 0, until: 1439, weekdays: [7] }] }),
      };
      const quietHours = { from: below(25), to: below(25) };
      const plan = await make(
        { caps, quietHours, hours: 1 + below(72), explore: uniform() },
        { seed: round },
      );
      refused += plan.skipped["had as many messages as the limits allow"] ?? 0;
      for (let row = 0; row < plan.rows; row++) {
        const clock = timeZoneClock(plan.zoneNames[plan.zones[row]]);
        const own = { at: plan.at[row], channel: "email" };
        expect(checkCaps(caps, sentTo(plan.contacts[row]), [own], clock)).toEqual([]);
        const { from, to } = quietHours;
        const at = wallOf(plan, row).getUTCHours();
        const quiet =
          from % 24 < to % 24 ? at >= from && at < to % 24 : at >= from % 24 || at < to % 24;
        if (from % 24 !== to % 24) expect(quiet).toBe(false);
        rows++;
      }
    }
    expect(rows).toBeGreaterThan(200);
    expect(refused).toBeGreaterThan(200);
  });

  it("puts messages of one instant into batches of no more than asked for", async () => {
    const plan = await make({ caps: false, batchSize: 10 });
    let next = 0;
    for (const { at, first, end } of plan.batches) {
      expect(first).toBe(next);
      expect(end - first).toBeGreaterThan(0);
      expect(end - first).toBeLessThanOrEqual(10);
      expect([...plan.at.subarray(first, end)].every((one) => one === at)).toBe(true);
      next = end;
    }
    expect(next).toBe(plan.rows);
  });

  it("gets by without a model: the campaign's hour, where people are", async () => {
    const plan = await make({ caps: false, explore: 0, hour: 14 }, { preferences: undefined });
    expect(plan.notes.join()).toMatch(/No model tells.*14:00.*Nobody gets a random hour/s);
    for (let row = 0; row < plan.rows; row++) {
      expect(wallOf(plan, row).getUTCHours()).toBe(14);
      expect(plan.propensities[row]).toBe(1);
    }
  });

  it("lets an audience be chosen by any of people's names, and refuses a wrong file", async () => {
    const people = [" P1@example.com", "crm:2", "nobody@example.com", "crm:4", ""];
    const plan = await make({ caps: false }, {}, { people });
    expect(plan.rows).toBe(3);
    expect(plan.skipped).toEqual({ "nobody here has that name": 1 });
    await expect(
      make({}, {}, { people: ["a@example.com", "b@example.com"] }),
    ).rejects.toMatchObject({
      code: "input",
      message: expect.stringMatching(/2 of 2 names/),
    });
    expect((await make({ caps: false }, {}, { contacts: [] })).rows).toBe(0);
  });

  it.each([
    [{ kind: "transactional" as const }, /transactional/],
    [{ id: "receipt" }, /transactional/],
    [{ id: " " }, /"id"/],
    [{ hours: 0 }, /"hours" must be a whole number from 1 to 168/],
    [{ explore: 1.5 }, /"explore" must be a number from 0 to 1/],
    [{ quietHours: { from: 25, to: 3 } }, /"quietHours.from"/],
    [{ from: Number.NaN }, /"from" must be an instant/],
  ])("refuses %j", async (campaign, message) => {
    await expect(make(campaign)).rejects.toMatchObject({
      code: "input",
      message: expect.stringMatching(message),
    });
  });
});

describe("what a plan is exported as", () => {
  it("is a line for each message", async () => {
    const plan = await make({ caps: false });
    const lines: string[] = [];
    for await (const line of sendPlanCsv(store, plan)) lines.push(line);
    expect(lines[0]).toBe("email,segment,send_at,local_time,time_zone,arm,propensity\n");
    expect(lines).toHaveLength(plan.rows + 1);
    const berlin = lines.find((line) => line.startsWith("p0@example.com,"));
    expect(berlin).toMatch(
      /^p0@example\.com,(fri|sat)-\d\d,2025-03-2[89]T\d\d:00:00\.000Z,2025-03-2[89]T\d\d:00:00,Europe\/Berlin,\w+,0\.\d+\n$/,
    );
    const byId: string[] = [];
    for await (const line of sendPlanCsv(store, plan, { by: "crm" })) byId.push(line);
    expect(byId[0]).toMatch(/^crm,/);
    expect(byId).toHaveLength(plan.rows + 1);
  });

  it("is a segment for each local hour, everybody in one of them", async () => {
    const plan = await make({ caps: false });
    const segments = timeZoneSegments(plan);
    const rows = segments.flatMap(({ rows }) => [...rows]).sort((one, other) => one - other);
    expect(rows).toEqual([...plan.contacts.keys()]);
    for (const { name, localHour, rows, from, to } of segments) {
      expect(name).toMatch(/^(fri|sat)-\d\d$/);
      for (const row of rows) {
        expect(plan.localHours[row]).toBe(localHour);
        expect(plan.at[row]).toBeGreaterThanOrEqual(from);
        expect(plan.at[row]).toBeLessThanOrEqual(to);
      }
    }
  });
});
