import { testEstimator } from "@inchworm/testing";
import { describe, expect, it } from "vitest";
import { LearnError } from "../error.js";
import { random } from "../random.js";
import { takeRows } from "../table.js";
import type { Column, Table } from "../types.js";
import {
  logisticPath,
  logisticRegression,
  logisticRegressionConstraints,
} from "./logistic-regression.js";

const number = (name: string, values: ArrayLike<number>): Column => ({
  name,
  kind: "number",
  values: Float32Array.from(values),
});
const category = (name: string, cells: readonly (string | undefined)[]): Column => {
  const levels = [...new Set(cells)].filter((cell) => cell !== undefined);
  const codes = Int32Array.from(cells, (cell) => (cell === undefined ? -1 : levels.indexOf(cell)));
  return { name, kind: "category", codes, levels };
};
const tableOf = (...columns: Column[]): Table => {
  const [first] = columns;
  return { rows: (first.kind === "number" ? first.values : first.codes).length, columns };
};
const sigmoid = (margin: number) => 1 / (1 + Math.exp(-margin));

/** Log-odds = 1 + 0.8 · (income − 3) − 2 · [plan = basic] + 1.5 · [age missing]. */
function planted(rows: number, seed: number) {
  const { normal, uniform, below } = random(seed);
  const income = Float32Array.from({ length: rows }, () => 3 + 2 * normal());
  const age = Float32Array.from({ length: rows }, () =>
    uniform() < 0.2 ? Number.NaN : 40 + 10 * normal(),
  );
  const plan = Array.from({ length: rows }, () => ["basic", "plus", "größer"][below(3)]);
  const labels = Float64Array.from({ length: rows }, (_, row) => {
    const margin =
      1 +
      0.8 * (income[row] - 3) -
      (plan[row] === "basic" ? 2 : 0) +
      (Number.isNaN(age[row]) ? 1.5 : 0);
    return uniform() < sigmoid(margin) ? 1 : 0;
  });
  const gaps = plan.map((level) => (uniform() < 0.05 ? undefined : level));
  return {
    table: tableOf(number("income", income), number("age", age), category("plan", gaps)),
    labels,
  };
}

testEstimator({ make: () => logisticRegression(), ...planted(400, 1) });
testEstimator({ make: () => logisticRegression({ knots: 4 }), ...planted(300, 7) });

