import { describe, expect, it } from "vitest";
import { random } from "../random.js";
import { expectationOverBeta } from "./beta-integral.js";
import { makeCells } from "./cells.js";
import { families } from "./families.js";
import type { Family } from "./family.js";
import { gaussLegendre } from "./gauss-legendre.js";
import type { Purchases } from "./types.js";

const near = (value: number, truth: number, tolerance: number) =>
  expect(Math.abs(value / truth - 1)).toBeLessThan(tolerance);

const every: readonly Family[] = Object.values(families).flatMap((family) =>
  family.limit ? [family, family.limit] : [family],
);

/** Customers of every kind there is: none, one, thousands of purchases; the last one today, long ago, at once. */
function oddPurchases(whole: boolean): Purchases {
  const rows = [
    [0, 0, 0],
    [0, 0, 30],
    [0, 0, 1],
    [1, 1, 1],
    [1, 1, 30],
    [1, 29, 30],
    [3, 7, 12],
    [12, 30, 30],
    [12, 12, 60],
    [40, 41, 300],
    [40, 299, 300],
    ...(whole
      ? []
      : [
          [2, 0.001, 0.002],
          [5000, 250, 300],
          [5000, 300, 300],
          [1, 0, 5],
          [7, 14.3, 14.300001],
        ]),
  ];
  const column = (index: number) => Float64Array.from(rows, (row) => row[index]);
  return {
    rows: rows.length,
    frequency: column(0),
    recency: column(1),
    age: column(2),
    weights: Float64Array.from(rows, (_, row) => 1 + (row % 3)),
  };
}

describe.each(every)("likelihood of $kind with $letters", (family) => {
  const cells = makeCells(oddPurchases(family.whole === true), 1);
  const likelihood = family.likelihood(cells);
  const { normal } = random(4);

  it("is finite, and its gradient is the slope of its value, wherever the parameters lie", () => {
    for (let trial = 0; trial < 12; trial++) {
      const at = Float64Array.from(family.letters, () => 1.5 * normal());
      const gradient = new Float64Array(at.length);
      expect(Number.isFinite(likelihood(at, gradient))).toBe(true);
      for (const index of family.letters.keys()) {
        const [above, below] = [1e-5, -1e-5].map((step) => {
          const there = at.slice();
          there[index] += step;
          return likelihood(there, new Float64Array(at.length));
        });
        const slope = (above - below) / 2e-5;
        expect(Math.abs(gradient[index] - slope)).toBeLessThan(1e-5 * (50 + Math.abs(slope)));
      }
    }
  });

  it("has answers that are finite, and agree with one another", () => {
    const { rows, frequency, recency, age } = oddPurchases(family.whole === true);
    for (let trial = 0; trial < 6; trial++) {
      const answers = family.answers(Float64Array.from(family.letters, () => Math.exp(normal())));
      for (let row = 0; row < rows; row++) {
        const [x, last, end] = [frequency[row], recency[row], age[row]];
        const here = 1 / (1 + Math.exp(answers.leftOdds(x, last, end)));
        expect(here >= 0 && here <= 1).toBe(true);
        if (x > 1000) continue;
        answers.begin(x, end, 5);
        let mean = 0;
        let before = 1;
        let falling = true;
        for (let count = 1; count < 2000; count++) {
          const tail = answers.next();
          falling &&= tail >= 0 && tail <= before + 1e-12;
          mean += tail;
          before = tail;
        }
        expect(falling).toBe(true);
        if (before < 1e-12) near(answers.mean(x, end, 5), mean, 1e-6);
      }
    }
  });
});

