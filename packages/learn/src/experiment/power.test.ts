import { expect, it } from "vitest";
import { random } from "../random.js";
import { detectable, peopleNeeded, powerOf } from "./power.js";
import { scoreDifference } from "./score-difference.js";
import { binomial } from "./simulate.fixture.js";

it("the smallest effect is shown in 80 of 100 experiments", () => {
  const draws = random(1);
  for (const plan of [
    { control: 500, treated: 4500, base: 0.1 },
    { control: 2000, treated: 2000, base: 0.03 },
  ]) {
    const effect = detectable(plan) ?? Number.NaN;
    let shown = 0;
    const runs = 1500;
    for (let run = 0; run < runs; run++) {
      const { p } = scoreDifference(
        {
          count: binomial(draws, { people: plan.treated, rate: plan.base + effect }),
          of: plan.treated,
        },
        { count: binomial(draws, { people: plan.control, rate: plan.base }), of: plan.control },
      );
      if (p < 0.05) shown++;
    }
    expect(shown / runs).toBeGreaterThan(0.77);
    expect(shown / runs).toBeLessThan(0.83);
  }
});

it("meets printed numbers", () => {
  // Fleiss, Levin & Paik 2003, table A.4 without continuity correction: .5 against .6 takes 388 each
  const even = { control: 100, treated: 100, base: 0.5 };
  expect(peopleNeeded(even, 0.1)).toBeGreaterThanOrEqual(774);
  expect(peopleNeeded(even, 0.1)).toBeLessThanOrEqual(778);
  // two means, half a standard deviation apart: 63 each by the normal
  const means = { ...even, base: 0, deviation: 1 };
  expect(peopleNeeded(means, 0.5)).toBe(126);
  expect(detectable({ ...means, control: 63, treated: 63 })).toBeCloseTo(0.5, 2);
});

it("a known past is worth people", () => {
  const plan = { control: 1000, treated: 1000, base: 10, deviation: 4 };
  const [plain, known] = [plan, { ...plan, correlation: 0.8 }].map((one) => detectable(one) ?? 0);
  expect(known / plain).toBeCloseTo(0.6, 6);
});

it("is the level where there is no effect, grows with it, and is 1 for what cannot be missed", () => {
  const plan = { control: 5000, treated: 45_000, base: 0.03 };
  expect(powerOf(plan, 0)).toBeCloseTo(0.05, 6);
  expect(powerOf(plan, 0.02)).toBeGreaterThan(powerOf(plan, 0.01));
  expect(powerOf(plan, -0.01)).toBeGreaterThan(0.5);
  expect(powerOf(plan, 0.97)).toBe(1);
  expect(peopleNeeded(plan, 0)).toBeUndefined();
});

it("of a handful of people shows nothing", () => {
  expect(detectable({ control: 2, treated: 2, base: 0.5 })).toBeUndefined();
});

it("refuses plans that are none", () => {
  const plan = { control: 100, treated: 100, base: 0.1 };
  for (const [wrong, message] of [
    [{ control: 1 }, /"control" must be an integer ≥ 2/],
    [{ base: 0 }, /"base" must be a number > 0/],
    [{ base: 1 }, /"base" must be below 1/],
    [{ base: Number.NaN }, /"base"/],
    [{ level: 0 }, /"level"/],
    [{ power: 1 }, /"power"/],
    [{ correlation: 1 }, /"correlation"/],
    [{ deviation: 0 }, /"deviation"/],
  ] as const)
    expect(() => detectable({ ...plan, ...wrong })).toThrow(message);
  expect(() => powerOf(plan, 0.95)).toThrow(/between 0 and 1/);
});
