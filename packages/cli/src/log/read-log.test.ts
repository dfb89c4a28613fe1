import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { afterAll, describe, expect, it } from "vitest";
import { type LogOptions, type Role, readLog } from "./read-log.js";

const folder = mkdtempSync(join(tmpdir(), "inchworm-readlog-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
let files = 0;

const roles = (customer: string, date: string, amount?: string): Role[] => [
  { option: "--customer", kind: "id", column: customer },
  { option: "--date", kind: "date", column: date },
  ...(amount === undefined
    ? []
    : [{ option: "--amount", kind: "number", column: amount } as const]),
];

function write(content: string | Uint8Array): string {
  const path = join(folder, `log-${files++}`);
  writeFileSync(path, content);
  return path;
}

/** Rows as "customer date amount". */
async function read(content: string | Uint8Array, wanted: readonly Role[], options?: LogOptions) {
  const log = await readLog(write(content), wanted, options);
  const { codes, levels } = log.id("--customer");
  const days = log.values("--date");
  const amounts = wanted.length > 2 ? log.values("--amount") : undefined;
  const rows = Array.from({ length: log.rows }, (_, row) =>
    [levels[codes[row]], new Date(days[row]).toISOString().slice(0, 16), amounts?.[row]]
      .filter((cell) => cell !== undefined)
      .join(" "),
  );
  return { ...log, lines: rows };
}

const two = ["a 1997-01-02T00:00 11.77", "b 1997-03-30T00:00 12"];

describe("readLog", () => {
  it.each([
    ["commas", "id,day,spend\na,1997-01-02,11.77\nb,1997-03-30,12.00\n"],
    ["semicolons and decimal commas", "id;day;spend\na;1997-01-02;11,77\nb;1997-03-30;12,00\n"],
    ["tabs", "id\tday\tspend\na\t1997-01-02\t11.77\nb\t1997-03-30\t12.00\n"],
    ["quotes", '"id","day","spend"\r\n"a","1997-01-02","11.77"\r\n"b","1997-03-30","12.00"\r\n'],
    ["a byte order mark", "\uFEFFid,day,spend\na,1997-01-02,11.77\nb,1997-03-30,12.00\n"],
    ["eight digits", "id,day,spend\na,19970102,11.77\nb,19970330,12.00\n"],
    ["another order of days", "id,day,spend\na,01/02/1997,11.77\nb,03/30/1997,$12.00\n"],
    ["seconds since 1970", "id,day,spend\na,852163200,11.77\nb,859680000,12\n"],
    ["milliseconds since 1970", "id,day,spend\na,852163200000,11.77\nb,859680000000,12\n"],
    ["columns apart by blanks", "id    day      spend\n a 19970102  11.77\n b 19970330  12.00\n"],
  ])("reads %s", async (_, content) => {
    expect((await read(content, roles("id", "day", "spend"))).lines).toEqual(two);
    expect((await read(gzipSync(content), roles("id", "day", "spend"))).lines).toEqual(two);
  });

  it.each([
    ["commas", "a,1997-01-02,11.77\nb,1997-03-30,12.00\n"],
    ["blanks", "  a 19970102 11.77\n  b 19970330 12.00\n"],
    ["blanks and no end of line", "a 19970102 11.77\nb  19970330  12.00"],
  ])("reads a file of %s without names by numbers", async (_, content) => {
    expect((await read(content, roles("1", "2", "3"))).lines).toEqual(two);
    await expect(read(content, roles("id", "2"))).rejects.toThrow(/no line of column names/);
  });

  it("takes the number of a column for a name, and the word that the first line is data", async () => {
    expect((await read("x,y,z\na,1997-01-02,11.77\n", roles("1", "2", "3"))).lines).toEqual([
      two[0],
    ]);
    const odd = await read("a,Jan 2 1997\nb,Mar 30 1997\n", roles("1", "2"), { header: false });
    expect(odd.lines).toEqual(["a 1997-01-02T00:00", "b 1997-03-30T00:00"]);
  });

  it("reads dates in the format given, and refuses those that could be either", async () => {
    const content = "id,day\na,01/02/1997\nb,03/04/1997\n";
    await expect(read(content, roles("id", "day"))).rejects.toThrow(/day first or month first/);
    const { lines } = await read(content, roles("id", "day"), { dateFormat: "%d/%m/%Y" });
    expect(lines).toEqual(["a 1997-02-01T00:00", "b 1997-04-03T00:00"]);
    const never = read(content, roles("id", "day"), { dateFormat: "%Y" });
    await expect(never).rejects.toThrow(/All 2 rows .* have no readable date in "day"/);
    await expect(read(content, roles("id", "day"), { dateFormat: "dmy" })).rejects.toThrow(
      /not a date format/,
    );
  });

  it("multiplies two columns", async () => {
    const { lines } = await read(
      "id,day,count,price\na,1997-01-02,2,1.5\nb,1997-03-30,-1,12\n",
      roles("id", "day", "count*price"),
    );
    expect(lines).toEqual(["a 1997-01-02T00:00 3", "b 1997-03-30T00:00 -12"]);
  });

  it("leaves out rows of nobody, counts what it cannot read, and refuses too much of it", async () => {
    const good = Array.from({ length: 60 }, (_, n) => `c${n},2024-01-${10 + (n % 20)},${n}`);
    const some = [...good, ",2024-01-11,1", "x,soon,1", "y,2024-01-11,much"].join("\n");
    const log = await read(`id,day,spend\n${some}\n`, roles("id", "day", "spend"));
    expect([log.rows, log.anonymous, log.rejected]).toEqual([60, 1, 2]);
    expect(log.notes).toEqual([
      'One row cannot be read and is left out, line 63: no readable date in "day".',
      'One row cannot be read and is left out, line 64: no readable number in "spend".',
      '1 row without a "id" is left out.',
    ]);
    const many = [...good, ...Array(10).fill("x,soon,1")].join("\n");
    await expect(read(`id,day,spend\n${many}\n`, roles("id", "day", "spend"))).rejects.toThrow(
      /10 of 70 rows/,
    );
  });

  it("refuses columns that are not there or hold something else", async () => {
    const content = "id,day,spend\na,1997-01-02,cheap\n";
    await expect(read(content, roles("who", "day"))).rejects.toThrow(
      /no column "who".*"id", "day"/,
    );
    await expect(read(content, roles("id", "spend"))).rejects.toThrow(
      /All 1 rows .* no readable date in "spend"/,
    );
    await expect(read(content, roles("id", "day", "spend"))).rejects.toThrow(
      /no readable number in "spend"/,
    );
    await expect(readLog(join(folder, "none"), roles("id", "day"))).rejects.toThrow(/no file/);
  });

  it("gives days of the calendar in the time zone", async () => {
    const path = write("id,at\na,2024-01-01 23:30\na,2024-06-30T22:30:00Z\n");
    const days = async (timeZone?: string) => {
      const role: Role = { option: "--date", kind: "day", column: "at" };
      const log = await readLog(path, [role], timeZone === undefined ? {} : { timeZone });
      return [...log.values("--date")].map((day) =>
        new Date(day * 864e5).toISOString().slice(0, 10),
      );
    };
    expect(await days()).toEqual(["2024-01-01", "2024-06-30"]);
    expect(await days("Europe/Berlin")).toEqual(["2024-01-01", "2024-07-01"]);
  });

  it("takes a few dates ahead for mistakes, and many for what they are", async () => {
    const now = Date.UTC(2024, 5, 1);
    const good = Array.from({ length: 40 }, (_, n) => `c${n},2024-01-${10 + (n % 20)}`);
    const few = await read(`id,day\n${good.join("\n")}\nc1,2199-01-01\n`, roles("id", "day"), {
      now,
    });
    expect([few.rows, few.rejected]).toEqual([40, 1]);
    expect(few.reasons).toEqual([{ reason: 'a date in the future in "day"', rows: 1, line: 42 }]);
    const many = await read("id,day\na,2199-01-01\nb,2199-02-01\n", roles("id", "day"), { now });
    expect([many.rows, many.rejected]).toEqual([2, 0]);
    expect(many.notes.join(" ")).toMatch(/2 dates in "day" lie ahead of today/);
  });

  it("keeps ids as they are written, but for the fraction that spreadsheets add", async () => {
    const path = write(
      "id,day\n13047.0,2024-01-01\n13047,2024-01-02\n007,2024-01-02\n1.50,2024-01-02\n,2024-01-03\n",
    );
    const log = await readLog(path, roles("id", "day"));
    expect(log.id("--customer")).toEqual({
      levels: ["007", "1.50", "13047"],
      codes: Int32Array.of(2, 2, 0, 1),
    });
  });

  it("forgets ids whose every row is rejected", async () => {
    const good = Array.from({ length: 40 }, () => "b,2024-01-10");
    const log = await readLog(write(`id,day\na,soon\n${good.join("\n")}\n`), roles("id", "day"));
    expect(log.id("--customer").levels).toEqual(["b"]);
    expect(log.id("--customer").codes.every((code) => code === 0)).toBe(true);
  });

  it("makes no purchase of two negative factors, and leaves empty amounts NaN", async () => {
    const role: Role = { option: "--amount", kind: "number", column: "n * price" };
    const log = await readLog(write("n,price\n-2,-3\n2,3\n0,3\n,3\n"), [role]);
    expect([...log.values("--amount")]).toEqual([-6, 6, -0, Number.NaN]);
  });

  it("tells a line of names from data, whatever it is asked for", async () => {
    const named = await read("2023,day\na,2024-01-01\n", roles("2023", "day"), { header: true });
    expect(named.lines).toEqual(["a 2024-01-01T00:00"]);
    const wide = write("id,day,2023\na,2024-01-01,5\n");
    expect((await readLog(wide, roles("id", "day", "2023"))).values("--amount")).toEqual(
      Float64Array.of(5),
    );
    await expect(readLog(wide, roles("id", "day", "9"))).rejects.toThrow(
      /3 columns, and none named "9"/,
    );
  });
});
