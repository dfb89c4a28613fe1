import { describe, expect, it } from "vitest";
import { digamma, logGamma } from "../special/gamma.js";
import { logLikelihood, parameterCount } from "./likelihood.js";
import { student } from "./student.js";

describe("student", () => {
  it("has the tails of the tables, at one degree of freedom those of Cauchy, and at many those of the normal", () => {
    // two-sided 5 % points (Fisher & Yates table III)
    for (const [freedom, z] of [
      [1, 12.706205],
      [2, 4.302653],
      [5, 2.570582],
      [30, 2.042272],
    ])
      expect(student(freedom).survival(z)).toBeCloseTo(0.025, 7);
    for (const z of [-30, -1, 0.3, 4, 1e6])
      expect(student(1).survival(z)).toBeCloseTo(0.5 - Math.atan(z) / Math.PI, 12);
    expect(student(1e7).survival(1.959964)).toBeCloseTo(0.025, 6);
    expect(student(3).survival(-2) + student(3).survival(2)).toBeCloseTo(1, 14);
  });

  it("has a density that is the slope of its distribution", () => {
    for (const freedom of [0.7, 4.5, 80])
      for (const z of [-3, -0.2, 1.5]) {
        const { density, survival } = student(freedom);
        expect(density(z)).toBeCloseTo((survival(z - 1e-5) - survival(z + 1e-5)) / 2e-5, 8);
      }
  });

  it("stands on a gamma function that knows factorials, and its slope", () => {
    expect(logGamma(0.5)).toBeCloseTo(0.5 * Math.log(Math.PI), 13);
    expect(logGamma(11)).toBeCloseTo(Math.log(3_628_800), 12);
    expect(digamma(1)).toBeCloseTo(-0.5772156649015329, 12);
  });
});

describe("logLikelihood", () => {
  const summary = {
    customers: 4,
    orders: Int32Array.of(1, 2, 6, 0),
    mean: Float64Array.of(0, 3.1, 2.4, 0),
    squares: Float64Array.of(0, 0, 2.2, 0),
    open: Float64Array.of(40, 300, 5, Number.NaN),
    age: Float64Array.of(40, 320, 70, Number.NaN),
    jacobian: 0,
  };
  const at = Float64Array.of(3, 0.2, 0.8, 0.5, -0.3, 0.6);

  it("has the gradient of its value", () => {
    const gradient = new Float64Array(parameterCount);
    logLikelihood(summary, at, gradient);
    for (let index = 0; index < parameterCount; index++) {
      const value = (step: number) =>
        logLikelihood(
          summary,
          at.map((entry, place) => entry + (place === index ? step : 0)),
          new Float64Array(parameterCount),
        );
      const numeric = (value(1e-5) - value(-1e-5)) / 2e-5;
      expect(gradient[index]).toBeCloseTo(numeric, index === 2 ? 3 : 6);
    }
  });

  it("is the integral over a customer's own parameters", () => {
    // one customer, one gap and an open one: integrate over mean, variance and probability to stop by brute force
    const one = { ...summary, customers: 1, orders: Int32Array.of(2), mean: Float64Array.of(3.1) };
    const single = { ...one, squares: Float64Array.of(0), open: Float64Array.of(30) };
    const [trust, shape, scale, stop, stay] = Array.from(at.subarray(1), Math.exp);
    let integral = 0;
    const normal = student(1e9);
    for (let u = -6; u < 8; u += 0.05) {
      const variance = Math.exp(u);
      const inverseGamma = Math.exp(
        shape * Math.log(scale) - logGamma(shape) - shape * u - scale / variance,
      );
      const deviation = Math.sqrt(variance / trust);
      for (let k = -7; k < 7; k += 0.05) {
        const mean = at[0] + k * deviation;
        const density =
          Math.exp(-((3.1 - mean) ** 2) / (2 * variance)) / Math.sqrt(2 * Math.PI * variance);
        const survival = normal.survival((Math.log(30) - mean) / Math.sqrt(variance));
        // E[(1-p)((1-p) S + p)] over the beta
        const both = stop + stay;
        const goOn = (stay * (stay + 1)) / (both * (both + 1));
        const ended = (stay * stop) / (both * (both + 1));
        integral +=
          ((inverseGamma * 0.05 * Math.exp((-k * k) / 2)) / Math.sqrt(2 * Math.PI)) *
          0.05 *
          density *
          (goOn * survival + ended);
      }
    }
    expect(logLikelihood(single, at, new Float64Array(parameterCount))).toBeCloseTo(
      Math.log(integral),
      4,
    );
  });
});
