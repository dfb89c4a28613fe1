import { InchwormError } from "@inchworm/spec";
import { describe, expect, it } from "vitest";
import { day } from "../windows.js";
import { value } from "./value.js";
import { inMemoryHistory, plantedCustomers } from "./value-customers.fixture.js";
import { customersAt } from "./value-customers.js";
import { worthReasons } from "./value-reasons.js";
import { percentiles } from "./value-rows.js";
import { sameAgain } from "./value-rules.js";
import { valueWindows } from "./value-windows.js";

const horizonDays = 180;
const scorer = value({ horizonDays });
const shop = plantedCustomers({ customers: 1500, seed: 4, futureDays: horizonDays });
const history = inMemoryHistory(shop.orders);
const { asOf } = shop;
const today = asOf / day;
const trained = scorer.train(history, { asOf, seed: 1 });
const scored = trained.then(({ artifact }) =>
  scorer.score(history, JSON.parse(JSON.stringify(artifact)), { asOf }),
);

const cameOf = (orders: (typeof shop.orders)[number]) =>
  orders
    .filter((order) => order.day >= today && order.day < today + horizonDays)
    .reduce((sum, order) => sum + order.spend, 0);

describe("value on made-up customers", () => {
  it("is published: it beats every simple rule on days it never saw", async () => {
    const { card } = await trained;
    if (card.kind !== "quantity") throw new Error("not a quantity");
    expect(card.verdict).toBe("published");
    expect(card.rules.map(({ name }) => name).sort()).toEqual([
      "everybody alike, in hindsight",
      "historic mean",
      "own rate",
      "recency rule",
      "same tenth by own rate",
      "same tenth by silence",
    ]);
    expect(card.candidates?.length).toBeGreaterThanOrEqual(3);
    expect(card.metrics.gini?.low).toBeGreaterThan(0.3);
    expect(card.metrics.coverage80?.low).toBeLessThan(0.82);
    expect(card.metrics.coverage80?.high).toBeGreaterThan(0.78);
    expect(card.windows.training.labelsUntil).toBeLessThanOrEqual(card.windows.evaluation.cutoff);
    expect(card.calibration).toHaveLength(10);
    expect(card.calibration[9].predicted).toBeGreaterThan(3 * card.calibration[4].predicted);
  });

  it("expects what comes", async () => {
    let [expected, came] = [0, 0];
    for (let seed = 20; seed < 22; seed++) {
      const other = plantedCustomers({ customers: 2500, seed, futureDays: horizonDays });
      const otherHistory = inMemoryHistory(other.orders);
      const { artifact } = await scorer.train(otherHistory, { asOf, seed: 1 });
      const { contacts, fields } = await scorer.score(otherHistory, artifact, { asOf });
      for (const [row, contact] of contacts.entries()) {
        expected += Number(fields.value_expected[row]);
        came += cameOf(other.orders[contact]);
      }
    }
    expect(expected / came).toBeGreaterThan(0.95);
    expect(expected / came).toBeLessThan(1.05);
  });

  it("gives ranges that hold 78 to 82 % of what is spent by those who surely order again", async () => {
    // where nothing may be spent, a range that begins at 0 holds more than it says
    let [rows, held] = [0, 0];
    for (let seed = 30; seed < 32; seed++) {
      const other = plantedCustomers({
        customers: 2000,
        seed,
        futureDays: horizonDays,
        kind: "loyal",
      });
      const otherHistory = inMemoryHistory(other.orders);
      const { artifact } = await scorer.train(otherHistory, { asOf, seed: 1 });
      const { contacts, fields } = await scorer.score(otherHistory, artifact, { asOf });
      for (const [row, contact] of contacts.entries()) {
        const [low, high] = [Number(fields.value_low[row]), Number(fields.value_high[row])];
        if (low === 0) continue;
        const spent = cameOf(other.orders[contact]);
        rows++;
        if (low <= spent && spent <= high) held++;
      }
    }
    expect(rows).toBeGreaterThan(2500);
    expect(held / rows).toBeGreaterThan(0.78);
    expect(held / rows).toBeLessThan(0.82);
  });

  it("gives a probability to be still a customer that comes true", async () => {
    const { contacts, fields } = await scored;
    // a customer who has left orders never again; one still there may only not have ordered yet
    const left = contacts.filter((_, row) => Number(fields.value_alive[row]) < 0.1);
    expect(left.length).toBeGreaterThan(100);
    const back = left.filter((contact) => cameOf(shop.orders[contact]) > 0).length;
    expect(back / left.length).toBeLessThan(0.1);
  });

  it("never looks past the day it is asked: what comes later changes nothing", async () => {
    const known = shop.orders.map((orders) => orders.filter((order) => order.day < today));
    const { artifact, card } = await scorer.train(inMemoryHistory(known), { asOf, seed: 1 });
    expect(JSON.stringify(artifact)).toBe(JSON.stringify((await trained).artifact));
    expect(JSON.stringify(card)).toBe(JSON.stringify((await trained).card));
  });

  it("gives everybody with an order a value with its reasons, and strangers none", async () => {
    const { artifact } = await trained;
    const strangers = inMemoryHistory([...shop.orders, []]);
    const { contacts, fields, reasons, abstained } = await scorer.score(strangers, artifact, {
      asOf,
    });
    const last = contacts.length - 1;
    expect(abstained[last]).toBe("no order yet");
    expect(Object.values(fields).every((values) => values[last] === null)).toBe(true);
    for (let row = 0; row < last; row++) {
      const [low, middle, high] = ["low", "middle", "high"].map((end) =>
        Number(fields[`value_${end}`][row]),
      );
      expect(low <= middle && middle <= high).toBe(true);
      expect(Number.isFinite(fields.value_expected[row])).toBe(true);
      expect(reasons[row].length).toBeGreaterThanOrEqual(2);
      expect(reasons[row].length).toBeLessThanOrEqual(3);
    }
    const best = fields.value_expected.indexOf(
      Math.max(...fields.value_expected.slice(0, last).map(Number)),
    );
    expect(fields.value_percentile[best]).toBe(100);
  });

  it("lets orders drift as spending does", async () => {
    const artifact = JSON.parse(JSON.stringify((await trained).artifact));
    artifact.correction.ordersFactor *= 2;
    const { fields } = await scorer.score(history, artifact, { asOf });
    const sum = (values: readonly unknown[]) =>
      values.reduce((total: number, value) => total + Number(value), 0);
    const before = (await scored).fields;
    expect(sum(fields.value_orders) / sum(before.value_orders)).toBeCloseTo(2, 1);
    expect(fields.value_expected).toEqual(before.value_expected);
  });

  it("names the currency, and says so where several are added up", async () => {
    const cardOf = async (...currencies: string[]) => {
      const some = inMemoryHistory(shop.orders.slice(0, 300), { currencies });
      return (await scorer.train(some, { asOf, seed: 1 })).card;
    };
    expect(await cardOf("EUR")).toMatchObject({ unit: "EUR" });
    const mixed = await cardOf("EUR", "GBP", "USD");
    expect(mixed).toMatchObject({ unit: "money" });
    expect(mixed.notes?.join(" ")).toMatch(
      /in EUR, GBP and USD, most of them in EUR, and are added/,
    );
    expect((await trained).card).toMatchObject({ unit: "money" });
    expect((await trained).card.notes?.join(" ")).not.toMatch(/currency/);
  });

  it("tells what doing the same again would have missed", async () => {
    expect((await trained).card.notes?.join(" ")).toMatch(
      /Doing again what was done in the 180 days before, .* misses spending by \d+\.\d\d on average, the middle of the range by \d+/,
    );
    const customers = customersAt(await history.orderDays({ asOf }), today);
    const before = { orders: Float64Array.from(customers.orders), spent: customers.spent };
    const everything = sameAgain(customers, before, 719);
    expect(everything?.[0]).toBeCloseTo(
      customers.purchases.frequency[0] * customers.spending.monetary[0],
      6,
    );
    expect(sameAgain(customers, before, 800)).toBeUndefined();
  });

  it("observes what its values foretold", async () => {
    const contacts = Int32Array.from(shop.orders.keys());
    const to = asOf + horizonDays * day;
    const seen = await scorer.outcome?.observe(history, { contacts, from: asOf, to });
    for (const contact of contacts.slice(0, 200))
      expect(seen?.[contact]).toBeCloseTo(cameOf(shop.orders[contact]), 6);
  });
});

