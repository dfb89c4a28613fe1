import { expect, it } from "vitest";
import { recoverLift } from "./__fixtures__/made-up-lift.js";

it("what a campaign brought in the made-up shop lies in the stated interval", async () => {
  let held = 0;
  let value = 0;
  let truth = 0;
  // 200 seeds are counted by the benchmark
  const seeds = 8;
  for (let seed = 1; seed <= seeds; seed++) {
    const found = await recoverLift({
      contacts: 600,
      seed,
      gain: 0.3,
      share: 0.4,
      adjust: "history",
    });
    const [{ effect }] = found.result.effects;
    if (effect.low <= found.truth && found.truth <= effect.high) held++;
    // an interval that holds because it is wide says nothing
    expect(effect.high - effect.low).toBeLessThan(0.4);
    value += effect.value / seeds;
    truth += found.truth / seeds;
  }
  // 95 % intervals: fewer than 6 of 8 once in 170 times
  expect(held).toBeGreaterThanOrEqual(6);
  expect(Math.abs(value - truth)).toBeLessThan(0.1);
});
