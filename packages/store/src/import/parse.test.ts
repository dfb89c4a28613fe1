import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Database, openDatabase } from "../database.js";
import { literal } from "../values.js";
import type { Reading } from "./fields.js";
import { cleanSteps, readerOf } from "./parse.js";

let database: Database;
beforeAll(async () => {
  database = await openDatabase(":memory:");
});
afterAll(() => database.close());

async function read(
  text: string,
  is: Exclude<Reading, "instant">,
  decimal: "." | "," = ".",
): Promise<unknown> {
  const clean = (n: number) => `t${n}`;
  const step = (n: number) => `s${n}`;
  const { steps } = readerOf(clean(1), is, decimal, step);
  const levels = [
    ...cleanSteps("c", is, clean).map((sql, n) => `${sql} as ${clean(n)}`),
    ...steps.map((sql, n) => `${sql} as ${step(n)}`),
  ];
  const query = levels.reduce(
    (from, level) => `select *, ${level} from (${from})`,
    `select ${literal(text)} as c`,
  );
  const [row] = await database.rows<{ value: unknown }>(
    `select ${step(steps.length - 1)} as value from (${query})`,
  );
  return row.value;
}

describe("amounts", () => {
  it.each([
    ["12.50", 12.5],
    [" 12 ", 12],
    ["-3.1", -3.1],
    ["1,234.56", 1234.56],
    ["1,00,000", 100_000],
    ["$1,234.56", 1234.56],
    ["€ 12.50", 12.5],
    ["12.50 €", 12.5],
    ["EUR 12.50", 12.5],
    ["12.50GBP", 12.5],
    ["US$12", 12],
    ["R$ 1,000.00", 1000],
    ["(12.50)", -12.5],
    ["($12.50)", -12.5],
    ["-$12.50", -12.5],
    ["$-12.50", -12.5],
    ["12.50-", -12.5],
    ["\u221212.5", -12.5],
    ["1'234.50", 1234.5],
    ["1\u00a0234.50", 1234.5],
    [".5", 0.5],
    ["1e3", 1000],
    ["0.00", 0],
  ])("reads %s", async (text, value) => {
    expect(await read(text, "amount")).toBe(value);
  });

  it.each([
    ["1.234,56", 1234.56],
    ["12,50 €", 12.5],
    ["-1.234.567,8", -1_234_567.8],
    ["12", 12],
    ["(1.000,00)", -1000],
    ["1 234,5", 1234.5],
  ])("reads %s with a decimal comma", async (text, value) => {
    expect(await read(text, "amount", ",")).toBe(value);
  });

  it.each([
    "12,50",
    "1,2,3",
    "twelve",
    "1.2.3",
    "--3",
    "12 apples",
    "inf",
    "1e99",
    "$",
    ".",
    "1..2",
  ])("refuses %s", async (text) => {
    expect(await read(text, "amount")).toBeNull();
  });

  it("refuses a decimal point where the mark is a comma, unless it parts thousands", async () => {
    expect(await read("12.50", "amount", ",")).toBeNull();
    expect(await read("12.500", "amount", ",")).toBe(12_500);
  });
});

describe("ids", () => {
  it.each([
    ["13047.0", "13047"],
    ["13047.00", "13047"],
    ["0013047", "0013047"],
    ["85123A", "85123A"],
    ["1.10", "1.10"],
    [" x\u00a0", "x"],
    ["NULL", null],
    ["nan", null],
    ["n/a", null],
    ["", null],
    ["-", null],
  ])("reads %j", async (text, value) => {
    expect(await read(text, "id")).toBe(value);
  });
});

describe("other texts", () => {
  it("keeps words that mean nothing elsewhere when they may be names", async () => {
    expect(await read("Null", "text")).toBe("Null");
    expect(await read(" \t", "text")).toBeNull();
  });

  it("lowers addresses, and refuses what is none", async () => {
    expect(await read(" Ada@Example.com", "email")).toBe("ada@example.com");
    expect(await read("ada at example.com", "email")).toBeNull();
    expect(await read("none", "email")).toBeNull();
  });

  it("knows our words by theirs", async () => {
    const words = { granted: ["yes", "opt_in"], denied: ["no"] };
    expect(await read("Opt-In", words)).toBe("granted");
    expect(await read("NO", words)).toBe("denied");
    expect(await read("perhaps", words)).toBeNull();
    expect(await read("TRUE", "flag")).toBe("true");
  });
});
