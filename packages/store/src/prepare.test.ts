import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { openDatabase } from "./database.js";
import { meta } from "./meta.js";
import { tables } from "./schema.js";
import { openStore } from "./store.js";

const folder = mkdtempSync(join(tmpdir(), "inchworm-prepare-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe("a file that is opened as a store", () => {
  it("gets its tables and its salt once", async () => {
    const path = join(folder, "new.duckdb");
    for (const store of await Promise.all([openStore(path), openStore(path)])) await store.close();
    const database = await openDatabase(path);
    const salt = await meta(database, "salt");
    expect(salt).toMatch(/^[0-9a-f]{32}$/);
    const made = await database.rows<{ name: string }>(
      "select table_name as name from duckdb_tables() where not internal order by name",
    );
    expect(made.map(({ name }) => name)).toEqual(Object.keys(tables).sort());
    await (await openStore(path)).close();
    expect(await meta(database, "salt")).toBe(salt);
    await database.close();
  });

  it("of an earlier version is brought up to this one", async () => {
    const path = join(folder, "older.duckdb");
    await (await openStore(path)).close();
    const database = await openDatabase(path);
    await database.run(`drop table contracts; drop table items; create table items
      (item_id varchar not null, name varchar, category varchar, price decimal(18,4), currency varchar);
      insert into items values ('cup', 'Cup', 'kitchen', 9.5, 'EUR');
      update meta set value = '1' where key = 'schema'`);
    await database.close();
    for (const store of await Promise.all([openStore(path), openStore(path)])) {
      const { names, prices, available } = await store.items();
      expect([names[0], prices[0], available[0]]).toEqual(["Cup", 9.5, 1]);
      await store.close();
    }
  });

  it("of the version before plans of sends gets their tables, and keeps its campaigns", async () => {
    const path = join(folder, "second.duckdb");
    await (await openStore(path)).close();
    const database = await openDatabase(path);
    await database.run(`drop table contracts; drop table send_plans; drop table planned_sends; alter table campaigns drop column kind;
      insert into campaigns (campaign_id, channel, name) values ('m1', 'email', 'May');
      update meta set value = '2' where key = 'schema'`);
    await database.close();
    await (await openStore(path)).close();
    const after = await openDatabase(path);
    expect(await after.rows("select campaign_id, name, kind from campaigns")).toEqual([
      { campaign_id: "m1", name: "May", kind: null },
    ]);
    expect(await after.rows("from planned_sends")).toEqual([]);
    expect(await after.rows("from send_plans")).toEqual([]);
    await after.close();
  });

  it("of the version before contracts takes them in", async () => {
    const path = join(folder, "third.duckdb");
    await (await openStore(path)).close();
    const database = await openDatabase(path);
    const columnsOf = (table: string) =>
      database.rows(
        `select column_name, data_type, is_nullable from duckdb_columns() where table_name = '${table}' order by column_index`,
      );
    const made = await columnsOf("contracts");
    await database.run("drop table contracts; update meta set value = '3' where key = 'schema'");
    const store = await openStore(path);
    expect(await columnsOf("contracts")).toEqual(made);
    const contract = [{ id: "c1", contact: "1", start: Date.UTC(2025, 0, 1) }];
    const source = { name: "billing:contracts", system: "billing" };
    await store.ingest(source, { records: { contract }, cursor: {} });
    expect((await store.contracts({ asOf: Date.UTC(2025, 1, 1) })).rows).toBe(1);
    await store.close();
    await database.close();
  });

  it("of the version before brands keeps its catalogue, and takes brands in", async () => {
    const path = join(folder, "fourth.duckdb");
    const source = { name: "shop:items", system: "shop" };
    const first = await openStore(path);
    await first.ingest(source, { records: { item: [{ id: "a" }, { id: "b" }] }, cursor: {} });
    await first.close();
    const database = await openDatabase(path);
    await database.run(
      "alter table items drop column brand; update meta set value = '4' where key = 'schema'",
    );
    const store = await openStore(path);
    const item = [{ id: "b", brand: "Ours" }];
    await store.ingest(source, { records: { item }, cursor: {} });
    const { ids, brands } = await store.items();
    expect([ids, brands]).toEqual([
      ["a", "b"],
      [undefined, "Ours"],
    ]);
    await store.close();
    await database.close();
  });

  it("is refused when a newer version wrote it", async () => {
    const path = join(folder, "newer.duckdb");
    await (await openStore(path)).close();
    const database = await openDatabase(path);
    await database.run("update meta set value = '999' where key = 'schema'");
    await database.close();
    await expect(openStore(path)).rejects.toMatchObject({
      code: "input",
      message: expect.stringMatching(/schema 999/),
      hint: expect.stringMatching(/version of Inchworm/),
    });
  });

  it("is refused, and left as it is, when it is somebody else's database", async () => {
    const path = join(folder, "theirs.duckdb");
    const theirs = await openDatabase(path);
    await theirs.run("create table sales (n integer)");
    await theirs.close();
    await expect(openStore(path)).rejects.toMatchObject({
      code: "input",
      message: expect.stringMatching(/not a store/),
    });
    const again = await openDatabase(path);
    expect(
      await again.rows("select table_name as name from duckdb_tables() where not internal"),
    ).toEqual([{ name: "sales" }]);
    await again.close();
  });
});
