import { expect, it } from "vitest";
import { groupsOf, upliftGroups } from "./groups.js";

it("tells whom a treatment moves, whom it leaves as they are, and whom it drives away", () => {
  const effects = {
    baseline: Float64Array.of(0.1, 0.3, 0.1, 0.3, 0.3),
    best: Int32Array.of(0, -1, -1, -1, 1),
    arms: [
      {
        arm: "a",
        effect: Float64Array.of(0.2, 0, 0, -0.2, -0.2),
        low: Float64Array.of(0.1, -0.1, -0.1, -0.3, -0.3),
        high: Float64Array.of(0.3, 0.1, 0.1, -0.1, -0.1),
      },
      {
        arm: "b",
        effect: Float64Array.of(0, 0, 0, -0.2, 0.05),
        low: Float64Array.of(-0.1, -0.1, -0.1, -0.3, 0.02),
        high: Float64Array.of(0.1, 0.1, 0.1, -0.1, 0.08),
      },
    ],
  };
  const named = (leastEffect?: number) =>
    Array.from(
      groupsOf(effects, { controlMean: 0.2, ...(leastEffect !== undefined && { leastEffect }) }),
      (group) => upliftGroups[group],
    );
  expect(named()).toEqual(["persuadable", "sure", "lost", "do-not-disturb", "persuadable"]);
  // a mail that costs as much as an effect of .05 brings is not worth it for the last one
  expect(named(0.05)).toEqual(["persuadable", "sure", "lost", "do-not-disturb", "sure"]);
});
