import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Consent, RecordBatch } from "@inchworm/spec";
import { beforeEach, describe, expect, it } from "vitest";
import { type Database, openDatabase } from "./database.js";
import { forget } from "./forget.js";
import { importFile } from "./import/import.js";
import { ingest } from "./ingest.js";
import { contacts, find } from "./people.js";
import { prepareStore } from "./prepare.js";
import { summary } from "./summary.js";

const day = (n: number): number => Date.UTC(2024, 0, n);
const page: RecordBatch = {
  contact: [
    {
      id: "1",
      email: "ada@example.com",
      firstName: "Ada",
      createdAt: day(1),
      identities: [{ system: "customer", id: "77" }],
    },
    { id: "2", email: "grace@example.com", timeZone: "Europe/Paris" },
    { id: "3", archived: true },
  ],
  consent: [
    { contact: "2", purpose: "profiling", status: "granted", at: day(1) },
    { contact: "2", purpose: "profiling", status: "denied", at: day(2) },
  ],
  order: [{ id: "o1", contact: "1", at: day(3), total: 9.99 }],
  orderLine: [{ order: "o2", contact: "1", at: day(4), item: "mug", quantity: 1, unitPrice: 1 }],
  engagement: [
    { contact: "1", type: "open", at: day(9) },
    { contact: "2", type: "open", at: day(8) },
  ],
  contract: [{ id: "very private contract", contact: "1", start: day(3) }],
  message: [{ id: "m1", contact: "1", at: day(3), text: "A very private question" }],
};

let database: Database;
const folder = mkdtempSync(join(tmpdir(), "inchworm-people-"));
const path = join(folder, "shop.duckdb");
const give = (records: RecordBatch) =>
  ingest(database, { name: "hubspot:contacts", system: "hubspot" }, { records, cursor: {} });

beforeEach(async () => {
  database = await openDatabase(path);
  await prepareStore(database);
  await give(page);
  return async () => {
    await database.close();
    rmSync(path);
  };
});

describe("a refusal", () => {
  const said = async (source: string, status: Consent["status"], n: number) => {
    const consent: Consent[] = [{ contact: "1", purpose: "profiling", status, at: day(n) }];
    await ingest(
      database,
      { name: source, system: "hubspot" },
      { records: { consent }, cursor: {} },
    );
    return (await find(database, "hubspot:1"))?.profiling;
  };
  const denied = async () => (await summary(database)).profilingDenied;

  it("from a file outlives whatever HubSpot's empty property says later", async () => {
    const file = join(folder, "consents.csv");
    writeFileSync(file, "customer,purpose,status,date\n77,profiling,denied,2024-01-05\n");
    await importFile(database, "consents", file);
    expect(await said("hubspot:contacts", "unknown", 9)).toBe("denied");
    expect(await denied()).toBe(2);
    const [row] = await database.rows(
      "select source from consents where status = 'denied' and contact_id = 1",
    );
    expect(row).toEqual({ source: "import" });
  });

  it("is taken back by its own source, or by a later yes of any", async () => {
    expect(await said("a:contacts", "denied", 5)).toBe("denied");
    expect(await said("b:contacts", "granted", 4)).toBe("denied");
    expect(await said("b:contacts", "granted", 5)).toBe("denied");
    expect(await said("b:contacts", "granted", 6)).toBe("granted");
    expect(await said("a:contacts", "denied", 7)).toBe("denied");
    expect(await said("a:contacts", "unknown", 8)).toBe("granted");
    expect(await said("b:contacts", "unknown", 9)).toBe("unknown");
    expect(await denied()).toBe(1);
  });
});

