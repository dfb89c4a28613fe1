import { testEstimator } from "@inchworm/testing";
import { describe, expect, it } from "vitest";
import { LearnError } from "../error.js";
import { auc } from "../metrics/auc.js";
import { calibrationError } from "../metrics/calibration.js";
import { random } from "../random.js";
import { takeRows } from "../table.js";
import type { Column, Table } from "../types.js";
import { binaryClassifier, binaryClassifierConstraints } from "./binary-classifier.js";
import { foldSplits, latestSplit } from "./splits.js";

const number = (name: string, values: ArrayLike<number>): Column => ({
  name,
  kind: "number",
  values: Float32Array.from(values),
});
const sigmoid = (margin: number) => 1 / (1 + Math.exp(-margin));

/** Two numbers, one category, and labels by the given log-odds. */
function planted(
  rows: number,
  seed: number,
  margin: (x: number, z: number, level: number, row: number) => number,
) {
  const { normal, uniform, below } = random(seed);
  const x = Float32Array.from({ length: rows }, normal);
  const z = Float32Array.from({ length: rows }, () => (uniform() < 0.1 ? Number.NaN : normal()));
  const codes = Int32Array.from({ length: rows }, () => below(4) - 1);
  const labels = Float64Array.from(x, (value, row) =>
    uniform() < sigmoid(margin(value, z[row] || 0, codes[row], row)) ? 1 : 0,
  );
  const columns: Column[] = [
    number("x", x),
    number("z", z),
    { name: "level", kind: "category", codes, levels: ["a", "b", "c"] },
  ];
  const table: Table = { rows, columns };
  return { table, labels };
}
const linear = (x: number, z: number, level: number) => x - z / 2 + (level === 0 ? 1 : 0);
const crossed = (x: number, z: number) => (x * z > 0 ? 2 : -2);

testEstimator({ make: () => binaryClassifier({ seed: 1, folds: 2 }), ...planted(300, 1, linear) });

