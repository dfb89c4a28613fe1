import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { InchwormError } from "@inchworm/spec";
import { afterAll, beforeEach, describe, expect, it } from "vitest";
import { type Database, openDatabase } from "../database.js";
import { forget } from "../forget.js";
import { ingest } from "../ingest.js";
import { meta } from "../meta.js";
import { find } from "../people.js";
import { prepareStore } from "../prepare.js";
import { rejects, summary } from "../summary.js";
import type { ImportKind, ImportOptions } from "../types/import.js";
import { importFile } from "./import.js";

const folder = mkdtempSync(join(tmpdir(), "inchworm-import-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

let database: Database;
let files = 0;
beforeEach(async () => {
  database = await openDatabase(":memory:");
  await prepareStore(database);
  return () => database.close();
});

function file(content: string | Uint8Array, name = `file-${++files}.csv`): string {
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
}
const read = (kind: ImportKind, content: string | Uint8Array, options?: ImportOptions) =>
  importFile(database, kind, file(content), options);
async function refusal(work: Promise<unknown>): Promise<InchwormError> {
  const error = await work.then(
    () => undefined,
    (reason) => reason,
  );
  if (!InchwormError.is(error, "input")) throw new Error(`expected an "input" error, got ${error}`);
  return error;
}
const utc = (...parts: [number, number, number, number?, number?]): number => {
  const [year, month, day, hour, minute] = parts;
  return Date.UTC(year, month - 1, day, hour ?? 0, minute ?? 0);
};
const lines = () =>
  database.rows(`select order_id as id, i.external_id as customer, occurred_at as date, item_id as item, quantity,
    unit_price as price, currency from order_lines l left join identities i using (contact_id) order by order_id, item`);
const orders = () =>
  database.rows(`select order_id as id, i.external_id as customer, occurred_at as date, total, currency
    from orders o left join identities i using (contact_id) order by order_id, date, customer`);

const header =
  "InvoiceNo,StockCode,Description,Quantity,InvoiceDate,UnitPrice,CustomerID,Country\n";

describe("orders as lines", () => {
  it("are read from the columns of Online Retail, with returns and anonymous lines", async () => {
    const result = await read(
      "orders",
      `${header}1,A,"MUG, ""RED""",6,2010-12-01 08:26,2.55,13047.0,France\r
1,B,BAG,1,2010-12-01 08:26,3.39,13047,France\r
C2,A,MUG,-1,2010-12-02 09:00,2.55,13047,France\r
C3,A,MUG,2,2010-12-02 09:00,2.55,13047,France\r
4,A,MUG,1,2010-12-03 10:00,2.55,,France\r
`,
      { currency: "GBP" },
    );
    expect(result).toMatchObject({
      rows: 5,
      added: 5,
      unchanged: 0,
      rejected: 0,
      anonymous: 1,
      reasons: {},
    });
    expect(result.columns).toMatchObject({
      order: "InvoiceNo",
      customer: "CustomerID",
      date: "InvoiceDate",
      price: "UnitPrice",
    });
    expect(await lines()).toContainEqual({
      id: "1",
      customer: "13047",
      date: utc(2010, 12, 1, 8, 26),
      item: "A",
      quantity: 6,
      price: 2.55,
      currency: "GBP",
    });
    expect(await orders()).toEqual([
      { id: "1", customer: "13047", date: utc(2010, 12, 1, 8, 26), total: 18.69, currency: "GBP" },
      { id: "4", customer: null, date: utc(2010, 12, 3, 10), total: 2.55, currency: "GBP" },
      { id: "C2", customer: "13047", date: utc(2010, 12, 2, 9), total: -2.55, currency: "GBP" },
      { id: "C3", customer: "13047", date: utc(2010, 12, 2, 9), total: -5.1, currency: "GBP" },
    ]);
    expect(await database.rows("select count(*) as n from contacts")).toEqual([{ n: 1 }]);
  });

  it("are rejected where quantity times price is a slip, and add up whatever the others are worth", async () => {
    const row = (order: string, item: string, quantity: string, price: string) =>
      `${order},${item},x,${quantity},2010-12-01 08:26,${price},7,UK\n`;
    const slips =
      row("1", "A", "100000000000", "100000000000") +
      row("1", "B", "1e6", "-1000000") +
      row("1", "C", "2", "3.5");
    const most = Array.from({ length: 120 }, (_, n) => row("2", `I${n}`, "1", "999999999999"));
    const result = await read("orders", header + slips + most.join(""));
    expect(result).toMatchObject({ rows: 123, added: 121, rejected: 2 });
    expect(result.reasons).toEqual({
      '"Quantity" is too large: with its price it comes to 10^12 or more': 2,
    });
    expect(await orders()).toMatchObject([
      { id: "1", total: 7 },
      { id: "2", total: 99_999_999_999_999 },
    ]);
  });

  it("change nothing when read again, and add only what is new when files overlap", async () => {
    const row = (n: number, item = "A") => `${n},${item},x,1,2010-12-01 08:26,1,7,UK\n`;
    const first = file(header + row(1) + row(1) + row(1, "B") + row(2));
    expect(await importFile(database, "orders", first)).toMatchObject({ added: 4 });
    const people = await meta(database, "people");
    expect(await importFile(database, "orders", first)).toMatchObject({
      added: 0,
      updated: 0,
      unchanged: 4,
    });
    expect(await meta(database, "people")).toBe(people);
    expect(await read("orders", header + row(2) + row(3) + row(1) + row(1))).toMatchObject({
      added: 1,
      unchanged: 3,
    });
    expect((await summary(database)).rows).toMatchObject({ order: 3, orderLine: 5, contact: 1 });
    expect(await database.rows("select total from orders where order_id = '1'")).toEqual([
      { total: 3 },
    ]);
  });

  it("know a line by its own id, and take over what changed in it", async () => {
    const content = (quantity: number) =>
      `order_id,line_id,customer,date,sku,qty,price\n1,a,7,2020-01-01,M,${quantity},2\n1,b,7,2020-01-01,M,${quantity},2\n`;
    await read("orders", content(1));
    expect(await read("orders", content(3))).toMatchObject({ added: 0, updated: 2, unchanged: 0 });
    expect(await orders()).toMatchObject([{ total: 12 }]);
  });

  it("keep apart two customers with one order number", async () => {
    await read(
      "orders",
      `${header}1,A,x,1,2010-12-01 08:26,1,7,UK\n1,A,x,1,2010-12-01 08:26,1,8,UK\n`,
    );
    expect(await orders()).toMatchObject([
      { customer: "7", total: 1 },
      { customer: "8", total: 1 },
    ]);
  });

  it("are money to the last digit", async () => {
    const rows = Array.from({ length: 1000 }, () => "1,A,x,3,2010-12-01 08:26,0.1001,7,UK\n");
    await read("orders", header + rows.join(""));
    expect(await database.rows("select total::varchar as total from orders")).toEqual([
      { total: "300.3000" },
    ]);
  });

  it("are read from a shop system's export with its own names, cancelled orders as negative", async () => {
    await read(
      "orders",
      `Name,Email,Financial Status,Cancelled at,Currency,Total,Created at,Lineitem quantity,Lineitem name,Lineitem price,Lineitem sku
#1001,Ada@example.com,paid,,USD,30.00,2020-01-01 12:00:00 -0500,2,Mug,10.00,MUG
#1001,ada@example.com,,,,,2020-01-01 12:00:00 -0500,1,Bag,10.00,BAG
#1002,grace@example.com,paid,2020-01-03 12:00:00 -0500,USD,12.00,2020-01-02 12:00:00 -0500,1,Mug,10.00,MUG
#1002,,,,,,2020-01-02 12:00:00 -0500,1,Pen,2.00,PEN
`,
    );
    expect(await orders()).toEqual([
      {
        id: "#1001",
        customer: "ada@example.com",
        date: utc(2020, 1, 1, 17),
        total: 30,
        currency: "USD",
      },
      {
        id: "#1002",
        customer: "grace@example.com",
        date: utc(2020, 1, 2, 17),
        total: -12,
        currency: "USD",
      },
    ]);
  });
});

describe("orders as totals", () => {
  it("are read from plain names, one row an order", async () => {
    const result = await read(
      "orders",
      "order_id;customer_id;email;date;total;currency;status\n1;7;ada@example.com;2020-01-01;1.234,50 €;eur;shipped\n2;8;;2020-01-02;10;;cancelled\n3;;;2020-01-03;5;USD;\n",
      { decimal: ",", currency: "GBP" },
    );
    expect(result).toMatchObject({ added: 3, anonymous: 1 });
    expect(
      await database.rows("select order_id as id, total, currency from orders order by id"),
    ).toEqual([
      { id: "1", total: 1234.5, currency: "EUR" },
      { id: "2", total: -10, currency: "GBP" },
      { id: "3", total: 5, currency: "USD" },
    ]);
    const ada = await find(database, "ada@example.com");
    expect(ada?.identities).toEqual([
      { system: "customer", id: "7" },
      { system: "email", id: "ada@example.com" },
    ]);
  });

  it("keep a refund beside its sale, and take over a corrected total", async () => {
    await read(
      "orders",
      "order,customer,date,total\n1,7,2020-01-01,50\n1,7,2020-02-01,-50\n2,7,2020-01-01,5\n",
    );
    expect(await read("orders", "order,customer,date,total\n2,7,2020-01-01,6\n")).toMatchObject({
      added: 0,
      updated: 1,
    });
    expect(await orders()).toMatchObject([
      { id: "1", total: 50 },
      { id: "1", total: -50 },
      { id: "2", total: 6 },
    ]);
  });

  it("need no number of their own", async () => {
    const content = "customer,date,amount\n7,2020-01-01,5\n7,2020-01-01,5\n8,2020-01-01,5\n";
    expect(await read("orders", content)).toMatchObject({ added: 3 });
    expect(await read("orders", content)).toMatchObject({ added: 0, unchanged: 3 });
  });
});

describe("a file", () => {
  const totals = (rows: string) => `order,customer,date,total\n${rows}`;

  it.each([
    ["a byte order mark", `\ufeff${totals("1,7,2020-01-01,5")}`],
    [
      "CRLF and blank lines",
      `\r\n${totals("\r\n1,7,2020-01-01,5\r\n\r\n,,,\r\n")}`.replaceAll("total\n", "total\r\n"),
    ],
    ["CR alone", totals("1,7,2020-01-01,5\n").replaceAll("\n", "\r")],
    ["a separator told to Excel", `sep=;\n${totals("1,7,2020-01-01,5").replaceAll(",", ";")}`],
    ["tabs", totals("1,7,2020-01-01,5").replaceAll(",", "\t")],
    ["bars", totals("1,7,2020-01-01,5").replaceAll(",", "|")],
    ["quotes around everything", totals("1,7,2020-01-01,5").replace(/[^,\n]+/g, '"$&"')],
    [
      "blanks around names and values",
      " order , customer , date , total \n 1 , 7 , 2020-01-01 , 5 \n",
    ],
    ["a trailing column without a name", "order,customer,date,total,\n1,7,2020-01-01,5,\n"],
    [
      "UTF-16",
      Buffer.concat([
        Buffer.from([0xff, 0xfe]),
        Buffer.from(totals("1,7,2020-01-01,5\n"), "utf16le"),
      ]),
    ],
    ["gzip", gzipSync(totals("1,7,2020-01-01,5"))],
    ["gzip in two members", Buffer.concat([gzipSync(totals("")), gzipSync("1,7,2020-01-01,5")])],
    ["NDJSON", '{"order":1,"customer":7,"date":"2020-01-01","total":5}\n\n'],
    [
      "NDJSON with objects in objects",
      '{"order":{"id":"1"},"customer":{"id":"7"},"date":1577836800,"total":"5.00"}\n',
    ],
  ])("is read with %s", async (_, content) => {
    expect(await read("orders", content)).toMatchObject({ rows: 1, added: 1, rejected: 0 });
    expect(await orders()).toEqual([
      { id: "1", customer: "7", date: utc(2020, 1, 1), total: 5, currency: null },
    ]);
  });

  it("is read as Windows-1252 where it is no UTF-8, line by line", async () => {
    const latin = Buffer.from("email,first_name\nada@example.com,Zo\xeb\n", "latin1");
    const mixed = Buffer.concat([
      latin,
      Buffer.from("grace@example.com,Łukasz €\n"),
      Buffer.from("b@example.com,\x80\n", "latin1"),
    ]);
    expect(await read("contacts", mixed)).toMatchObject({ added: 3 });
    expect(
      await database.rows("select first_name as name from contacts order by contact_id"),
    ).toEqual([{ name: "Zoë" }, { name: "Łukasz €" }, { name: "€" }]);
  });

  it("is read from Parquet", async () => {
    const path = join(folder, "we[i]rd 'name'.parquet");
    await database.run(`copy (select 1 as "Order ID", 7 as customer, timestamp '2020-01-01 10:00' as date, 5.25::decimal(9,2) as total
      union all select 2, null, timestamp '2020-01-02', 1e-2::double union all select 3, 8, null, 1) to '${path.replaceAll("'", "''")}' (format parquet)`);
    const result = await importFile(database, "orders", path, {
      map: { order: "Order ID" },
      maxRejects: 0.5,
    });
    expect(result).toMatchObject({ rows: 3, added: 2, rejected: 1, anonymous: 1 });
    expect(await rejects(database)).toEqual([
      { file: path, line: 4, column: "date", reason: "missing" },
    ]);
    expect(await orders()).toMatchObject([
      { id: "1", date: utc(2020, 1, 1, 10), total: 5.25 },
      { id: "2", total: 0.01 },
    ]);
  });

  it("of many batches keeps every row, and its line", async () => {
    const note = "x".repeat(500);
    const rows = Array.from(
      { length: 40_000 },
      (_, n) => `${n},${n % 1000},2020-01-01,${n === 39_000 ? '"bad\n\none"' : 5},${note}\n`,
    );
    const result = await read("orders", `order,customer,date,total,note\n${rows.join("")}`);
    expect(result).toMatchObject({ rows: 40_000, added: 39_999, rejected: 1 });
    expect(await rejects(database)).toMatchObject([{ line: 39_002, column: "total" }]);
    expect((await summary(database)).contacts).toBe(1000);
  });
});

describe("rejects", () => {
  const many = Array.from({ length: 200 }, (_, n) => `${n},7,2020-01-01,5\n`).join("");
  const header = "order,customer,date,total\n";

  it("name line, column and reason, never the value", async () => {
    const path = file(
      `${header}${many}x1,7,soon,5\nx2,7,,5\nx3,7,2020-01-01,"five\nor six"\nx4,7,2020-01-01\n"x5,7,2020-01-01,5\nx6,7,2020-01-01,5,6\nx7,7,2020-01-01,5\n`,
    );
    const result = await importFile(database, "orders", path);
    expect(result).toMatchObject({ rows: 207, added: 201, rejected: 6 });
    expect(result.reasons).toEqual({
      '"date" is not a date': 1,
      '"date" is missing': 1,
      '"total" is not a number with decimal "."': 1,
      "too few columns": 1,
      "a quote that is not closed": 1,
      "too many columns": 1,
    });
    const found = await rejects(database);
    expect(found.map(({ line, column }) => [line, column])).toEqual([
      [202, "date"],
      [203, "date"],
      [204, "total"],
      [206, ""],
      [207, ""],
      [208, ""],
    ]);
    expect(JSON.stringify(found)).not.toMatch(/soon|five/);
    await importFile(database, "orders", path);
    expect(await rejects(database)).toHaveLength(6);
  });

  it("past the limit leave nothing, and say how to allow more", async () => {
    const content = `${header}1,7,2020-01-01,5\n2,7,never,5\n3,7,2020-01-01,5\n`;
    const error = await refusal(read("orders", content));
    expect(error.message).toMatch(
      /1 of 3 rows.*nothing was kept.*"date" is not a date \(1 row, first in line 3\)/,
    );
    expect(error.hint).toMatch(/--max-rejects 34%/);
    expect((await summary(database)).rows.order).toBe(0);
    expect(await rejects(database)).toEqual([]);
    expect(await read("orders", content, { maxRejects: 0.34 })).toMatchObject({
      added: 2,
      rejected: 1,
    });
  });

  it("point to the decimal mark when it is the other one", async () => {
    const error = await refusal(
      read("orders", 'order,customer,date,total\n1,7,2020-01-01,"5,50"\n'),
    );
    expect(error.hint).toContain("--decimal");
  });
});

describe("dates of a column", () => {
  const orderOf = (dates: readonly string[]) =>
    `order,customer,date,total\n${dates.map((date, n) => `${n},7,${date},5\n`).join("")}`;
  const found = async () => (await orders()).map((order) => order.date);

  it("are settled by any day above 12", async () => {
    await read("orders", orderOf(["1/2/2020 8:26", "13/2/2020 8:26"]));
    expect(await found()).toEqual([utc(2020, 2, 1, 8, 26), utc(2020, 2, 13, 8, 26)]);
    await read("orders", orderOf(["1/2/20", "2/13/20"]), { system: "other" });
    expect(
      await database.rows(
        "select occurred_at as date from orders where source = 'other' order by date",
      ),
    ).toEqual([{ date: utc(2020, 1, 2) }, { date: utc(2020, 2, 13) }]);
  });

  it("are refused when nothing settles them, with the format to pass", async () => {
    const error = await refusal(read("orders", orderOf(["1/2/2020 8:26", "3/4/2020 9:00"])));
    expect(error.message).toContain('"date"');
    expect(error.hint).toContain('--date-format "%d/%m/%Y %H:%M"');
    expect(error.hint).toContain('--date-format "%m/%d/%Y %H:%M"');
    await read("orders", orderOf(["1/2/2020 8:26"]), { dateFormat: "%d/%m/%Y %H:%M" });
    expect(await found()).toEqual([utc(2020, 2, 1, 8, 26)]);
  });

  it("are refused when some say the one and some the other", async () => {
    const error = await refusal(read("orders", orderOf(["13/2/2020", "2/13/2020"])));
    expect(error.message).toMatch(/day first and dates month first/);
  });

  it("count one odd date among many as a mistake", async () => {
    const days = Array.from({ length: 28 }, (_, n) => `${n + 1}/2/2020`);
    const result = await read("orders", orderOf([...days, "2/13/2020"]));
    expect(result).toMatchObject({
      added: 28,
      rejected: 1,
      reasons: { '"date" is not a date': 1 },
    });
  });

  it("are in the zone that was given", async () => {
    await read("orders", orderOf(["2020-07-01 12:00"]), { timeZone: "Europe/Berlin" });
    expect(await found()).toEqual([utc(2020, 7, 1, 10)]);
    expect(
      (await refusal(read("orders", orderOf(["2020-07-01"]), { timeZone: "Mars/Olympus" })))
        .message,
    ).toContain("Mars");
    expect(
      (await refusal(read("orders", orderOf(["2020-07-01"]), { dateFormat: "dd/MM" }))).hint,
    ).toContain("strptime");
  });
});

describe("columns", () => {
  it("that are missing are named, with those that are there and the option that helps", async () => {
    const error = await refusal(read("orders", "order_id,customer_id,ordered,total\n1,2,3,4\n"));
    expect(error.message).toMatch(/no column for "date".*order_id, customer_id, ordered, total/);
    expect(error.hint).toContain("--map date=ordered");
    const mapped = await refusal(
      read("orders", "order_id,Customer ID,date,total\n1,2,3,4\n", { map: { customer: "CustId" } }),
    );
    expect(mapped.message).toMatch(/no column "CustId"/);
    expect(mapped.hint).toContain('--map customer="Customer ID"');
    expect((await refusal(read("orders", "a,b\n1,2\n", { map: { customr: "a" } }))).hint).toContain(
      "customer",
    );
    const lines = await refusal(read("orders", "order_id,sku,qty,date\n1,2,3,4\n"));
    expect(lines.message).toContain('for "price"');
  });

  it("can be mapped, whatever their case", async () => {
    await read("orders", "Beleg,Kunde,Datum,Summe\n1,7,2020-01-01,5\n", {
      map: { order: "beleg", customer: "Kunde", date: "Datum", total: "Summe" },
    });
    expect(await orders()).toMatchObject([{ id: "1", customer: "7", total: 5 }]);
  });

  it("do not show an address when the file has no header", async () => {
    const error = await refusal(read("contacts", "7;ada@example.com\n8;grace@example.com\n"));
    expect(error.message + error.hint).not.toContain("ada@");
  });
});

describe("a file that is none", () => {
  it.each([
    ["is empty", "", "empty"],
    ["is blank", "\n \n\r\n", "empty"],
    ["has only a header", "order,customer,date,total\n", "no rows"],
    ["is a zip archive", Buffer.from("504b030414000000", "hex"), "Excel"],
    ["is binary", Buffer.from([1, 2, 0, 3, 0, 0, 10, 5]), "not a text file"],
    ["is a JSON array", '[{"order":1}]', "JSON array"],
    [
      "is gzip cut off",
      gzipSync(Buffer.alloc(100_000, "order,total,date\n1,2,2020-01-01\n")).subarray(0, 200),
      "cut off",
    ],
    [
      "is damaged gzip",
      Buffer.concat([Buffer.from("1f8b0800", "hex"), Buffer.alloc(100, 7)]),
      "damaged",
    ],
    ["is damaged Parquet", "PAR1 and no more", "Parquet"],
    ["is gzip of nothing", gzipSync(""), "empty"],
  ])("%s: that is said", async (_, content, message) => {
    const error = await refusal(read("orders", content));
    expect(error.message).toContain(message);
    expect((await summary(database)).rows.order).toBe(0);
  });

  it("is a directory, or is not there: that is said", async () => {
    mkdirSync(join(folder, "directory"));
    expect(
      (await refusal(importFile(database, "orders", join(folder, "directory")))).message,
    ).toContain("directory");
    expect(
      (await refusal(importFile(database, "orders", join(folder, "nothing.csv")))).message,
    ).toContain("no file");
  });
});

describe("other kinds", () => {
  it("contacts fill in what is known of a person", async () => {
    await read(
      "contacts",
      "customer_id,email,first_name,country,signup_date\n7.0,Ada@example.com,Ada,GB,2019-01-01\n8,,,,\n",
    );
    const again = await read("contacts", "customer_id,last_name\n7,King\n8,\n9,Hopper\n");
    expect(again).toMatchObject({ rows: 3, added: 1, updated: 1, unchanged: 1 });
    expect(
      await database.rows(
        "select email, first_name, last_name, country, created_at from contacts where contact_id = 1",
      ),
    ).toEqual([
      {
        email: "ada@example.com",
        first_name: "Ada",
        last_name: "King",
        country: "GB",
        created_at: utc(2019, 1, 1),
      },
    ]);
  });

  it("contacts meet those of a source by their address", async () => {
    const source = { name: "hubspot:contacts", system: "hubspot" };
    await ingest(database, source, {
      records: { contact: [{ id: "501", email: "ada@example.com" }] },
      cursor: {},
    });
    await read("contacts", "customer_id,email\n7,ada@example.com\n");
    await read("orders", "order,customer,date,total\n1,7,2020-01-01,5\n");
    expect((await find(database, "hubspot:501"))?.identities).toHaveLength(3);
    expect(await summary(database)).toMatchObject({ contacts: 1, orders: 1 });
  });

  it("engagements know the words of others, and machines", async () => {
    const content =
      "email,event,timestamp,campaign,is_bot\nada@example.com,Email Opened,2020-01-01,c1,no\nada@example.com,opened,2020-01-01,c1,true\nada@example.com,hard-bounce,2020-01-02,,\n";
    expect(await read("engagements", content)).toMatchObject({ added: 3 });
    expect(await read("engagements", content)).toMatchObject({ added: 0, unchanged: 3 });
    expect(
      await database.rows(
        "select type::varchar as type, machine from engagements order by occurred_at, machine",
      ),
    ).toEqual([
      { type: "open", machine: false },
      { type: "open", machine: true },
      { type: "bounce", machine: false },
    ]);
  });

  it("consents age a plan once", async () => {
    const content =
      "customer,purpose,status,date\n7,profiling,no,2020-01-01\n7,email,opt-in,2020-01-01\n";
    await read("consents", content);
    const people = await meta(database, "people");
    await read("consents", content);
    expect(await meta(database, "people")).toBe(people);
    expect(await summary(database)).toMatchObject({ profilingDenied: 1, rows: { consent: 2 } });
  });

  it("items say their kind, whether they can be had, where, and what they earn and cost", async () => {
    await read(
      "items",
      "sku,kind,availability,stock,region,margin,cost\nM,Product,out of stock,3,DE,2.5,1\nN,,,0,,,\nO,coupon,,7,,,.20\nP,,In Stock,,,,\n",
    );
    expect(
      await database.rows("select item_id, kind, available, region, margin, cost from items"),
    ).toEqual([
      { item_id: "M", kind: "product", available: false, region: "DE", margin: 2.5, cost: 1 },
      { item_id: "N", kind: null, available: false, region: null, margin: null, cost: null },
      { item_id: "O", kind: "offer", available: true, region: null, margin: null, cost: 0.2 },
      { item_id: "P", kind: null, available: true, region: null, margin: null, cost: null },
    ]);
  });

  it("items and campaigns are known by their id", async () => {
    await read("items", "sku,name,category,price\nM,Mug,Kitchen,5.50\nM,Red mug,,\n");
    await read("campaigns", "campaign_id,subject,sent_at\nc1,Hello,2020-01-01\n");
    expect(await database.rows("select item_id, name, category, price from items")).toEqual([
      { item_id: "M", name: "Red mug", category: "Kitchen", price: 5.5 },
    ]);
    expect(
      await database.rows("select campaign_id, channel, subject, sent_at from campaigns"),
    ).toEqual([
      { campaign_id: "c1", channel: "email", subject: "Hello", sent_at: utc(2020, 1, 1) },
    ]);
    expect(await read("items", "sku,name\nM,Red mug\n")).toMatchObject({
      added: 0,
      updated: 0,
      unchanged: 1,
    });
  });
});

describe("an import", () => {
  it("drops the rows of people who asked to be forgotten, and counts them", async () => {
    const content =
      "order,customer,date,total\n1,7,2020-01-01,5\n2,8,2020-01-01,5\n3,7,2020-02-01,5\n";
    await read("orders", content);
    await forget(database, (await find(database, "customer:7"))?.contact ?? 0);
    expect(await read("orders", content)).toMatchObject({
      rows: 3,
      added: 0,
      unchanged: 1,
      forgotten: 2,
    });
    expect(await read("contacts", "customer,email\n7,ada@example.com\n")).toMatchObject({
      added: 0,
      forgotten: 1,
    });
    expect(
      await read("orders", "order,email,date,total\n9,ada@example.com,2020-01-01,5\n"),
    ).toMatchObject({ forgotten: 1 });
    expect(await summary(database)).toMatchObject({ contacts: 1, orders: 1 });
  });

  it("can be stopped, and keeps nothing then", async () => {
    const controller = new AbortController();
    const rows = Array.from({ length: 100_000 }, (_, n) => `${n},7,2020-01-01,5\n`).join("");
    const options = { signal: controller.signal, onProgress: () => controller.abort() };
    await expect(
      read("orders", `order,customer,date,total\n${rows}`, options),
    ).rejects.toMatchObject({ code: "aborted" });
    expect((await summary(database)).rows.order).toBe(0);
    expect(await read("orders", "order,customer,date,total\n1,7,2020-01-01,5\n")).toMatchObject({
      added: 1,
    });
  });

  it("tells how far it has come", async () => {
    const told: string[] = [];
    await read("orders", "order,customer,date,total\n1,7,2020-01-01,5\n", {
      onProgress: ({ step, done, total }) => told.push(`${step} ${done}/${total}`),
    });
    expect(told.at(-1)).toBe("storing 1/1");
    expect(told[0]).toMatch(/^reading file-\d+\.csv \d+\/\d+$/);
  });
});
