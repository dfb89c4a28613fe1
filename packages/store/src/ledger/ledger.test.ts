import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Contact, Field, Plan, PlanInput, PlanRow, WriteOutcome } from "@inchworm/spec";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { openStore } from "../store.js";
import type { Store } from "../types/store.js";

const folder = mkdtempSync(join(tmpdir(), "inchworm-ledger-"));
const destination = "hubspot:scores";
const fields: Field[] = [
  { name: "churn", label: "Churn", description: "", type: "number", decimals: 2 },
  { name: "band", label: "Band", description: "", type: "text" },
];
let path: string;
let store: Store;
let count = 0;
beforeEach(async () => {
  path = join(folder, `${count++}.duckdb`);
  store = await openStore(path);
});
afterEach(async () => {
  await store.close();
  rmSync(path, { force: true });
});

const pull = (contact: Contact[], consent: { contact: string; denied: boolean }[] = []) =>
  store.ingest(
    { name: "hubspot:contacts", system: "hubspot" },
    {
      records: {
        contact,
        consent: consent.map(({ contact: who, denied }) => ({
          contact: who,
          purpose: "profiling",
          status: denied ? "denied" : "granted",
          at: 1000,
        })),
      },
      cursor: {},
    },
  );

const score = (contacts: number[], values: (number | null)[] = contacts.map(() => 0.5)) =>
  store.saveScores({
    scorer: "churn",
    modelId: "m",
    asOf: 0,
    contacts: Int32Array.from(contacts),
    fields: { churn: values, other: contacts.map(() => "x") },
    reasons: contacts.map(() => []),
    abstained: values.map((value) => (value === null ? "no order yet" : undefined)),
  });

async function inputs(): Promise<PlanInput[]> {
  const all: PlanInput[] = [];
  for await (const page of store.planInputs(destination, "hubspot", fields)) all.push(...page);
  return all;
}

async function* pages(rows: readonly PlanRow[]) {
  const size = Math.ceil(rows.length / 3);
  for (let at = 0; at < rows.length; at += size) yield rows.slice(at, at + size);
}

const planOf = (id: string): Plan => ({
  id,
  destination,
  createdAt: 5000,
  fields,
  missingFields: [],
  updates: 0,
  clears: 0,
  skips: 0,
  skipReasons: {},
  requests: 0,
  minutes: 0,
  digest: id,
});

const row = (contact: number, values: PlanRow["values"] = { churn: 0.5 }): PlanRow => ({
  contact,
  action: "update",
  recordId: `10${contact}`,
  values,
});

const save = (id: string, rows: readonly PlanRow[]) =>
  store.savePlan(id, destination, pages(rows), () => planOf(id));

const ended = (rows: readonly PlanRow[], outcome: WriteOutcome["outcome"]): WriteOutcome[] =>
  rows.map(({ recordId = "" }) => ({ recordId, outcome }));

async function written(id: string): Promise<PlanRow[]> {
  const all: PlanRow[] = [];
  for await (const page of store.written(id)) all.push(...page);
  return all;
}

it("belongs to the first account of each system, also after opening again", async () => {
  expect(await store.claim("hubspot", "HubSpot portal 1")).toBe("HubSpot portal 1");
  await store.close();
  store = await openStore(path);
  expect(await store.claim("hubspot", "HubSpot portal 2")).toBe("HubSpot portal 1");
  expect(await store.claim("hubspot:eu", "HubSpot portal 2")).toBe("HubSpot portal 2");
});

