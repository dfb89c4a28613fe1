import type { Contact, RecordBatch } from "@inchworm/spec";
import { beforeEach, describe, expect, it } from "vitest";
import { type Database, openDatabase } from "./database.js";
import { cursor, ingest } from "./ingest.js";
import { meta } from "./meta.js";
import { prepareStore } from "./prepare.js";

const day = (n: number): number => Date.UTC(2024, 0, n);
const hubspot = { name: "hubspot:contacts", system: "hubspot" };
const mailchimp = { name: "mailchimp:members", system: "mailchimp" };

let database: Database;
beforeEach(async () => {
  database = await openDatabase(":memory:");
  await prepareStore(database);
  return () => database.close();
});

const give = (records: RecordBatch, source = hubspot, at = 1) =>
  ingest(database, source, { records, cursor: { at } });
const ada = { id: "1", email: " Ada@Example.com ", firstName: "Ada", modifiedAt: day(5) };
const names = () =>
  database.rows(
    "select system || ':' || external_id as name, contact_id as contact, state from identities order by system, external_id",
  );
const revision = async () => Number(await meta(database, "people"));

describe("ingest", () => {
  it("stores contacts with their names, and the cursor with them", async () => {
    await give(
      { contact: [{ ...ada, identities: [{ system: "customer", id: "77" }] }] },
      hubspot,
      8,
    );
    expect(await names()).toEqual([
      { name: "customer:77", contact: 1, state: "current" },
      { name: "email:ada@example.com", contact: 1, state: "current" },
      { name: "hubspot:1", contact: 1, state: "current" },
    ]);
    expect(await cursor(database, "hubspot:contacts")).toEqual({ at: 8 });
    expect(await cursor(database, "mailchimp:members")).toBeUndefined();
  });

  it("changes nothing, and ages no plan, when a page comes again", async () => {
    const page: RecordBatch = {
      contact: [{ ...ada, createdAt: day(1) }],
      consent: [{ contact: "1", purpose: "profiling", status: "granted", at: day(2) }],
      order: [{ id: "o1", contact: "1", at: day(3), total: 12.34, currency: "EUR" }],
      orderLine: [
        { order: "o2", contact: "1", at: day(3), item: "mug", quantity: 2, unitPrice: 5.5 },
        { order: "o2", contact: "1", at: day(3), item: "mug", quantity: 2, unitPrice: 5.5 },
      ],
      engagement: [
        { contact: "1", type: "click", at: day(4) },
        { contact: "1", type: "click", at: day(4) },
        { id: "e9", contact: "1", type: "open", at: day(4), machine: true },
      ],
      item: [{ id: "mug", name: "Mug", price: 5.5 }],
      campaign: [{ id: "c", channel: "email", subject: "Hello" }],
      message: [{ id: "m", contact: "1", at: day(4), text: "Where is it?" }],
    };
    expect(await give(page)).toEqual({ added: 11, updated: 0, forgotten: 0 });
    const before = await revision();
    expect(await give(page)).toEqual({ added: 0, updated: 0, forgotten: 0 });
    const later = { ...page, contact: [{ ...ada, createdAt: day(1), modifiedAt: day(6) }] };
    expect(await give(later)).toEqual({ added: 0, updated: 0, forgotten: 0 });
    expect(await revision()).toBe(before);
    expect(
      await database.rows("select order_id as id, total, derived from orders order by order_id"),
    ).toEqual([
      { id: "o1", total: 12.34, derived: false },
      { id: "o2", total: 22, derived: true },
    ]);
    expect(await database.rows("select count(*) as n from engagements")).toEqual([{ n: 3 }]);
  });

  it("keeps the newer version of a record, whichever comes last", async () => {
    await give({ contact: [ada] });
    await give({ contact: [{ id: "1", firstName: "Old", city: "Paris", modifiedAt: day(4) }] });
    await give({ contact: [{ id: "1", lastName: "King", modifiedAt: day(6) }] });
    expect(await database.rows("select first_name, last_name, city, email from contacts")).toEqual([
      { first_name: "Ada", last_name: "King", city: "Paris", email: "ada@example.com" },
    ]);
  });

  it("makes one person of records that share a name, in one page and over many", async () => {
    await give({ contact: [ada, { id: "2", email: "grace@example.com" }] });
    await give({ contact: [{ id: "a", email: "ADA@example.com" }] }, mailchimp);
    const chain: Contact[] = Array.from({ length: 50 }, (_, n) => ({
      id: `chain-${n}`,
      identities: [
        { system: "customer", id: `${n}` },
        { system: "customer", id: `${n + 1}` },
      ],
    }));
    await give({ contact: chain.reverse() });
    const people = await database.rows<{ contact: number; n: number }>(
      "select contact_id as contact, count(*) as n from identities group by contact_id order by contact_id",
    );
    expect(people).toEqual([
      { contact: 1, n: 3 },
      { contact: 2, n: 2 },
      { contact: 3, n: 101 },
    ]);
    expect(await database.rows("select count(*) as n from contacts")).toEqual([{ n: 3 }]);
  });

  it("combines two known contacts that prove to be one, with all that pointed at them", async () => {
    await give({
      contact: [ada, { id: "2", email: "grace@example.com", phone: "2", modifiedAt: day(9) }],
      order: [{ id: "o1", contact: "2", at: day(3), total: 10 }],
      engagement: [{ contact: "2", type: "open", at: day(3) }],
      consent: [
        { contact: "1", purpose: "profiling", status: "granted", at: day(4) },
        { contact: "2", purpose: "profiling", status: "denied", at: day(4) },
      ],
    });
    await database.run(`
      insert into scores select c, 'churn', 'm', timestamp '2024-01-01', '{}', '[]', null from (values (1), (2)) v(c);
      insert into model_members values ('m', 1), ('m', 2);
      insert into outbox select 'p', 1, 2, '2', 'update', '{}', null, 'pending', null, null;
      insert into ledger select 'd', '2', 2, '{}', null, now()::timestamp, 'p'`);
    const before = await revision();
    await give({
      contact: [{ ...ada, modifiedAt: day(10), identities: [{ system: "hubspot", id: "2" }] }],
    });
    expect(await revision()).toBeGreaterThan(before);
    expect(await database.rows("select contact_id, email, phone from contacts")).toEqual([
      { contact_id: 1, email: "ada@example.com", phone: "2" },
    ]);
    for (const table of ["orders", "engagements", "outbox", "ledger", "scores", "model_members"]) {
      expect(await database.rows(`select contact_id from ${table}`)).toEqual([{ contact_id: 1 }]);
    }
    expect(await database.rows("select contact_id, status from consents")).toEqual([
      { contact_id: 1, status: "denied" },
    ]);
    expect(await names()).toContainEqual({ name: "hubspot:2", contact: 1, state: "merged" });
  });

  it("combines any number of contacts, and takes in who else of the page belongs to them", async () => {
    await give({ contact: [1, 2, 3, 4].map((n) => ({ id: `${n}`, email: `p${n}@example.com` })) });
    const all = [1, 2, 3].map((n) => ({ system: "email", id: `p${n}@example.com` }));
    await give(
      {
        contact: [
          { id: "all", identities: all },
          { id: "third", email: "p3@example.com", city: "Paris" },
        ],
      },
      mailchimp,
    );
    expect(
      await database.rows("select contact_id, city from contacts order by contact_id"),
    ).toEqual([
      { contact_id: 1, city: "Paris" },
      { contact_id: 4, city: null },
    ]);
    const rows = await names();
    expect(rows.filter(({ contact }) => contact === 1)).toHaveLength(8);
    expect(rows).toContainEqual({ name: "mailchimp:third", contact: 1, state: "current" });
  });

  it("follows archived records and their return", async () => {
    const state = async () => (await names()).find((row) => row.name === "hubspot:1")?.state;
    await give({ contact: [ada] });
    await give({ contact: [{ ...ada, archived: true, modifiedAt: day(7) }] });
    expect(await state()).toBe("archived");
    await give({ contact: [{ ...ada, modifiedAt: day(6) }] });
    expect(await state()).toBe("archived");
    await give({ contact: [{ ...ada, modifiedAt: day(8) }] });
    expect(await state()).toBe("current");
    await give({ order: [{ id: "o", contact: "1", at: day(9), total: 1 }] });
    expect(await state()).toBe("current");
  });

  it("makes a contact of a customer whom only an order knows", async () => {
    await give({
      order: [
        { id: "o1", contact: "99", at: day(1), total: 5 },
        { id: "o2", at: day(1), total: 6 },
      ],
    });
    expect(
      await database.rows("select order_id, contact_id from orders order by order_id"),
    ).toEqual([
      { order_id: "o1", contact_id: 1 },
      { order_id: "o2", contact_id: null },
    ]);
    await give({ contact: [{ id: "99", email: "ada@example.com" }] });
    expect(await database.rows("select contact_id, email from contacts")).toEqual([
      { contact_id: 1, email: "ada@example.com" },
    ]);
  });

  it("takes over changed totals and lines, and derives orders anew", async () => {
    await give({ order: [{ id: "o1", contact: "1", at: day(1), total: 5 }] });
    const line = { order: "o2", line: "a", contact: "1", at: day(2), item: "mug", unitPrice: 0.1 };
    await give({ orderLine: [{ ...line, quantity: 3 }] });
    const changed = await give({
      order: [{ id: "o1", contact: "1", at: day(1), total: -5 }],
      orderLine: [
        { ...line, quantity: 1 },
        { ...line, line: "b", at: day(1), quantity: -4 },
      ],
    });
    expect(changed).toEqual({ added: 1, updated: 2, forgotten: 0 });
    expect(
      await database.rows("select order_id, occurred_at, total from orders order by order_id"),
    ).toEqual([
      { order_id: "o1", occurred_at: day(1), total: -5 },
      { order_id: "o2", occurred_at: day(1), total: -0.3 },
    ]);
    await give({ order: [{ id: "o2", contact: "1", at: day(2), total: 7 }] });
    await give({ orderLine: [{ ...line, quantity: 9 }] });
    expect(await database.rows("select total from orders where order_id = 'o2'")).toEqual([
      { total: 7 },
    ]);
  });

  it("gives no customer the money of another with the same order number", async () => {
    const line = { order: "o", at: day(1), item: "mug", quantity: 1, unitPrice: 2 };
    await give({ orderLine: [{ ...line, contact: "1" }, { ...line, contact: "2" }, line] });
    expect(
      await database.rows("select contact_id, total from orders order by contact_id nulls last"),
    ).toEqual([
      { contact_id: 1, total: 2 },
      { contact_id: 2, total: 2 },
      { contact_id: null, total: 2 },
    ]);
  });

  it("does not make one person of everybody without a usable address", async () => {
    await give({
      contact: [
        { id: "1", email: "n/a" },
        { id: "2", email: "n/a" },
      ],
    });
    expect(
      await database.rows("select count(*) as n, count(email) as emails from contacts"),
    ).toEqual([{ n: 2, emails: 0 }]);
  });

  it("keeps nothing of a page with a faulty record, and says whose fault it is", async () => {
    const page: RecordBatch = {
      contact: [ada],
      order: [{ id: "o", contact: "1", at: Number.NaN, total: 1 }],
    };
    await expect(give(page)).rejects.toThrow(/hubspot:contacts.*"order".*"at"/);
    expect(await database.rows("select count(*) as n from contacts")).toEqual([{ n: 0 }]);
    expect(await cursor(database, "hubspot:contacts")).toBeUndefined();
  });
});
