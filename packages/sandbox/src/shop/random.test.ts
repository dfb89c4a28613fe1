import { expect, test } from "vitest";
import { random, uniformAt } from "./random.js";

const many = 200_000;
const mean = (values: Float64Array): number => values.reduce((a, b) => a + b, 0) / values.length;
const variance = (values: Float64Array): number => {
  const middle = mean(values);
  return values.reduce((sum, value) => sum + (value - middle) ** 2, 0) / values.length;
};
const draw = (next: (i: number) => number): Float64Array =>
  Float64Array.from({ length: many }, (_, i) => next(i));

test("numbers depend on seed, contact, stream and position alone", () => {
  const draws = random(7).at(3, 2);
  const first = [draws.uniform(), draws.uniform(), draws.uniform()];
  expect(first).toEqual([0, 1, 2].map((n) => uniformAt(7, 3, 2, n)));
  draws.at(4, 2).uniform();
  expect(draws.at(3, 2).uniform()).toBe(first[0]);
  const others = [uniformAt(8, 3, 2, 0), uniformAt(7, 4, 2, 0), uniformAt(7, 3, 1, 0)];
  expect(new Set([first[0], ...others]).size).toBe(4);
});

test.each([
  ["positions of a stream", (i: number) => uniformAt(1, 0, 1, i)],
  ["first numbers of contacts", (i: number) => uniformAt(1, i, 1, 0)],
  ["first numbers of streams", (i: number) => uniformAt(1, 0, i, 0)],
  ["first numbers of seeds", (i: number) => uniformAt(i, 0, 1, 0)],
])("%s are uniform and uncorrelated", (_, next) => {
  const values = draw(next);
  // standard errors at 200,000 draws: .0006, .0002, .0022 and 20 counts
  expect(Math.abs(mean(values) - 0.5)).toBeLessThan(0.003);
  expect(Math.abs(variance(values) - 1 / 12)).toBeLessThan(0.001);
  const lagged = mean(values.map((value, i) => (value - 0.5) * (values[(i + 1) % many] - 0.5)));
  expect(Math.abs(lagged * 12)).toBeLessThan(0.012);
  const counts = new Array(500).fill(0);
  for (const value of values) counts[Math.floor(value * 500)]++;
  const chiSquare = counts.reduce((sum, count) => sum + (count - 400) ** 2 / 400, 0);
  expect(chiSquare).toBeGreaterThan(499 - 5 * 31.6);
  expect(chiSquare).toBeLessThan(499 + 5 * 31.6);
});

test("exponential and gamma have mean 1 and the variance of their shape", () => {
  const draws = random(2).at(0, 1);
  const exponential = draw(() => draws.exponential());
  expect(Math.abs(mean(exponential) - 1)).toBeLessThan(0.012);
  expect(variance(exponential)).toBeCloseTo(1, 1);
  for (const shape of [1, 2.5, 8]) {
    const gamma = draw(() => draws.gamma(shape));
    expect(Math.abs(mean(gamma) - 1)).toBeLessThan(0.012);
    expect(Math.abs(variance(gamma) * shape - 1)).toBeLessThan(0.04);
  }
});