describe("BG/NBD and MBG/NBD", () => {
  const { answers } = families["bg-nbd"];

  it("expect what the integral over the chance to leave gives, a = 1 and 5,000 purchases included", () => {
    for (const a of [0.4, 0.999, 1, 1.001, 3])
      for (const [x, age] of [
        [0, 0],
        [0, 40],
        [2, 38.86],
        [60, 40],
        [5000, 100],
      ])
        for (const horizon of [0.01, 39, 400]) {
          const [r, alpha, b] = [0.24, 4.4, 2.4];
          const mean = answers(Float64Array.of(r, alpha, a, b)).mean(x, age, horizon);
          const integral = expectationOverBeta(
            a,
            b + x,
            (leave) =>
              -Math.expm1(-(r + x) * Math.log1p((leave * horizon) / (alpha + age))) / leave,
          );
          near(mean, integral, 1e-9);
        }
  });

  it("go over smoothly to horizons that dwarf the age", () => {
    const young = answers(Float64Array.of(0.24, 0.1, 0.8, 2.4));
    const [short, long] = [99.8, 100.2].map((horizon) => young.mean(0, 0, horizon));
    expect(long).toBeGreaterThan(short);
    near(long, short, 0.01);
  });

  it("stay finite for a customer of 5,000 orders, who has left or not", () => {
    const known = answers(Float64Array.of(0.24, 4.4, 0.8, 2.4));
    expect(known.leftOdds(5000, 10, 300)).toBeGreaterThan(1000);
    expect(known.leftOdds(5000, 300, 300)).toBeLessThan(0);
    known.begin(5000, 300, 52);
    expect(known.next()).toBeCloseTo(1, 12);
  });
});

describe("Pareto/NBD", () => {
  it("has left with the odds of the plain integral, alpha above beta or below", () => {
    const { nodes, weights } = gaussLegendre(64);
    for (const [r, alpha, s, beta] of [
      [0.55, 10.6, 0.6, 11.7],
      [0.55, 2, 0.6, 30],
      [0.55, 30, 0.6, 2],
      [3, 1, 2, 1],
    ])
      for (const [x, last, end] of [
        [0, 0, 38.9],
        [2, 30.4, 38.9],
        [26, 30.4, 31],
        [9, 12, 38.9],
        [300, 10, 30],
      ]) {
        let integral = 0;
        for (let piece = 0; piece < 200; piece++)
          for (const [index, node] of nodes.entries()) {
            const at = last + ((end - last) * (piece + node)) / 200;
            integral +=
              ((weights[index] * (end - last)) / 200) *
              Math.exp(
                (r + x) * Math.log((alpha + end) / (alpha + at)) +
                  s * Math.log((beta + end) / (beta + at)) -
                  Math.log(beta + at),
              );
          }
        const odds = families["pareto-nbd"]
          .answers(Float64Array.of(r, alpha, s, beta))
          .leftOdds(x, last, end);
        near(Math.exp(odds), s * integral, 1e-10);
        // and the likelihood: Γ(r+x)/Γ(r) αʳ βˢ (α+T)^−(r+x) (β+T)^−s (1 + odds)
        let rising = 0;
        for (let factor = 0; factor < x; factor++) rising += Math.log(r + factor);
        const truth =
          rising +
          r * Math.log(alpha) +
          s * Math.log(beta) -
          (r + x) * Math.log(alpha + end) -
          s * Math.log(beta + end) +
          Math.log1p(s * integral);
        const cells = makeCells(
          {
            rows: 1,
            frequency: Float64Array.of(x),
            recency: Float64Array.of(last),
            age: Float64Array.of(end),
          },
          1,
        );
        const at = Float64Array.of(r, alpha, s, beta).map(Math.log);
        near(families["pareto-nbd"].likelihood(cells)(at, new Float64Array(4)), truth, 1e-11);
      }
  });

  it("has no pole at s = 1", () => {
    const mean = (s: number) =>
      families["pareto-nbd"].answers(Float64Array.of(0.5, 10, s, 12)).mean(3, 30, 39);
    near(mean(1), (mean(1 + 1e-5) + mean(1 - 1e-5)) / 2, 1e-9);
    near(mean(1), mean(1 + 1e-12), 1e-9);
  });
});
