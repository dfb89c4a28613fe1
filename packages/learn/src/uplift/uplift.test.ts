import { beforeAll, describe, expect, it } from "vitest";
import { LearnError } from "../error.js";
import type { Table } from "../types.js";
import { plantedTrial } from "./planted.fixture.js";
import type { UpliftModel } from "./types.js";
import { uplift, upliftConstraints } from "./uplift.js";

const quick = { seed: 1, repeats: 1, folds: 3, resamples: 200 };
const byRecency = (recency: number) => (recency > 0 ? 0.3 : -0.1);
const trial = plantedTrial({ rows: 1500, seed: 4, effects: [byRecency] });

const rmse = (one: ArrayLike<number>, other: Float64Array): number =>
  Math.sqrt(other.reduce((sum, value, row) => sum + (value - one[row]) ** 2, 0) / other.length);
const mean = (values: Float64Array): number =>
  values.reduce((sum, value) => sum + value, 0) / values.length;

describe("an effect that differs", () => {
  let model: UpliftModel;
  beforeAll(async () => {
    model = await uplift(quick).fit(trial);
  });

  it("is found, and told", () => {
    const [{ signal, treat, verdict, learners, chosen, because, ate, tenths }] = model.arms;
    expect({ signal, treat, verdict }).toEqual({
      signal: true,
      treat: "ranked",
      verdict: "signal: treat those who gain",
    });
    expect(learners.map(({ name }) => name).toSorted()).toEqual(
      "ate-only,blend,dr-learner,r-learner,response,t-learner,t-logistic,x-learner".split(","),
    );
    expect(chosen).toBe(learners[0].name);
    expect(learners[0].low).toBeGreaterThan(0);
    expect(learners[0].uplift30).toBeGreaterThan(0.2);
    expect(because).toContain(`The ${chosen} ranks people better than chance: Qini 0.`);
    const truth = mean(trial.truth[0]);
    expect(ate.low).toBeLessThan(truth);
    expect(ate.high).toBeGreaterThan(truth);
    expect(tenths).toHaveLength(10);
    expect(tenths[0].value).toBeGreaterThan(tenths[9].value + 0.2);
  });

  it("is estimated per person, calibrated, with intervals", () => {
    const { arms, best, baseline } = model.effects(trial.table);
    const [{ effect, low, high }] = arms;
    const flat = new Float64Array(trial.table.rows).fill(mean(trial.truth[0]));
    expect(rmse(effect, trial.truth[0])).toBeLessThan(0.6 * rmse(flat, trial.truth[0]));
    expect(mean(effect)).toBeCloseTo(model.arms[0].ate.value, 1);
    for (let row = 0; row < trial.table.rows; row++) {
      expect(low[row]).toBeLessThanOrEqual(effect[row]);
      expect(high[row]).toBeGreaterThanOrEqual(effect[row]);
      expect(best[row]).toBe(low[row] > 0 ? 0 : -1);
    }
    expect(mean(baseline)).toBeCloseTo(model.controlMean, 1);
    expect(model.predict(trial.table)).toEqual(effect);
  });

  it("is explained by what it comes from", () => {
    const { columns, contributions, base, fidelity } = model.explain(trial.table);
    const weight = columns.map((_, column) => {
      let sum = 0;
      for (let at = column; at < contributions.length; at += columns.length)
        sum += Math.abs(contributions[at]);
      return sum;
    });
    expect(columns[weight.indexOf(Math.max(...weight))]).toBe("recency");
    expect(fidelity).toBeGreaterThan(0.9);
    expect(Math.abs(base)).toBeLessThan(0.3);
    expect(() => model.explain(trial.table, "telex")).toThrow('there is no arm "telex"');
  });

  it("is the same for the same seed, and untouched by what else is in the table", async () => {
    const before = structuredClone(trial.table);
    expect(JSON.stringify((await uplift(quick).fit(trial)).save())).toBe(
      JSON.stringify(model.save()),
    );
    expect(trial.table).toEqual(before);
    const more: Table = {
      rows: trial.table.rows,
      columns: [
        { name: "other", kind: "number", values: new Float32Array(trial.table.rows) },
        ...trial.table.columns.toReversed(),
      ],
    };
    expect(model.predict(more)).toEqual(model.predict(trial.table));
  });

  it("comes back from its artifact, and refuses another's", () => {
    const saved = JSON.parse(JSON.stringify(model.save()));
    const again = uplift().load(saved);
    expect(again.arms).toEqual(model.arms);
    expect(again.effects(trial.table)).toEqual(model.effects(trial.table));
    expect(again.explain(trial.table)).toEqual(model.explain(trial.table));
    expect(again.save()).toEqual(model.save());
    const [arm] = saved.data.arms;
    for (const broken of [
      null,
      {},
      { ...saved, kind: "churn" },
      { ...saved, version: 99 },
      { ...saved, data: { ...saved.data, arms: [] } },
      { ...saved, data: { ...saved.data, baseline: {} } },
      { ...saved, data: { ...saved.data, controlMean: "1" } },
      ...[
        { ranker: [{ weight: 1 }] },
        { ranker: Array(1000).fill(arm.ranker[0]) },
        { calibration: { knots: [2, 1], effects: [0, 0], errors: [0, 0] } },
        { calibration: { knots: [1], effects: [0], errors: [-1] } },
        { told: { ...arm.told, chosen: "constructor" } },
      ].map((part) => ({ ...saved, data: { ...saved.data, arms: [{ ...arm, ...part }] } })),
    ])
      expect(() => uplift().load(broken)).toThrow(LearnError);
  });
});

