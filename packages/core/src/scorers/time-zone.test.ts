import type { RecordBatch } from "@inchworm/spec";
import { openStore, type Store } from "@inchworm/store";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { timeZone } from "./time-zone.js";

const asOf = Date.UTC(2025, 5, 2);
const contact: RecordBatch["contact"] = [
  ...Array.from({ length: 40 }, (_, index) => ({
    id: `de${index}`,
    country: "Germany",
    timeZone: "europe_slash_berlin",
  })),
  ...Array.from({ length: 20 }, (_, index) => ({
    id: `us${index}`,
    country: "US",
    timeZone: "America/New_York",
    ...(index % 2 === 0 && { region: "NY" }),
  })),
  { id: "place", country: "France" },
  { id: "phone", phone: "+81 3 1234 5678" },
  { id: "wide", country: "USA" },
  { id: "torn", country: "Japan", timeZone: "America/New_York" },
  { id: "none" },
  { id: "postal", country: "US", postalCode: "60601" },
  { id: "denied", country: "FR" },
];
let store: Store;
beforeAll(async () => {
  store = await openStore(":memory:");
  const consent = [{ contact: "denied", purpose: "profiling", status: "denied", at: 1 } as const];
  await store.ingest(
    { name: "crm:all", system: "crm" },
    { records: { contact, consent }, cursor: {} },
  );
});
afterAll(() => store.close());

const byPostalCode = {
  name: "postal code",
  columns: ["postalCode"] as const,
  resolve: (places: readonly { readonly postalCode?: string }[]) =>
    places.map(({ postalCode }) => (postalCode === "60601" ? "America/Chicago" : undefined)),
};

async function answerOf(person: string, scorer = timeZone()) {
  const { contacts, fields, reasons, abstained } = await scorer.score(
    store,
    { scorer: "time-zone" },
    { asOf },
  );
  const row = contacts.indexOf((await store.find(person))?.contact ?? -1);
  return row < 0
    ? undefined
    : {
        zone: fields.time_zone[row],
        by: fields.time_zone_evidence[row],
        confidence: Number(fields.time_zone_confidence[row]),
        reason: reasons[row][0],
        abstained: abstained[row],
      };
}

describe("timeZone", () => {
  it("tells the zone, by what, and how surely", async () => {
    expect(await answerOf("crm:de0")).toMatchObject({
      zone: "Europe/Berlin",
      by: "time zone",
      reason: "lives by Europe/Berlin: the platform says so, and country",
    });
    expect(await answerOf("crm:place")).toMatchObject({ zone: "Europe/Paris", by: "country" });
    expect(await answerOf("crm:phone")).toMatchObject({
      zone: "Asia/Tokyo",
      by: "phone",
      reason: "lives by Asia/Tokyo: phone prefix",
    });
    const [sure, less] = [await answerOf("crm:de0"), await answerOf("crm:phone")];
    expect(sure?.confidence).toBeGreaterThan(less?.confidence ?? 1);
  });

  it("abstains where nothing is known, or not enough", async () => {
    expect((await answerOf("crm:none"))?.abstained).toBe(
      "no time zone: nothing is known of the place",
    );
    for (const person of ["crm:wide", "crm:torn"])
      expect((await answerOf(person))?.abstained).toBe(
        "no time zone: what is known fits several clocks",
      );
    expect(await answerOf("crm:denied")).toBeUndefined();
  });

  it("asks the resolvers it is given", async () => {
    expect((await answerOf("crm:postal"))?.abstained).toBeDefined();
    const told = await answerOf("crm:postal", timeZone({ resolvers: [byPostalCode] }));
    expect(told).toMatchObject({ zone: "America/Chicago", by: "postal code" });
  });

  it("says how far off the rest of the evidence is where the field is hidden", async () => {
    const { card, seen } = await timeZone().train(store, { asOf, seed: 1 });
    if (card.kind !== "quantity") throw new Error("another card");
    expect(card.verdict).toBe("published");
    expect(card.because).toMatch(
      /62 of 66 contacts have one.*tells the zone of 50 of 60 and is off by 0\.00 hours/,
    );
    expect(card.metrics.mae.value).toBe(0);
    expect(card.rule.mae.value).toBeCloseTo((10 * 6) / 50, 9);
    expect(seen).toHaveLength(66);
  });

  it("needs some whose platform tells, to judge by", async () => {
    const empty = await openStore(":memory:");
    await expect(timeZone().train(empty, { asOf, seed: 1 })).rejects.toMatchObject({
      code: "insufficient-data",
      message: expect.stringMatching(/30 are missing/),
    });
    await empty.close();
    expect(() => timeZone({ leastConfidence: 1 })).toThrow(/leastConfidence/);
  });
});
