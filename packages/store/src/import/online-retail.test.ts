import { existsSync } from "node:fs";
import { expect, it } from "vitest";
import { openDatabase } from "../database.js";
import { meta } from "../meta.js";
import { prepareStore } from "../prepare.js";
import { summary } from "../summary.js";
import { importFile } from "./import.js";

const file = "../shared/data/online-retail/online_retail_dev.csv.gz";

it.skipIf(!existsSync(file))("reads Online Retail to the last line and cent, twice", async () => {
  const database = await openDatabase(":memory:");
  await prepareStore(database);
  const first = await importFile(database, "orders", file, { currency: "GBP" });
  expect(first).toMatchObject({ rows: 389_061, added: 389_061, rejected: 0, anonymous: 135_080 });
  const counted = await summary(database);
  expect(counted).toMatchObject({
    contacts: 2637,
    orders: 17_534,
    first: Date.UTC(2010, 11, 1, 8, 34),
    last: Date.UTC(2011, 11, 9, 12, 50),
    rows: { orderLine: 389_061 },
  });
  // summed by the engine's own CSV reader, as a reader that shares nothing with ours
  const [theirs] = await database.rows<{ money: string; known: string }>(`
    select sum(Quantity * UnitPrice)::varchar as money, (sum(Quantity * UnitPrice) filter (where CustomerID is not null))::varchar as known
    from read_csv('${file}', types = {'Quantity': 'integer', 'UnitPrice': 'decimal(18,4)', 'CustomerID': 'varchar', 'InvoiceNo': 'varchar'})`);
  const [ours] = await database.rows<{ money: string; known: string }>(`
    select sum(total)::varchar as money, (sum(total) filter (where contact_id is not null))::varchar as known from orders`);
  expect(ours).toEqual(theirs);

  const people = await meta(database, "people");
  const second = await importFile(database, "orders", file, { currency: "GBP" });
  expect(second).toMatchObject({ rows: 389_061, added: 0, updated: 0, unchanged: 389_061 });
  expect(await summary(database)).toEqual(counted);
  expect(await meta(database, "people")).toBe(people);
  await database.close();
});
