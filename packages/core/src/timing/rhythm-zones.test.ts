import { random, timeZoneClock } from "@inchworm/learn";
import type { RecordBatch } from "@inchworm/spec";
import { openStore, type Store } from "@inchworm/store";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { timeZone } from "../scorers/time-zone.js";

const day = 86_400_000;
const asOf = Date.UTC(2025, 5, 2);
const zones = ["America/New_York", "America/Los_Angeles"] as const;
const people = 300;
/** Of some the platform does not tell the zone, of some it does, and the rest are silent. */
const tells = (person: number) => person % 5 !== 4;
const active = (person: number) => person % 50 !== 49;
let store: Store;

beforeAll(async () => {
  const { uniform, below } = random(7);
  const visits: RecordBatch["engagement"] = Array.from({ length: people }, (_, person) => {
    const clock = timeZoneClock(zones[person % 2]);
    return Array.from({ length: active(person) ? 40 : 0 }, () => {
      // lunch or evening, on their own clock
      const hour = uniform() < 0.4 ? 12 : 19 + below(3);
      const wall = asOf - (1 + below(300)) * day + hour * 3_600_000 + below(3_600_000);
      return { contact: `${person}`, type: "visit", at: clock.instant(wall) } as const;
    });
  }).flat();
  store = await openStore(":memory:");
  const contact = Array.from({ length: people }, (_, person) => ({
    id: `${person}`,
    country: "US",
    ...(tells(person) && { timeZone: zones[person % 2] }),
  }));
  await store.ingest(
    { name: "crm:all", system: "crm" },
    { records: { contact, engagement: visits }, cursor: {} },
  );
});
afterAll(() => store.close());

describe("zones by rhythm", () => {
  it("are told where a country has several clocks, and only of people who are active", async () => {
    const { card, artifact } = await timeZone().train(store, { asOf, seed: 1 });
    expect(card.notes?.[0]).toMatch(
      /By the hours of their activity alone, of \d+ people \d+ are told/,
    );
    const stored = JSON.parse(JSON.stringify(artifact));
    const { contacts, fields, reasons, abstained } = await timeZone().score(store, stored, {
      asOf,
    });
    const counts = { right: 0, wrong: 0, none: 0 };
    for (let person = 0; person < people; person++) {
      if (tells(person)) continue;
      const row = contacts.indexOf((await store.find(`crm:${person}`))?.contact ?? -1);
      if (!active(person)) {
        expect(abstained[row]).toBe("no time zone: what is known fits several clocks");
        continue;
      }
      if (abstained[row] !== undefined) {
        counts.none++;
        continue;
      }
      expect(fields.time_zone_evidence[row]).toBe("rhythm");
      expect(Number(fields.time_zone_confidence[row])).toBeGreaterThanOrEqual(0.9);
      expect(reasons[row][0]).toMatch(/the hours of their activity, and country$/);
      counts[fields.time_zone[row] === zones[person % 2] ? "right" : "wrong"]++;
    }
    expect(counts.right).toBeGreaterThan(45);
    expect(counts.wrong).toBeLessThan(3);
  });
});