describe("plan inputs", () => {
  it("join scores, records, refusals and abstentions", async () => {
    await pull(
      [
        { id: "101", email: "ada@example.com" },
        { id: "102", email: "grace@example.com" },
        { id: "103", email: "mary@example.com" },
        { id: "104", email: "joan@example.com", archived: true },
      ],
      [{ contact: "102", denied: true }],
    );
    await score([1, 3, 4], [0.25, null, 0.75]);
    expect(await inputs()).toEqual([
      { contact: 1, recordId: "101", wanted: { churn: 0.25, band: null }, written: undefined },
      {
        contact: 2,
        recordId: "102",
        wanted: undefined,
        reason: "opted out of profiling",
        written: undefined,
      },
      {
        contact: 3,
        recordId: "103",
        wanted: undefined,
        reason: "no order yet",
        written: undefined,
      },
      {
        contact: 4,
        email: "joan@example.com",
        wanted: { churn: 0.75, band: null },
        written: undefined,
      },
    ]);
  });

  it("name every current record of a person, and never a merged one", async () => {
    await pull([{ id: "101", email: "ada@example.com" }]);
    await pull([
      {
        id: "99",
        email: "ada.second@example.com",
        identities: [{ system: "email", id: "ada@example.com" }],
      },
    ]);
    await score([1]);
    expect((await inputs()).map(({ recordId }) => recordId)).toEqual(["99", "101"]);
    const rows = [{ ...row(1), recordId: "101" }];
    await save("p1", rows);
    await store.settle("p1", rows, ended(rows, "updated"));
    expect(await inputs()).toMatchObject([
      { recordId: "99", written: undefined },
      { recordId: "101", written: { churn: 0.5 } },
    ]);
    await pull([{ id: "99", identities: [{ system: "hubspot", id: "101" }] }]);
    expect((await inputs()).map(({ recordId }) => recordId)).toEqual(["99"]);
  });

  it("follow a record that was found by e-mail to whoever turns out to have it", async () => {
    await store.ingest(
      { name: "shop", system: "shop" },
      { records: { contact: [{ id: "a", email: "ada@example.com" }] }, cursor: {} },
    );
    await score([1]);
    expect(await inputs()).toMatchObject([{ contact: 1, email: "ada@example.com" }]);
    const rows = [{ ...row(1), recordId: "55" }];
    await save("p1", rows);
    await store.settle("p1", rows, ended(rows, "updated"));
    expect(await inputs()).toMatchObject([{ contact: 1, recordId: "55" }]);
    await save("p2", []);
    await pull([{ id: "55", email: "grace@example.com" }]);
    const [ada, grace] = await inputs();
    expect(ada).toMatchObject({ contact: 1, email: "ada@example.com", written: undefined });
    expect(grace).toMatchObject({ contact: 2, recordId: "55", written: { churn: 0.5 } });
    expect(grace.wanted).toBeUndefined();
  });

  it("remember who once had a score", async () => {
    await pull([{ id: "101", email: "ada@example.com" }]);
    await score([1]);
    await save("p1", [row(1)]);
    await store.settle("p1", [row(1)], ended([row(1)], "updated"));
    await score([]);
    expect(await inputs()).toEqual([
      {
        contact: 1,
        recordId: "101",
        wanted: undefined,
        reason: "no score",
        written: { churn: 0.5 },
      },
    ]);
  });
});