describe("logisticRegression", () => {
  it("finds the planted effects", async () => {
    const { table, labels } = planted(40_000, 2);
    const { terms } = await logisticRegression({ knots: 0 }).fit(table, labels);
    const [income, age, plan] = terms;
    if (income.kind !== "number" || age.kind !== "number" || plan.kind !== "category")
      throw new Error();
    expect(income.slope).toBeCloseTo(0.8, 1);
    expect(age.slope).toBeCloseTo(0, 1);
    expect(Math.abs(age.missing - age.present - 1.5)).toBeLessThan(0.12); // standard error 0.04
    const effect = (level: string) => plan.effects[plan.levels.indexOf(level)];
    expect(effect("basic") - effect("plus")).toBeCloseTo(-2, 1);
    expect(effect("größer") - effect("plus")).toBeCloseTo(0, 1);
  });

  it("bends where the truth bends, and only given enough rows", async () => {
    const { normal, uniform } = random(8);
    const days = Float32Array.from({ length: 20_000 }, () => Math.abs(50 * normal()));
    const truth = (value: number) => 2 - Math.min(value, 40) / 10;
    const labels = Float64Array.from(days, (value) => (uniform() < sigmoid(truth(value)) ? 1 : 0));
    const table = tableOf(number("days", days));
    const probes = tableOf(number("days", [0, 10, 20, 30, 60, 90]));
    const worst = (model: { margin(table: Table): Float64Array }) =>
      Math.max(
        ...model
          .margin(probes)
          .map((margin, at) => Math.abs(margin - truth([0, 10, 20, 30, 60, 90][at]))),
      );
    const bent = await logisticRegression().fit(table, labels);
    const straight = await logisticRegression({ knots: 0 }).fit(table, labels);
    expect(worst(bent)).toBeLessThan(0.35);
    expect(worst(straight)).toBeGreaterThan(0.8);
    const few = await logisticRegression().fit(
      takeRows(
        table,
        Array.from({ length: 800 }, (_, row) => row),
      ),
      labels.slice(0, 800),
    );
    expect(few.terms[0]).toMatchObject({ knots: new Float64Array(0) });
  });

  it("puts knots where a column that is mostly zeros is not zero", async () => {
    const values = Float32Array.from({ length: 2000 }, (_, row) =>
      row % 10 === 0 ? 1 + ((row / 10) % 8) : 0,
    );
    const labels = Float64Array.from({ length: 2000 }, (_, row) => (row % 3 === 0 ? 1 : 0));
    const model = await logisticRegression({ knots: 3 }).fit(
      tableOf(number("visits", values)),
      labels,
    );
    expect(model.terms[0]).toMatchObject({ knots: Float64Array.of(2, 4, 6) });
  });

  it("solves a case that can be checked by hand", async () => {
    // one 0/1 column without penalty to speak of: the fitted rates are the observed ones
    const table = tableOf(number("x", [0, 0, 0, 0, 1, 1, 1, 1]));
    const labels = Float64Array.of(0, 0, 0, 1, 0, 1, 1, 1);
    const model = await logisticRegression({ l2: 1e-9 }).fit(table, labels);
    expect(model.predict(table)[0]).toBeCloseTo(0.25, 6);
    expect(model.predict(table)[7]).toBeCloseTo(0.75, 6);
    expect(model.terms[0]).toMatchObject({
      center: 0.5,
      slope: expect.closeTo(2 * Math.log(3), 5),
    });
    const weights = Float64Array.of(1, 1, 1, 3, 1, 1, 1, 1);
    const weighted = await logisticRegression({ l2: 1e-9 }).fit(table, labels, { weights });
    expect(weighted.predict(table)[0]).toBeCloseTo(0.5, 6);
  });

  it("makes the penalised gradient vanish", async () => {
    const { table, labels } = planted(500, 3);
    const l2 = 20;
    const model = await logisticRegression({ l2 }).fit(table, labels);
    const [income] = table.columns;
    const [term] = model.terms;
    if (income.kind !== "number" || term.kind !== "number") throw new Error();
    const mean = income.values.reduce((sum, value) => sum + value, 0) / 500;
    const deviation = Math.sqrt(
      income.values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / 500,
    );
    const residuals = model.predict(table).map((probability, row) => probability - labels[row]);
    const slope = residuals.reduce(
      (sum, rest, row) => sum + (rest * (income.values[row] - mean)) / deviation,
      0,
    );
    expect(slope + l2 * term.slope * deviation).toBeCloseTo(0, 5);
    expect(residuals.reduce((sum, rest) => sum + rest, 0)).toBeCloseTo(0, 6);
  });

  it("reaches the minimum with more columns than Newton takes", async () => {
    const { labels } = planted(600, 4);
    const { normal } = random(5);
    const noise = Array.from({ length: 20 }, (_, at) =>
      number(`noise ${at}`, Float32Array.from({ length: 600 }, normal)),
    );
    const sparse = Array.from({ length: 500 }, (_, at) =>
      number(
        `sparse ${at}`,
        labels.map((_, row) => (row % 500 === at ? 1 : 0)),
      ),
    );
    const table = tableOf(...noise, ...sparse);
    const model = await logisticRegression().fit(table, labels);
    const residuals = model.predict(table).map((probability, row) => probability - labels[row]);
    table.columns.forEach((column, at) => {
      const term = model.terms[at];
      if (column.kind !== "number" || term.kind !== "number") throw new Error();
      const { values } = column;
      const mean = values.reduce((sum, value) => sum + value, 0) / 600;
      const deviation = Math.sqrt(
        values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / 600,
      );
      const gradient = residuals.reduce((sum, rest, row) => sum + rest * (values[row] - mean), 0);
      expect(gradient / deviation + term.slope * deviation).toBeCloseTo(0, 3);
    });
  });

  it("reaches the minimum on more rows than Newton takes", async () => {
    const { table, labels } = planted(11_000, 9);
    const weights = labels.map((_, row) => 2 + (row % 2));
    const copies = Array.from({ length: 27_500 }, (_, row) =>
      row < 22_000 ? row % 11_000 : 2 * (row - 22_000) + 1,
    );
    const weighted = await logisticRegression({ knots: 0 }).fit(table, labels, { weights });
    const copied = await logisticRegression({ knots: 0 }).fit(
      takeRows(table, copies),
      Float64Array.from(copies, (row) => labels[row]),
    );
    const [left, right] = [weighted.margin(table), copied.margin(table)];
    for (let row = 0; row < 11_000; row++)
      expect(Math.abs(left[row] - right[row])).toBeLessThan(1e-6);
  });

  it("finds a rare outcome among many rows", async () => {
    const rows = 60_000;
    const rare = (row: number) => row % 7000 === 6999;
    const x = Float32Array.from(
      { length: rows },
      (_, row) => (row % 100) / 100 + (rare(row) ? 1 : 0),
    );
    const labels = Float64Array.from({ length: rows }, (_, row) => (rare(row) ? 1 : 0));
    const predictions = (await logisticRegression().fit(tableOf(number("x", x)), labels)).predict(
      tableOf(number("x", x)),
    );
    expect(predictions.reduce((sum, probability) => sum + probability, 0)).toBeCloseTo(8, 3);
    expect(predictions[6999]).toBeGreaterThan(20 * predictions[0]);
  });

  it("fits a path as one by one", async () => {
    const { table, labels } = planted(600, 10);
    const l2s = [1, 100, 0.01];
    const shares: number[] = [];
    const path = await logisticPath(table, labels, {
      l2s,
      onProgress: (share) => shares.push(share),
    });
    expect(shares).toEqual(shares.toSorted((left, right) => left - right));
    for (const [index, l2] of l2s.entries()) {
      const alone = (await logisticRegression({ l2 }).fit(table, labels)).margin(table);
      const margins = path[index].margin(table);
      for (const row of alone.keys()) expect(margins[row]).toBeCloseTo(alone[row], 6);
    }
    await expect(logisticPath(table, labels, { l2s: [0] })).rejects.toThrow(
      '"l2" must be a number > 0, got 0.',
    );
  });

  it("stays finite on separable data, huge and tiny numbers", async () => {
    const labels = Float64Array.from({ length: 40 }, (_, row) => (row < 20 ? 0 : 1));
    for (const scale of [1, 1e-38, 1e37]) {
      const table = tableOf(
        number(
          "x",
          labels.map((label, row) => scale * (label + row / 100)),
        ),
      );
      for (const l2 of [1e-6, 1, 1e9]) {
        const predictions = (await logisticRegression({ l2 }).fit(table, labels)).predict(table);
        expect(predictions.every((probability) => probability > 0 && probability < 1)).toBe(true);
        expect(predictions[39]).toBeGreaterThan(predictions[0]);
      }
    }
  });

  it("learns the base rate where nothing can be learnt", async () => {
    const labels = Float64Array.from({ length: 100 }, (_, row) => (row % 4 === 0 ? 1 : 0));
    const table = tableOf(
      number("constant", new Float32Array(100).fill(7)),
      number("nothing", new Float32Array(100).fill(Number.NaN)),
      category("one level", Array(100).fill("a")),
      category("no level", Array(100).fill(undefined)),
      category(
        "each its own",
        Array.from({ length: 100 }, (_, row) => `id ${row}`),
      ),
    );
    const model = await logisticRegression().fit(table, labels);
    for (const probability of model.predict(table)) expect(probability).toBeCloseTo(0.25, 9);
    const { base, contributions } = model.explain(table);
    expect(sigmoid(base)).toBeCloseTo(0.25, 9);
    expect(contributions.every((contribution) => contribution === 0)).toBe(true);
  });

  it("takes a value that is missing for the first time as the average", async () => {
    const labels = Float64Array.from({ length: 100 }, (_, row) => row % 2);
    const levels = Array.from({ length: 100 }, (_, row) => (row % 10 < 5 + (row % 2) ? "a" : "b"));
    const table = tableOf(
      number(
        "x",
        labels.map((label, row) => label + (row % 7)),
      ),
      category("c", levels),
    );
    const model = await logisticRegression().fit(table, labels);
    const blank = tableOf(number("x", [Number.NaN]), category("c", ["never seen"]));
    expect([...model.explain(blank).contributions]).toEqual([0, 0]);
    expect(model.explain(blank).base).toBe(model.base);
  });

  it("gives equal names of levels one coefficient, and rare levels one together", async () => {
    const rows = 60;
    const labels = Float64Array.from({ length: rows }, (_, row) => row % 2);
    const codes = Int32Array.from({ length: rows }, (_, row) => (row < 4 ? row : 4 + (row % 2)));
    const levels = ["r1", "r2", "r3", "r4", "common", "common", "never"];
    const model = await logisticRegression().fit(
      { rows, columns: [{ name: "c", kind: "category", codes, levels }] },
      labels,
    );
    const [term] = model.terms;
    if (term.kind !== "category") throw new Error();
    expect(term.levels).toEqual(["r1", "r2", "r3", "r4", "common"]);
    expect(new Set(term.effects.subarray(0, 4)).size).toBe(1);
  });

  it("copes with ten thousand levels and with odd names", async () => {
    const { below, uniform } = random(6);
    const rows = 60_000;
    const codes = Int32Array.from({ length: rows }, () => below(10_000));
    const labels = Float64Array.from(codes, (code) => (uniform() < (code % 2 ? 0.8 : 0.2) ? 1 : 0));
    const levels = Array.from({ length: 10_000 }, (_, level) =>
      level === 0 ? "__proto__" : `level ${level}`,
    );
    const table: Table = {
      rows,
      columns: [{ name: "constructor", kind: "category", codes, levels }],
    };
    const predictions = (await logisticRegression().fit(table, labels)).predict(table);
    let right = 0;
    for (let row = 0; row < rows; row++) if (predictions[row] > 0.5 === codes[row] % 2 > 0) right++;
    expect(right / rows).toBeGreaterThan(0.85);
  });

  it("refuses what it cannot learn from, in one clear line", async () => {
    const labels = Float64Array.of(0, 1, 0, 1);
    const fit = (...columns: Column[]) => logisticRegression().fit(tableOf(...columns), labels);
    await expect(fit(number("x", [1, 2, Infinity, 4]))).rejects.toThrow(
      'column "x" is infinite in row 2',
    );
    await expect(fit(number("x", [1, 2, 3, 4]), number("x", [1, 2, 3, 4]))).rejects.toThrow(
      'two columns "x"',
    );
    await expect(
      logisticRegression().fit(tableOf(number("x", [1])), Float64Array.of(1)),
    ).rejects.toThrow(
      "logistic-regression: needs rows labelled 0 and rows labelled 1, got 0 and 1.",
    );
    const codes = Int32Array.of(0, 1, 2, 0);
    await expect(
      logisticRegression().fit(
        { rows: 4, columns: [{ name: "c", kind: "category", codes, levels: ["a", "b"] }] },
        labels,
      ),
    ).rejects.toThrow('column "c" has code 2 in row 2, but 2 levels');
  });

  it("refuses options outside their constraints", () => {
    for (const [name, { above = 0.5 }] of Object.entries(logisticRegressionConstraints))
      for (const wrong of [above, -1, Number.NaN, Infinity, "1" as unknown as number])
        expect(() => logisticRegression({ [name]: wrong })).toThrow(LearnError);
  });
});