describe("binaryClassifier", () => {
  it("takes the straight line where the truth is one", async () => {
    const { table, labels } = planted(1500, 2, linear);
    const model = await binaryClassifier({ folds: 3 }).fit(table, labels);
    expect(model.winner).toMatch(/^logistic regression, l2/);
    expect(model.learner.kind).toBe("logistic-regression");
    expect(model.race.length).toBeGreaterThan(4);
    const best = Math.min(...model.race.map(({ logLoss }) => logLoss));
    const own = model.race.find(({ contender }) => contender === model.winner);
    expect(own?.logLoss).toBeLessThan(best + 0.01);
  });

  it("takes trees where columns work together, and calibrates them", async () => {
    const { table, labels } = planted(3000, 3, crossed);
    const judged = planted(3000, 4, crossed);
    const model = await binaryClassifier({ folds: 2 }).fit(table, labels);
    expect(model.learner.kind).toBe("gradient-boosting");
    expect(model.calibrator).toBeDefined();
    const probabilities = model.predict(judged.table);
    expect(auc(probabilities, judged.labels)).toBeGreaterThan(0.8);
    expect(calibrationError(probabilities, judged.labels)).toBeLessThan(0.04);
    const margins = model.margin(judged.table);
    for (let row = 0; row < 50; row++)
      expect(sigmoid(margins[row])).toBeCloseTo(probabilities[row], 9);
  });

  it("claims no more than the base rate on noise", async () => {
    const { table, labels } = planted(1500, 5, () => -1);
    const rate = labels.reduce((sum, label) => sum + label) / 1500;
    const probabilities = (await binaryClassifier({ folds: 3 }).fit(table, labels)).predict(table);
    for (const probability of probabilities)
      expect(Math.abs(probability - rate)).toBeLessThan(0.12);
  });

  it("fits one contender by name as the race would, and races where there is none of that name", async () => {
    const { table, labels } = planted(1500, 13, linear);
    const raced = await binaryClassifier({ folds: 3 }).fit(table, labels);
    const again = await binaryClassifier({ folds: 3, contender: raced.winner }).fit(table, labels);
    expect(again.race).toHaveLength(1);
    const expected = raced.predict(table);
    again.predict(table).forEach((probability, row) => {
      expect(probability).toBeCloseTo(expected[row], 6); // the race's fits start from one another
    });
    const other = await binaryClassifier({ folds: 3, contender: "oracle" }).fit(table, labels);
    expect(other.race).toEqual(raced.race);
  });

  it("explains itself in calibrated log-odds that add up", async () => {
    const { table, labels } = planted(2500, 6, crossed);
    const model = await binaryClassifier({ folds: 2 }).fit(table, labels);
    expect(model.calibrator).toBeDefined();
    const { base, columns, contributions } = model.explain(table);
    const margins = model.margin(table);
    for (let row = 0; row < 200; row++) {
      const sum = contributions
        .subarray(row * columns.length, (row + 1) * columns.length)
        .reduce((a, b) => a + b, base);
      expect(sum).toBeCloseTo(margins[row], 9);
    }
  });

  it("follows the latest rows where rows are ordered", async () => {
    // the outcome becomes three times as frequent in the last fifth
    const { table, labels } = planted(
      4000,
      7,
      (x, _z, _level, row) => x - 2.5 + (row > 3200 ? 1.5 : 0),
    );
    const model = await binaryClassifier({ ordered: true }).fit(table, labels);
    const plain = await binaryClassifier({ folds: 2 }).fit(table, labels);
    const latest = takeRows(
      table,
      Array.from({ length: 800 }, (_, row) => 3200 + row),
    );
    const mean = (values: Float64Array) =>
      values.reduce((sum, value) => sum + value) / values.length;
    const observed = mean(labels.subarray(3200));
    expect(Math.abs(mean(model.predict(latest)) - observed)).toBeLessThan(0.04);
    expect(mean(plain.predict(latest))).toBeLessThan(observed - 0.08);
    const margins = model.learner.margin(latest);
    expect(auc(model.predict(latest), labels.subarray(3200))).toBe(
      auc(margins, labels.subarray(3200)),
    );
  });

  it("keeps rows of one group on one side of every split", async () => {
    // every person has five equal rows and an outcome of their own: only memory could tell it
    const people = 200;
    const { normal, below } = random(8);
    const noise = Array.from({ length: people }, normal);
    const outcome = Array.from({ length: people }, () => below(2));
    const groups = Int32Array.from({ length: people * 5 }, (_, row) => row % people);
    const table: Table = {
      rows: people * 5,
      columns: [
        number(
          "x",
          Array.from(groups, (id) => noise[id]),
        ),
      ],
    };
    const labels = Float64Array.from(groups, (id) => outcome[id]);
    const grouped = await binaryClassifier({ folds: 3 }).fit(table, labels, { groups });
    const loose = await binaryClassifier({ folds: 3 }).fit(table, labels);
    const best = (race: readonly { logLoss: number }[]) =>
      Math.min(...race.map(({ logLoss }) => logLoss));
    expect(best(grouped.race)).toBeGreaterThan(0.68);
    expect(best(loose.race)).toBeLessThan(0.66);
  });

  it("does without a race where an outcome occurs once, and without calibration where it is rare", async () => {
    const { table } = planted(100, 9, linear);
    const once = Float64Array.from({ length: 100 }, (_, row) => (row === 50 ? 1 : 0));
    const model = await binaryClassifier().fit(table, once);
    expect(model).toMatchObject({ race: [], calibrator: undefined });
    expect(model.predict(table).every((probability) => probability > 0 && probability < 1)).toBe(
      true,
    );
    const thrice = once.map((label, row) => (row % 40 === 10 ? 1 : label));
    expect((await binaryClassifier().fit(table, thrice)).calibrator).toBeUndefined();
    const early = Float64Array.from({ length: 100 }, (_, row) => (row < 3 ? 0 : 1));
    expect((await binaryClassifier({ ordered: true }).fit(table, early)).winner).toContain(
      "logistic",
    );
  });

  it("gives the same bytes on one thread and on two", async () => {
    const { table, labels } = planted(2200, 10, crossed);
    const bytes = async (threads: number) =>
      JSON.stringify((await binaryClassifier({ folds: 2, threads }).fit(table, labels)).save());
    expect(await bytes(2)).toBe(await bytes(1));
  });

  it("refuses artifacts whose parts are not its own", async () => {
    const { table, labels } = planted(200, 11, linear);
    const saved = (await binaryClassifier({ folds: 2 }).fit(table, labels)).save();
    const data = saved.data as Record<string, unknown>;
    const load = (part: object) =>
      binaryClassifier().load({ ...saved, data: { ...data, ...part } });
    expect(load({}).predict(table)).toHaveLength(200);
    for (const part of [
      { learner: saved },
      { learner: { ...(data.learner as object), kind: "kmeans" } },
      { calibrator: data.learner },
      { calibrator: null },
      { race: [{ contender: "x" }] },
    ])
      expect(() => load(part)).toThrow(LearnError);
  });

  it("refuses options and groups that do not fit", async () => {
    for (const [name, { min = 0 }] of Object.entries(binaryClassifierConstraints))
      expect(() => binaryClassifier({ [name]: min - 1 })).toThrow(
        `binary-classifier: "${name}" must be`,
      );
    const { table, labels } = planted(50, 12, linear);
    await expect(binaryClassifier().fit(table, labels, { groups: [1] })).rejects.toThrow(
      "1 groups for 50 rows",
    );
    await expect(
      binaryClassifier({ ordered: true }).fit(table, labels, { groups: labels }),
    ).rejects.toThrow("without an order");
  });
});

describe("splits", () => {
  const labels = Float64Array.from({ length: 103 }, (_, row) => (row % 10 === 0 ? 1 : 0));

  it("judge every row once, with the same share of positives", () => {
    const splits = foldSplits(labels, undefined, 5, 1);
    expect(splits.flatMap(({ judged }) => [...judged]).sort((a, b) => a - b)).toEqual([
      ...labels.keys(),
    ]);
    for (const { training, judged } of splits) {
      expect(training.length + judged.length).toBe(103);
      expect(judged.filter((row) => labels[row] === 1).length).toBeGreaterThanOrEqual(2);
    }
    expect(foldSplits(labels, undefined, 5, 2)).not.toEqual(splits);
    expect(foldSplits(Float64Array.of(1, 0, 0), undefined, 5, 1)).toEqual([]);
    expect(foldSplits(Float64Array.of(1, 1, 0, 0, 0), undefined, 5, 1)).toHaveLength(2);
  });

  it("look back as far as it takes to see both outcomes", () => {
    const even = Float64Array.from({ length: 2000 }, (_, row) => row % 2);
    expect(latestSplit(even)[0].judged).toEqual(
      Int32Array.from({ length: 200 }, (_, at) => 1800 + at),
    );
    const rare = Float64Array.from({ length: 2000 }, (_, row) => (row % 10 === 0 ? 1 : 0));
    expect(latestSplit(rare)[0].judged.length).toBe(500);
    const rarer = Float64Array.from({ length: 2000 }, (_, row) => (row % 100 === 0 ? 1 : 0));
    expect(latestSplit(rarer)[0].judged.length).toBe(1000);
    expect(latestSplit(Float64Array.of(0, 0, 1, 1))).toEqual([]);
  });
});