describe("people", () => {
  it("are found by address or by any other name", async () => {
    const ada = await find(database, " ADA@example.com ");
    expect(ada).toEqual({
      contact: 1,
      identities: [
        { system: "customer", id: "77" },
        { system: "email", id: "ada@example.com" },
        { system: "hubspot", id: "1" },
      ],
      profiling: "unknown",
    });
    expect(await find(database, "customer:77")).toEqual(ada);
    expect((await find(database, "hubspot:2"))?.profiling).toBe("denied");
    expect(await find(database, "nobody@example.com")).toBeUndefined();
    expect(await find(database, "' or 1=1 --")).toBeUndefined();
  });

  it("are listed in order, a batch at a time", async () => {
    const batches = [];
    for await (const batch of contacts(database, 2)) batches.push(batch);
    expect(batches.map((batch) => batch.length)).toEqual([2, 1]);
    expect(batches.flat()).toEqual([
      {
        contact: 1,
        email: "ada@example.com",
        firstName: "Ada",
        createdAt: day(1),
        identities: expect.arrayContaining([{ system: "customer", id: "77" }]),
        profiling: "unknown",
      },
      expect.objectContaining({ contact: 2, timeZone: "Europe/Paris", profiling: "denied" }),
      { contact: 3, identities: [], profiling: "unknown" },
    ]);
  });

  it("are counted", async () => {
    expect(await summary(database)).toEqual({
      contacts: 3,
      orders: 2,
      engagements: 2,
      events: 5,
      currencies: [],
      profilingDenied: 1,
      first: day(3),
      last: day(9),
      rows: {
        contact: 3,
        consent: 2,
        item: 0,
        order: 2,
        orderLine: 1,
        engagement: 2,
        contract: 1,
        campaign: 0,
        message: 1,
      },
    });
  });
});

describe("forget", () => {
  it("leaves nothing of the person, and names the models that had seen them", async () => {
    await database.run(`
      insert into models by name select 'm1' as model_id, 'churn' as scorer, '{}' as options, '{}' as card, '{}' as artifact, now()::timestamp as trained_at, (select coalesce(max(seq), 0) + 1 from models) as seq;
      insert into model_members values ('m1', 1), ('m1', 2);
      insert into scores select 1, 'churn', 'm1', now()::timestamp, '{}', '[]', null;
      insert into outbox select 'p', 1, 1, '1', 'update', '{}', null, 'pending', null, null;
      insert into planned_sends values ('s', 1, now()::timestamp, 9, 'random', 0.1), ('s', 2, now()::timestamp, 9, 'random', 0.1);
      insert into ledger select 'd', '1', 1, '{}', null, now()::timestamp, 'p'`);
    const { removed, models } = await forget(database, 1);
    expect(removed).toEqual({
      dead_letters: 0,
      decisions: 0,
      holdout_arms: 0,
      holdout_conflicts: 0,
      contacts: 1,
      identities: 3,
      consents: 0,
      orders: 2,
      order_lines: 1,
      engagements: 1,
      contracts: 1,
      messages: 1,
      past_scores: 0,
      planned_sends: 1,
      scores: 1,
      outbox: 1,
      labels: 0,
      ledger: 1,
    });
    expect(models).toEqual([{ id: "m1", scorer: "churn" }]);
    const tables = await database.rows<{ name: string }>(
      "select distinct table_name as name from duckdb_columns() where column_name = 'contact_id' and schema_name = 'main' and not internal",
    );
    expect(tables.length).toBeGreaterThan(9);
    for (const { name } of tables.filter((table) => table.name !== "model_members")) {
      const rows = await database.rows(`select 1 from ${name} where contact_id = 1`);
      expect(rows, name).toEqual([]);
    }
    await expect(forget(database, 1)).rejects.toMatchObject({ code: "not-found" });
  });

  it("keeps the person from coming back under any name that was known, or becomes known", async () => {
    await forget(database, 1);
    const again = await give(page);
    expect(again).toEqual({ added: 0, updated: 0, forgotten: 6 });
    await give({ contact: [{ id: "9", email: "Ada@Example.com" }] });
    const result = await give({ order: [{ id: "o9", contact: "9", at: day(5), total: 1 }] });
    expect(result).toEqual({ added: 0, updated: 0, forgotten: 1 });
    expect((await summary(database)).contacts).toBe(2);
    expect(await find(database, "ada@example.com")).toBeUndefined();
  });

  it("keeps no readable trace of them in the file", async () => {
    await forget(database, 1);
    await database.close();
    expect(readFileSync(path).includes("ada@example.com")).toBe(false);
    expect(readFileSync(path).includes("A very private question")).toBe(false);
    expect(readFileSync(path).includes("very private contract")).toBe(false);
    database = await openDatabase(path);
  });
});
