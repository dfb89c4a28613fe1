import { describe, expect, it } from "vitest";
import { LearnError } from "../error.js";
import { logBeta } from "../special/gamma.js";
import { bestOf } from "./best-of.js";
import { answerCurve, shareBy } from "./curve.js";
import { exposureOf } from "./exposure.js";
import { loadVariantTest } from "./load-variant-test.js";
import { simulate } from "./simulate.fixture.js";
import { variantTest } from "./variant-test.js";

const counts = (a: readonly [number, number], b: readonly [number, number]) => ({
  A: { shown: a[0], clicked: a[1] },
  B: { shown: b[0], clicked: b[1] },
});
const of = (verdict: { standings: readonly { variant: string }[] }, name: string) =>
  verdict.standings.find(({ variant }) => variant === name) as ReturnType<
    ReturnType<typeof variantTest>["next"]
  >["standings"][number];

/** P(Beta(c, d) > Beta(a, b)) for whole c, as a finite sum (Miller 2015). */
function exactly(a: number, b: number, c: number, d: number): number {
  let sum = 0;
  for (let i = 0; i < c; i++)
    sum += Math.exp(logBeta(a + i, b + d) - Math.log(d + i) - logBeta(1 + i, d) - logBeta(a, b));
  return sum;
}

describe("variantTest", () => {
  it("knows the chance of being best and the loss, of few and of many, alike and far apart", () => {
    for (const [a, b, c, d] of [
      [1, 1, 1, 1],
      [1, 1, 30, 970],
      [40, 960, 60, 940],
      [4000, 96_000, 4200, 95_800],
      [1, 2000, 900, 1100],
    ]) {
      const { best, loss } = bestOf(Float64Array.of(a, c), Float64Array.of(b, d));
      expect(best[1]).toBeCloseTo(exactly(a, b, c, d), 4);
      expect(best[0] + best[1]).toBeCloseTo(1, 9);
      expect(loss[0] - loss[1]).toBeCloseTo(c / (c + d) - a / (a + b), 6);
    }
    // of two uniform rates the larger is 2/3 on average
    expect(bestOf(Float64Array.of(1, 1), Float64Array.of(1, 1)).loss[0]).toBeCloseTo(1 / 6, 4);
    const { best } = bestOf(new Float64Array(6).fill(9), new Float64Array(6).fill(200));
    for (const chance of best) expect(chance).toBeCloseTo(1 / 6, 9);
  });

  it("begins even, knows the exact posterior, and stops when it is sure", () => {
    const test = variantTest({ variants: ["A", "B"] });
    const begin = test.next(1000);
    expect(begin.stop).toBe(false);
    expect(of(begin, "A").share).toBeCloseTo(0.5, 1);
    expect(begin.because).toContain("not been shown to 100 people");
    const some = test.add({ name: "1", counts: counts([100, 3], [100, 4]) }).next();
    expect(of(some, "B").best).toBeCloseTo(exactly(4, 98, 5, 97), 4);
    expect(of(some, "A").rate).toBeCloseTo(4 / 102, 12);
    expect(some.stop).toBe(false);
    const sure = test.add({ name: "1", counts: counts([1000, 30], [1000, 90]) }).next();
    expect(sure).toMatchObject({ stop: true, winner: "B" });
    expect(of(sure, "B").share).toBe(1);
    expect(of(sure, "A").share).toBe(0);
  });

  it("gives every variant its least number of people before it drops one", () => {
    const test = variantTest({ variants: ["A", "B"], least: 300 }).add({
      name: "1",
      counts: counts([200, 0], [1000, 200]),
    });
    const verdict = test.next(200);
    expect(verdict.stop).toBe(false);
    expect(of(verdict, "A").share).toBeCloseTo(0.5, 2);
    expect(of(verdict, "A").share + of(verdict, "B").share).toBeCloseTo(1, 12);
  });

  it("counts a young batch for what should have come by now", () => {
    const curve = { hours: [1, 4, 24], shares: [0.25, 0.5, 1] };
    expect(shareBy(curve, 0.5)).toBeCloseTo(0.125, 12);
    expect(shareBy(curve, 2.5)).toBeCloseTo(0.375, 12);
    expect(shareBy(curve, 100)).toBe(1);
    const test = variantTest({ variants: ["A", "B"], curve });
    // A was sent long ago, B an hour ago: a quarter of its answers are in
    const verdict = test
      .add({ name: "old", counts: { A: { shown: 10_000, clicked: 500 } } })
      .add({ name: "new", counts: { B: { shown: 10_000, clicked: 125 } }, hours: 1 })
      .next();
    expect(of(verdict, "B").rate).toBeCloseTo(0.05, 2);
    expect(of(verdict, "B").best).toBeGreaterThan(0.1);
    const delays = Array.from({ length: 400 }, (_, at) => (24 * (at + 1)) / 400);
    const learned = answerCurve(delays, 24);
    expect(shareBy(learned, 6)).toBeCloseTo(0.25, 6);
    expect(shareBy(learned, 24)).toBe(1);
    expect(() => answerCurve([1, 2, 3])).toThrow("3 answers within 72 hours");
  });

  it("does not credit a variant with the hour of its batches", () => {
    // both are alike; the second batch went out at an hour twice as good, and mostly with A
    const batches = [
      { name: "1", counts: counts([5000, 100], [5000, 100]) },
      { name: "2", counts: counts([9000, 360], [1000, 40]) },
    ];
    const { exposed, clicked } = exposureOf(batches, ["A", "B"], undefined);
    expect(clicked[0] / exposed[0]).toBeCloseTo(clicked[1] / exposed[1], 3);
    // adding up alone: 3.3 % against 2.3 %
    const added = variantTest({ variants: ["A", "B"] })
      .add(batches[0])
      .add(batches[1])
      .next();
    expect(added.stop).toBe(false);
    expect(exposed[0] + exposed[1]).toBeCloseTo(20_000, 6);
  });

  it("has at most 60 % of a fixed split's regret, and finds the best or next to it", () => {
    const runs = Array.from({ length: 40 }, (_, seed) => ({
      thompson: simulate({ seed, mode: "thompson" }),
      fixed: simulate({ seed, mode: "fixed" }),
    }));
    const mean = (of: (run: (typeof runs)[number]) => number) =>
      runs.reduce((sum, run) => sum + of(run), 0) / runs.length;
    expect(mean(({ thompson }) => thompson.regret)).toBeLessThan(
      0.6 * mean(({ fixed }) => fixed.regret),
    );
    expect(mean(({ thompson }) => thompson.rank)).toBeLessThan(1.35);
  });

  it("goes on from what was saved, and takes a batch told again for the same", () => {
    const curve = { hours: [1, 24], shares: [0.5, 1] };
    const test = variantTest({ variants: ["A", "Größe 👕"], curve, seed: 7 }).add({
      name: "1",
      hours: 2,
      counts: { "Größe 👕": { shown: 300, clicked: 20 }, A: { shown: 300, clicked: 22 } },
    });
    const back = loadVariantTest(JSON.parse(JSON.stringify(test.save())));
    expect(back.next(500)).toEqual(test.next(500));
    const again = { name: "1", counts: { A: { shown: 300, clicked: 30 } } };
    expect(of(back.add(again).next(), "A").shown).toBe(300);
    expect(of(back.next(), "A").clicked).toBe(22);
    for (const artifact of [
      { ...test.save(), kind: "kmeans" },
      { ...test.save(), version: 9 },
      { ...test.save(), data: { settings: {}, batches: [] } },
      {
        ...test.save(),
        data: {
          ...(test.save().data as object),
          batches: [{ name: "x", counts: { A: { shown: 1, clicked: 2 } } }],
        },
      },
    ])
      expect(() => loadVariantTest(artifact)).toThrow(LearnError);
  });

  it("logs chances that are those with which people get it", () => {
    const test = variantTest({ variants: ["A", "B"], seed: 1 }).add({
      name: "1",
      counts: counts([500, 20], [500, 26]),
    });
    const verdict = test.next(1000);
    let b = 0;
    for (let person = 0; person < 2000; person++) {
      const { variant, propensity } = test.choose(`person ${person}`, verdict);
      expect(propensity).toBeCloseTo(of(verdict, variant).share, 12);
      expect(test.choose(`person ${person}`, verdict)).toEqual({ variant, propensity });
      b += Number(variant === "B");
    }
    expect(Math.abs(b / 2000 - of(verdict, "B").share)).toBeLessThan(0.04);
  });

  it("refuses what cannot be", () => {
    expect(() => variantTest({ variants: ["A"] })).toThrow("two or more variants");
    expect(() => variantTest({ variants: ["A", "A"] })).toThrow("different names");
    expect(() => variantTest({ variants: ["A", "B"], confidence: 1.5 })).toThrow('"confidence"');
    expect(() => variantTest({ variants: ["A", "B"], floor: 0.6 })).toThrow(
      '"floor" must be at most 0.5',
    );
    expect(() =>
      variantTest({ variants: ["A", "B"], curve: { hours: [2, 1], shares: [0, 1] } }),
    ).toThrow("curve");
    const test = variantTest({ variants: ["A", "B"] });
    expect(() => test.add({ name: "1", counts: { C: { shown: 1, clicked: 0 } } })).toThrow(
      'variant "C"',
    );
    expect(() => test.add({ name: "1", counts: { A: { shown: 1, clicked: 2 } } })).toThrow(
      "shown 1 times and clicked 2",
    );
    expect(() => test.next(0)).toThrow('"size"');
  });
});
