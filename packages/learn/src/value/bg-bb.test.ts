import { describe, expect, it } from "vitest";
import { bgBb } from "./bg-bb.js";
import type { Purchases } from "./types.js";

/** Fader, Hardie & Shang 2010, table 1: 11,104 donors of 1995 by donations in the next six years (taken, last year taken, people). */
const donors = [
  [6, 6, 1203],
  [5, 6, 728],
  [4, 6, 512],
  [3, 6, 357],
  [2, 6, 234],
  [1, 6, 129],
  [5, 5, 335],
  [4, 5, 284],
  [3, 5, 225],
  [2, 5, 173],
  [1, 5, 119],
  [4, 4, 240],
  [3, 4, 181],
  [2, 4, 155],
  [1, 4, 78],
  [3, 3, 322],
  [2, 3, 255],
  [1, 3, 129],
  [2, 2, 613],
  [1, 2, 277],
  [1, 1, 1091],
  [0, 0, 3464],
] as const;
const donations: Purchases = {
  rows: donors.length,
  frequency: Float64Array.from(donors, ([taken]) => taken),
  recency: Float64Array.from(donors, ([, last]) => last),
  age: new Float64Array(donors.length).fill(6),
  weights: Float64Array.from(donors, ([, , people]) => people),
};

describe("bgBb on the donors of 1995", () => {
  const people = Float64Array.from(donors, ([, , count]) => count);
  const sumOver = (values: Float64Array) =>
    values.reduce((sum, value, row) => sum + value * people[row], 0);

  it("is the published table", () => {
    expect(people.reduce((sum, count) => sum + count, 0)).toBe(11_104);
  });

  it.each([0, 1])(
    "finds the published parameters and total, priors of weight %d",
    async (prior) => {
      const model = await bgBb({ prior }).fit(donations);
      const { alpha, beta, gamma, delta } = model.parameters;
      expect([alpha, beta, gamma, delta].map((value) => value.toFixed(3))).toEqual([
        "1.204",
        "0.750",
        "0.657",
        "2.783",
      ]);
      expect(model.logLikelihood.toFixed(1)).toBe("-33225.6");
      expect(model.customers).toBe(11_104);
      expect(sumOver(model.expectedOrders(donations, 5)).toFixed(1)).toBe("12884.2");
      expect(model.probabilityAlive(donations)[0].toFixed(2)).toBe("0.93");
    },
  );

  it("has probabilities of counts whose mean is the expectation", async () => {
    const model = await bgBb({ prior: 0 }).fit(donations);
    const probabilities = model.orderProbabilities(donations, 5, 5);
    const expected = model.expectedOrders(donations, 5);
    for (let row = 0; row < donations.rows; row++) {
      const own = probabilities.slice(row * 6, row * 6 + 6);
      expect(own.reduce((sum, share) => sum + share, 0)).toBeCloseTo(1, 12);
      const mean = own.reduce((sum, share, count) => sum + share * count, 0);
      // parameters are nearly, not wholly known
      expect(Math.abs(mean / expected[row] - 1)).toBeLessThan(0.003);
    }
  });

  it("refuses what no row of opportunities can be", async () => {
    const wrong = (change: Partial<Purchases>) =>
      bgBb().fit({ ...donations, rows: 1, weights: Float64Array.of(1), ...change });
    const row = { frequency: Float64Array.of(2), recency: Float64Array.of(1) };
    await expect(wrong({ ...row, age: Float64Array.of(6) })).rejects.toThrow(/at most recency/);
    await expect(wrong({ ...row, age: Float64Array.of(6.5) })).rejects.toThrow(/must be whole/);
    const model = await bgBb().fit(donations);
    expect(() => model.expectedOrders(donations, 1.5)).toThrow(/"horizon" must be an integer/);
  });
});
