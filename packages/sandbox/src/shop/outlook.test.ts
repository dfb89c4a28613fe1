import { expect, test } from "vitest";
import { groupNames } from "./groups.js";
import { emptyLife, fadingPace, type Life } from "./life.js";
import { outlook } from "./outlook.js";
import type { Person } from "./person.js";

const weeks = 13;
const someone = (traits: Partial<Person>): Person =>
  ({
    group: groupNames.indexOf("occasional"),
    ordersPerWeek: 0.2,
    regularity: 1,
    fadePerWeek: 0,
    gonePerWeek: 0.1,
    ...traits,
  }) as Person;
const standing = (life: Partial<Life>): Life => ({ ...emptyLife(), ...life });

test("buying at random without end is Poisson", () => {
  const { orders, probability } = outlook(someone({}), standing({ stage: "active" }), weeks);
  expect(orders).toBeCloseTo(0.2 * weeks, 10);
  expect(probability).toBeCloseTo(1 - Math.exp(-0.2 * weeks), 10);
});

test("fading ends exponentially", () => {
  const pace = 0.2 * fadingPace;
  const { orders, probability } = outlook(someone({}), standing({ stage: "fading" }), weeks);
  expect(orders).toBeCloseTo((pace / 0.1) * (1 - Math.exp(-0.1 * weeks)), 10);
  expect(probability).toBeCloseTo(
    (pace / (pace + 0.1)) * (1 - Math.exp(-(pace + 0.1) * weeks)),
    10,
  );
});

test("regular buyers renew by Erlang gaps", () => {
  // shape 2: m(t) = λt/2 − (1 − e^{−2λt})/4 with step rate λ (Cox 1962, §4.3)
  const person = someone({ regularity: 2 });
  const rate = 0.4;
  const fresh = outlook(person, standing({ stage: "active", phase: 0 }), weeks);
  expect(fresh.orders).toBeCloseTo((rate * weeks) / 2 - (1 - Math.exp(-2 * rate * weeks)) / 4, 10);
  expect(fresh.probability).toBeCloseTo(1 - Math.exp(-rate * weeks) * (1 + rate * weeks), 10);
  const due = outlook(person, standing({ stage: "active", phase: 1 }), weeks);
  expect(due.probability).toBeCloseTo(1 - Math.exp(-rate * weeks), 10);
});

test("a prospect orders first, and may leave it at that", () => {
  const loner = groupNames.indexOf("newcomer");
  const { orders, probability } = outlook(
    someone({ group: loner, ordersPerWeek: 1e-9 }),
    standing({ stage: "prospect" }),
    weeks,
  );
  expect(probability).toBeCloseTo(1 - Math.exp(-weeks / 2), 7);
  expect(orders).toBeCloseTo(probability, 6);
});

test("long horizons of clockwork buyers stay exact", () => {
  const person = someone({ regularity: 8, ordersPerWeek: 2 });
  const { orders, probability } = outlook(person, standing({ stage: "active" }), 156);
  // renewal theorem: t/μ + (variance/μ² − 1)/2
  expect(orders).toBeCloseTo(2 * 156 + (1 / 8 - 1) / 2, 6);
  expect(probability).toBeCloseTo(1, 10);
});

test("who is gone, and who never orders, has nothing ahead", () => {
  const nothing = { orders: 0, probability: 0 };
  expect(outlook(someone({}), standing({ stage: "gone" }), weeks)).toEqual(nothing);
  const browser = someone({ group: groupNames.indexOf("browser") });
  expect(outlook(browser, standing({ stage: "prospect" }), weeks)).toEqual(nothing);
});