describe("a plan", () => {
  beforeEach(async () => {
    await pull([1, 2, 3, 4, 5].map((id) => ({ id: `10${id}`, email: `p${id}@example.com` })));
    await score([1, 2, 3, 4, 5]);
  });

  it("gives its rows in contact order, and forgets those that are settled, also after opening again", async () => {
    const rows = [1, 2, 3, 4, 5].map((contact) => row(contact));
    await save("p1", rows);
    expect(await store.pending("p1", 2)).toEqual(rows.slice(0, 2));
    expect(await store.pending("p1", 10, 3)).toEqual(rows.slice(3));
    await store.begin("p1");
    await store.settle("p1", rows.slice(0, 2), [
      { recordId: "101", outcome: "updated" },
      { recordId: "102", outcome: "skipped", code: "merged" },
    ]);
    await store.settle("p1", rows.slice(2, 4), [
      { recordId: "103", outcome: "failed", code: "X" },
      { recordId: "104", outcome: "unknown" },
    ]);
    await store.close();
    store = await openStore(path);
    expect(await store.planState("p1")).toEqual({
      plan: planOf("p1"),
      begun: true,
      pending: 1,
      done: 2,
      failed: 2,
    });
    expect(await store.pending("p1", 10)).toEqual([rows[4]]);
    expect(await written("p1")).toEqual([rows[0]]);
    const uncertain = (await inputs()).filter((input) => input.uncertain);
    expect(uncertain.map(({ contact }) => contact)).toEqual([4, 5]);
  });

  it("keeps the rows of a person together", async () => {
    const rows = [1, 2, 2, 2, 3].map((contact, index) => ({
      ...row(contact),
      recordId: `${index}`,
    }));
    await save("p1", rows);
    expect(await store.pending("p1", 2)).toEqual(rows.slice(0, 1));
    expect(await store.pending("p1", 4)).toEqual(rows.slice(0, 4));
    expect(await store.pending("p1", 2, 1)).toEqual(rows.slice(1, 3));
    await store.settle("p1", rows.slice(1, 3), ended(rows.slice(1, 3), "updated"));
    expect(await store.pending("p1", 2, 1)).toEqual(rows.slice(3));
  });

  it("finds what is pending far beyond what is done", async () => {
    const rows = Array.from({ length: 3000 }, (_, index) => row(index * 7 + 1));
    await save("p1", rows);
    await store.settle("p1", rows.slice(0, 2990), ended(rows.slice(0, 2990), "updated"));
    expect(await store.pending("p1", 3)).toEqual(rows.slice(2990, 2993));
    expect(await store.pending("p1", 100)).toEqual(rows.slice(2990));
    expect(await store.pending("p1", 100, 20_994)).toEqual([]);
  });

  it("settled twice is settled once", async () => {
    const rows = [row(1), row(2)];
    await save("p1", rows);
    for (let time = 0; time < 2; time++) await store.settle("p1", rows, ended(rows, "updated"));
    await store.settle("p1", rows, ended(rows, "failed"));
    await store.close();
    store = await openStore(path);
    expect(await store.planState("p1")).toMatchObject({ pending: 0, done: 2, failed: 0 });
    expect(await inputs()).toMatchObject([
      { written: { churn: 0.5 } },
      { written: { churn: 0.5 } },
      {},
      {},
      {},
    ]);
  });

  it("merges new values over earlier ones, and a cleared one stays known as empty", async () => {
    const first = [row(1, { churn: 0.5, band: "low" })];
    await save("p1", first);
    await store.settle("p1", first, ended(first, "updated"));
    const second = [row(1, { band: null })];
    await save("p2", second);
    await store.settle("p2", second, ended(second, "updated"));
    expect((await inputs())[0].written).toEqual({ churn: 0.5, band: null });
  });

  it("leaves its doubts behind when another takes its place, until they are written again", async () => {
    const rows = [row(1), row(2)];
    await save("p1", rows);
    await store.begin("p1");
    await store.settle("p1", [rows[0]], ended([rows[0]], "updated"));
    await save("p2", []);
    expect((await inputs()).map(({ uncertain }) => uncertain)).toEqual([
      undefined,
      ["churn"],
      undefined,
      undefined,
      undefined,
    ]);
    await save("p3", [rows[1]]);
    await store.settle("p3", [rows[1]], ended([rows[1]], "updated"));
    expect((await inputs())[1]).toMatchObject({ written: { churn: 0.5 } });
    expect((await inputs())[1].uncertain).toBeUndefined();
  });

  it("that never began leaves none", async () => {
    await save("p1", [row(1)]);
    await save("p2", []);
    expect((await inputs())[0].uncertain).toBeUndefined();
    expect(await store.planState("p1")).toBeUndefined();
    expect(await store.stale("p1")).toMatch(/later plan/);
    expect((await store.latestPlan(destination))?.plan.id).toBe("p2");
  });

  it("is stale once scores or people change, and not by its own settling", async () => {
    await save("p1", [row(1)]);
    await store.settle("p1", [row(1)], ended([row(1)], "updated"));
    expect(await store.stale("p1")).toBeUndefined();
    await score([1]);
    expect(await store.stale("p1")).toMatch(/scores have changed/);
    await save("p2", [row(1)]);
    await pull([{ id: "101", email: "p1@example.com" }], [{ contact: "101", denied: true }]);
    expect((await store.planState("p2"))?.stale).toMatch(/consents have changed/);
  });

  it("that fails half way leaves the earlier one as it was", async () => {
    await save("p1", [row(1)]);
    async function* broken() {
      yield [row(2)];
      throw new Error("broken");
    }
    await expect(store.savePlan("p2", destination, broken(), () => planOf("p2"))).rejects.toThrow(
      "broken",
    );
    expect((await store.latestPlan(destination))?.plan.id).toBe("p1");
    expect(await store.pending("p1", 10)).toEqual([row(1)]);
  });

  it("can be made from the inputs it is saved with", async () => {
    async function* rows() {
      for await (const page of store.planInputs(destination, "hubspot", fields))
        yield page.map(({ contact }) => row(contact));
    }
    await store.savePlan("p1", destination, rows(), () => planOf("p1"));
    expect((await store.planState("p1"))?.pending).toBe(5);
    expect(await store.knownFields(destination)).toEqual(fields);
  });

  it("loses the rows of a person who is forgotten, and settles the others", async () => {
    const rows = [row(1), row(2)];
    await save("p1", rows);
    await store.forget(1);
    await store.settle("p1", rows, ended(rows, "updated"));
    expect(await written("p1")).toEqual([rows[1]]);
    expect((await inputs()).map(({ contact }) => contact)).toEqual([2, 3, 4, 5]);
  });
});
