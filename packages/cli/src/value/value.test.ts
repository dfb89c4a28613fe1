import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { random } from "@inchworm/learn";
import { afterAll, describe, expect, it } from "vitest";
import { valueMarkdown } from "./card-markdown.js";
import { customersAt, outcomes, someOf } from "./customers.js";
import { dayOf, dayText } from "./days.js";
import { meanOf } from "./errors.js";
import { percentiles, topTenth } from "./forecast.js";
import { forecastLines } from "./forecast-lines.js";
import { historyOf } from "./history.js";
import { race } from "./race.js";
import { simpleRules } from "./rules.js";
import { valueSentences } from "./tell.js";
import { type ValueFileOptions, valueFile } from "./value-file.js";

const folder = mkdtempSync(join(tmpdir(), "inchworm-value-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
let files = 0;

type Order = readonly [customer: string, day: number, amount?: number | undefined];

const begin = dayOf("--until", "2023-01-01");

function history(orders: readonly Order[]) {
  const levels = [...new Set(orders.map(([customer]) => customer))].sort();
  return historyOf({
    rows: orders.length,
    customers: { levels, codes: Int32Array.from(orders, ([who]) => levels.indexOf(who)) },
    days: Float64Array.from(orders, ([, day]) => day),
    ...(orders[0].length > 2 && {
      amounts: Float64Array.from(orders, ([, , amount]) => amount ?? Number.NaN),
    }),
  });
}

/** Runs the command's work on these orders, written as a file. */
function worth(orders: readonly Order[], options: Partial<ValueFileOptions> = {}) {
  const path = join(folder, `${files++}.csv`);
  const lines = orders.map(([who, day, amount]) => `${who},${dayText(day)},${amount ?? ""}`);
  writeFileSync(path, `id,day,spend\n${lines.join("\n")}\n`);
  return valueFile(path, {
    customer: "id",
    date: "day",
    amount: "spend",
    horizonDays: 365,
    signal: new AbortController().signal,
    onProgress() {},
    ...options,
  });
}

/** A shop whose customers buy at gamma rates, spend at gamma means, and leave at a constant hazard (0: nobody does). */
function shop(customers: number, hazard: number, days = 500, seed = 1): Order[] {
  const { uniform, normal } = random(seed);
  const exponential = (rate: number) => -Math.log(1 - uniform()) / rate;
  const orders: Order[] = [];
  for (let customer = 0; customer < customers; customer++) {
    const rate = (exponential(1) + exponential(1)) / 60;
    const mean = 20 * Math.exp(0.5 * normal());
    const leaves = hazard > 0 ? exponential(hazard) : Number.POSITIVE_INFINITY;
    const start = Math.floor(uniform() * 100);
    for (let at = 0; at <= leaves && start + at < days; at += exponential(rate))
      orders.push([
        `c${customer}`,
        begin + Math.floor(start + at),
        Math.round(100 * mean * Math.exp(0.3 * normal())) / 100,
      ]);
  }
  return orders;
}

describe("the history", () => {
  const orders: Order[] = [
    ["b", begin + 9, 5],
    ["a", begin + 3, 10],
    ["a", begin + 3, 2.5],
    ["a", begin, 7],
    ["a", begin + 5, -4],
    ["b", begin + 20, 0],
    ["c", begin + 30, -1],
  ];

  it("has one order per customer and day, and takes an amount below 0 for a return", () => {
    const { offsets, days, spent, returns, free, first, last } = history(orders);
    expect([...offsets]).toEqual([0, 2, 4, 4]);
    expect([...days].map((day) => day - begin)).toEqual([0, 3, 9, 20]);
    expect(spent).toEqual(Float64Array.of(7, 12.5, 5, 0));
    expect([returns, free, first - begin, last - begin]).toEqual([2, 1, 0, 30]);
  });

  it("is known up to the end of a day, in weeks", () => {
    const all = history(orders);
    const customers = customersAt(all, begin + 10);
    expect([...customers.codes]).toEqual([0, 1]);
    expect(customers.purchases.frequency).toEqual(Float64Array.of(1, 0));
    expect(customers.purchases.recency).toEqual(Float64Array.of(3 / 7, 0));
    expect(customers.purchases.age).toEqual(Float64Array.of(10 / 7, 1 / 7));
    expect(customers.spending.monetary).toEqual(Float64Array.of(9.75, 5));
    expect(customers.repeatSpending.monetary[0]).toBe(12.5);
    expect(outcomes(all, customers, begin + 20).orders).toEqual(Float64Array.of(0, 1));
    expect(outcomes(all, customers, begin + 19).orders).toEqual(Float64Array.of(0, 0));
    expect(someOf(customers, Int32Array.of(1)).spending.monetary).toEqual(Float64Array.of(5));
  });

  it("does without amounts", () => {
    const all = history([
      ["a", begin],
      ["a", begin + 1],
    ]);
    expect([all.spent, all.returns, all.free]).toEqual([undefined, 0, 0]);
    expect(customersAt(all, begin + 1).spent).toHaveLength(0);
  });
});

it("simple rules are what can be worked out by hand", () => {
  const all = history([
    ["a", begin, 10],
    ["a", begin + 10, 10],
    ["a", begin + 40, 40],
    ["b", begin + 60, 8],
  ]);
  const rules = simpleRules(all, customersAt(all, begin + 70), 140);
  const orders = Object.fromEntries(rules.map((rule) => [rule.name, [...rule.orders]]));
  expect(orders).toEqual({
    "everybody's mean rate": [expect.closeTo(3.5, 9), expect.closeTo(3.5, 9)],
    "own rate so far": [4, 0],
    "own median gap": [7, 0],
    "own rate while the last order is recent": [4, 0],
  });
  expect([...rules[1].spent]).toEqual([80, 0]);
  const later = simpleRules(all, customersAt(all, begin + 81), 140);
  expect(later.find(({ name }) => /recent/.test(name))?.orders[0]).toBe(0);
});

describe("what came is never seen", () => {
  it("by the race, whatever happens after its end", async () => {
    const orders = shop(300, 0.004);
    const until = begin + 300;
    const known = orders.filter(([, day]) => day <= until);
    const run = (some: readonly Order[]) => race(history(some), until, 365, undefined, () => {});
    const result = await run(known);
    expect(result?.cut).toBe(until - 100);
    expect(await run([...known, ...known.map(([who]) => [who, until + 1, 1] as const)])).toEqual(
      result,
    );
  });

  it("by the models, whatever happens after --until", async () => {
    const orders = shop(200, 0.004);
    const until = begin + 300;
    const strange = orders.map(([who, day, amount]) =>
      day > until ? ([who, day, 1e6] as const) : ([who, day, amount] as const),
    );
    const [one, other] = await Promise.all([orders, strange].map((some) => worth(some, { until })));
    expect(other.card.models).toEqual(one.card.models);
    expect(other.card.chosen).toBe(one.card.chosen);
    expect(other.forecast.value).toEqual(one.forecast.value);
    expect(other.card.backtest.value?.mae).toBeGreaterThan(
      100 * (one.card.backtest.value?.mae ?? 0),
    );
  });
});

describe("a shop of which the truth is known", () => {
  it("is foretold better than by rules where customers leave, and the card says so", async () => {
    const { card, customers, levels, forecast } = await worth(shop(1500, 0.006));
    expect(card).toMatchObject({ unit: "week", limit: null, rejected: 0, returns: 0 });
    expect(card.models.map(({ name }) => name)).toEqual([
      "bg-nbd",
      "mbg-nbd",
      "pareto-nbd",
      "gamma-gamma",
    ]);
    const { orders, value } = card.backtest;
    for (const judged of [orders, value]) {
      if (!judged) throw new Error("it was not judged");
      expect(judged.gain.low).toBeGreaterThan(0);
      expect(judged.ruleMae).toBe(Math.min(...Object.values(judged.rules)));
      expect(judged.gain.value).toBeCloseTo(judged.ruleMae - judged.mae, 9);
      expect(judged.coverage).toBeGreaterThan(0.78);
      expect(Math.abs(judged.expected / judged.came - 1)).toBeLessThan(0.25);
    }
    const text = valueSentences(card).join(" ");
    expect(text).toMatch(/likely to be active still/);
    expect(text).toMatch(/better beyond doubt/);
    expect(valueMarkdown(card)).toMatch(/\| Pareto\/NBD \| r /);

    const [header, ...rows] = [...forecastLines(levels, customers, forecast)]
      .join("")
      .trim()
      .split("\n")
      .map((line) => line.split(","));
    expect(header).toEqual(
      "customer,expected_orders,expected_value,value_low,value_middle,value_high,probability_alive,percentile,orders_so_far,value_so_far,first_order,last_order".split(
        ",",
      ),
    );
    expect(rows).toHaveLength(card.customers);
    for (const row of rows.slice(0, 50)) {
      const [, , , low, middle, high, alive, percentile] = row.map(Number);
      expect(low <= middle && middle <= high).toBe(true);
      expect(alive >= 0 && alive <= 1 && percentile >= 0 && percentile <= 100).toBe(true);
    }
  });

  it("has nobody leaving where nobody does, and says so", async () => {
    const { card } = await worth(shop(800, 0, 500, 2), { horizonDays: 100 });
    expect(card.limit).toBe("nobody-drops-out");
    expect(card.forecast.active).toBeCloseTo(card.customers, 6);
    expect(valueSentences(card).join(" ")).toMatch(/Nobody drops out/);
    expect(card.backtest.to).toBe(card.last);
  });
});

describe("logs that say little", () => {
  it("of amounts: orders alone", async () => {
    const { card } = await worth(shop(100, 0.004).map(([who, day]) => [who, day]));
    expect(card.backtest.orders).not.toBeNull();
    expect([card.backtest.value, card.forecast.value, card.revenue]).toEqual([null, null, null]);
    expect(card.models).toHaveLength(3);
    expect(card.notes).toContain('No row has a "spend", so nothing is said of value.');
    const free = await worth(shop(100, 0.004).map(([who, day]) => [who, day, 0]));
    expect(free.card.notes).toContain("No amount is above 0, so nothing is said of value.");
  });

  it("of returning customers, or of customers at all", async () => {
    const { card } = await worth(
      shop(60, 0.004)
        .slice(0, 60)
        .map(([, day], n) => [`n${n}`, day, 5]),
    );
    expect(card.notes.join(" ")).toMatch(/Nobody has come back yet.* % of the model is what other/);
    const three = await worth(
      [0, 1, 2].flatMap((who) => [0, 30, 70].map((at): Order => [`c${who}`, begin + at + who, 9])),
    );
    expect(three.card.customers).toBe(3);
    expect(three.card.race).toBeNull();
    expect(valueSentences(three.card).join(" ")).toMatch(/too few customers to tell/);
    const one = await worth([0, 30, 70].map((at): Order => ["c", begin + at, 9]));
    expect(one.card.notes).toContain("There is a single customer: check --customer.");
  });

  it("of days: refused, with the days there are", async () => {
    const day = [
      ["a", begin, 1],
      ["b", begin, 2],
    ] as Order[];
    await expect(worth(day)).rejects.toMatchObject({
      code: "insufficient-data",
      message: expect.stringMatching(/of one day, 2023-01-01/),
    });
    const orders = shop(50, 0.004);
    for (const until of [begin - 1, begin, begin + 5000])
      await expect(worth(orders, { until })).rejects.toThrow(
        /has orders from 2023-01-0\d to 2024-05-1\d/,
      );
    await expect(
      worth([
        ["a", begin, -1],
        ["b", begin + 9, -2],
      ]),
    ).rejects.toThrow(/no order up to/);
  });
});

it("days are those of the calendar", () => {
  expect(dayOf("--until", "19970930")).toBe(dayOf("--until", "1997-09-30"));
  expect(dayText(0)).toBe("1970-01-01");
  for (const text of ["2023-02-29", "2023-13-01", "soon", ""])
    expect(() => dayOf("--until", text)).toThrow(/--until is a day such as/);
});

it("shares and ranks are what can be counted", () => {
  expect([...percentiles(Float64Array.of(5, 1, 5, 9))]).toEqual([50, 0, 50, 100]);
  expect([...percentiles(Float64Array.of(3))]).toEqual([0]);
  expect(topTenth(Float64Array.from({ length: 10 }, (_, at) => (at === 3 ? 11 : 1)))).toBe(0.55);
  expect(meanOf(Float64Array.of(1, 3))).toEqual({
    value: 2,
    low: expect.closeTo(2 - 1.96, 3),
    high: expect.closeTo(2 + 1.96, 3),
  });
});

it("an id with marks of CSV in it stays one field", async () => {
  const orders = shop(30, 0.004).map(([who, day, amount]): Order => [who, day, amount]);
  const { customers, forecast, levels } = await worth(orders);
  const odd = levels.map((level) => `${level},"x"`);
  const [, line] = [...forecastLines(odd, customers, forecast)].join("").split("\n");
  expect(line).toMatch(/^"c0,""x""",\d/);
});
