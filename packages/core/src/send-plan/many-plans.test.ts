import { messageFrequency, random } from "@inchworm/learn";
import { openStore, type Store } from "@inchworm/store";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { planSends } from "./plan-sends.js";

const hour = 3_600_000;
const day = 24 * hour;
const people = 24;
const zones = ["Europe/Berlin", "America/New_York", "Asia/Kolkata", "Australia/Sydney"];
const callingCodes = ["+4930", "+1212", "+9111", "+612"];
// around the nights on which clocks change
const nights = ["2024-03-10", "2024-03-31", "2024-04-06", "2024-10-27"].map((text) =>
  Date.parse(`${text}T00:00:00Z`),
);

const words = new Map(
  zones.map((timeZone) => [
    timeZone,
    new Intl.DateTimeFormat("sv-SE", { timeZone, dateStyle: "short", timeStyle: "medium" }),
  ]),
);
/** What the clock there shows, in the zone's own words, as if it were UTC. */
const wallOf = (zone: string, at: number): number =>
  Date.parse(`${words.get(zone)?.format(at).replace(" ", "T")}Z`);
const zoneOf = (person: number): string => zones[person % zones.length];

type Channel = "email" | "sms" | "push";
const channel = fc.constantFrom<Channel[]>("email", "sms", "push");
const cap = fc.record(
  { most: fc.integer({ min: 1, max: 3 }), days: fc.constantFrom(1, 7, 30), channel },
  { requiredKeys: ["most", "days"] },
);
const scene = fc.record({
  night: fc.constantFrom(...nights),
  volume: fc.array(cap, { minLength: 1, maxLength: 4 }),
  quietHours: fc.record({ from: fc.integer({ min: 18, max: 24 }), to: fc.nat(9) }),
  past: fc.array(
    fc.record({
      person: fc.nat(people - 1),
      at: fc.integer({ min: 1, max: 33 * 24 }),
      channel,
    }),
    { maxLength: 100 },
  ),
  campaigns: fc.array(
    fc.record({
      channel,
      wait: fc.nat(30),
      hours: fc.integer({ min: 1, max: 72 }),
      explore: fc.constantFrom(0, 0.1, 1),
    }),
    { minLength: 2, maxLength: 8 },
  ),
  total: fc.integer({ min: people, max: 5 * people }),
  seed: fc.nat(1000),
});

/** How often people of many kinds answer to how many messages a week. */
function weeksOf(seed: number) {
  const { uniform, below } = random(seed);
  const weeks = 12;
  const rows = people * weeks;
  const messages = Float64Array.from({ length: rows }, () => below(7));
  return {
    rows,
    people,
    person: Int32Array.from({ length: rows }, (_, row) => Math.floor(row / weeks)),
    messages,
    engagement: messages.map((count, row) =>
      Number(
        uniform() < (1 - Math.exp(-count / 2)) * (0.2 + (0.7 * Math.floor(row / weeks)) / people),
      ),
    ),
    unsubscribed: new Uint8Array(rows),
    randomised: new Uint8Array(rows).fill(1),
  };
}

/** New people from number `first` on, and what they were sent before. */
async function add(store: Store, first: number, past: readonly Sent[]) {
  const contact = Array.from({ length: people }, (_, index) => ({
    id: `${first + index}`,
    email: `p${first + index}@example.com`,
    phone: `${callingCodes[index % zones.length]}${5_550_000 + first + index}`,
    timeZone: zones[index % zones.length],
  }));
  // a campaign reaches a person once: each message is of one of its own
  const campaign = past.map(({ channel: by }, index) => ({
    id: `${first}/${index}`,
    channel: by,
  }));
  const engagement = past.map(({ person, at }, index) => ({
    contact: `${first + person}`,
    type: "sent" as const,
    campaign: campaign[index].id,
    at,
  }));
  await store.ingest(
    { name: "crm:all", system: "crm" },
    { records: { contact, campaign, engagement }, cursor: {} },
  );
}

interface Sent {
  readonly person: number;
  readonly at: number;
  readonly channel: Channel;
  readonly planned: boolean;
}

describe("over random sequences of plans", () => {
  it("breaks no limit of 1, 7 or 30 days, of a channel or of the night, and sends no more than the budget", async () => {
    const model = await messageFrequency().fit(weeksOf(1));
    const value = { engagement: 1, subscription: 0, message: 0.001 };
    const free = model.plan(value);
    // one store for all: each sequence has people and campaigns of its own
    const store = await openStore(":memory:");
    let scenes = 0;
    let sent = 0;
    let bound = 0;
    let refused = 0;
    const property = fc.asyncProperty(scene, async (given) => {
      const first = 1 + people * scenes++;
      const all: Sent[] = given.past.map(({ person, at, channel: by }) => ({
        person,
        at: given.night - at * hour,
        channel: by,
        planned: false,
      }));
      await add(store, first, all);
      // what each may have, so that all together get no more than the budget: its price is found by bisection
      const welcome = model.plan(value, { total: given.total });
      if (welcome.total < free.total) bound++;
      const left = Int32Array.from(welcome.messages);
      let now = given.night;
      for (const [index, { channel: by, wait, hours, explore }] of given.campaigns.entries()) {
        now += wait * hour;
        const contacts = [...left.keys()].filter((one) => left[one] > 0).map((one) => first + one);
        const { volume, quietHours, seed } = given;
        const plan = await planSends(
          store,
          { id: `${scenes}-${index}`, channel: by, hours, explore, caps: { volume }, quietHours },
          { contacts },
          { now, seed },
        );
        refused += plan.skipped["had as many messages as the limits allow"] ?? 0;
        for (let row = 0; row < plan.rows; row++) {
          const person = plan.contacts[row] - first;
          left[person]--;
          all.push({ person, at: plan.at[row], channel: by, planned: true });
        }
      }
      const told = all.map((one) => ({ ...one, wall: wallOf(zoneOf(one.person), one.at) }));
      const own = told.filter(({ planned }) => planned);
      expect(Math.min(...left)).toBeGreaterThanOrEqual(0);
      expect(own.length).toBeLessThanOrEqual(given.total);
      sent += own.length;
      const { from, to } = given.quietHours;
      for (const { wall } of own) {
        const local = (wall % day) / hour;
        expect(from % 24 !== to && (local >= from || local < to)).toBe(false);
      }
      for (const { most, days, channel: only } of given.volume) {
        const those = told.filter((one) => only === undefined || one.channel === only);
        for (const last of those) {
          const inside = those.filter(
            ({ person, at, wall }) =>
              person === last.person && at <= last.at && last.wall - wall < days * day,
          );
          // of what had been sent before nothing was chosen here
          expect(inside.length <= most || inside.every(({ planned }) => !planned)).toBe(true);
        }
      }
    });
    await fc.assert(property, { numRuns: 20, seed: 11, endOnFailure: true });
    await store.close();
    expect(sent).toBeGreaterThan(400);
    expect(bound).toBeGreaterThan(10);
    expect(refused).toBeGreaterThan(200);
  }, 120_000);
});
