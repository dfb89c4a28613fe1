import { describe, expect, it } from "vitest";
import { evaluatePolicy } from "../policy/evaluate-policy.js";
import { random } from "../random.js";
import { bandit, banditConstraints } from "./bandit.js";
import { inverseGap } from "./chances.js";
import { loadBandit } from "./load-bandit.js";
import { emptyRidge, learn, predict } from "./ridge.js";
import type { Bandit, BanditMethod } from "./types.js";

const methods: BanditMethod[] = ["square-cb", "thompson", "lin-ucb"];
const arms = ["red", "green", "blue"];

/** Each arm earns most for people of one third of a circle. */
function earns(arm: string, features: readonly number[]): number {
  const turn = (2 * Math.PI * arms.indexOf(arm)) / arms.length;
  return 0.4 + 0.35 * (Math.cos(turn) * features[0] + Math.sin(turn) * features[1]);
}

function person(draws: ReturnType<typeof random>): number[] {
  const turn = 2 * Math.PI * draws.uniform();
  return [Math.cos(turn), Math.sin(turn)];
}

/** Lets it decide about so many people; what they earned on average, of the last half. */
function run(one: Bandit, decisions: number, seed = 1, shift = 0): number {
  const draws = random(seed);
  let earned = 0;
  for (let number = 0; number < decisions; number++) {
    const features = person(draws);
    const id = `${seed}-${number}`;
    const { arm } = one.choose(features, { id });
    const turned = shift === 0 ? arm : arms[(arms.indexOf(arm) + shift) % arms.length];
    const chance = earns(turned, features);
    one.reward(id, draws.uniform() < chance ? 1 : 0);
    if (number >= decisions / 2) earned += chance / Math.ceil(decisions / 2);
  }
  return earned;
}

// the best arm earns .4 + .35 × the mean of cos over 60 degrees either way
const best = 0.4 + (0.35 * Math.sin(Math.PI / 3)) / (Math.PI / 3);

describe.each(methods)("%s", (method) => {
  it("finds who wants what", () => {
    const earned = run(bandit({ arms, features: 2, method }), 3000);
    expect(earned).toBeGreaterThan(0.4 + 0.85 * (best - 0.4));
    expect(earned).toBeLessThan(best);
  });

  it("logs exact propensities: its own log values the even policy truly", async () => {
    const one = bandit({ arms, features: 2, method, share: 0.2 });
    const draws = random(5);
    const log = Array.from({ length: 4000 }, (_, number) => {
      const features = person(draws);
      const { arm, propensity, probabilities } = one.choose(features, { id: String(number) });
      const reward = draws.uniform() < earns(arm, features) ? 1 : 0;
      one.reward(String(number), reward);
      expect(probabilities.reduce((sum, share) => sum + share, 0)).toBeCloseTo(1, 9);
      expect(propensity).toBe(probabilities[arms.indexOf(arm)]);
      return { action: arms.indexOf(arm), propensity, reward };
    });
    const column = (of: (row: (typeof log)[number]) => number) => Float64Array.from(log, of);
    const { estimates, meanWeight } = await evaluatePolicy(
      {
        rows: log.length,
        actions: arms,
        action: Int32Array.from(log, ({ action }) => action),
        propensity: column(({ propensity }) => propensity),
        reward: column(({ reward }) => reward),
      },
      new Float64Array(3).fill(1 / 3),
    );
    expect(Math.abs(meanWeight - 1)).toBeLessThan(0.06);
    expect(estimates.snips.low).toBeLessThan(0.4);
    expect(estimates.snips.high).toBeGreaterThan(0.4);
  });

  it("goes on after being saved as if it had not been", () => {
    const one = bandit({ arms, features: 2, method, seed: 3 });
    run(one, 700);
    one.choose([1, 0], { id: "waits" });
    const other = loadBandit(JSON.parse(JSON.stringify(one.save())));
    expect(other.save()).toEqual(one.save());
    expect([other.pending, other.method, other.arms]).toEqual([1, method, arms]);
    for (const each of [one, other]) {
      each.reward("waits", 1);
      run(each, 50, 2);
    }
    expect(other.save()).toEqual(one.save());
  });

  it("follows a world that turns, if it forgets", () => {
    const [keeps, forgets] = [Infinity, 300].map((halfLife) => {
      const one = bandit({ arms, features: 2, method, halfLife });
      run(one, 2500, 1);
      return run(one, 1500, 2, 1);
    });
    expect(forgets).toBeGreaterThan(keeps + 0.05);
  });
});

