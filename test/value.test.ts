import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it, vi } from "vitest";
import { run } from "../packages/cli/src/program.js";

const folder = mkdtempSync(join(tmpdir(), "inchworm-value-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const data = new URL("../../shared/data/", import.meta.url);
const file = (name: string) => new URL(name, data).pathname;
const cdnow = file("cdnow-sample/CDNOW_sample.txt");
const retail = file("online-retail/online_retail_dev.csv.gz");

/** Runs the command in this process; its result as JSON. */
async function value(...args: readonly string[]) {
  const out = vi.spyOn(process.stdout, "write").mockReturnValue(true);
  const error = vi.spyOn(process.stderr, "write").mockReturnValue(true);
  const signals = ["SIGINT", "SIGTERM"] as const;
  const before = signals.map((name) => process.listeners(name));
  try {
    const code = await run(["value", ...args, "--json"]);
    const said = out.mock.calls.map(([text]) => String(text)).join("");
    expect(said.trim().split("\n")).toHaveLength(1);
    return { code, ...JSON.parse(said) };
  } finally {
    process.exitCode = 0;
    out.mockRestore();
    error.mockRestore();
    for (const [index, name] of signals.entries())
      for (const listener of process.listeners(name))
        if (!before[index].includes(listener)) process.removeListener(name, listener);
  }
}

interface Fitted {
  readonly name: string;
  readonly parameters: Readonly<Record<string, number>>;
  readonly logLikelihood: number;
}

const printed = (models: readonly Fitted[], wanted: string, digits: number): string[] => {
  const model = models.find(({ name }) => name === wanted);
  return Object.values(model?.parameters ?? {}).map((parameter) => parameter.toFixed(digits));
};

describe.skipIf(!existsSync(cdnow))(
  "CDNOW, a file without names and with columns apart by blanks",
  () => {
    it("gives what the papers print, and errs less than rules after the day it knows", async () => {
      const out = join(folder, "cdnow.csv");
      const columns = ["--customer", "2", "--date", "3", "--amount", "5"];
      const found = await value(cdnow, ...columns, "--until", "1997-09-30", "--out", out);
      expect(found).toMatchObject({
        code: 0,
        customers: 2357,
        unit: "week",
        limit: null,
        rejected: 0,
      });
      const { models, backtest } = found;
      // Fader, Hardie & Lee 2005; Fader & Hardie 2013
      expect(printed(models, "bg-nbd", 3)).toEqual(["0.243", "4.414", "0.793", "2.426"]);
      expect(printed(models, "mbg-nbd", 3)).toEqual(["0.525", "6.183", "0.891", "1.614"]);
      const pareto = printed(models, "pareto-nbd", 3);
      expect(pareto.slice(0, 3)).toEqual(["0.553", "10.578", "0.606"]);
      expect(Number(pareto[3])).toBeCloseTo(11.669, 2);
      expect(printed(models, "gamma-gamma", 2)).toEqual(["6.25", "3.74", "15.44"]);
      const likelihood = (wanted: string) =>
        models.find(({ name }: Fitted) => name === wanted).logLikelihood.toFixed(1);
      expect([likelihood("bg-nbd"), likelihood("pareto-nbd")]).toEqual(["-9582.4", "-9595.0"]);
      expect(backtest.to).toBe("1998-06-30");
      expect(backtest.orders.mae).toBeLessThan(0.7545);
      expect(backtest.orders.came).toBe(1882);
      expect(backtest.orders.rules["own rate so far"]).toBeCloseTo(1.0237, 4);
      for (const judged of [backtest.orders, backtest.value]) {
        expect(judged.mae).toBeLessThan(judged.ruleMae);
        expect(judged.gain.low).toBeGreaterThan(0);
      }
      expect(readFileSync(out, "utf8").trim().split("\n")).toHaveLength(2358);
      expect(readFileSync(found.files.card, "utf8")).toMatch(
        /^# What 2357 customers will be worth/,
      );
      expect(JSON.parse(readFileSync(found.files.json, "utf8")).chosen).toBe(found.chosen);
    });
  },
);

describe.skipIf(!existsSync(retail))("Online Retail, lines of quantity and price", () => {
  it("has nobody leaving in its first half-year, and errs less than rules in orders and in value", async () => {
    const found = await value(
      retail,
      ...["--customer", "CustomerID", "--date", "InvoiceDate"],
      ...["--amount", "Quantity*UnitPrice", "--until", "2011-06-30"],
    );
    expect(found).toMatchObject({
      code: 0,
      customers: 1794,
      limit: "nobody-drops-out",
      anonymous: 135_080,
      rejected: 0,
    });
    expect(found.returns).toBeGreaterThan(5000);
    expect(found.forecast.active).toBeCloseTo(1794, 6);
    expect(found.backtest.orders.mae).toBeLessThan(1.4);
    for (const judged of [found.backtest.orders, found.backtest.value]) {
      expect(judged.mae).toBeLessThan(judged.ruleMae);
      expect(judged.gain.low).toBeGreaterThan(0);
    }
    // a rule that does better still is not passed over in silence
    expect(found.backtest.value.againMae).toBeLessThan(found.backtest.value.mae);
    expect(found.backtest.correction).toMatchObject({ until: "2011-03-30", days: 92 });
  });
});

it("says what is wrong in one object", async () => {
  const found = await value(join(folder, "none.csv"), "--customer", "id", "--date", "day");
  expect(found).toMatchObject({ code: 2, error: { code: "input" } });
});
