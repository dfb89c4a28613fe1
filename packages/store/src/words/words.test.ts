import type { RecordBatch } from "@inchworm/spec";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openStore } from "../store.js";
import type { Store } from "../types/store.js";

const hour = (count: number) => Date.UTC(2025, 2, 3) + count * 3_600_000;
const records: RecordBatch = {
  contact: [{ id: "1" }, { id: "2" }, { id: "3" }],
  consent: [{ contact: "3", purpose: "profiling", status: "denied", at: hour(0) }],
  campaign: [
    { id: "a", channel: "email", subject: "Guten Tag – 今日は 🎉", sentAt: hour(1) },
    { id: "b", channel: "email", subject: "B" },
    { id: "never sent", channel: "email", subject: "N" },
    { id: "receipt", channel: "email", kind: "transactional", subject: "R" },
    { id: "text", channel: "sms" },
  ],
  engagement: [
    { contact: "1", type: "sent", campaign: "b", at: hour(30) },
    { contact: "1", type: "delivered", campaign: "a", at: hour(2) },
    { contact: "1", type: "sent", campaign: "a", at: hour(1) },
    { contact: "1", type: "open", campaign: "a", at: hour(3) },
    { contact: "1", type: "click", campaign: "a", at: hour(4) },
    { contact: "1", type: "click", campaign: "b", at: hour(40), machine: true },
    { contact: "1", type: "open", campaign: "b", at: hour(29) },
    { contact: "1", type: "sent", campaign: "receipt", at: hour(5) },
    { contact: "1", type: "sent", campaign: "text", at: hour(5) },
    { contact: "1", type: "sent", campaign: "no record of it", at: hour(5) },
    { contact: "2", type: "sent", campaign: "a", at: hour(1) },
    { contact: "2", type: "open", campaign: "a", at: hour(80) },
    { contact: "2", type: "sent", campaign: "b", at: hour(90) },
    { contact: "2", type: "open", campaign: "b", at: hour(91) },
    { contact: "3", type: "sent", campaign: "a", at: hour(1) },
  ],
  message: [
    { id: "m2", contact: "2", at: hour(2), text: "Wo ist mein Paket?", channel: "mail" },
    { id: "m1", contact: "1", at: hour(2), text: "مرحبا" },
    { id: "m3", contact: "3", at: hour(1), text: "refuses profiling" },
    { id: "m4", contact: "1", at: hour(9), text: "later" },
  ],
};

let store: Store;
beforeAll(async () => {
  store = await openStore(":memory:");
  await store.ingest({ name: "crm:all", system: "crm" }, { records, cursor: {} });
});
afterAll(() => store.close());

describe("campaignSends", () => {
  it("tells who was sent what, when first, and what a person did within the hours", async () => {
    const sends = await store.campaignSends({ asOf: hour(95) });
    expect(sends.campaigns.map(({ id }) => id)).toEqual(["a", "b"]);
    expect(sends.campaigns[0]).toEqual({
      id: "a",
      channel: "email",
      subject: "Guten Tag – 今日は 🎉",
      sentAt: hour(1),
    });
    const told = Array.from(sends.contacts, (contact, row) => [
      contact,
      sends.campaigns[sends.campaign[row]].id,
      (sends.at[row] - hour(0)) / 3_600_000,
      sends.answers[row],
    ]);
    const [first, second] = [...new Set(sends.contacts)];
    expect(told).toEqual([
      [first, "a", 1, 2],
      [first, "b", 30, 0], // a machine clicked, and the open came before it was sent
      [second, "a", 1, 0], // opened too late
      [second, "b", 90, 1],
    ]);
  });

  it("sees nothing at or after the day, and nothing before the first", async () => {
    const early = await store.campaignSends({ asOf: hour(4) });
    expect([...early.answers]).toEqual([1, 0]);
    const late = await store.campaignSends({ asOf: hour(95), since: hour(20) });
    expect(late.campaigns.map(({ id }) => id)).toEqual(["b"]);
    expect(late.contacts).toHaveLength(2);
    const none = await store.campaignSends({ asOf: hour(0) });
    expect(none.campaigns).toEqual([]);
    await expect(store.campaignSends({ asOf: Number.NaN })).rejects.toThrow("must be an instant");
    await expect(store.campaignSends({ asOf: hour(1), answerHours: 0 })).rejects.toThrow("above 0");
  });

  it("takes other channels when asked", async () => {
    const { campaigns, contacts } = await store.campaignSends({ asOf: hour(95), channel: "sms" });
    expect(campaigns.map(({ id }) => id)).toEqual(["text"]);
    expect(contacts).toHaveLength(1);
  });
});

it("messages come in the order of time, without those of people who refuse profiling", async () => {
  const { ids, texts, channels, at, contacts } = await store.messages({ asOf: hour(9) });
  expect(ids).toEqual(["m1", "m2"]);
  expect(texts).toEqual(["مرحبا", "Wo ist mein Paket?"]);
  expect(channels).toEqual([undefined, "mail"]);
  expect([...at]).toEqual([hour(2), hour(2)]);
  expect(new Set(contacts).size).toBe(2);
  expect((await store.messages({ asOf: hour(99), since: hour(3) })).ids).toEqual(["m4"]);
});
