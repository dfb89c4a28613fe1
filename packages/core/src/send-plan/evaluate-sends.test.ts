import type { Engagement } from "@inchworm/spec";
import { openStore, type Store } from "@inchworm/store";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { evaluateSends, type SendChoice, type SendPolicy } from "./evaluate-sends.js";
import { planSends } from "./plan-sends.js";
import type { SendPlanCampaign } from "./types.js";

const hour = 3_600_000;
const day = 24 * hour;
const now = Date.UTC(2025, 3, 1, 6);
const people = 600;
const zones = ["Europe/Berlin", "America/New_York", "Asia/Kolkata"];

/** Half answer in the evening, half in the morning: 0.5 there, else 0.1. */
const likes = (contact: number): number => (contact % 2 === 0 ? 19 : 9);
const chance = (contact: number, localHour: number): number =>
  Math.abs((localHour % 24) - likes(contact)) <= 1 ? 0.5 : 0.1;
/** By contact and hour alone, so that what would have come of another hour is known. */
const drawn = (contact: number, localHour: number, round: number): number =>
  ((Math.imul(contact * 168 + localHour + 7919 * round, 0x9e3779b1) ^ 0x5bd1e995) >>> 0) / 2 ** 32;

let store: Store;
const ingest = (records: Parameters<Store["ingest"]>[1]["records"]) =>
  store.ingest({ name: "crm:all", system: "crm" }, { records, cursor: {} });

/** Plans, sends and answers. */
async function run(campaign: SendPlanCampaign, round: number, at: number): Promise<void> {
  const plan = await planSends(store, { caps: false, ...campaign }, {}, { now: at, seed: round });
  const engagement: Engagement[] = [];
  for (let row = 0; row < plan.rows; row++) {
    const [contact, localHour] = [plan.contacts[row], plan.localHours[row]];
    const told = { contact: `${contact}`, campaign: campaign.id };
    engagement.push({ ...told, type: "sent", at: plan.at[row] });
    if (drawn(contact, localHour, round) < chance(contact, localHour))
      engagement.push({ ...told, type: "open", at: plan.at[row] + hour / 2 });
  }
  await ingest({ engagement });
}

const later = now + 10 * day;
const evaluate = (policy: SendPolicy, options = {}, at = later) =>
  evaluateSends(store, policy, options, { now: at, seed: 1 });

beforeAll(async () => {
  store = await openStore(":memory:");
  await ingest({
    campaign: Array.from({ length: 20 }, (_, round) => ({ id: `old-${round}`, channel: "email" })),
    contact: Array.from({ length: people }, (_, index) => ({
      id: `${index + 1}`,
      email: `p${index}@example.com`,
      timeZone: zones[index % 3],
    })),
  });
  for (let round = 0; round < 8; round++)
    await run({ id: `old-${round}`, explore: 1 }, round, now - (60 - 4 * round) * day);
  await run({ id: "spring", explore: 0.5 }, 40, now);
}, 60_000);
afterAll(() => store.close());

describe("evaluateSends", () => {
  it("tells what other hours would have brought, and holds the truth", async () => {
    const everybody = Array.from({ length: people }, (_, index) => index + 1);
    const truth = (hourOf: (contact: number) => number) =>
      everybody.reduce((sum, contact) => sum + chance(contact, hourOf(contact)), 0) / people;
    const best = ({ contact, localHours }: SendChoice) =>
      Array.from(localHours).findIndex((cell) => cell % 24 === likes(contact));
    for (const [policy, value] of [
      [best, truth(likes)],
      [9, truth(() => 9)],
      [14, truth(() => 14)],
    ] as const) {
      const found = await evaluate(policy);
      expect(found).toMatchObject({ messages: 9 * people, campaigns: 9, verdict: "estimated" });
      expect(Math.abs(found.meanWeight - 1)).toBeLessThan(0.15);
      expect(found.value?.low).toBeLessThan(value);
      expect(found.value?.high).toBeGreaterThan(value);
    }
    const own = await evaluate("personal");
    // nothing was known before the first of the plans
    expect(own).toMatchObject({ messages: 8 * people, verdict: "estimated" });
    expect(own.gain?.low).toBeGreaterThan(0.04);
    // of nine messages many people have answered but one or none: they get everyone's hour
    expect((await evaluate("everyone")).value?.value).toBeLessThan(own.value?.value ?? 0);
    expect(own.because).toMatch(/would have been answered, more than the .* that were/);
    expect((await evaluate(14)).because).toMatch(/fewer than/);
  });

  it("abstains where the log cannot tell", async () => {
    // half by lot among 13 hours: some 35 messages went out at the hour asked for
    const one = await evaluate(17, { campaign: "spring" });
    expect(one).toMatchObject({ verdict: "abstained", messages: people });
    expect(one.because).toMatch(/weigh as much as \d\d of the policy's own, and 100 are needed/);
    await run({ id: "plain", explore: 0, hour: 15 }, 42, now + 6 * day);
    const plain = await evaluate("random", { campaign: "plain" });
    expect(plain).toMatchObject({ verdict: "abstained", value: undefined, gain: undefined });
    expect(plain.because).toMatch(/^Cannot tell: /);
  });

  it("keeps the limits of the time in mind", async () => {
    const caps = { volume: [{ most: 1, days: 1 }] };
    await run({ id: "first", caps: false, from: now + 20 * day, hours: 12 }, 50, now + 20 * day);
    await run({ id: "second", caps, explore: 1, hours: 36 }, 51, now + 20 * day + 13 * hour);
    const seen: SendChoice[] = [];
    const at = now + 30 * day;
    await evaluate((choice) => seen.push(choice) - seen.length, { campaign: "second" }, at);
    const first = await store.sendLog({ asOf: at, campaign: "first" });
    const sentAt = new Map(Array.from(first.contacts, (contact, row) => [contact, first.at[row]]));
    for (const choice of seen)
      expect(choice.at[0]).toBeGreaterThanOrEqual((sentAt.get(choice.contact) ?? 0) + day);
    expect(seen).toHaveLength(people);
  });

  it.each([
    ["never", {}, /no policy "never"/],
    [24, {}, /no policy "24"/],
    [() => 99, {}, /the policy chose 99 of \d+ hours/],
    ["random", { campaign: "unknown" }, /no planned message of "unknown" is 24 hours old/],
    ["random", { channel: "sms" }, /no planned message is 24 hours old/],
  ])("refuses %s of %j", async (policy, options, message) => {
    await expect(evaluate(policy as SendPolicy, options)).rejects.toThrow(message);
  });

  it("tells own hours by what was known when a plan was made", async () => {
    // nothing is known before the very first plan
    await expect(evaluate("personal", { campaign: "old-0" })).rejects.toMatchObject({
      code: "insufficient-data",
    });
  });
});
