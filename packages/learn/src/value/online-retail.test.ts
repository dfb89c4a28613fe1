import { describe, expect, it } from "vitest";
import { bgNbd } from "./bg-nbd.js";
import { mbgNbd } from "./mbg-nbd.js";
import { paretoNbd } from "./pareto-nbd.js";
import { absoluteError, haveData, onlineRetail, total } from "./real.fixture.js";

// In the half-year before the split nobody can be seen to leave: the likelihood of each model grows towards the NBD all the way.
describe.skipIf(!haveData)("Online Retail", () => {
  const { purchases, later } = haveData ? onlineRetail() : ({} as ReturnType<typeof onlineRetail>);
  const horizon = 23;

  it("is the shop measured", () => {
    expect([purchases.rows, total(purchases.frequency), total(later)]).toEqual([1794, 3238, 4059]);
  });

  it.each([bgNbd, mbgNbd, paretoNbd])(
    "%o says that nobody drops out, and is the NBD",
    async (make) => {
      const likeliest = await make({ prior: 0 }).fit(purchases);
      expect(likeliest.limit).toBe("nobody-drops-out");
      expect(likeliest.logLikelihood).toBeCloseTo(-9589.34, 2);

      const model = await make().fit(purchases);
      expect(model.limit).toBe("nobody-drops-out");
      expect(Object.keys(model.parameters)).toEqual(["r", "alpha"]);
      const { r, alpha } = model.parameters;
      const expected = model.expectedOrders(purchases, horizon);
      expect(total(expected)).toBeGreaterThan(3590);
      expect(total(expected)).toBeLessThan(3610);
      for (let row = 0; row < purchases.rows; row += 50)
        expect(expected[row]).toBeCloseTo(
          ((r + purchases.frequency[row]) / (alpha + purchases.age[row])) * horizon,
          9,
        );
      expect(model.probabilityAlive(purchases).every((share) => share === 1)).toBe(true);
      expect(make().load(model.save()).expectedOrders(purchases, horizon)).toEqual(expected);
    },
  );

  it("errs by less than 1.40 orders with the median, which means absolute error", async () => {
    const model = await paretoNbd().fit(purchases);
    const [median] = model.orderQuantiles(purchases, horizon, [0.5]);
    expect(absoluteError(median, later)).toBeLessThan(1.4);
    expect(absoluteError(model.expectedOrders(purchases, horizon), later)).toBeLessThan(1.41);
  });
});
