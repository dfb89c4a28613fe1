import { describe, expect, it } from "vitest";
import { LearnError } from "../error.js";
import { random } from "../random.js";
import { levelFactor } from "./level-factor.js";

const pinball = (forecast: Float64Array, outcome: Float64Array, level: number, factor: number) =>
  outcome.reduce((sum, came, row) => {
    const over = came - factor * forecast[row];
    return sum + (over > 0 ? level * over : (level - 1) * over);
  }, 0);

/** Lognormal outcomes around medians that are themselves spread out, and how far too low the forecast is. */
function drawn(rows: number, low: number, seed = 5) {
  const { normal } = random(seed);
  const median = Float64Array.from({ length: rows }, () => 100 * Math.exp(normal()));
  const outcome = median.map((value) => value * Math.exp(0.6 * normal()));
  return { forecast: median.map((value) => value / low), outcome };
}

describe("the factor of a level", () => {
  it("finds by how much forecasts were too low or too high", () => {
    for (const low of [0.7, 1, 1.4]) {
      const { forecast, outcome } = drawn(20_000, low);
      expect(levelFactor(forecast, outcome, 0.5) / low).toBeCloseTo(1, 1);
    }
  });

  it("is where the loss is least, at every level", () => {
    const { forecast, outcome } = drawn(20_000, 1.3);
    for (const level of [0.1, 0.5, 0.9]) {
      const loss = (factor: number) => pinball(forecast, outcome, level, factor);
      const found = levelFactor(forecast, outcome, level);
      for (const other of [0.9, 0.97, 1.03, 1.1])
        expect(loss(found)).toBeLessThan(loss(found * other));
    }
  });

  it("hardly moves where few customers, or one large one, would decide", () => {
    const few = drawn(4, 3);
    expect(levelFactor(few.forecast, few.outcome, 0.5)).toBeLessThan(1.8);
    const { forecast, outcome } = drawn(200, 1);
    forecast[0] = 1e6;
    outcome[0] = 1e7;
    const alone = levelFactor(forecast, outcome, 0.5);
    expect(alone).toBeGreaterThan(1);
    expect(alone).toBeLessThan(1.3);
  });

  it("is 1 where nothing can be told", () => {
    const none = new Float64Array(10);
    const some = new Float64Array(10).fill(3);
    expect(levelFactor(none, some, 0.5)).toBe(1);
    expect(levelFactor(some, none, 0.5)).toBe(1);
    expect(levelFactor(new Float64Array(), new Float64Array(), 0.5)).toBe(1);
  });

  it("refuses what cannot be", () => {
    expect(() => levelFactor(new Float64Array(2), new Float64Array(3), 0.5)).toThrow(LearnError);
    expect(() => levelFactor(new Float64Array(2), new Float64Array(2), 1)).toThrow(
      /between 0 and 1/,
    );
  });
});
