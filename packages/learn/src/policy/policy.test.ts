import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { evaluatePolicy } from "./evaluate-policy.js";
import { type PlantedOptions, planted, plantedValue } from "./planted.fixture.js";
import type { DecisionLog, PolicyEstimator } from "./types.js";

const mail = { seed: 1, rows: 1000, actions: 5, base: 0.1, logged: 0, judged: 1, explored: 1 };

/** Decisions of which nothing is known but what was done, at even chances of two. */
function coin(rows: number, reward: (row: number) => number): DecisionLog {
  return {
    rows,
    actions: ["a", "b"],
    action: Int32Array.from({ length: rows }, (_, row) => row % 2),
    propensity: new Float64Array(rows).fill(0.5),
    reward: Float64Array.from({ length: rows }, (_, row) => reward(row)),
  };
}

describe("evaluatePolicy", () => {
  // the benchmark "policy" has more kinds of logs, and more of each
  it.each<[string, PlantedOptions]>([
    ["rewards are rare", { ...mail, base: 0.03 }],
    ["the log prefers the contrary", { ...mail, rows: 2000, logged: 2, judged: -1, explored: 0.1 }],
  ])("covers the planted value in 93 to 97 % of logs where %s", async (_, options) => {
    const truth = plantedValue(options);
    const runs = 500;
    const names: PolicyEstimator[] = ["ips", "snips", "doublyRobust", "selfNormalised"];
    const covered = new Map(names.map((name) => [name, 0]));
    for (let seed = 1; seed <= runs; seed++) {
      const { log, policy } = planted({ ...options, seed });
      const { context: unused, ...bare } = log;
      const { estimates, verdict } = await evaluatePolicy(bare, policy);
      expect(verdict).toBe("estimated");
      for (const name of names) {
        const { low, high } = estimates[name];
        if (low <= truth && truth <= high) covered.set(name, (covered.get(name) ?? 0) + 1 / runs);
      }
    }
    for (const share of covered.values()) {
      expect(share).toBeGreaterThan(0.93);
      expect(share).toBeLessThan(0.97);
    }
  });

  it("learns the reward from context where that tells more, which narrows the interval", async () => {
    const options = { ...mail, rows: 4000, base: 0.25, logged: 1, judged: 3, explored: 0.2 };
    const { log, policy } = planted(options);
    // what happens depends on the person far more than on the action
    const known = log.context?.columns[0];
    if (known?.kind !== "number") throw new Error("planted a number");
    const reward = log.reward.map((one, row) => one + 3 * known.values[row]);
    const { context, ...bare } = { ...log, reward };
    const told = await evaluatePolicy({ ...log, reward }, policy);
    const untold = await evaluatePolicy(bare, policy);
    const width = ({ estimates: { doublyRobust } }: typeof told) =>
      doublyRobust.high - doublyRobust.low;
    expect([told.rewardModel, untold.rewardModel]).toEqual(["trees", "rates"]);
    expect(width(told)).toBeLessThan(0.95 * width(untold));
    const again = await evaluatePolicy({ ...log, reward }, policy);
    expect(again).toEqual(told);
  });

  it("values the log's own policy at what the log earned", async () => {
    const log = coin(1000, (row) => (row % 10 === 0 ? 1 : 0));
    const { estimates, gain, meanWeight, effectiveSample } = await evaluatePolicy(
      log,
      Float64Array.of(0.5, 0.5),
    );
    expect(estimates.ips.value).toBeCloseTo(0.1, 12);
    expect(estimates.snips.value).toBeCloseTo(0.1, 12);
    expect(estimates.doublyRobust.value).toBeCloseTo(0.1, 2);
    expect([meanWeight, effectiveSample]).toEqual([1, 1000]);
    expect(gain && gain.low <= 0 && gain.high >= 0).toBe(true);
  });

  it("tells a policy that earns more, in words", async () => {
    const log = coin(2000, (row) => (row % 2 === 1 && row % 6 !== 1 ? 1 : 0));
    const { value, gain, because, logged } = await evaluatePolicy(log, Float64Array.of(0, 1));
    expect(value?.value).toBeCloseTo(2 / 3, 2);
    expect(logged.value).toBeCloseTo(1 / 3, 3);
    expect(gain?.low).toBeGreaterThan(0.2);
    expect(because).toMatch(/more than the log's own/);
  });

  it("takes one person's decisions together", async () => {
    const rows = 3000;
    const log = coin(rows, (row) => (Math.floor(row / 6) % 3 === 0 ? 1 : 0));
    const policy = Float64Array.of(0.5, 0.5);
    const apart = await evaluatePolicy(log, policy);
    // six decisions each, that always come to the same
    const person = Int32Array.from({ length: rows }, (_, row) => Math.floor(row / 6));
    const together = await evaluatePolicy({ ...log, person }, policy);
    const width = ({ estimates: { ips } }: typeof apart) => ips.high - ips.low;
    expect(width(together) / width(apart)).toBeCloseTo(Math.sqrt(6), 1);
  });
});

describe("abstention", () => {
  const judge = async (log: DecisionLog, ...policy: number[]) => {
    const { verdict, because, value, gain, unsupported } = await evaluatePolicy(
      log,
      Float64Array.of(...policy),
    );
    expect(verdict).toBe("abstained");
    expect([value, gain]).toEqual([undefined, undefined]);
    return { because, unsupported };
  };
  const clicks = (row: number) => (row % 7 === 0 ? 1 : 0);

  it("below an effective sample of 100", async () => {
    expect((await judge(coin(190, clicks), 0, 1)).because).toMatch(
      /190 decisions weigh as much as 95 /,
    );
    expect((await evaluatePolicy(coin(220, clicks), Float64Array.of(0, 1))).verdict).toBe(
      "estimated",
    );
  });

  it("where the log never did what the policy does, naming it", async () => {
    const log = coin(2000, clicks);
    const three = { ...log, actions: ["a", "b", "c"] };
    const { because, unsupported } = await judge(three, 0.4, 0.4, 0.2);
    expect(because).toMatch(/20 % of the policy's choices .* "c"/);
    expect(unsupported).toEqual([{ action: "c", share: expect.closeTo(0.2, 9) }]);
    // "b" was taken, but never at the second position
    const position = Int32Array.from(log.action, (action, row) =>
      action === 1 ? 0 : (row / 2) % 2,
    );
    const places = await judge({ ...log, position }, 0.5, 0.5);
    expect(places.unsupported).toMatchObject([{ action: "b", position: 1 }]);
  });

  it("where one decision has too much weight, or propensities cannot be true", async () => {
    const log = coin(5000, clicks);
    const heavy = log.propensity.with(4, 0.5 / 300);
    expect((await judge({ ...log, propensity: heavy }, 0.5, 0.5)).because).toMatch(
      /one decision has 5.7 %/,
    );
    const wrong = log.propensity.map(() => 0.3);
    expect((await judge({ ...log, propensity: wrong }, 0.5, 0.5)).because).toMatch(
      /average 1.67 where/,
    );
  });

  it("where next to nothing came of anything", async () => {
    expect(
      (
        await judge(
          coin(3000, (row) => (row < 4 ? 1 : 0)),
          0.5,
          0.5,
        )
      ).because,
    ).toMatch(/only 4 of 3000/);
    expect(
      (
        await judge(
          coin(3000, () => 0),
          0.5,
          0.5,
        )
      ).because,
    ).toMatch(/only 0 of 3000/);
    // a policy that takes nothing the log took
    expect(
      (await judge({ ...coin(500, clicks), actions: ["a", "b", "c"] }, 0, 0, 1)).unsupported,
    ).toHaveLength(1);
  });
});

describe("properties", () => {
  const scene = fc.record({
    seed: fc.nat(10_000),
    rows: fc.integer({ min: 20, max: 300 }),
    actions: fc.integer({ min: 1, max: 6 }),
    base: fc.constantFrom(0.05, 0.3),
    logged: fc.double({ min: -2, max: 2, noNaN: true }),
    judged: fc.double({ min: -2, max: 2, noNaN: true }),
    explored: fc.double({ min: 0.05, max: 1, noNaN: true }),
  });

  it("does not depend on the order or names of actions, moves with rewards, and holds each value in its interval", async () => {
    await fc.assert(
      fc.asyncProperty(scene, async (options) => {
        const { log: whole, policy } = planted(options);
        const { context: unused, ...log } = whole;
        const { actions } = options;
        const plain = await evaluatePolicy(log, policy);
        const turned = (action: number) => (action + 1) % actions;
        const other = await evaluatePolicy(
          {
            ...log,
            action: log.action.map(turned),
            actions: log.actions.map((_, at) => `other ${at}`),
          },
          (row) =>
            Float64Array.from(
              { length: actions },
              (_, at) => policy[row * actions + ((at + actions - 1) % actions)],
            ),
        );
        const more = await evaluatePolicy(
          { ...log, reward: log.reward.map((one) => 5 * one - 2) },
          policy,
        );
        for (const name of ["snips", "doublyRobust", "selfNormalised"] as const) {
          const { value, low, high } = plain.estimates[name];
          expect(low).toBeLessThanOrEqual(value);
          expect(high).toBeGreaterThanOrEqual(value);
          expect(other.estimates[name].value).toBeCloseTo(value, 9);
          if (name !== "doublyRobust")
            expect(more.estimates[name].value).toBeCloseTo(5 * value - 2, 6);
        }
        expect(plain.effectiveSample).toBeLessThanOrEqual(options.rows + 1e-9);
      }),
      { numRuns: 60, seed: 1 },
    );
  });
});

describe("refuses what it cannot use", () => {
  const log = coin(10, () => 1);
  const even = Float64Array.of(0.5, 0.5);
  it.each<[string, DecisionLog, Float64Array]>([
    ["propensity in row 3 is 0", { ...log, propensity: log.propensity.with(3, 0) }, even],
    [
      "propensity in row 3 is NaN",
      { ...log, propensity: log.propensity.with(3, Number.NaN) },
      even,
    ],
    ["action 2 in row 1", { ...log, action: log.action.with(1, 2) }, even],
    ["reward in row 0 is NaN", { ...log, reward: log.reward.with(0, Number.NaN) }, even],
    ['"reward" has 9 entries', { ...log, reward: log.reward.slice(1) }, even],
    ['"rows" must be', { ...log, rows: 0 }, even],
    ["a name of its own", { ...log, actions: ["a", "a"] }, even],
    ["the policy has 3 probabilities", log, Float64Array.of(0.5, 0.5, 0)],
    ["add up to 0.9", log, Float64Array.of(0.5, 0.4)],
    ["probabilities in row 0", log, Float64Array.of(1.5, -0.5)],
    ["context has 9 rows", { ...log, context: { rows: 9, columns: [] } }, even],
  ])("%s", async (message, wrong, policy) => {
    await expect(evaluatePolicy(wrong, policy)).rejects.toThrow(message);
  });
});