describe("value", () => {
  it("withholds itself where all customers are alike", async () => {
    let published = 0;
    const short = value({ horizonDays: 90 });
    for (let seed = 0; seed < 12; seed++) {
      const alike = plantedCustomers({ customers: 250, seed, kind: "alike", futureDays: 0 });
      const { card } = await short.train(inMemoryHistory(alike.orders), { asOf, seed: 1 });
      if (card.verdict === "published") published++;
    }
    expect(published).toBeLessThanOrEqual(1); // one side of a 95 % interval: half a shop in twenty
  });

  it("leans on its priors in a shop of fifty, and says by how much", async () => {
    const small = plantedCustomers({ customers: 60, seed: 1, futureDays: 0 });
    const { card } = await scorer.train(inMemoryHistory(small.orders), { asOf, seed: 1 });
    expect(card.prior?.share).toBeGreaterThan(0.05);
    expect(card.prior?.because).toMatch(/60 customers of your own/);
    expect((await trained).card.prior).toBeUndefined();
  });

  it("does without trees where everybody buys", async () => {
    const { orders } = plantedCustomers({ customers: 70, seed: 4, kind: "loyal", futureDays: 0 });
    const { card } = await value({ horizonDays: 120 }).train(inMemoryHistory(orders), {
      asOf,
      seed: 1,
    });
    expect(card.candidates?.map(({ name }) => name)).not.toContain("boosted trees");
  });

  it("names what is missing", async () => {
    const few = inMemoryHistory(shop.orders.slice(0, 20));
    const refusal = scorer.train(few, { asOf, seed: 1 });
    await expect(refusal).rejects.toThrow(/^value: needs 30 customers .* are missing/);
    await refusal.catch((error) => expect(InchwormError.is(error, "insufficient-data")).toBe(true));
    await expect(value({ horizonDays: 700 }).train(history, { asOf, seed: 1 })).rejects.toThrow(
      /needs 760 days of history, and there are \d+: \d+ are missing/,
    );
    await expect(scorer.train(inMemoryHistory([]), { asOf, seed: 1 })).rejects.toThrow(
      /there are no orders yet/,
    );
    await expect(scorer.score(history, {}, { asOf })).rejects.toThrow(/not a value model/);
    expect(() => value({ horizonDays: 0 })).toThrow(/"horizonDays" must be an integer ≥ 1, got 0/);
  });

  it("tells in words what a value follows from", () => {
    const worth = {
      orders: 12,
      spent: 624,
      span: 400,
      idle: 12,
      alive: 0.94,
      expectedOrders: 3.21,
      horizonDays: 90,
    };
    expect(worthReasons(worth)).toEqual([
      "12 orders of 52 each within 400 days, the last 12 days ago",
      "94 % likely still a customer",
      "3.2 more orders expected in 90 days",
    ]);
    const once = { ...worth, orders: 1, spent: 40, alive: 0.004, expectedOrders: 0.01 };
    expect(worthReasons(once)).toEqual([
      "only one order so far, of 40, 12 days ago",
      "less than 1 % likely still a customer",
      "hardly any more orders expected in 90 days",
    ]);
  });

  it("ranks from 0 to 100, equals alike", () => {
    expect(Array.from(percentiles(Float64Array.of(5, 1, 3)))).toEqual([100, 0, 50]);
    expect(Array.from(percentiles(Float64Array.of(2, 2, 9, 2, 2)))).toEqual([38, 38, 100, 38, 38]);
    expect(Array.from(percentiles(Float64Array.of(7)))).toEqual([0]);
  });

  it("cuts history so that no stage sees the outcomes of a later one", () => {
    for (const held of [300, 600, 900]) {
      const windows = valueWindows(0, held, 180);
      expect(windows.evaluation + 180).toBe(held);
      expect(windows.race + windows.raceDays).toBeLessThanOrEqual(windows.evaluation);
      for (const cutoff of windows.trees.race)
        expect(cutoff + 180).toBeLessThanOrEqual(windows.race);
      for (const cutoff of windows.trees.judged)
        expect(cutoff + 180).toBeLessThanOrEqual(windows.evaluation);
      for (const cutoff of windows.trees.final) expect(cutoff + 180).toBeLessThanOrEqual(held);
    }
    expect(valueWindows(0, 300, 180).trees.race).toEqual([]);
    expect(valueWindows(0, 900, 180).trees.race.length).toBeGreaterThan(0);
  });
});
