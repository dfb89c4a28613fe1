import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { RecordBatch } from "@inchworm/spec";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { openStore } from "../store.js";
import type { Store } from "../types/store.js";
import { type PlannedSends, sendRefusals } from "../types/timing.js";

const folder = mkdtempSync(join(tmpdir(), "inchworm-sends-"));
const crm = { name: "crm:all", system: "crm" };
const hour = (count: number) => Date.UTC(2025, 2, 3) + count * 3_600_000;
let store: Store;
let count = 0;
const give = (records: RecordBatch) => store.ingest(crm, { records, cursor: {} });
const idOf = async (person: string) => (await store.find(person))?.contact ?? -1;

beforeEach(async () => {
  store = await openStore(join(folder, `${count++}.duckdb`));
  await give({
    contact: ["1", "2", "3", "4", "5"].map((id) => ({
      id,
      email: `p${id}@example.com`,
      ...(id === "1" && { timeZone: "Europe/Paris" }),
    })),
  });
});
afterEach(async () => {
  await store.close();
  if (count > 5) rmSync(folder, { recursive: true, force: true });
});

function sendsOf(
  rows: readonly (readonly [contact: number, at: number, arm: number])[],
): PlannedSends {
  return {
    contacts: Int32Array.from(rows, ([contact]) => contact),
    at: Float64Array.from(rows, ([, at]) => at),
    localHours: Uint8Array.from(rows, () => 9),
    arms: Uint8Array.from(rows, ([, , arm]) => arm),
    armNames: ["personal", "random"],
    propensities: Float64Array.from(rows, ([, , arm]) => (arm === 1 ? 0.05 : 0.95)),
  };
}
const planOf = (id: string, campaign: string, createdAt: number) => ({
  id,
  campaign,
  channel: "email",
  rules: { seed: 1 },
  createdAt,
});

describe("reachable", () => {
  it("says of everybody why not, and treats alike who refuses profiling", async () => {
    await give({
      contact: [{ id: "6" }],
      campaign: [{ id: "texts", channel: "sms" }],
      consent: [
        { contact: "1", purpose: "profiling", status: "denied", at: hour(0) },
        { contact: "2", purpose: "email", status: "denied", at: hour(0) },
        { contact: "4", purpose: "email", status: "granted", at: hour(5) },
      ],
      engagement: [
        { contact: "3", type: "unsubscribe", at: hour(3) },
        { contact: "4", type: "unsubscribe", at: hour(3) },
        { contact: "5", type: "unsubscribe", campaign: "texts", at: hour(3) },
        { contact: "5", type: "sent", campaign: "may", at: hour(3) },
      ],
    });
    const found = await store.reachable({ channel: "email", campaign: "may", now: hour(9) });
    const of = async (person: string) => {
      const row = found.contacts.indexOf(await idOf(person));
      const zone = found.timeZones[found.zones[row]];
      return [sendRefusals[found.refusals[row]], found.profiled[row], zone];
    };
    expect(await of("crm:1")).toEqual(["", 0, "Europe/Paris"]);
    expect(await of("crm:2")).toEqual(["no consent", 1, undefined]);
    expect(await of("crm:3")).toEqual(["unsubscribed", 1, undefined]);
    expect(await of("crm:4")).toEqual(["", 1, undefined]); // said yes after leaving
    expect(await of("crm:5")).toEqual(["was sent it already", 1, undefined]);
    expect(await of("crm:6")).toEqual(["no address", 1, undefined]);
    expect(found.transactional).toBe(false);
    await give({ campaign: [{ id: "may", channel: "email", kind: "transactional" }] });
    const receipt = await store.reachable({ channel: "email", campaign: "may", now: hour(9) });
    expect(receipt.transactional).toBe(true);
    const june = await store.reachable({ channel: "email", campaign: "june", now: hour(9) });
    expect(june.refusals[june.contacts.indexOf(await idOf("crm:5"))]).toBe(0);
  });
});

describe("campaigns in a file", () => {
  it("say which are transactional", async () => {
    const file = join(folder, "campaigns.csv");
    writeFileSync(
      file,
      "campaign_id,subject,kind\nr1,Your receipt,Transactional\nn1,News,newsletter\nn2,More,\n",
    );
    expect(await store.importFile("campaigns", file)).toMatchObject({ added: 3, rejected: 0 });
    const kinds = [];
    for (const campaign of ["r1", "n1", "n2"])
      kinds.push((await store.reachable({ channel: "email", campaign, now: 0 })).transactional);
    expect(kinds).toEqual([true, false, false]);
  });
});

