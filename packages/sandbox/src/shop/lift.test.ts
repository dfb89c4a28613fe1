import { expect, test } from "vitest";
import { plantedLift } from "./lift.js";
import { madeUpShop } from "./shop.js";

const shop = madeUpShop({ contacts: 4000, days: 90, seed: 3 });
const truth = [...shop.truth()].flat();
const half = new Set(truth.filter((_, index) => index % 2 === 0).map(({ customer }) => customer));

test("a planted campaign brings the orders that its gains foretell, to those who got it alone", () => {
  const { orders, gains } = plantedLift(shop, { treated: half, gain: 0.4 });
  expect(orders.every(({ contact }) => half.has(contact as string))).toBe(true);
  const expected = [...half].reduce((sum, customer) => sum + (gains.get(customer) ?? 0), 0);
  const spread = Math.sqrt(
    [...half].reduce((sum, one) => sum + (gains.get(one) ?? 0) * (1 - (gains.get(one) ?? 0)), 0),
  );
  expect(Math.abs(orders.length - expected)).toBeLessThan(3 * spread);
  const gone = new Set(
    truth.filter(({ stage }) => stage === "gone").map(({ customer }) => customer),
  );
  expect(orders.some(({ contact }) => gone.has(contact as string))).toBe(false);
  const [first, last] = [shop.until, shop.until + 30 * 86_400_000];
  expect(orders.every(({ at, total }) => at >= first && at < last && total > 0)).toBe(true);
});

test("one person's order does not hang on who else was treated, and nothing else changes", () => {
  const all = new Set(truth.map(({ customer }) => customer));
  const some = plantedLift(shop, { treated: half, gain: 0.4 }).orders;
  const every = plantedLift(shop, { treated: all, gain: 0.4 }).orders;
  expect(every.filter(({ contact }) => half.has(contact as string))).toEqual(some);
  expect(plantedLift(shop, { treated: all, gain: 0 }).orders).toEqual([]);
  expect([...shop.truth()].flat().map(({ customer, stage }) => [customer, stage])).toEqual(
    truth.map(({ customer, stage }) => [customer, stage]),
  );
});

test("refuses chances and days that are none", () => {
  expect(() => plantedLift(shop, { treated: half, gain: 1.5 })).toThrow(/"gain"/);
  expect(() => plantedLift(shop, { treated: half, gain: 0.1, days: 0 })).toThrow(/"days"/);
});
