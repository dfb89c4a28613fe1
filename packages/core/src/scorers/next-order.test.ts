import { random } from "@inchworm/learn";
import { InchwormError } from "@inchworm/spec";
import { describe, expect, it } from "vitest";
import type { Answers } from "../scorer.js";
import { day } from "../windows.js";
import { nextOrder } from "./next-order.js";
import { rhythmReasons } from "./next-order-reasons.js";
import {
  inMemoryHistory,
  type MadeUpOrder,
  type MadeUpOrders,
  plantedCustomers,
} from "./value-customers.fixture.js";

const shop = plantedCustomers({ customers: 1500, seed: 4, futureDays: 720 });
const history = inMemoryHistory(shop.orders);
const { asOf } = shop;
const today = asOf / day;
const scorer = nextOrder();
const trained = scorer.train(history, { asOf, seed: 1 });
const scored = trained.then(({ artifact }) =>
  scorer.score(history, JSON.parse(JSON.stringify(artifact)), { asOf }),
);

/** Days from today to each contact's next order; 0 = today. */
const next = shop.orders.map(
  (orders) => (orders.find((order) => order.day >= today)?.day ?? Infinity) - today,
);
const dayOf = (date: unknown) => Date.parse(String(date)) / day - today;
const rowsWithDate = ({ fields }: Answers) =>
  Array.from(fields.next_order_date.keys()).filter((row) => fields.next_order_date[row] !== null);

/** Poisson orders at a rate of each customer's own until an unseen exponential end (Schmittlein, Morrison & Colombo 1987). */
function unseenLeavers(customers: number, seed: number): MadeUpOrders {
  const { uniform } = random(seed);
  const wait = () => -Math.log(1 - uniform());
  return Array.from({ length: customers }, () => {
    const pace = 40 / wait();
    const end = wait() * 300;
    const start = today - 720 * uniform();
    const own = [{ day: Math.floor(start), spend: 1 }];
    for (let time = pace * wait(); time < end; time += pace * wait())
      own.push({ day: Math.floor(start + time), spend: 1 });
    return own.filter((order) => order.day < today);
  });
}

/** Each orders about every so many days, give or take a third, and never leaves. */
function regulars(customers: number, seed: number): MadeUpOrders {
  const { uniform, normal } = random(seed);
  return Array.from({ length: customers }, () => {
    const usual = 3.4 + 0.5 * normal();
    const own: MadeUpOrder[] = [];
    for (let time = today - 720 * uniform(); time < today; ) {
      own.push({ day: Math.floor(time), spend: 1 });
      time += Math.exp(usual + 0.3 * normal());
    }
    return own;
  });
}

describe("nextOrder on made-up customers", () => {
  it("is published: its windows and dates beat every simple rule on days it never saw", async () => {
    const { card } = await trained;
    if (card.kind !== "quantity") throw new Error("not a quantity");
    expect(card.verdict).toBe("published");
    expect(card.decidedBy).toBe("pinball");
    expect(card.rules.map(({ name }) => name).sort()).toEqual([
      "everybody alike, in hindsight",
      "mean gap",
      "own median gap",
      "recency alone",
    ]);
    const median = card.rules.find(({ name }) => name === "own median gap");
    expect(card.metrics.pinball?.value).toBeLessThan(0.9 * (median?.pinball?.value ?? 0));
    expect(card.metrics.coverage80?.low).toBeLessThan(0.82);
    expect(card.metrics.coverage80?.high).toBeGreaterThan(0.78);
    expect(card.windows.evaluation.cutoff).toBe(asOf - 90 * day);
    expect(card.windows.training.labelsUntil).toBe(asOf - 90 * day);
    expect(card.prior).toBeUndefined();
  });

  it("gives windows that hold 78 to 82 % of the days on which customers really come back", async () => {
    // two shops, and sixteen years to come back: a future cut short lacks the long waits
    let back = 0;
    let held = 0;
    for (let seed = 10; seed < 12; seed++) {
      const other = plantedCustomers({ customers: 3000, seed, futureDays: 6000 });
      const otherHistory = inMemoryHistory(other.orders);
      const { artifact } = await scorer.train(otherHistory, { asOf, seed: 1 });
      const answers = await scorer.score(otherHistory, artifact, { asOf });
      for (const row of rowsWithDate(answers)) {
        const came = other.orders[answers.contacts[row]].find((order) => order.day >= today);
        if (!came) continue;
        back++;
        const wait = came.day - today;
        if (
          dayOf(answers.fields.next_order_from[row]) <= wait &&
          wait <= dayOf(answers.fields.next_order_until[row])
        )
          held++;
      }
    }
    expect(back).toBeGreaterThan(2000);
    expect(held / back).toBeGreaterThan(0.78);
    expect(held / back).toBeLessThan(0.82);
  });

  it("gives probabilities that come true", async () => {
    const { contacts, fields } = await scored;
    for (const ahead of [7, 14, 30]) {
      const probability = fields[`next_order_probability_${ahead}d`];
      const known = Array.from(contacts.keys()).filter((row) => probability[row] !== null);
      const expected = known.reduce((sum, row) => sum + Number(probability[row]), 0);
      const came = known.filter((row) => next[contacts[row]] < ahead).length;
      expect(Math.abs(came - expected)).toBeLessThan(3.5 * Math.sqrt(expected));
    }
  });

  it("never looks past the day it is asked: what comes later changes nothing", async () => {
    const known = shop.orders.map((orders) => orders.filter((order) => order.day < today));
    const { artifact, card } = await scorer.train(inMemoryHistory(known), { asOf, seed: 1 });
    expect(JSON.stringify(artifact)).toBe(JSON.stringify((await trained).artifact));
    expect(JSON.stringify(card)).toBe(JSON.stringify((await trained).card));
  });

  it("says of everybody how often they order and how long ago they did, and of strangers that they have not", async () => {
    const strangers = [...shop.orders, []];
    const { artifact } = await trained;
    const answers = await scorer.score(inMemoryHistory(strangers), artifact, { asOf });
    const last = strangers.length - 1;
    expect(answers.contacts[last]).toBe(last);
    expect(answers.abstained[last]).toBe("no order yet");
    expect(Object.values(answers.fields).every((values) => values[last] === null)).toBe(true);
    expect(answers.abstained.slice(0, last).every((why) => why === undefined)).toBe(true);
    for (const [row, reasons] of answers.reasons.slice(0, last).entries()) {
      expect(reasons[0]).toMatch(/^usually orders every [\d,]+ days?; |^only one order so far, /);
      expect(reasons.length).toBeLessThanOrEqual(3);
      expect(answers.fields.next_order_reason[row]).toBe(reasons.join(" · "));
    }
  });
});

