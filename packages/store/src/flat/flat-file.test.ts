import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { DuckDBInstance } from "@duckdb/node-api";
import { afterAll, describe, expect, it } from "vitest";
import { amountOf } from "./amounts.js";
import { daysOf, twoWayParts } from "./days.js";
import { openFlatFile } from "./flat-file.js";

const folder = mkdtempSync(join(tmpdir(), "inchworm-flat-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
let files = 0;

function write(content: string | Uint8Array): string {
  const path = join(folder, String(files++));
  writeFileSync(path, content);
  return path;
}

/** The rows of a file as arrays of text. */
async function rowsOf(path: string): Promise<(string | null)[][]> {
  const file = await openFlatFile(path);
  try {
    const texts = file.columns.map((name) => file.text(name)).join(", ");
    const rows = await file.query<Record<string, string | null>>(
      `select ${texts} from flat where fault is null`,
    );
    return rows.map((row) => Object.values(row));
  } finally {
    await file.close();
  }
}

describe("openFlatFile", () => {
  it("gives text without blanks around it, and NULL for what programs write for nothing", async () => {
    const cells = [" a ", "", "NA", "n/a", "NaN", "null", "?", "\\N", "none", "Nana", "nullify"];
    const rows = await rowsOf(write(`x,y\n${cells.map((cell) => `${cell},1`).join("\n")}\n`));
    expect(rows.map(([x]) => x)).toEqual(["a", ...Array(7).fill(null), "none", "Nana", "nullify"]);
  });

  it("keeps the order of the rows, however many", async () => {
    const many = 300_000;
    const lines = Array.from({ length: many }, (_, row) => `${row},${row % 3 ? "" : "x"}`);
    const file = await openFlatFile(write(gzipSync(`n,x\n${lines.join("\n")}\n`)));
    const [numbers] = await file.floats([`${file.text("n")}::integer`]);
    const [thirds] = await file.floats([`${file.text("n")}::integer`], `${file.text("x")} = 'x'`);
    await file.close();
    expect(numbers).toHaveLength(many);
    expect(numbers.findIndex((value, row) => value !== row)).toBe(-1);
    expect(thirds.slice(0, 3)).toEqual(Float32Array.of(0, 3, 6));
  });

  it("gives NaN for NULL and for what no float can hold", async () => {
    const file = await openFlatFile(write("x,y\n1,1\n,1\n1e300,1\n"));
    const [values] = await file.floats([`try_cast(${file.text("x")} as double)`]);
    await file.close();
    expect([...values]).toEqual([1, Number.NaN, Number.NaN]);
  });

  it("tells of rows that are none, and leaves columns without a name out", async () => {
    const file = await openFlatFile(write(',a,b\n0,1,x\n1,2\n2,3,"x"y\n3,4,z\n'));
    await file.close();
    expect(file.columns).toEqual(["a", "b"]);
    expect(file.rows).toBe(4);
    expect(file.faults).toEqual({ rows: 2, line: 3, reason: "too few columns" });
    expect(() => file.text("c")).toThrow(/no column "c"/);
  });

  it("reads Parquet of any types", async () => {
    const path = join(folder, "typed.parquet");
    const instance = await DuckDBInstance.create(":memory:");
    const connection = await instance.connect();
    await connection.run(`copy (select 1.50::decimal(9,2) as price, true as active, timestamp '2024-01-31 12:00:00' as at, 'Zoë' as name
      union all select null, false, null, 'NA') to '${path}' (format parquet)`);
    connection.closeSync();
    instance.closeSync();
    expect(await rowsOf(path)).toEqual([
      ["1.50", "true", "2024-01-31 12:00:00", "Zoë"],
      [null, "false", null, null],
    ]);
  });

  it.each([
    ["nothing", "", /is empty/],
    ["no rows", "a,b\n", /no rows/],
    ["two columns of one name", "a,b,a\n1,2,3\n", /two columns named "a"/],
    [
      "an address as two names",
      "a@example.com,b,a@example.com\n1,2,3\n",
      /two columns named alike/,
    ],
    ["a workbook", Buffer.from("504b0304000000", "hex"), /Excel workbook/],
  ])("refuses %s", async (_, content, words) => {
    await expect(openFlatFile(write(content))).rejects.toThrow(words);
  });

  const unnamed = { hasHeader: () => false, blanks: true };

  it.each([
    ["commas", "a,1\nb,2\n", {}],
    ["blanks", "  a   1\n  b  22 \n", {}],
    ["blanks, with decimal commas", "a 1,5\nb 2,5\n", {}],
    ["blanks, when told so", "a, 1\nb, 2\n", { separator: "blanks" }],
  ])("reads columns apart by %s that go by number", async (_, content, options) => {
    const file = await openFlatFile(write(content), { ...unnamed, ...options });
    const [last] = await file.query(
      `select line, ${file.text("1")} as id from flat where fault is null order by line desc limit 1`,
    );
    await file.close();
    expect([file.columns, file.rows, last]).toEqual([
      ["1", "2"],
      2,
      expect.objectContaining({ line: 2 }),
    ]);
  });

  it.each([
    ["text", "name,note\nAnn,one two\nBob,three four\n"],
    ["days and hours", "at,n\n2024-01-01 10:00,1\n2024-01-02 11:00,2\n"],
  ])("does not take blanks in %s for separators", async (_, content) => {
    const file = await openFlatFile(write(content), { blanks: true });
    await file.close();
    expect(file.columns).toHaveLength(2);
    expect(file.faults.rows).toBe(0);
  });

  it("reads only what is asked for", async () => {
    const file = await openFlatFile(write("a,b,a\n1,2,3\n"), { only: () => ["b"] });
    await file.close();
    expect(file.columns).toEqual(["b"]);
    expect(() => file.text("a")).toThrow(/no column/);
  });

  it("tells how dates and amounts are written", async () => {
    const file = await openFlatFile(
      write('at,on,much\n03.02.2024 23:30,1706918400,"€ 1,234.50"\n31.01.2024,2024-02-03,(7)\n'),
    );
    const at = await file.dates("at", { timeZone: "Europe/Berlin" });
    const on = await file.dates("on");
    const read = await file.doubles([
      at.milliseconds,
      at.day,
      on.milliseconds,
      file.amounts("much", "."),
      file.amounts("much", ","),
    ]);
    await file.close();
    expect(read.map((values) => [...values])).toEqual([
      [Date.UTC(2024, 1, 3, 22, 30), Date.UTC(2024, 0, 30, 23)],
      [19756, 19753],
      [Date.UTC(2024, 1, 3), Date.UTC(2024, 1, 3)],
      [1234.5, -7],
      [Number.NaN, -7],
    ]);
  });

  it("reads amounts with signs beside them alike, and codes of letters only where they are amounts", async () => {
    const rows: readonly [text: string, signs: number, codes: number][] = [
      ["1e3", 1000, 1000],
      ["$1,234.56789", 1234.56789, 1234.56789],
      ["1’234.5", 1234.5, 1234.5],
      ["1 234 567", 1234567, 1234567],
      ["− 3 €", -3, -3],
      ["(12.5)", -12.5, -12.5],
      ["EUR 12", Number.NaN, 12],
      ["12 %", 12, Number.NaN],
      // a thousand begins with no 0 and has three digits: these are slips, not 123, 1234 and 15
      ["0,123", Number.NaN, Number.NaN],
      ["12 34", Number.NaN, Number.NaN],
      ["1 5", Number.NaN, Number.NaN],
      ["1_000", Number.NaN, Number.NaN],
      ["inf", Number.NaN, Number.NaN],
    ];
    const file = await openFlatFile(
      write(`x,y\n${rows.map(([text]) => `"${text}",1`).join("\n")}\n`),
    );
    const [signs, codes] = await file.doubles([
      amountOf(file.text("x"), { decimal: ".", units: "signs" }),
      file.amounts("x", "."),
    ]);
    await file.close();
    expect([...signs]).toEqual(rows.map(([, value]) => value));
    expect([...codes]).toEqual(rows.map(([, , value]) => value));
  });

  it("stops when it is told to", async () => {
    const path = write("a,b\n1,2\n");
    await expect(openFlatFile(path, { signal: AbortSignal.abort() })).rejects.toMatchObject({
      code: "aborted",
    });
  });
});

describe("days", () => {
  async function days(text: string, order?: Parameters<typeof daysOf>[1]) {
    const file = await openFlatFile(write(`x,y\n"${text}",1\n`));
    const sql = daysOf(file.text("x"), order);
    const [{ day }] = await file.query<{ day: number | null }>(`select ${sql} as day from flat`);
    await file.close();
    return day;
  }

  it("count from 1970, with the time of day as a fraction", async () => {
    expect(await days("1970-01-02")).toBe(1);
    expect(await days("1969-12-31 18:00")).toBe(-0.25);
    expect(await days("2 Jan 1970")).toBe(1);
    expect(await days("soon")).toBeNull();
  });

  it("need an order where day and month could be either", async () => {
    expect(await days("01/02/1970")).toBeNull();
    expect(await days("01/02/1970", "day first")).toBe(31);
    expect(await days("01/02/1970", "month first")).toBe(1);
    const file = await openFlatFile(write("x,y\n13/02/1970,1\n1970-02-13,1\n"));
    const [first, second] = twoWayParts(file.text("x"));
    const parts = await file.query(`select ${first} as first, ${second} as second from flat`);
    await file.close();
    expect(parts).toEqual([
      { first: 13, second: 2 },
      { first: null, second: null },
    ]);
  });
});
