import { random } from "@inchworm/learn";
import type { Engagement, RecordBatch } from "@inchworm/spec";
import { openStore, type Store } from "@inchworm/store";

export const now = Date.UTC(2025, 2, 28, 12); // Friday; clocks in Europe go forward on Sunday, in New York they have
export const hour = 3_600_000;
const zones = [
  "Europe/Berlin",
  "America/New_York",
  "Asia/Calcutta",
  "Australia/Lord_Howe",
  undefined,
];

/** A store of people in five zones, some of whom were written to lately, some of whom are not to be. */
export async function shopOf(people: number, seed = 1): Promise<Store> {
  const store = await openStore(":memory:");
  const { uniform, below } = random(seed);
  const engagement: Engagement[] = [];
  const batch: RecordBatch = {
    campaign: [
      { id: "texts", channel: "sms" },
      { id: "receipt", channel: "email", kind: "transactional" },
    ],
    contact: Array.from({ length: people }, (_, index) => {
      const timeZone = zones[index % zones.length];
      return { id: `${index}`, email: `p${index}@example.com`, ...(timeZone && { timeZone }) };
    }),
    consent: Array.from({ length: people }, (_, index) => index)
      .filter((index) => index % 7 === 3)
      .map((index) => ({
        contact: `${index}`,
        purpose: index % 2 === 0 ? "email" : "profiling",
        status: "denied",
        at: 1,
      })),
  };
  for (let index = 0; index < people; index++)
    for (let message = below(12); message > 0; message--) {
      const campaign = uniform() < 0.2 ? "texts" : `m${below(40)}`;
      engagement.push({
        contact: `${index}`,
        type: "sent",
        campaign,
        at: now - Math.floor(uniform() * 33 * 24 * hour),
      });
    }
  await store.ingest(
    { name: "crm:all", system: "crm" },
    { records: { ...batch, engagement }, cursor: {} },
  );
  return store;
}