describe("nextOrder", () => {
  it("withholds itself where all customers are alike", async () => {
    let published = 0;
    for (let seed = 0; seed < 12; seed++) {
      const alike = plantedCustomers({ customers: 250, seed, kind: "alike", futureDays: 0 });
      const { card } = await scorer.train(inMemoryHistory(alike.orders), { asOf, seed: 1 });
      if (card.verdict === "published") published++;
    }
    expect(published).toBeLessThanOrEqual(1); // one side of a 95 % interval: half a shop in twenty
  });

  it("is published where customers order at random and leave unseen, and says how they were foretold", async () => {
    const { card } = await scorer.train(inMemoryHistory(unseenLeavers(1000, 3)), { asOf, seed: 1 });
    expect(card.verdict).toBe("published");
    expect(card.candidates?.[0].name).toMatch(/-nbd/);
    expect(card.candidates?.map(({ name }) => name)).toContain("gaps");
    expect(card.candidates?.every(({ metrics }) => Number(metrics["log loss"]) > 0)).toBe(true);
    expect(card.notes?.some((note) => /leave unseen \(.*-nbd\)/.test(note))).toBe(true);
  });

  it("goes by the gaps of customers with a rhythm", async () => {
    const { card } = await scorer.train(inMemoryHistory(regulars(600, 3)), { asOf, seed: 1 });
    expect(card.verdict).toBe("published");
    expect(card.candidates?.[0].name).toBe("gaps");
    expect(card.notes?.some((note) => /follow from the gaps/.test(note))).toBe(true);
  });

  it("lets customers of one country lean on one another, and knows them when it scores", async () => {
    const days = (gap: number, seed: number, customers: number) =>
      regulars(customers, seed).map((own) => {
        const end = own[own.length - 1].day;
        const stretched = own.map(({ day: at }) => ({ day: end - (end - at) * gap, spend: 1 }));
        return stretched.filter(({ day: at }) => at > today - 720);
      });
    const orders = [...days(1, 3, 300), ...days(2, 4, 300), ...days(2, 5, 5)];
    const countries = orders.map((_, row) => (row < 300 ? "DE" : row < 600 ? "ES" : "PT"));
    const { card, artifact } = await scorer.train(inMemoryHistory(orders, { countries }), {
      asOf,
      seed: 1,
    });
    expect(card.notes?.join(" ")).toMatch(
      /usual gap is (DE × 0\.\d+, ES × 1\.\d+|ES × 1\.\d+, DE × 0\.\d+)\./,
    );
    // one order each, ten days ago: nothing but the country tells the two apart; AT, new, moves no other country's place
    const newcomers = ["AT", "DE", "ES"].map(() => [{ day: today - 10, spend: 1 }]);
    const history = inMemoryHistory(newcomers, { countries: ["AT", "DE", "ES"] });
    const saved = JSON.parse(JSON.stringify(artifact));
    const { fields } = await scorer.score(history, saved, { asOf });
    const [stranger, german, spaniard] = fields.next_order_date.map(dayOf);
    expect(german).toBeLessThan(stranger);
    expect(stranger).toBeLessThan(spaniard);
  });

  it("names what is missing", async () => {
    const few = inMemoryHistory(shop.orders.slice(0, 30));
    const refusal = scorer.train(few, { asOf, seed: 1 });
    await expect(refusal).rejects.toThrow(
      /^next-order: needs 50 customers with an order 90 days ago, and there are \d+: \d+ are missing/,
    );
    await refusal.catch((error) => expect(InchwormError.is(error, "insufficient-data")).toBe(true));
    await expect(scorer.train(inMemoryHistory([]), { asOf, seed: 1 })).rejects.toThrow(
      /there are no orders yet/,
    );
    await expect(scorer.score(history, { tree: 1 }, { asOf })).rejects.toThrow(/not its model/);
    expect(() => nextOrder({ horizonDays: 7 })).toThrow(/"horizonDays" must be an integer ≥ 14/);
  });

  it("tells a customer's rhythm in words", () => {
    const regular = { orders: 9, elapsed: 94, usualGap: 31, again: 0.3, usualSecond: 71 };
    expect(rhythmReasons(regular)).toEqual([
      "usually orders every 31 days; 94 days since the last",
      "overdue by 63 days",
      "more likely gone than not: 30 % to order again",
    ]);
    expect(rhythmReasons({ ...regular, elapsed: 1, again: 0.9 })).toEqual([
      "usually orders every 31 days; 1 day since the last",
    ]);
    expect(rhythmReasons({ ...regular, orders: 1, elapsed: 40, again: 0.004 })).toEqual([
      "only one order so far, 40 days ago",
      "customers who order again usually do so after 71 days",
      "more likely gone than not: less than 1 % to order again",
    ]);
  });
});
