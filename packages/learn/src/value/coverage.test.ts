import { describe, expect, it } from "vitest";
import { bgBb } from "./bg-bb.js";
import { bgNbd } from "./bg-nbd.js";
import { coverage } from "./coverage.fixture.js";

// What an interval of .8 means: over many shops with known parameters, it holds the expectation that the parameters give in 80 %.
// Few shops here, so wide bounds; bench/value-coverage.mjs takes many.
describe("80 % intervals of expected orders, value and probability alive", () => {
  it.each([
    [bgNbd, { model: "bg-nbd", r: 0.6, alpha: 6, a: 0.9, b: 3 }, 40, 30],
    [bgBb, { model: "bg-bb", alpha: 1.2, beta: 0.8, gamma: 0.5, delta: 4 }, 8, 6],
  ] as const)("%o", async (make, truth, age, horizon) => {
    const shares = await coverage(make(), truth, { age, horizon, customers: 800, shops: 60 });
    for (const share of Object.values(shares)) {
      expect(share).toBeGreaterThan(0.68);
      expect(share).toBeLessThan(0.92);
    }
  });
});
