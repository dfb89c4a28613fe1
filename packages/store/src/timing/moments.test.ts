import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { RecordBatch } from "@inchworm/spec";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openStore } from "../store.js";
import type { Store } from "../types/store.js";
import { type Moments, momentKinds } from "../types/timing.js";

const folder = mkdtempSync(join(tmpdir(), "inchworm-moments-"));
const crm = { name: "crm:all", system: "crm" };
const hour = (count: number) => Date.UTC(2025, 2, 3) + count * 3_600_000;
let store: Store;

const records: RecordBatch = {
  contact: [{ id: "1" }, { id: "2" }, { id: "3" }, { id: "4" }],
  campaign: [
    { id: "news", channel: "email" },
    { id: "receipt", channel: "email", kind: "transactional" },
    { id: "texts", channel: "sms" },
  ],
  consent: [{ contact: "3", purpose: "profiling", status: "denied", at: hour(0) }],
  engagement: [
    { contact: "2", type: "sent", campaign: "news", at: hour(1) },
    { contact: "1", type: "sent", campaign: "news", at: hour(2) + 999 },
    { contact: "1", type: "open", campaign: "news", at: hour(3) },
    { contact: "1", type: "open", campaign: "news", at: hour(2) + 1000, machine: true },
    { contact: "1", type: "sent", campaign: "receipt", at: hour(4) },
    { contact: "1", type: "open", campaign: "receipt", at: hour(4) },
    { contact: "1", type: "sent", campaign: "texts", at: hour(5) },
    { contact: "1", type: "delivered", campaign: "never heard of", at: hour(6) },
    { contact: "1", type: "cart", at: hour(7) },
    { contact: "1", type: "unsubscribe", at: hour(8) },
    { contact: "3", type: "open", campaign: "news", at: hour(3) },
    { contact: "4", type: "visit", at: -1 },
  ],
  order: [
    { id: "a", contact: "1", at: hour(9), total: 5 },
    { id: "b", contact: "1", at: hour(10), total: -5 },
    { id: "c", at: hour(9), total: 5 },
  ],
};

beforeAll(async () => {
  store = await openStore(join(folder, "shop.duckdb"));
  await store.ingest(crm, { records, cursor: {} });
});
afterAll(async () => {
  await store.close();
  rmSync(folder, { recursive: true, force: true });
});

/** "kind@hour" of one person. */
async function told({ contacts, offsets, seconds, kinds }: Moments, person: string) {
  const row = contacts.indexOf((await store.find(person))?.contact ?? -1);
  if (row < 0) return [];
  return Array.from(seconds.subarray(offsets[row], offsets[row + 1]), (second, index) => {
    const since = Math.floor((second * 1000 - hour(0)) / 3_600_000);
    return `${momentKinds[kinds[offsets[row] + index]]}@${since}`;
  }).sort();
}

describe("moments", () => {
  it("are of marketing on the channel asked for, and of what people did; of nobody who refuses profiling", async () => {
    const found = await store.moments({ asOf: hour(100) });
    expect(await told(found, "crm:1")).toEqual([
      "machine@2",
      "open@3",
      "order@9",
      "sent@2",
      "sent@6",
      "unsubscribe@8",
      "visit@7",
    ]);
    expect(await told(found, "crm:2")).toEqual(["sent@1"]);
    expect(found.contacts).toHaveLength(2);
    expect(await told(await store.moments({ asOf: hour(100), channel: "sms" }), "crm:1")).toEqual([
      "order@9",
      "sent@5",
      "sent@6",
      "unsubscribe@8",
      "visit@7",
    ]);
  });

  it("tell which answers belong to which message", async () => {
    const { contacts, offsets, kinds, campaigns } = await store.moments({ asOf: hour(100) });
    const row = contacts.indexOf((await store.find("crm:1"))?.contact ?? -1);
    const of = (kind: (typeof momentKinds)[number]) =>
      [...kinds.keys()]
        .filter((at) => at >= offsets[row] && at < offsets[row + 1])
        .filter((at) => kinds[at] === momentKinds.indexOf(kind))
        .map((at) => campaigns[at]);
    const [news, other] = of("sent").sort((one) => (one === of("open")[0] ? -1 : 1));
    expect(of("open")).toEqual([news]);
    expect(of("machine")).toEqual([news]);
    expect(other).not.toBe(news);
    expect(news).toBeGreaterThanOrEqual(0);
    expect(of("visit")).toEqual([-1]);
  });

  it("see nothing at or after the day, nor before the first", async () => {
    expect(await told(await store.moments({ asOf: hour(3) }), "crm:1")).toEqual([
      "machine@2",
      "sent@2",
    ]);
    const late = await store.moments({ asOf: hour(9), since: hour(7) });
    expect(await told(late, "crm:1")).toEqual(["unsubscribe@8", "visit@7"]);
    expect((await store.moments({ asOf: hour(0) })).contacts).toHaveLength(0);
  });

  it("refuse a day that is none, and a share that is none", async () => {
    await expect(store.moments({ asOf: Number.NaN })).rejects.toMatchObject({ code: "input" });
    await expect(store.moments({ asOf: hour(1), sample: 0 })).rejects.toMatchObject({
      code: "input",
    });
  });
});
