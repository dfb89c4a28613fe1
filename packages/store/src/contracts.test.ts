import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Contract } from "@inchworm/spec";
import { afterAll, beforeEach, describe, expect, it } from "vitest";
import { openStore } from "./store.js";
import type { ImportOptions } from "./types/import.js";
import type { Store } from "./types/store.js";

const folder = mkdtempSync(join(tmpdir(), "inchworm-contracts-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

let store: Store;
beforeEach(async () => {
  store = await openStore(":memory:");
  return () => store.close();
});

const on = (day: string) => Date.parse(`${day}T00:00:00Z`);
const give = (contract: readonly Contract[], system = "billing") =>
  store.ingest({ name: `${system}:contracts`, system }, { records: { contract }, cursor: {} });
function read(content: string, options: ImportOptions = {}) {
  const path = join(folder, "contracts.csv");
  writeFileSync(path, content);
  return store.importFile("contracts", path, options);
}
const dated = (at: number) =>
  Number.isFinite(at) ? new Date(at).toISOString().slice(0, 10) : Number.isNaN(at) ? "" : "∞";
/** A line per term: number, start, from–to, left, plan, price. */
async function known(day: string): Promise<string[]> {
  const found = await store.contracts({ asOf: on(day) });
  return Array.from(found.contacts.keys(), (row) =>
    [
      found.contracts[row],
      dated(found.start[row]),
      `${dated(found.from[row])}–${dated(found.to[row])}`,
      dated(found.left[row]),
      found.plans[found.plan[row]] ?? "",
      found.price[row],
    ].join(" "),
  );
}

const ada = { id: "c1", contact: "1", start: on("2024-01-10"), plan: "basic", price: 9.5 };

describe("contracts", () => {
  it("are told as they were known on a day, and never by what came later", async () => {
    await give([{ ...ada, cancelledAt: on("2025-03-01"), end: on("2025-04-01") }]);
    await give([{ id: "c2", contact: "2", start: on("2024-06-01"), end: on("2025-06-01") }]);
    expect(await known("2024-01-10")).toEqual([]);
    expect(await known("2024-02-01")).toEqual(["0 2024-01-10 2024-01-10–∞  basic 9.5"]);
    expect(await known("2025-03-01")).toEqual([
      "0 2024-01-10 2024-01-10–∞  basic 9.5",
      "1 2024-06-01 2024-06-01–∞   NaN",
    ]);
    // notice counts, not the end that follows; an end that was set counts once it has come
    expect(await known("2025-07-01")).toEqual([
      "0 2024-01-10 2024-01-10–∞ 2025-03-01 basic 9.5",
      "1 2024-06-01 2024-06-01–∞ 2025-06-01  NaN",
    ]);
  });

  it("keep the plan and price of each term, and go on when they are renewed", async () => {
    await give([{ ...ada, end: on("2025-01-10") }]);
    const renewed = { ...ada, renewedAt: on("2025-01-12"), plan: "pro", end: on("2026-01-10") };
    expect(await give([renewed])).toMatchObject({ added: 1, updated: 0 });
    expect(await known("2025-01-11")).toEqual(["0 2024-01-10 2024-01-10–∞ 2025-01-10 basic 9.5"]);
    const both = [
      "0 2024-01-10 2024-01-10–2025-01-12  basic 9.5",
      "0 2024-01-10 2025-01-12–∞  pro 9.5",
    ];
    expect(await known("2025-06-01")).toEqual(both);
    expect(await give([renewed, { ...ada, end: on("2025-01-10") }])).toMatchObject({
      added: 0,
      updated: 0,
    });
    expect((await store.contracts({ asOf: on("2025-01-11") })).plans).toEqual(["basic"]);
  });

  it("that came back have two terms, also when one row tells of both", async () => {
    await give([{ ...ada, cancelledAt: on("2024-05-01"), renewedAt: on("2024-09-01") }]);
    const both = [
      "0 2024-01-10 2024-01-10–2024-09-01 2024-05-01 basic 9.5",
      "0 2024-01-10 2024-09-01–∞  basic 9.5",
    ];
    expect(await known("2025-01-01")).toEqual(both);
    await give([{ ...ada, renewedAt: on("2024-09-01"), cancelledAt: on("2024-12-01") }]);
    expect((await known("2025-01-01"))[1]).toBe("0 2024-01-10 2024-09-01–∞ 2024-12-01 basic 9.5");
    // the cancellation is taken back
    await give([{ ...ada, renewedAt: on("2024-09-01") }]);
    expect(await known("2025-01-01")).toEqual(both);
  });

  it("that were first met after a renewal count from their start", async () => {
    await give([{ ...ada, renewedAt: on("2025-01-10"), end: on("2025-01-05") }]);
    expect(await known("2024-06-01")).toEqual(["0 2024-01-10 2024-01-10–∞  basic 9.5"]);
    // an end before the renewal was the earlier term's
    expect(await known("2026-01-01")).toEqual(["0 2024-01-10 2024-01-10–∞  basic 9.5"]);
  });

  it("take a corrected start and owner in all their terms", async () => {
    await give([ada, { ...ada, renewedAt: on("2025-01-10") }]);
    await give([{ ...ada, contact: "2", start: on("2024-02-01"), renewedAt: on("2025-01-10") }]);
    expect(await known("2026-01-01")).toEqual([
      "0 2024-02-01 2024-02-01–2025-01-10  basic 9.5",
      "0 2024-02-01 2025-01-10–∞  basic 9.5",
    ]);
    const owner = await store.find("billing:2");
    expect((await store.contracts({ asOf: on("2026-01-01") })).contacts[0]).toBe(owner?.contact);
  });

  it("of one number in two systems are two; who refuses profiling is not told of", async () => {
    await give([ada]);
    await give([{ ...ada, plan: "pro" }], "other");
    expect(await known("2025-01-01")).toHaveLength(2);
    await store.ingest(
      { name: "crm", system: "other" },
      {
        records: {
          consent: [{ contact: "1", purpose: "profiling", status: "denied", at: on("2025-05-01") }],
        },
        cursor: {},
      },
    );
    expect(await known("2025-01-01")).toEqual(["0 2024-01-10 2024-01-10–∞  basic 9.5"]);
  });

  it("go with their people when two prove to be one, and when they are forgotten", async () => {
    await give([ada, { ...ada, id: "c2", contact: "2" }]);
    await store.ingest(
      { name: "crm", system: "crm" },
      {
        records: {
          contact: [
            {
              id: "x",
              identities: [
                { system: "billing", id: "1" },
                { system: "billing", id: "2" },
              ],
            },
          ],
        },
        cursor: {},
      },
    );
    const { contacts, contracts } = await store.contracts({ asOf: on("2025-01-01") });
    expect([...contacts]).toEqual([contacts[0], contacts[0]]);
    expect([...contracts]).toEqual([0, 1]);
    expect((await store.forget(contacts[0])).removed.contracts).toBe(2);
    expect(await known("2025-01-01")).toEqual([]);
    expect(await give([ada])).toMatchObject({ added: 0, forgotten: 1 });
  });

  it("make people known from the day of their first contract, and give history its span", async () => {
    await give([{ ...ada, cancelledAt: on("2025-03-01") }]);
    const { columns } = await store.features({ asOf: on("2024-01-20"), columns: ["tenure_days"] });
    expect([...columns[0].values]).toEqual([10]);
    expect((await store.features({ asOf: on("2024-01-10") })).rows).toBe(0);
    expect(await store.summary()).toMatchObject({
      first: on("2024-01-10"),
      last: on("2025-03-01"),
      rows: { contract: 1 },
    });
    expect((await store.summary(on("2025-01-01"))).last).toBe(on("2024-01-10"));
    // contracts are older than anything else that is known: history begins where people begin to do something
    const order = [{ id: "o", contact: "1", at: on("2024-06-01"), total: 5 }];
    await store.ingest({ name: "shop", system: "billing" }, { records: { order }, cursor: {} });
    expect(await store.summary()).toMatchObject({
      first: on("2024-06-01"),
      last: on("2025-03-01"),
    });
  });
});

describe("a file of contracts", () => {
  it("is read by common column names, and changes nothing when it comes again", async () => {
    const content = `\uFEFFid;Customer ID;Customer Email;Plan;Amount;Currency;Start Date (UTC);Current Period Start (UTC);Canceled At (UTC);Ended At (UTC)
sub_1;7;Ada@Example.com;basic;9,50;eur;2024-01-10 08:00;2024-11-10 08:00;;
sub_2;8;grace@example.com;pro;1.020,00;eur;2024-02-10 08:00;;2024-05-01 12:30;2024-06-01 00:00
`;
    const result = await read(content, { decimal: "," });
    expect(result).toMatchObject({ rows: 2, added: 2, rejected: 0 });
    expect(result.columns).toEqual({
      contract: "id",
      customer: "Customer ID",
      email: "Customer Email",
      start: "Start Date (UTC)",
      renewedAt: "Current Period Start (UTC)",
      cancelledAt: "Canceled At (UTC)",
      end: "Ended At (UTC)",
      plan: "Plan",
      price: "Amount",
      currency: "Currency",
    });
    expect(await known("2025-01-01")).toEqual([
      "0 2024-01-10 2024-01-10–∞  basic 9.5",
      "1 2024-02-10 2024-02-10–∞ 2024-05-01 pro 1020",
    ]);
    expect(await read(content, { decimal: "," })).toMatchObject({ added: 0, updated: 0 });
    expect(await store.find("ada@example.com")).toEqual(await store.find("customer:7"));
  });

  it("needs neither numbers of contracts nor ends; a later file tells of cancellations", async () => {
    await read("customer,start\n7,2024-01-10\n7,2024-03-10\n8,2024-01-10\n");
    expect(await known("2025-01-01")).toHaveLength(3);
    const later = await read("customer,start,cancelled on\n7,2024-01-10,2024-08-01\n");
    expect(later).toMatchObject({ added: 0, updated: 1 });
    expect((await known("2025-01-01"))[0]).toBe("0 2024-01-10 2024-01-10–∞ 2024-08-01  NaN");
  });

  it("has rows rejected that end before they begin, or that nobody owns", async () => {
    const rows = Array.from({ length: 60 }, (_, row) => `${row},c${row},2024-01-10,`).join("\n");
    const result = await read(
      `contract,customer,start,end\n${rows}\n60,c60,2024-01-10,2023-01-10\n61,,2024-01-10,\n62,c62,soon,\n`,
    );
    expect(result).toMatchObject({ added: 60, rejected: 3 });
    expect(result.reasons).toEqual({
      '"end" is before the contract began': 1,
      '"customer" is missing': 1,
      '"start" is not a date': 1,
    });
    await expect(read("contract,customer\n1,c1\n")).rejects.toThrow(/has no column for "start"/);
  });
});
