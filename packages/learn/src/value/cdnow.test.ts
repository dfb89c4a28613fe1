import { describe, expect, it } from "vitest";
import { bgNbd } from "./bg-nbd.js";
import { gammaGamma } from "./gamma-gamma.js";
import { mbgNbd } from "./mbg-nbd.js";
import { paretoNbd } from "./pareto-nbd.js";
import { absoluteError, cdnow, haveData, total } from "./real.fixture.js";

// Fader, Hardie & Lee 2005 (BG/NBD and Pareto/NBD), Batislam et al. 2007 (MBG/NBD), Fader & Hardie 2013 (Gamma-Gamma), to their
// printed digits. The priors are centred on this very shop, so maximum likelihood is held to the same digits.
describe.skipIf(!haveData).each([0, 1])("CDNOW, priors of weight %d", (prior) => {
  const { purchases, spending, later } = haveData ? cdnow() : ({} as ReturnType<typeof cdnow>);
  const horizon = 39;
  const one = {
    rows: 1,
    frequency: Float64Array.of(2),
    recency: Float64Array.of(30.43),
    age: Float64Array.of(38.86),
  };

  it("is the sample the papers use", () => {
    expect([purchases.rows, total(purchases.frequency), total(later)]).toEqual([2357, 2457, 1882]);
  });

  it("BG/NBD", async () => {
    const model = await bgNbd({ prior }).fit(purchases);
    const { r, alpha, a, b } = model.parameters;
    expect([r, alpha, a, b].map((value) => value.toFixed(3))).toEqual([
      "0.243",
      "4.414",
      "0.793",
      "2.426",
    ]);
    expect(model.logLikelihood).toBeCloseTo(-9582.43, 2);
    expect(model.limit).toBeUndefined();
    expect(model.customers).toBe(2357);
    expect(model.expectedOrders(one, horizon)[0].toFixed(3)).toBe("1.226");
    const expected = model.expectedOrders(purchases, horizon);
    expect(total(expected).toFixed(1)).toBe("1653.4");
    expect(absoluteError(expected, later)).toBeCloseTo(0.7855, 3);
  });

  it("MBG/NBD", async () => {
    const model = await mbgNbd({ prior }).fit(purchases);
    const { r, alpha, a, b } = model.parameters;
    expect([r, alpha, a, b].map((value) => value.toFixed(3))).toEqual([
      "0.525",
      "6.183",
      "0.891",
      "1.614",
    ]);
    expect(model.logLikelihood.toFixed(2)).toBe("-9582.14");
  });

  it("Pareto/NBD", async () => {
    const model = await paretoNbd({ prior }).fit(purchases);
    const { r, alpha, s, beta } = model.parameters;
    expect([r, alpha, s, beta].map((value) => value.toFixed(3))).toEqual([
      "0.553",
      "10.578",
      "0.606",
      "11.669",
    ]);
    expect(model.logLikelihood).toBeCloseTo(-9594.976, 3);
    const expected = model.expectedOrders(purchases, horizon);
    expect(total(expected).toFixed(1)).toBe("1665.5");
    expect(absoluteError(expected, later).toFixed(4)).toBe("0.7545");
    // the mean has the least squared error, the median the least absolute one
    const [median] = model.orderQuantiles(purchases, horizon, [0.5]);
    expect(absoluteError(median, later)).toBeLessThan(0.67);
  });

  it("Gamma-Gamma, of the 946 who came back", async () => {
    const model = await gammaGamma({ prior }).fit(spending);
    const { p, q, v } = model.parameters;
    expect([p, q, v].map((value) => value.toFixed(2))).toEqual(["6.25", "3.74", "15.44"]);
    expect(model.customers).toBe(946);
    expect(model.dropped).toBe(0);
    expect(model.correlated).toBe(false);
    // somebody who came back never is expected to spend like everybody: pv/(q − 1)
    const none = { rows: 1, frequency: Float64Array.of(0), monetary: Float64Array.of(Number.NaN) };
    expect(model.expectedSpend(none)[0]).toBeCloseTo((p * v) / (q - 1), 9);
  });
});
