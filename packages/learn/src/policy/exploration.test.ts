import { describe, expect, it } from "vitest";
import { normalCdf } from "../special/normal.js";
import { exploration, explorationConstraints, normalDraws, rateDraws } from "./exploration.js";

const people = (count: number) => Array.from({ length: count }, (_, index) => `person-${index}`);
const two = { arms: 2, draw: normalDraws([0.3, 0], [0.4, 0.3]) };

describe("exploration", () => {
  it("takes every arm as often as its logged propensity says", () => {
    const explore = exploration({ seed: 7, share: 0.08, draws: 20 });
    const arms = 4;
    const draw = rateDraws([30, 20, 25, 0], [70, 80, 75, 100]);
    const taken = new Float64Array(arms);
    const told = new Float64Array(arms);
    let weights = 0;
    const choices = people(20_000).map((person) => explore.choose({ person, arms, draw }));
    for (const { arm, propensity, probabilities } of choices) {
      taken[arm] += 1 / choices.length;
      for (let one = 0; one < arms; one++) told[one] += probabilities[one] / choices.length;
      expect(propensity).toBe(probabilities[arm]);
      weights += 1 / propensity / choices.length;
    }
    for (let arm = 0; arm < arms; arm++)
      expect(Math.abs(taken[arm] - told[arm])).toBeLessThan(0.012);
    // E[1 / propensity] is the number of arms, if and only if propensities are exact
    expect(weights).toBeGreaterThan(3.8);
    expect(weights).toBeLessThan(4.2);
    const randomShare = choices.filter(({ by }) => by === "random").length / choices.length;
    expect(Math.abs(randomShare - 0.08)).toBeLessThan(0.006);
    expect(
      Math.min(...choices.flatMap((choice) => [...choice.probabilities])),
    ).toBeGreaterThanOrEqual(0.02);
  });

  it("follows Thompson sampling's own probabilities", () => {
    const explore = exploration({ seed: 1, share: 0.05, draws: 1 });
    const chosen = people(20_000).filter((person) => explore.choose({ person, ...two }).arm === 0);
    const best = normalCdf(0.3 / 0.5);
    expect(Math.abs(chosen.length / 20_000 - 0.025 - 0.95 * best)).toBeLessThan(0.01);
  });

  it("chooses the same for one person and occasion, and explores with other people elsewhere", () => {
    const explore = exploration({ seed: 3, share: 0.5 });
    const once = explore.choose({ person: "ada", occasion: "spring", ...two });
    expect(explore.choose({ person: "ada", occasion: "spring", ...two })).toEqual(once);
    const arms = people(400).map((person) =>
      ["spring", "summer"].map((occasion) => explore.choose({ person, occasion, ...two }).by),
    );
    const both = arms.filter(([first, second]) => first === "random" && second === "random").length;
    expect(both).toBeGreaterThan(60);
    expect(both).toBeLessThan(140);
    const others = exploration({ seed: 4, share: 0.5 });
    const moved = people(400).filter(
      (person) => others.choose({ person, ...two }).by !== explore.choose({ person, ...two }).by,
    );
    expect(moved.length).toBeGreaterThan(140);
  });

  it("keeps people in the random share while the posterior learns", () => {
    const explore = exploration({ share: 0.2 });
    const draw = normalDraws([5, 0], [0.1, 0.1]);
    for (const person of people(200))
      expect(explore.choose({ person, arms: 2, draw }).by).toBe(
        explore.choose({ person, ...two }).by,
      );
  });

  it("never takes an arm that is not allowed, and shares alike between equal ones", () => {
    const explore = exploration({ share: 0.1, draws: 10 });
    const equal = { arms: 3, draw: normalDraws([1, 1, 9], [0, 0, 0]), allowed: [1, 1, 0] };
    const choice = explore.choose({ person: "grace", ...equal });
    expect([...choice.probabilities].map((share) => Number(share.toFixed(12)))).toEqual([
      0.5, 0.5, 0,
    ]);
    const first = people(2000).filter((person) => explore.choose({ person, ...equal }).arm === 0);
    expect(first.length).toBeGreaterThan(900);
    expect(first.length).toBeLessThan(1100);
  });

  it("refuses what cannot be chosen from", () => {
    for (const [name, { max }] of Object.entries(explorationConstraints))
      for (const wrong of [-1, Number.NaN, ...(max === undefined ? [] : [max + 1])])
        expect(() => exploration({ [name]: wrong })).toThrow(`exploration: "${name}" must be`);
    const explore = exploration();
    const draw = normalDraws([0], [Number.NaN]);
    expect(() => explore.choose({ person: "a", arms: 1, draw })).toThrow("draw of arm 0");
    expect(() => explore.choose({ person: "a", arms: 1, draw, allowed: [0] })).toThrow("no arm");
    expect(() => explore.choose({ person: "a", arms: 0, draw })).toThrow('"arms"');
  });
});