describe("bandit", () => {
  it("learns from a reward when it is told, however late and in whatever order", () => {
    const one = bandit({ arms, features: 2, seed: 2 });
    const choices = [0, 1, 2, 3].map((number) => one.choose([number, 1], { id: `late ${number}` }));
    const before = one.expected([1, 1]);
    expect(one.pending).toBe(4);
    expect(one.choose([9, 9], { id: "late 2" })).toBe(choices[2]);
    for (const number of [3, 0, 2]) one.reward(`late ${number}`, 1);
    expect(one.expected([1, 1])).not.toEqual(before);
    one.forget("late 1");
    expect(one.pending).toBe(0);
    for (const id of ["late 1", "late 0", "never"])
      expect(() => one.reward(id, 1)).toThrow("no choice with this id is pending");
  });

  it("takes arms on and off while it runs", () => {
    const one = bandit({ arms, features: 2 });
    run(one, 600);
    one.addArm("white");
    // a newcomer promises what choices earn on average, not nothing
    const promised = one.expected([0, 0])[3];
    expect(promised).toBeGreaterThan(0.5);
    expect(promised).toBeLessThan(best);
    const draws = random(9);
    for (let number = 0; number < 800; number++) {
      const { arm } = one.choose(person(draws), { id: `w${number}` });
      one.reward(`w${number}`, arm === "white" ? 1 : 0);
    }
    const after = one.choose([1, 0], { id: "after" });
    expect(after.probabilities[3]).toBeGreaterThan(0.9);
    one.removeArm("white");
    for (let number = 0; number < 50; number++)
      expect(one.choose([1, 0], { id: `gone ${number}` }).arm).not.toBe("white");
    one.reward("after", 1);
    one.addArm("white");
    expect(one.expected([1, 0])[3]).toBeGreaterThan(0.8);
    expect(one.choose([1, 0], { id: "only", allowed: ["blue"] })).toMatchObject({
      arm: "blue",
      propensity: 1,
    });
  });

  it("chooses the same again from the same seed, and other arms from another", () => {
    const [first, again, other] = [1, 1, 2].map((seed) => {
      const one = bandit({ arms, features: 2, seed });
      return Array.from({ length: 60 }, (_, number) => one.choose([0, 1], { id: `${number}` }).arm);
    });
    expect(again).toEqual(first);
    expect(other).not.toEqual(first);
  });

  it("refuses what it cannot use", () => {
    for (const [name, { max }] of Object.entries(banditConstraints))
      for (const wrong of [-1, Number.NaN, ...(max === undefined ? [] : [max + 1])])
        expect(() => bandit({ arms, features: 2, [name]: wrong })).toThrow(
          `bandit: "${name}" must`,
        );
    expect(() => bandit({ arms, features: 2, halfLife: 0 })).toThrow('"halfLife"');
    expect(() => bandit({ arms: ["a", "a"], features: 2 })).toThrow('an arm "a" already');
    const one = bandit({ arms: [], features: 2 });
    expect(() => one.choose([1, 2], { id: "a" })).toThrow("no arm is allowed");
    expect(() => one.removeArm("a")).toThrow('no arm "a"');
    one.addArm("a");
    expect(() => one.choose([1], { id: "a" })).toThrow("1 features instead of 2");
    expect(() => one.choose([1, Number.NaN], { id: "a" })).toThrow("feature 1 is NaN");
    one.choose([1, 2], { id: "a" });
    expect(() => one.reward("a", Number.NaN)).toThrow("a reward must be a number");
  });

  it("refuses foreign and damaged artifacts", () => {
    const one = bandit({ arms, features: 2 });
    run(one, 20);
    one.choose([1, 0], { id: "a" });
    const artifact = JSON.parse(JSON.stringify(one.save()));
    const { data } = artifact;
    const damaged = [
      { ...data, active: ["purple"] },
      { ...data, settings: { ...data.settings, method: "magic" } },
      { ...data, arms: [{ ...data.arms[0], moments: [1] }] },
      { ...data, waiting: [{ ...data.waiting[0], arm: "purple" }] },
    ];
    for (const wrong of [
      null,
      { ...artifact, kind: "kmeans" },
      ...damaged.map((one) => ({ ...artifact, data: one })),
    ])
      expect(() => loadBandit(wrong)).toThrow(expect.objectContaining({ code: "artifact" }));
  });
});

describe("its parts", () => {
  it("weighs inverse gaps as the paper's formula does", () => {
    // Foster & Rakhlin 2020, algorithm 1, by hand: gaps .5 and .1, greed 20
    const chances = inverseGap([0.4, 0.9, 0.8], 20);
    expect(chances[0]).toBeCloseTo(1 / 13, 12);
    expect(chances[2]).toBeCloseTo(1 / 5, 12);
    expect(chances[1]).toBeCloseTo(1 - 1 / 13 - 1 / 5, 12);
  });

  it("updates a regression to what solving it at once gives, over many refreshes", () => {
    const draws = random(4);
    const size = 6;
    const updated = emptyRidge(size, 0.5);
    const faded = emptyRidge(size, 0.5);
    const kept: { x: Float64Array; reward: number }[] = [];
    for (let number = 0; number < 1300; number++) {
      const x = Float64Array.from({ length: size }, (_, at) =>
        at === size - 1 ? 1 : draws.normal(),
      );
      const reward = x[0] - 2 * x[1] + draws.normal();
      learn(updated, x, reward, 0.5, 1);
      // a fade so near 1 that it only makes it solve anew each time
      learn(faded, x, reward, 0.5, 1 - 2 ** -52);
      kept.push({ x, reward });
    }
    const probe = Float64Array.of(1, 1, 0, 0, 0, 1);
    expect(predict(updated, probe, 0)).toBeCloseTo(predict(faded, probe, 0), 9);
    expect(predict(updated, probe, 0)).toBeCloseTo(-1, 0);
  });
});
