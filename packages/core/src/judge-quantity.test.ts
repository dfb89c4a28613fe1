import { random } from "@inchworm/learn";
import { describe, expect, it } from "vitest";
import { judgeQuantity, type QuantityInput } from "./judge-quantity.js";
import { cardMarkdown } from "./markdown.js";
import { backtestWindows, day } from "./windows.js";

const asOf = Date.UTC(2026, 0, 1);
const windows = backtestWindows("test", asOf - 400 * day, asOf, 30);

/** Truth around planted means, by an exponential of them. */
function planted(seed: number, rows = 800) {
  const draws = random(seed);
  const means = Float64Array.from({ length: rows }, () => 10 + 90 * draws.uniform());
  const truth = means.map((mean) => mean * (0.8 + 0.4 * draws.uniform()));
  return { draws, means, truth };
}

const race = (input: Pick<QuantityInput, "truth" | "model" | "rules"> & Partial<QuantityInput>) =>
  judgeQuantity({
    scorer: "test",
    question: "How much?",
    unit: "EUR",
    windows,
    horizonDays: 30,
    trainingRows: 5000,
    drivers: [],
    trainedAt: asOf,
    seed: 1,
    dataHash: "abc",
    ...input,
  });

describe("judging a quantity", () => {
  it("publishes what beats the best of the rules, measured in its unit", () => {
    const { means, truth } = planted(1);
    const constant = (value: number) => new Float64Array(truth.length).fill(value);
    const card = race({
      truth,
      model: {
        values: means,
        interval80: [means.map((mean) => mean * 0.84), means.map((mean) => mean * 1.16)],
      },
      rules: [
        { name: "nothing", values: constant(0) },
        { name: "the mean", values: constant(55) },
      ],
    });
    expect(card).toMatchObject({ kind: "quantity", verdict: "published", decidedBy: "mae" });
    expect(card.rule.name).toBe("the mean");
    expect(card.rules.map(({ name }) => name)).toEqual(["the mean", "nothing"]);
    // E|u| of u uniform on ±20 % is 10 % of the mean, 55 on average
    expect(card.metrics.mae.value).toBeCloseTo(5.5, 0);
    expect(card.metrics.coverage80?.value).toBeCloseTo(0.8, 1);
    expect(Math.abs(card.metrics.bias?.value ?? 9)).toBeLessThan(0.6);
    expect(card.metrics.gini?.value).toBeGreaterThan(0.95);
    expect(card.rule.gini?.value).toBeCloseTo(0, 10); // it tells nobody from another
    expect(card.gain.mae.high).toBeLessThan(0);
    expect(card.gain.mae.value).toBeCloseTo(card.metrics.mae.value - card.rule.mae.value, 10);
    expect(card.metrics.mae.low).toBeLessThan(card.metrics.mae.value);
    expect(card.calibration).toHaveLength(10);
    expect(card.calibration[9].predicted).toBeCloseTo(card.calibration[9].observed, -1);
    const markdown = cardMarkdown(card);
    expect(markdown).toMatch(/# test: published[\s\S]*\| mean absolute error, EUR \| 5\.\d+ \(/);
    expect(markdown).toContain("| the mean |");
    expect(
      JSON.stringify(
        race({ truth, model: { values: means }, rules: [{ name: "z", values: truth }] }),
      ),
    ).toBe(
      JSON.stringify(
        race({ truth, model: { values: means }, rules: [{ name: "z", values: truth }] }),
      ),
    );
  });

  it("withholds the rule itself, what is worse, and what only beats a weak rule", () => {
    const { means, truth, draws } = planted(2);
    const noise = means.map(() => 100 * draws.uniform());
    const rule = { name: "the means", values: means };
    expect(race({ truth, model: { values: means }, rules: [rule] }).verdict).toBe("withheld");
    const card = race({ truth, model: { values: noise }, rules: [rule] });
    expect(card.verdict).toBe("withheld");
    expect(card.because).toMatch(
      /^Withheld: it did not beat the best simple rule beyond doubt, mean error/,
    );
    const weak = { name: "nothing", values: new Float64Array(truth.length) };
    expect(race({ truth, model: { values: noise }, rules: [weak, rule] }).verdict).toBe("withheld");
  });

  it("rarely publishes noise against noise", () => {
    let published = 0;
    for (let seed = 0; seed < 20; seed++) {
      const { truth, draws } = planted(100 + seed, 200);
      const noise = () => truth.map(() => 100 * draws.uniform());
      const card = race({
        truth,
        model: { values: noise() },
        rules: [{ name: "noise", values: noise() }],
      });
      if (card.verdict === "published") published++;
    }
    expect(published).toBeLessThanOrEqual(2); // one side of a 95 % interval
  });

  it("goes by the pinball loss when asked", () => {
    const { means, truth } = planted(3);
    const loss = (values: Float64Array) =>
      truth.map((came, row) => Math.abs(came - values[row]) / 2);
    const wide = means.map((mean) => mean * 1.5);
    const card = race({
      truth,
      decidedBy: "pinball",
      model: { values: wide, pinball: loss(means) },
      rules: [{ name: "wide", values: wide, pinball: loss(wide) }],
    });
    expect(card.gain.mae.value).toBe(0);
    expect(card.verdict).toBe("published");
    expect(card.because).toMatch(/pinball loss/);
  });

  it("leaves out what is not defined, such as a ranking where nothing came", () => {
    const truth = new Float64Array(50);
    const card = race({
      truth,
      model: { values: new Float64Array(50).fill(1) },
      rules: [{ name: "nothing", values: truth }],
    });
    expect(card.metrics.gini).toBeUndefined();
    expect(card.verdict).toBe("withheld");
    expect(card.calibration).toEqual([{ predicted: 1, observed: 0, rows: 50 }]);
  });
});
