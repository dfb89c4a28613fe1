import { describe, expect, it } from "vitest";
import { correct, corrected } from "./correct.js";
import { customersAt, outcomes, someOf } from "./customers.js";
import { dayOf, dayText } from "./days.js";
import { meanOf } from "./errors.js";
import { percentiles, topTenth } from "./forecast.js";
import { purchaseEstimators } from "./models.js";
import { race } from "./race.js";
import { sameAgain, simpleRules } from "./rules.js";
import { begin, history, type Order, shop } from "./shop.fixture.js";

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
  const again = sameAgain(all, customersAt(all, begin + 70), 45);
  expect([again?.orders, again?.spent]).toEqual([Float64Array.of(1, 0), Float64Array.of(20, 0)]);
  expect(sameAgain(all, customersAt(all, begin + 70), 72)).toBeUndefined();
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

  it("by what sets amounts right, whatever happens after its end", async () => {
    const orders = shop(300, 0.004);
    const until = begin + 300;
    const run = (later: number) =>
      correct(
        history(orders.map(([who, day, spent]) => [who, day, day > until ? later : spent])),
        until,
        150,
        purchaseEstimators[0],
        undefined,
      );
    const found = await run(1);
    expect(found).toMatchObject({ cut: until - 100, days: 100 });
    expect(await run(1e6)).toEqual(found);
  });
});

it("amounts are set right where an earlier forecast was too low, and left where it was not", async () => {
  const until = begin + 400;
  // from here on everybody spends twice as much: no model of the past knows it
  const raised = shop(600, 0).map(
    ([who, day, amount]): Order => [who, day, (day > begin + 250 ? 2 : 1) * (amount ?? 0)],
  );
  const run = (orders: readonly Order[]) =>
    correct(history(orders), until, 240, purchaseEstimators[0], undefined);
  const [low, middle, high] = (await run(raised))?.factors ?? [];
  expect(low).toBeGreaterThan(1.5);
  expect(middle).toBeGreaterThan(1.6);
  expect(high).toBeGreaterThan(1.6);
  for (const factor of (await run(shop(600, 0)))?.factors ?? [0])
    expect(Math.abs(factor - 1)).toBeLessThan(0.15);

  const amounts = [0, 2, 4].map((value) => Float64Array.of(value, value));
  const correction = { cut: 0, days: 9, customers: 2, factors: [1, 3, 1] };
  expect(corrected(amounts, correction).map(([first]) => first)).toEqual([0, 6, 6]);
  expect(corrected(amounts, undefined)).toEqual(amounts);
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
