import { describe, expect, it } from "vitest";
import { totalQuantiles } from "./total-spend.js";

describe("totalQuantiles", () => {
  const probabilities = Float64Array.of(0.4, 0.3, 0.15, 0.1, 0.05);
  const levels = [0.3, 0.5, 0.8, 0.95, 0.999];

  it("is exact for one purchase of known shape: V/scale of gamma(1, ν), ν ~ gamma(shape, 1), is Lomax", () => {
    const [median] = totalQuantiles(1, 3, 1, 1)(Float64Array.of(0, 1), [0.5]);
    expect(median).toBeCloseTo(2 ** (1 / 3) - 1, 6);
  });

  it("says nothing where nothing is likelier than the level, and rises with it", () => {
    const quantiles = totalQuantiles(6, 10, 4, 1)(probabilities, levels);
    expect(quantiles[0]).toBe(0);
    for (let index = 2; index < levels.length; index++)
      expect(quantiles[index]).toBeGreaterThan(quantiles[index - 1]);
  });

  it("gives from tables what it gives without, to a thousandth", () => {
    for (const [p, shape] of [
      [0.4, 1.3],
      [6, 4],
      [6, 200],
      [40, 12],
    ]) {
      const exact = totalQuantiles(p, shape, 4, 1)(probabilities, levels);
      const fast = totalQuantiles(p, shape, 4, 1000)(probabilities, levels);
      for (const [index, value] of exact.entries())
        expect(Math.abs(fast[index] - value)).toBeLessThanOrEqual(0.001 * value);
    }
  });
});
