import { normalCdf, normalQuantile, random } from "@inchworm/learn";
import { describe, expect, it } from "vitest";
import { correctedQuantiles, correction as correctionOf, scaled } from "./value-correction.js";
import { amountAt, inside, place, type Spread } from "./value-spread.js";

/** `rows` customers and what they then spent, drawn from the spread itself; `wider` multiplies the deviation drawn with. */
function drawn(rows: number, wider = 1) {
  const { uniform, normal } = random(3);
  const buys = Float64Array.from({ length: rows }, () => uniform());
  const mean = buys.map((share) => share * 100 * Math.exp(normal()));
  const deviation = new Float64Array(rows).fill(0.8);
  const spread: Spread = { buys, mean, deviation };
  const spent = mean.map((expected, row) =>
    uniform() < buys[row] ? (expected / buys[row]) * Math.exp(0.8 * wider * normal() - 0.32) : 0,
  );
  return { spread, spent };
}

/** As many orders expected as come. */
const correction = (spread: Spread, spent: Float64Array) => {
  const orders = spread.buys;
  return correctionOf({ spread, orders }, { orders, spent });
};

const covered = (spread: Spread, spent: Float64Array, levels: readonly number[] = [0.1, 0.9]) => {
  const span = { low: levels[0], high: levels[levels.length - 1] };
  return (
    spent.reduce((sum, amount, row) => sum + inside(place(spread, row, amount), span), 0) /
    spent.length
  );
};

describe("a spread", () => {
  it("knows the normal distribution", () => {
    for (const [z, share] of [
      [0, 0.5],
      [1.2815516, 0.9],
      [-1.959964, 0.025],
      [-6, 9.8659e-10],
    ]) {
      expect(Math.abs(normalCdf(z) - share)).toBeLessThan(2e-7);
      expect(normalQuantile(share)).toBeCloseTo(z, 4);
    }
  });

  it("says nothing up to the probability of nothing, and the mean is the mean", () => {
    const spread = {
      buys: Float64Array.of(0.3, 1),
      mean: Float64Array.of(30, 100),
      deviation: Float64Array.of(0.8, 0.8),
    };
    expect(amountAt(spread, 0, 0.69)).toBe(0);
    expect(amountAt(spread, 0, 0.71)).toBeGreaterThan(0);
    const levels = Array.from({ length: 4000 }, (_, index) => (index + 0.5) / 4000);
    for (const row of [0, 1]) {
      const mean = levels.reduce((sum, level) => sum + amountAt(spread, row, level), 0) / 4000;
      expect(mean / spread.mean[row]).toBeCloseTo(1, 1);
    }
    expect(place(spread, 0, 0)).toEqual({ low: 0, high: 0.7 });
    const { low } = place(spread, 0, amountAt(spread, 0, 0.83));
    expect(low).toBeCloseTo(0.83, 6);
  });

  it("covers what it says where it is right, and is left alone", () => {
    const { spread, spent } = drawn(8000);
    expect(covered(spread, spent)).toBeCloseTo(0.8, 1);
    const { factor, levels } = correction(spread, spent);
    expect(factor).toBeCloseTo(1, 1);
    for (const [index, level] of [0.1, 0.25, 0.5, 0.75, 0.9].entries())
      expect(levels[index]).toBeCloseTo(level, 1);
  });

  it("is widened where it was too sure of itself", () => {
    const { spread, spent } = drawn(8000, 2);
    expect(covered(spread, spent)).toBeLessThan(0.76);
    const { factor, levels } = correction(spread, spent);
    const set = scaled(spread, factor);
    expect(covered(set, spent, levels)).toBeGreaterThan(0.79);
    expect(covered(set, spent, levels)).toBeLessThan(0.81);
  });

  it("is set right where large customers are foretold too little, and small ones are not", () => {
    const { spread, spent } = drawn(8000);
    const larger = spent.map((amount, row) => (spread.mean[row] > 100 ? 2 * amount : amount));
    const found = correction(spread, larger);
    const off = (forecasts: Float64Array) =>
      larger.reduce((sum, amount, row) => sum + Math.abs(amount - forecasts[row]), 0);
    const set = correctedQuantiles(spread, found);
    const without = correctedQuantiles(spread, { ...found, factors: [1, 1, 1, 1, 1] });
    expect(found.factors[2]).toBeGreaterThan(1.05);
    expect(off(set[2])).toBeLessThan(off(without[2]));
    for (let row = 0; row < 100; row++)
      for (let level = 1; level < 5; level++)
        expect(set[level][row]).toBeGreaterThanOrEqual(set[level - 1][row]);
    // hardly anybody surely buys, so that the lowest level rests on few
    for (const factor of correction(spread, spent).factors.slice(1))
      expect(Math.abs(factor - 1)).toBeLessThan(0.1);
  });

  it("learns by how much orders went beyond what was expected of them", () => {
    const { spread, spent } = drawn(8000);
    const orders = spread.buys.map((share) => 2 * share);
    const more = orders.map((count) => 1.2 * count);
    const { ordersFactor } = correctionOf({ spread, orders }, { orders: more, spent });
    expect(ordersFactor).toBeCloseTo(1.2, 2);
    expect(correctionOf({ spread, orders }, { orders, spent }).ordersFactor).toBeCloseTo(1, 3);
  });

  it("is hardly touched by three customers", () => {
    const { levels } = correction(drawn(3, 2).spread, Float64Array.of(1e6, 0, 1e6));
    expect(levels[4]).toBeLessThan(0.97);
  });
});
