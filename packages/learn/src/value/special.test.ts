import { describe, expect, it } from "vitest";
import { digamma, logBeta, logGamma } from "../special/gamma.js";
import { incompleteBeta } from "../special/incomplete-beta.js";
import { normalQuantile } from "../special/normal.js";
import { expectationOverBeta } from "./beta-integral.js";
import { gaussLegendre } from "./gauss-legendre.js";
import { rising } from "./rising.js";

const near = (value: number, truth: number, tolerance = 1e-13) =>
  expect(Math.abs(value - truth)).toBeLessThanOrEqual(tolerance * Math.max(1, Math.abs(truth)));

describe("special functions", () => {
  it("ln Γ and its derivative, at arguments with closed forms", () => {
    near(logGamma(0.5), 0.5 * Math.log(Math.PI));
    near(logGamma(0.25), 1.2880225246980774);
    near(logGamma(1e-8), 18.420680738180209);
    near(logGamma(10), Math.log(362_880));
    near(logGamma(171), 706.5730622457874);
    near(logGamma(1e6), 12_815_504.569147611);
    const euler = 0.5772156649015329;
    near(digamma(1), -euler);
    near(digamma(0.5), -euler - 2 * Math.LN2);
    near(digamma(10), 2.251752589066721);
    near(digamma(1e-6), -1_000_000.57721402);
  });

  it("rising factorials keep their digits for small and large bases", () => {
    const steps = [0, 1, 2, 8, 9, 40, 400];
    for (const base of [1e-6, 0.3, 4, 999, 1001, 1e6, 1e12]) {
      const { value, slope } = rising(steps)(base);
      for (const [index, step] of steps.entries()) {
        let [sum, slopes] = [0, 0];
        for (let factor = 0; factor < step; factor++) {
          sum += Math.log(base + factor);
          slopes += 1 / (base + factor);
        }
        near(value[index], sum, 1e-12);
        near(slope[index], slopes, 1e-12);
      }
    }
  });

  it("the incomplete beta function, against closed forms and its own mirror", () => {
    near(incompleteBeta(1, 1, 0.3), 0.3);
    near(incompleteBeta(2, 1, 0.3), 0.09);
    near(incompleteBeta(1, 5, 0.3), 1 - 0.7 ** 5);
    near(incompleteBeta(0.5, 0.5, 0.2), (2 / Math.PI) * Math.asin(Math.sqrt(0.2)));
    // binomial: P(X ≥ 3) of 10 with probability .35
    let tail = 0;
    for (let k = 3, choose = 120; k <= 10; choose *= (10 - k) / (k + 1), k++)
      tail += choose * 0.35 ** k * 0.65 ** (10 - k);
    near(incompleteBeta(3, 8, 0.35), tail);
    for (const [a, b, x] of [
      [300, 200, 0.61],
      [0.01, 40, 0.2],
      [5000, 3, 0.9995],
    ])
      near(incompleteBeta(a, b, x) + incompleteBeta(b, a, 1 - x), 1, 1e-11);
    expect(incompleteBeta(2, 3, 0)).toBe(0);
    expect(incompleteBeta(2, 3, 1)).toBe(1);
  });

  it("expectations over a beta, however wide or narrow", () => {
    for (const [a, b] of [
      [0.02, 0.05],
      [1, 1],
      [0.8, 2.4],
      [3000, 7000],
    ]) {
      near(
        expectationOverBeta(a, b, () => 1),
        1,
        1e-11,
      );
      near(
        expectationOverBeta(a, b, (p) => p),
        a / (a + b),
        1e-11,
      );
      near(
        expectationOverBeta(a, b, (p) => p * p),
        (a * (a + 1)) / ((a + b) * (a + b + 1)),
        1e-11,
      );
    }
    near(logBeta(2, 3), Math.log(1 / 12));
  });

  it("Gauss and Legendre's rule is exact for polynomials", () => {
    const { nodes, weights } = gaussLegendre(10);
    const integral = (power: number) =>
      nodes.reduce((sum, node, index) => sum + weights[index] * node ** power, 0);
    for (const power of [0, 1, 7, 19]) near(integral(power), 1 / (power + 1));
  });

  it("the normal's quantile", () => {
    near(normalQuantile(0.975), 1.959963984540054, 2e-9);
    near(normalQuantile(0.9), 1.2815515655446004, 2e-9);
    near(normalQuantile(0.001), -3.090232306167813, 2e-9);
    near(normalQuantile(0.5), 0, 2e-9);
  });
});
