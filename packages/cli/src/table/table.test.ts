import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import type { Column } from "@inchworm/learn";
import { openFlatFile } from "@inchworm/store";
import { afterAll, describe, expect, it } from "vitest";
import { readTable } from "./read-table.js";
import { type Told, tellColumns } from "./tell.js";

const folder = mkdtempSync(join(tmpdir(), "inchworm-table-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
let files = 0;

/** What is told and read of a file with this content. */
async function read(content: string | Uint8Array, keep: readonly string[] = [], name = ".csv") {
  const path = join(folder, `${files++}${name}`);
  writeFileSync(path, content);
  const file = await openFlatFile(path);
  try {
    const told = await tellColumns(file, file.columns, keep, () => {});
    const table = await readTable(file, told.readings, "fault is null");
    const column = (wanted: string) => {
      const found = table.columns.find((one) => one.name === wanted);
      if (!found) throw new Error(`${wanted} was not read`);
      return found;
    };
    return { told, table, faults: file.faults, values: (wanted: string) => cells(column(wanted)) };
  } finally {
    await file.close();
  }
}

const cells = (column: Column): (number | string | null)[] =>
  column.kind === "number"
    ? [...column.values].map((value) => (Number.isNaN(value) ? null : value))
    : [...column.codes].map((code) => (code < 0 ? null : column.levels[code]));

/** A file of columns with the given values, as many rows as the longest; shorter ones begin again. */
function csv(columns: Record<string, readonly (string | number)[]>, separator = ","): string {
  const rows = Math.max(...Object.values(columns).map((values) => values.length));
  const quoted = (value: string | number) =>
    /[",;\n]/.test(String(value)) ? `"${String(value).replaceAll('"', '""')}"` : String(value);
  const lines = Array.from({ length: rows }, (_, row) =>
    Object.values(columns).map((values) => quoted(values[row % values.length])),
  );
  return [Object.keys(columns), ...lines].map((cells) => cells.join(separator)).join("\n");
}

const count = (rows: number) => Array.from({ length: rows }, (_, row) => row);
const kind = (told: Told, name: string) => told.readings.find((one) => one.name === name)?.kind;
const because = (told: Told, column: string) =>
  told.leftOut.find((one) => one.column === column)?.because;

describe("numbers and categories are told apart by content", () => {
  it("takes blanks and the usual marks as missing", async () => {
    const { told, values } = await read(
      csv({
        total: ["1.5", " ", "NA", "n/a", "null", "?", "", "-", "3e2", "-7"],
        plan: ["a", "b"],
      }),
    );
    expect(kind(told, "total")).toBe("number");
    expect(values("total")).toEqual([1.5, ...Array(7).fill(null), 300, -7]);
    expect(kind(told, "plan")).toBe("category");
  });

  it("keeps words that people choose from as levels", async () => {
    const { values } = await read(
      csv({ city: ["Select", "none", "Unknown", "Rome"].flatMap((one) => [one, one]) }),
    );
    expect(values("city")).toEqual([
      "Select",
      "Select",
      "none",
      "none",
      "Unknown",
      "Unknown",
      "Rome",
      "Rome",
    ]);
  });

  it("reads numbers as people write them", async () => {
    const { told, values } = await read(
      csv({
        english: ["$1,234.50", "2,000", "-3", "12 %", "€ 7"],
        german: ["1.234,50", "0,25", "−3", "12", "7 €"],
        thousands: ["1,234", "5,678", "12,345,678", "3,000", "1,000"],
      }),
    );
    expect(told.readings.map((one) => one.kind)).toEqual(["number", "number", "number"]);
    expect(values("english")).toEqual([1234.5, 2000, -3, 12, 7]);
    expect(values("german")).toEqual([1234.5, 0.25, -3, 12, 7]);
    expect(values("thousands")).toEqual([1234, 5678, 12345678, 3000, 1000]);
  });

  it("takes codes with leading zeros, and codes of letters and digits, as categories", async () => {
    const { told } = await read(
      csv({ zip: ["01234", "10115", "01234", "10115"], sku: ["A1", "B2"] }),
    );
    expect(kind(told, "zip")).toBe("category");
    expect(kind(told, "sku")).toBe("category");
  });

  it("reads dates as days, telling by content which number is the day", async () => {
    const { told, values } = await read(
      csv({
        iso: ["1970-01-02", "1970-01-03T12:00:00Z", ""],
        german: ["13.01.1970", "02.01.1970", "03.01.1970"],
        american: ["01/13/1970", "01/02/1970", "1/3/70"],
        compact: ["19700102", "19700103", "19700104"],
        unclear: ["01/02/1970", "02/02/1970", "03/02/1970"],
      }),
    );
    expect(told.readings.map((one) => one.kind)).toEqual(Array(5).fill("date"));
    expect(values("iso")).toEqual([1, 2.5, null]);
    expect(values("german")).toEqual([12, 1, 2]);
    expect(values("american")).toEqual([12, 1, 2]);
    expect(values("compact")).toEqual([1, 2, 3]);
    expect(values("unclear")).toEqual([31, 32, 33]);
    expect(told.notes).toEqual([expect.stringContaining('"unclear" can be read both ways')]);
  });

  it("reads truths in any spelling", async () => {
    const { told, values } = await read(
      csv({ active: ["TRUE", "False", "t", ""], plan: ["a", "b"] }),
    );
    expect(kind(told, "active")).toBe("boolean");
    expect(values("active")).toEqual(["true", "false", "true", null]);
  });

  it("forgives slips of the pen in a column of numbers, and says how many", async () => {
    const { told, values } = await read(
      csv({ amount: [...count(300).map((n) => n % 90), "12O", "Infinity"] }),
    );
    expect(kind(told, "amount")).toBe("number");
    expect(values("amount").slice(-3)).toEqual([29, null, null]);
    expect(told.notes).toEqual([expect.stringMatching(/One value of "amount" is no number/)]);
  });

  it("takes a few codes with one word among them as a category", async () => {
    const { told } = await read(
      csv({ grade: [...Array(150).fill(["1", "2"]).flat(), "other", "other"] }),
    );
    expect(kind(told, "grade")).toBe("category");
  });
});

describe("columns that teach nothing are left out and named", () => {
  it("ids, empty and constant columns, addresses and texts", async () => {
    const rows = count(60);
    const { told } = await read(
      csv({
        customerID: rows.map((row) => `C-${row * 7}`),
        "Lead Number": rows.map((row) => 900_000 - row * row),
        running: rows.map((row) => (row * 17) % 60),
        balance: rows.map((row) => row * row),
        empty: [""],
        same: ["x"],
        mail: rows.map((row) => `ada${row % 20}@example.com`),
        words: rows.map((row) => `a sentence like ${row % 58}`),
        plan: ["basic", "pro"],
      }),
    );
    expect(told.readings.map((one) => one.name)).toEqual(["balance", "plan"]);
    const id = expect.stringContaining("ids");
    expect(because(told, "customerID")).toEqual(id);
    expect(because(told, "Lead Number")).toEqual(id);
    expect(because(told, "running")).toEqual(id);
    expect(because(told, "empty")).toBe("empty");
    expect(because(told, "same")).toBe("it never varies");
    expect(because(told, "mail")).toMatch("e-mail");
    expect(because(told, "words")).toMatch("repeats");
  });

  it("keeps an id that is asked for", async () => {
    const content = csv({ id: count(40), plan: ["a", "b"] });
    expect(kind((await read(content)).told, "id")).toBeUndefined();
    expect(kind((await read(content, ["id"])).told, "id")).toBe("number");
  });

  it("holds no address as a level", async () => {
    const { told, values } = await read(
      csv({
        by: [
          ...Array(80).fill("shop"),
          ...Array(60).fill("web"),
          ...Array(10).fill("ada@example.com"),
        ],
      }),
    );
    expect(JSON.stringify(told)).not.toContain("@");
    expect(values("by").at(-1)).toBeNull();
  });

  it("keeps the 255 most frequent of many levels", async () => {
    const { told, table } = await read(
      csv({ city: count(6000).map((row) => `city ${(row * row) % 641}`) }),
    );
    const [reading] = told.readings;
    expect(reading).toMatchObject({ kind: "category" });
    expect(table.columns[0]).toHaveProperty("levels.length", 255);
    expect(told.notes[0]).toMatch(/count as missing: "city"/);
  });
});

describe("files as they come", () => {
  const same = { name: ["Zoë", "Zoë", "Ann; B", "Ann; B"], n: [1, 2, 3, 4] };

  it.each([
    ["semicolons", csv(same, ";")],
    ["tabs", csv(same, "\t")],
    ["bars", csv(same, "|")],
    ["a byte order mark", `\ufeff${csv(same)}`],
    ["CRLF", csv(same).replaceAll("\n", "\r\n")],
    ["gzip", gzipSync(csv(same))],
    ["Windows-1252", Buffer.from(csv(same), "latin1")],
    ["NDJSON", same.name.map((name, row) => JSON.stringify({ name, n: same.n[row] })).join("\n")],
  ])("%s", async (_, content) => {
    const { values } = await read(content);
    expect(values("name")).toEqual(["Zoë", "Zoë", "Ann; B", "Ann; B"]);
    expect(values("n")).toEqual([1, 2, 3, 4]);
  });

  it("leaves out rows that are none, and says which is the first", async () => {
    const { table, faults } = await read("a,b\n1,x\n2\n3,x\n4,y\n5,y\n");
    expect(table.rows).toBe(4);
    expect(faults).toEqual({ rows: 1, line: 3, reason: "too few columns" });
  });

  it("refuses two columns of one name", async () => {
    await expect(read("a,b,a\n1,2,3\n")).rejects.toThrow(/two columns named "a"/);
  });

  it("reads 600 columns", async () => {
    const wide = Object.fromEntries(count(600).map((at) => [`c${at}`, [at, at + 1, at + 1]]));
    const { table, values } = await read(csv(wide));
    expect(table.columns).toHaveLength(600);
    expect(values("c599")).toEqual([599, 600, 600]);
  });

  it("gives the same answer each time", async () => {
    const content = csv({
      a: count(500).map((row) => `v${(row * 7) % 90}`),
      b: count(500).map((row) => row % 7),
    });
    expect((await read(content)).told).toEqual((await read(content)).told);
  });
});
