import { describe, expect, it } from "vitest";
import { random } from "../random.js";
import type { ExperimentData } from "./arms.js";
import { experiment } from "./experiment.js";
import { familyClaims } from "./simulate.fixture.js";

/** Half in each arm; everybody has spent before, and the treatment adds `gain`. */
function shop(people: number, gain: number, seed = 1): ExperimentData & { spent: Float64Array } {
  const draws = random(seed);
  const arm = Int32Array.from({ length: people }, () => draws.below(2));
  const spent = Float64Array.from(arm, () => 10 + 3 * draws.normal());
  const outcome = Float64Array.from(
    arm,
    (place, row) => spent[row] + gain * place + draws.normal(),
  );
  return { arms: ["none", "mail"], arm, outcome, spent };
}

describe("an experiment", () => {
  it("says what it brought, and less vaguely when the past is known", () => {
    const { spent, ...data } = shop(4000, 0.3);
    const plain = experiment(data);
    const [adjusted] = experiment({ ...data, before: [spent] }).effects;
    expect(adjusted.verdict).toBe("brought");
    expect(adjusted.because).toMatch(/^Brought 0\.\d+ ± 0\.0\d+ a person \(from \d+\.?\d* to 10/);
    expect(adjusted.effect.low).toBeLessThan(0.3);
    expect(adjusted.effect.high).toBeGreaterThan(0.3);
    expect(adjusted.varianceCut).toBeCloseTo(0.9, 1);
    expect(adjusted.unadjusted).toEqual(plain.effects[0].effect);
    const width = ({ low, high }: { low: number; high: number }) => high - low;
    expect(width(adjusted.effect) / width(plain.effects[0].effect)).toBeCloseTo(Math.sqrt(0.1), 1);
  });

  it("says that there is no effect only when what would matter is excluded", () => {
    const { spent, ...data } = shop(4000, 0);
    const before = [spent];
    expect(experiment({ ...data, before }, { worth: 0.2 })).toMatchObject({
      verdict: "no effect",
      because: expect.stringMatching(/^No effect larger than 0\.\d+ a person, where 0\.2 would/),
    });
    const vague = experiment({ ...data, before }, { worth: 0.01 });
    expect(vague.verdict).toBe("cannot tell");
    expect(vague.because).toMatch(/about [\d,]+ people in these shares would settle/);
    expect(vague.effects[0].needed).toBeGreaterThan(4000);
  });

  it("claims nothing when arms have other sizes than designed, or outcomes are lost in one", () => {
    const { spent: _, ...data } = shop(4000, 5);
    const lopsided = experiment(data, { shares: [4, 6] });
    expect(lopsided.verdict).toBe("cannot tell");
    expect(lopsided.because).toMatch(/people where the design expects 1,600 to 2,400/);
    expect(lopsided.effects[0].effect.value).toBeGreaterThan(4);
    const lossy = Float64Array.from(data.outcome, (value, row) =>
      data.arm[row] === 1 && row % 5 === 0 ? Number.NaN : value,
    );
    expect(experiment({ ...data, outcome: lossy }).because).toMatch(
      /outcomes are missing for 0 to/,
    );
    const fair = Float64Array.from(data.outcome, (value, row) =>
      row % 5 === 0 ? Number.NaN : value,
    );
    expect(experiment({ ...data, outcome: fair }).verdict).toBe("brought");
  });

  it("leaves out a covariate that the treatment has moved, and fills gaps of one it has not", () => {
    const { spent, ...data } = shop(4000, 0.5);
    const moved = Float64Array.from(spent, (value, row) => value + data.arm[row]);
    const spoiled = experiment({ ...data, before: [moved] });
    expect(spoiled.notes[0]).toMatch(/cannot have been known before the assignment/);
    expect(spoiled.effects[0].varianceCut).toBeUndefined();
    const gaps = Float64Array.from(spent, (value, row) => (row % 4 === 0 ? Number.NaN : value));
    const filled = experiment({ ...data, before: [gaps] });
    expect(filled.effects[0].varianceCut).toBeGreaterThan(0.5);
    const same = experiment({ ...data, before: [spent.map(() => 7)] });
    expect(same.notes[0]).toMatch(/never varies/);
  });

  it("compares several arms with the control, and names the best", () => {
    const draws = random(3);
    const arm = Int32Array.from({ length: 6000 }, (_, row) => row % 3);
    const outcome = Float64Array.from(arm, (place) =>
      draws.uniform() < [0.1, 0.1, 0.2][place] ? 1 : 0,
    );
    const told = experiment({ arms: ["a", "none", "b"], arm, outcome }, { control: "none" });
    expect(told.kind).toBe("rate");
    expect(told.effects.map(({ arm: name, verdict }) => [name, verdict])).toEqual([
      ["a", "cannot tell"],
      ["b", "brought"],
    ]);
    expect(told.because).toMatch(
      /^b: Brought \d+\.?\d* ± \d\.\d+ percentage points \(from 9\.\d+ to/,
    );
    expect(told.effects[1].relative?.value).toBeCloseTo(1, 0);
    const pair = (Array.from(arm) as number[]).map((place) => place - 1);
    const alone = experiment({ arms: ["none", "b"], arm: pair, outcome }).effects[0].effect;
    const width = ({ low, high }: { low: number; high: number }) => high - low;
    // Dunnett's 2.212 for two arms beside 1.960 for one and Bonferroni's 2.241
    expect(width(told.effects[1].effect) / width(alone)).toBeCloseTo(2.212 / 1.96, 2);
  });

  it("of several arms without an effect claims one in 5 % of cases", () => {
    expect(familyClaims(3, 300, 1)).toBeLessThan(0.08);
  });

  it("measures a ratio by the people who make it", () => {
    const draws = random(4);
    const people = 4000;
    const arm = Int32Array.from({ length: people }, () => draws.below(2));
    const clicks = Float64Array.from(arm, () => 1 + draws.below(20));
    const outcome = Float64Array.from(
      arm,
      (place, row) => clicks[row] * (2 + place + draws.normal()),
    );
    const told = experiment({ arms: ["none", "mail"], arm, outcome, per: clicks });
    expect(told.kind).toBe("ratio");
    const total = (place: number, column: Float64Array) =>
      column.reduce((sum, value, row) => sum + (arm[row] === place ? value : 0), 0);
    expect(told.arms[1].mean).toBeCloseTo(total(1, outcome) / total(1, clicks), 10);
    expect(told.effects[0].effect.low).toBeLessThan(1);
    expect(told.effects[0].effect.high).toBeGreaterThan(1);
    expect(told.because).toMatch(/^Brought 1/);
  });

  it("finds the segment in which the effect differs, and none where it does not", () => {
    const draws = random(5);
    const people = 4000;
    const arm = Int32Array.from({ length: people }, () => draws.below(2));
    const codes = Int32Array.from({ length: people }, () => draws.below(6) - 1);
    const levels = ["a", "b", "c", "d", "e"];
    const planted = (gain: number) =>
      Float64Array.from(
        arm,
        (place, row) => draws.normal() + (codes[row] === 2 ? gain * place : 0),
      );
    const ask = (outcome: Float64Array) =>
      experiment({ arms: ["none", "mail"], arm, outcome, segments: { codes, levels } }).segments;
    const found = ask(planted(0.6));
    // the surest first; where one stands out, everybody else's mean has moved too
    expect(found?.[0]).toMatchObject({ segment: "c", differs: true });
    expect(found?.[0].effect.low).toBeGreaterThan(0.3);
    expect(found?.[0].difference.low).toBeGreaterThan(0.3);
    let false_ = 0;
    for (let run = 0; run < 40; run++)
      if (ask(planted(0))?.some(({ differs }) => differs)) false_++;
    expect(false_).toBeLessThanOrEqual(6);
  });

  it("looked at early is judged more strictly, and not at all when too early", () => {
    const { spent: _, ...data } = shop(1000, 0.45);
    const ask = (planned: number, kind: "group-sequential" | "always-valid") =>
      experiment(data, { looking: { kind, planned } }).effects[0].effect;
    const once = experiment(data).effects[0].effect;
    const [quarter, end] = [ask(4000, "group-sequential"), ask(1000, "group-sequential")];
    const [peek] = [ask(1000, "always-valid")];
    const width = ({ low, high }: { low: number; high: number }) => high - low;
    // critical values of looks at every quarter (Lan-DeMets): 4.333 first, 2.024 last; a confidence sequence's 3.03
    expect(width(quarter) / width(once)).toBeCloseTo(4.333 / 1.96, 1);
    expect(width(end) / width(once)).toBeCloseTo(2.024 / 1.96, 1);
    expect(width(peek) / width(once)).toBeCloseTo(3.035 / 1.96, 1);
    const [arm, outcome] = [data.arm, data.outcome].map((all) => Array.from(all).slice(0, 20));
    const few = { ...data, arm, outcome };
    const early = experiment(few, { looking: { kind: "always-valid", planned: 4000 } });
    expect(early.because).toMatch(/too early/);
  });

  it("refuses what it cannot answer, saying why", () => {
    const { spent: _, ...data } = shop(100, 0);
    const refuse = (wrong: Partial<ExperimentData>, options = {}) =>
      expect(() => experiment({ ...data, ...wrong }, options));
    refuse({ arms: ["only"] }).toThrow(/one arm, "only"; an effect is a difference between two/);
    refuse({ arms: ["a", "b", "c"] }).toThrow(/the arm "c" has nobody with an outcome/);
    refuse({ outcome: new Float64Array(100) }).toThrow(/everybody has the same outcome, 0/);
    refuse({ outcome: [1] }).toThrow(/one entry per person/);
    refuse({}, { control: "other" }).toThrow(/no arm "other"/);
    refuse({}, { shares: [1, 0] }).toThrow(/"shares" must be numbers > 0/);
    refuse({}, { worth: -1 }).toThrow(/"worth" must be a number > 0/);
    refuse({}, { looking: { kind: "always-valid", planned: 0 } }).toThrow(/"planned"/);
  });
});