describe("plans of sends", () => {
  it("are replaced by the next of their campaign, but for what has been sent", async () => {
    const [ada, grace] = [await idOf("crm:1"), await idOf("crm:2")];
    await store.saveSends(
      planOf("a", "may", hour(0)),
      sendsOf([
        [ada, hour(1), 0],
        [grace, hour(9), 0],
      ]),
    );
    await store.saveSends(planOf("b", "june", hour(0)), sendsOf([[grace, hour(9), 0]]));
    await store.saveSends(planOf("c", "may", hour(5)), sendsOf([[grace, hour(7), 1]]));
    const { contacts, at, arms, armNames, campaignNames, campaigns } = await store.sendLog({
      asOf: hour(100),
    });
    expect(
      Array.from(contacts, (contact, row) => [
        contact,
        at[row],
        armNames[arms[row]],
        campaignNames[campaigns[row]],
      ]),
    ).toEqual([
      [ada, hour(1), "personal", "may"],
      [grace, hour(7), "random", "may"],
      [grace, hour(9), "personal", "june"],
    ]);
    const { refusals, contacts: all } = await store.reachable({
      channel: "email",
      campaign: "may",
      now: hour(5),
    });
    expect(sendRefusals[refusals[all.indexOf(ada)]]).toBe("was sent it already");
  });

  it("tell who answered within a day, machines apart, once the day is over", async () => {
    const [ada, grace, joan] = [await idOf("crm:1"), await idOf("crm:2"), await idOf("crm:3")];
    await store.saveSends(
      planOf("a", "may", hour(0)),
      sendsOf([
        [ada, hour(1), 0],
        [grace, hour(1), 0],
        [joan, hour(1), 1],
        [await idOf("crm:4"), hour(30), 1],
      ]),
    );
    await give({
      engagement: [
        { contact: "1", type: "click", campaign: "may", at: hour(20) },
        { contact: "2", type: "open", campaign: "may", at: hour(2), machine: true },
        { contact: "3", type: "open", campaign: "may", at: hour(26) },
        { contact: "2", type: "open", campaign: "april", at: hour(2) },
      ],
      consent: [{ contact: "5", purpose: "profiling", status: "denied", at: hour(0) }],
    });
    const { contacts, answered, propensities } = await store.sendLog({
      asOf: hour(30),
      campaign: "may",
    });
    expect([...contacts]).toEqual([ada, grace, joan]);
    expect([...answered]).toEqual([1, 0, 0]);
    expect([...propensities]).toEqual([0.95, 0.95, 0.05]);
    expect((await store.sendLog({ asOf: hour(2) })).contacts).toHaveLength(0);
    expect((await store.sendLog({ asOf: hour(90), campaign: "june" })).contacts).toHaveLength(0);
  });

  it("count for caps until they are known to have been sent", async () => {
    const ada = await idOf("crm:1");
    await store.saveSends(planOf("a", "may", hour(0)), sendsOf([[ada, hour(10), 0]]));
    await store.saveSends(planOf("b", "june", hour(0)), sendsOf([[ada, hour(12), 0]]));
    await give({
      campaign: [
        { id: "receipt", channel: "email", kind: "transactional" },
        { id: "texts", channel: "sms" },
      ],
      engagement: [
        { contact: "1", type: "sent", campaign: "may", at: hour(10) + 1500 },
        { contact: "1", type: "delivered", campaign: "may", at: hour(10) + 2500 },
        { contact: "1", type: "sent", campaign: "receipt", at: hour(11) },
        { contact: "1", type: "sent", campaign: "texts", at: hour(3) },
        { contact: "2", type: "sent", at: hour(4) },
        { contact: "2", type: "sent", at: hour(5) },
      ],
    });
    const { contacts, offsets, at, channels, names } = await store.messageTimes({
      from: hour(0),
      to: hour(99),
    });
    expect([...contacts]).toEqual([ada, await idOf("crm:2")]);
    expect([...offsets]).toEqual([0, 3, 5]);
    expect(
      Array.from(at, (instant, index) => [(instant - hour(0)) / 3_600_000, names[channels[index]]]),
    ).toEqual([
      [3, "sms"],
      [10 + 1500 / 3_600_000, "email"],
      [12, "email"],
      [4, "email"],
      [5, "email"],
    ]);
    const others = await store.messageTimes({ from: hour(11), to: hour(99), except: "june" });
    expect(others.contacts).toHaveLength(0);
    await store.forget(ada);
    expect((await store.messageTimes({ from: hour(0), to: hour(99) })).contacts).toHaveLength(1);
  });
});
