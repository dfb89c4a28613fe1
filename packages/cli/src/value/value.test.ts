import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { valueMarkdown } from "./card-markdown.js";
import { forecastLines } from "./forecast-lines.js";
import { begin, type Order, shop, worthOf } from "./shop.fixture.js";
import { valueSentences } from "./tell.js";
import type { ValueFileOptions } from "./value-file.js";

const folder = mkdtempSync(join(tmpdir(), "inchworm-value-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const worth = (orders: readonly Order[], options?: Partial<ValueFileOptions>) =>
  worthOf(folder, orders, options);

it("what came after --until is never seen by the models", async () => {
  const orders = shop(200, 0.004);
  const until = begin + 300;
  const strange = orders.map(([who, day, amount]) =>
    day > until ? ([who, day, 1e6] as const) : ([who, day, amount] as const),
  );
  const [one, other] = await Promise.all([orders, strange].map((some) => worth(some, { until })));
  expect(other.card.models).toEqual(one.card.models);
  expect(other.card.chosen).toBe(one.card.chosen);
  expect(other.forecast.value).toEqual(one.forecast.value);
  expect(other.card.backtest.value?.mae).toBeGreaterThan(100 * (one.card.backtest.value?.mae ?? 0));
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

it("an id with marks of CSV in it stays one field", async () => {
  const orders = shop(30, 0.004).map(([who, day, amount]): Order => [who, day, amount]);
  const { customers, forecast, levels } = await worth(orders);
  const odd = levels.map((level) => `${level},"x"`);
  const [, line] = [...forecastLines(odd, customers, forecast)].join("").split("\n");
  expect(line).toMatch(/^"c0,""x""",\d/);
});