it("says that there is no signal where everybody gains alike, and treats all", async () => {
  const same = plantedTrial({ rows: 1200, seed: 2, effects: [() => 0.2] });
  const model = await uplift(quick).fit(same);
  const [{ signal, chosen, treat, verdict, ate, because }] = model.arms;
  expect({ signal, chosen, treat, verdict }).toEqual({
    signal: false,
    chosen: "ate-only",
    treat: "all",
    verdict: "no signal: treat all or none",
  });
  expect(because).toMatch(
    /^No learner ranks people better than chance beyond doubt .* so treat all/,
  );
  const { arms, best } = model.effects(same.table);
  expect(new Set(arms[0].effect)).toEqual(new Set([ate.value]));
  expect(new Set(best)).toEqual(new Set([0]));
  expect(arms[0].low[0]).toBeCloseTo(ate.low, 12);
  expect(model.explain(same.table).contributions.every((part) => part === 0)).toBe(true);
  expect(
    uplift()
      .load(JSON.parse(JSON.stringify(model.save())))
      .effects(same.table),
  ).toEqual({
    arms,
    best,
    baseline: model.effects(same.table).baseline,
  });
});

it("takes the better arm for each, of amounts, where chances differed", async () => {
  const two = plantedTrial({
    rows: 3000,
    seed: 6,
    amounts: true,
    effects: [(recency) => (recency > 0 ? 0.3 : 0), (recency) => (recency > 0 ? 0 : 0.3)],
    chances: (recency) => (recency > 0 ? [0.5, 0.2] : [0.2, 0.5]),
  });
  const { recency } = Object.fromEntries(
    two.table.columns.map((column) => [column.name, column]),
  ) as Record<string, { values: Float32Array }>;
  const known = await uplift(quick).fit(two);
  const { best } = known.effects(two.table);
  let right = 0;
  let asked = 0;
  for (const [row, place] of best.entries()) {
    if (Number.isNaN(recency.values[row])) continue;
    asked++;
    if (place === (recency.values[row] > 0 ? 0 : 1)) right++;
  }
  expect(right / asked).toBeGreaterThan(0.9);
  const [, second] = known.arms;
  // of arms compared as they are, those less often mailed in this arm would look alike: 3 of 10 units more
  expect(second.ate.value).toBeCloseTo(1.5, 0);
  expect(
    known.arms.flatMap(({ learners }) => learners).some(({ name }) => name === "t-logistic"),
  ).toBe(false);
});

it("estimates the chances where nobody knows them", async () => {
  const chosen = plantedTrial({
    rows: 1500,
    seed: 8,
    effects: [() => 0],
    chances: (recency) => [1 / (1 + Math.exp(-2 * recency))],
  });
  // the outcome rises with recency, and so do the chances: arms as they are would show an effect
  const recency = chosen.table.columns[0] as { values: Float32Array };
  const outcome = chosen.outcome.map((value, row) => value + (recency.values[row] || 0));
  const { propensities: _, ...unknown } = { ...chosen, outcome };
  const naive = [0, 1].map((arm) => mean(outcome.filter((_, row) => chosen.arm[row] === arm)));
  expect(naive[1] - naive[0]).toBeGreaterThan(0.8);
  const model = await uplift(quick).fit({ ...unknown, propensities: "estimated" });
  expect(Math.abs(model.arms[0].ate.value)).toBeLessThan(0.15);
});

describe("what it refuses", () => {
  const fit = (part: object) => uplift(quick).fit({ ...trial, ...part });

  it("options out of range", () => {
    for (const [name, { min = 0 }] of Object.entries(upliftConstraints))
      for (const value of [min - 1, 1.5, Number.NaN])
        expect(() => uplift({ [name]: value })).toThrow(`uplift: "${name}" must be an integer`);
  });

  it("trials it cannot use, saying why", async () => {
    const { rows } = trial.table;
    for (const [part, message] of [
      [{ arms: ["only"] }, "needs two or more arms"],
      [{ arms: ["a", "a"] }, "needs two or more arms of different names"],
      [{ arms: ["nothing", "mail", "letter"] }, 'the arm "letter" has 0 people, and 20 are needed'],
      [{ arm: trial.arm.map((arm) => 2 * arm) }, "arm 2 in row"],
      [{ outcome: new Float64Array(rows).fill(1) }, "every outcome is 1"],
      [
        { outcome: trial.outcome.map((value, row) => (row === 3 ? Number.NaN : value)) },
        "got NaN in row 3",
      ],
      [{ outcome: new Float64Array(3) }, '"outcome" has 3 entries'],
      [{ table: { rows, columns: [] } }, "no columns to tell people apart by"],
      [{ propensities: new Float64Array(3) }, `3 propensities for ${rows} rows and 2 arms`],
      [{ propensities: new Float64Array(2 * rows).fill(0.7) }, "add up to 1.4, not 1"],
      [{ propensities: new Float64Array(2 * rows).fill(1) }, "must be numbers > 0 and < 1, got 1"],
    ] as const)
      await expect(fit(part)).rejects.toThrow(message);
    await expect(fit({ arms: ["only"] })).rejects.toSatisfy((error) =>
      LearnError.is(error, "input"),
    );
  });

  it("to go on once it is told to stop", async () => {
    const controller = new AbortController();
    const fitting = uplift(quick).fit(trial, {
      signal: controller.signal,
      onProgress: () => controller.abort(),
    });
    await expect(fitting).rejects.toSatisfy((error) => LearnError.is(error, "aborted"));
  });

  it("nothing of tables that never vary", async () => {
    const same = {
      name: "same",
      kind: "number",
      values: new Float32Array(trial.table.rows),
    } as const;
    const { arms } = await fit({ table: { rows: trial.table.rows, columns: [same] } });
    expect(arms[0].chosen).toBe("ate-only");
  });
});
