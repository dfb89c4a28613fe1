import { describe, expect, it } from "vitest";
import { bgNbd } from "./bg-nbd.js";
import { mbgNbd } from "./mbg-nbd.js";
import { paretoNbd } from "./pareto-nbd.js";
import { type PlantedModel, plantedShop } from "./planted.fixture.js";

const limits = async (make: typeof bgNbd, truth: PlantedModel, customers: number) => {
  let count = 0;
  for (let seed = 1; seed <= 12; seed++) {
    const { purchases } = plantedShop(truth, { customers, seed });
    const { limit, parameters } = await make().fit(purchases);
    if (limit === undefined) continue;
    count++;
    expect(limit).toBe("nobody-drops-out");
    expect(Object.keys(parameters)).toEqual(["r", "alpha"]);
  }
  return count;
};

describe.each([bgNbd, mbgNbd, paretoNbd])("%o", (make) => {
  it("says that nobody drops out mostly where nobody does, and hardly ever where some do", async () => {
    // where nobody leaves, chance alone makes it look so in half of all shops or more
    expect(await limits(make, { model: "nbd", r: 0.8, alpha: 6 }, 300)).toBeGreaterThanOrEqual(4);
    const leaving = { model: "bg-nbd", r: 0.5, alpha: 6, a: 0.9, b: 3 } as const;
    expect(await limits(make, leaving, 50)).toBeLessThanOrEqual(1);
    expect(await limits(make, leaving, 300)).toBe(0);
  });
});
