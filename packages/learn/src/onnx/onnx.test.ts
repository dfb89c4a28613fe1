import { describe, expect, it } from "vitest";
import { beta } from "../calibrate/beta.js";
import { isotonic } from "../calibrate/isotonic.js";
import { platt } from "../calibrate/platt.js";
import { binaryClassifier } from "../classifier/binary-classifier.js";
import { logisticRegression } from "../linear/logistic-regression.js";
import { random } from "../random.js";
import { takeRows } from "../table.js";
import { gradientBoosting } from "../tree/gradient-boosting.js";
import { multiclassBoosting } from "../tree/multiclass-boosting.js";
import type { Table } from "../types.js";
import { type AnyCalibrator, calibrated } from "./calibrator.js";
import { category, furthest, number } from "./columns.fixture.js";
import { onnxGraph } from "./graph.js";
import { onnxScorer } from "./scorer.js";
import { toOnnx } from "./to-onnx.js";

function sample(rows: number): { table: Table; labels: Float64Array } {
  const { normal, uniform, below } = random(1);
  const draw = (make: () => number) => Float32Array.from({ length: rows }, make);
  const amounts = draw(() => (uniform() < 0.1 ? Number.NaN : Math.exp(3 + 2 * normal())));
  const cities = Array.from({ length: rows }, () => ["Köln", "", "東京", undefined][below(4)]);
  const columns = [
    number("value_3", amounts),
    number(
      "far from zero",
      draw(() => 1e6 + normal()),
    ),
    number("", draw(normal)),
    number(
      "__proto__",
      draw(() => below(3)),
    ),
    number(
      "never there",
      draw(() => Number.NaN),
    ),
    category("probability", cities),
    category("constant", Array(rows).fill("one")),
  ];
  const labels = Float64Array.from(amounts, (amount, row) =>
    uniform() < (amount > 20 ? 0.7 : 0.3) + (cities[row] === "" ? 0.2 : 0) ? 1 : 0,
  );
  return { table: { rows, columns }, labels };
}

describe("toOnnx of a logistic regression", () => {
  it.each([0, 3])("scores as the model does, with %i knots", async (knots) => {
    const { table, labels } = sample(3000);
    const model = await logisticRegression({ knots }).fit(table, labels);
    const scorer = await onnxScorer(toOnnx(model));
    expect(scorer.inputs).toEqual([
      "value_3",
      "far from zero",
      "_",
      "__proto__",
      "never there",
      "probability",
      "constant",
    ]);
    expect(furthest(await scorer.predict(table), model.predict(table))).toBeLessThan(1e-6);
    const shuffled = { rows: table.rows, columns: table.columns.toReversed() };
    expect(furthest(await scorer.predict(shuffled), model.predict(table))).toBeLessThan(1e-6);
    const unknown = takeRows(table, [0, 1, 2]);
    const columns = unknown.columns.map((column) =>
      column.kind === "category"
        ? { ...column, levels: column.levels.map((level) => `${level}?`) }
        : column,
    );
    const other = { rows: 3, columns };
    expect(furthest(await scorer.predict(other), model.predict(other))).toBeLessThan(1e-6);
    expect(await scorer.predict(takeRows(table, []))).toHaveLength(0);
    await scorer.close();
  });

  it("scores more rows than one run takes", async () => {
    const { table, labels } = sample(20_000);
    const model = await logisticRegression().fit(table, labels);
    const scorer = await onnxScorer(toOnnx(model));
    expect(furthest(await scorer.predict(table), model.predict(table))).toBeLessThan(1e-6);
  });

  it("gives the same bytes twice", async () => {
    const { table, labels } = sample(300);
    const estimator = logisticRegression();
    expect(toOnnx(await estimator.fit(table, labels))).toEqual(
      toOnnx(await estimator.fit(table, labels)),
    );
  });

  it("refuses a model it does not know", () => {
    expect(() => toOnnx({ kind: "other" } as never)).toThrow(
      'cannot write a model of kind "other"',
    );
  });
});

describe("toOnnx of trees", () => {
  const { table, labels } = sample(1500);
  const amounts = table.columns[0].kind === "number" ? table.columns[0].values : new Float32Array();
  const counts = Float64Array.from(amounts, (amount) => Math.min(50, Math.round(amount || 0)));
  const unseen = takeRows(table, [0, 1, 2, 3]);
  const strange: Table = {
    rows: 4,
    columns: unseen.columns.map((column) =>
      column.kind === "category"
        ? { ...column, levels: column.levels.map((level) => `${level}?`) }
        : { ...column, values: Float32Array.of(Number.NaN, 3e38, -3e38, 0) },
    ),
  };

  it.each(["binary", "squared-error", "poisson", "quantile"] as const)(
    "%s scores as the model does",
    async (objective) => {
      const settings = { objective, trees: 60, leaves: 15, learningRate: 0.1, quantile: 0.8 };
      const model = await gradientBoosting(settings).fit(
        table,
        objective === "binary" ? labels : counts,
      );
      const scorer = await onnxScorer(toOnnx(model));
      // a column has taken the name "probability"
      expect(scorer.output).toBe(objective === "binary" ? "probability_2" : "prediction");
      for (const rows of [table, strange]) {
        const own = model.predict(rows);
        const found = await scorer.predict(rows);
        const largest = Math.max(1, ...own.map(Math.abs));
        expect(furthest(found, own)).toBeLessThan(1e-6 * largest);
      }
    },
  );

  it("scores a large forest to the last digits of a float, however far its sums go", async () => {
    const { normal } = random(3);
    const columns = ["a", "b", "c", "d"].map((name) =>
      number(name, Float32Array.from({ length: 20_000 }, normal)),
    );
    const many: Table = { rows: 20_000, columns };
    const [a, b] = columns.map((column) => (column.kind === "number" ? column.values : []));
    const outcome = Float64Array.from({ length: 20_000 }, (_, row) =>
      6 * a[row] + 3 * a[row] * b[row] + normal() > 0 ? 1 : 0,
    );
    const settings = { trees: 300, leaves: 15, learningRate: 0.1 };
    const model = await gradientBoosting(settings).fit(many, outcome);
    const scorer = await onnxScorer(toOnnx(model));
    // 6e-8 is a step of a float below 1; with trees summed in floats it would be 3e-7
    expect(furthest(await scorer.predict(many), model.predict(many))).toBeLessThan(1e-7);
  });

  it("writes forests without a split", async () => {
    const first = takeRows(
      table,
      Array.from({ length: 60 }, (_, row) => row),
    );
    const constant: Table = {
      rows: 60,
      columns: [first.columns[5], number("x", new Float32Array(60))],
    };
    const some = labels.slice(0, 60);
    const model = await gradientBoosting({ trees: 3, minRows: 60 }).fit(constant, some);
    const scorer = await onnxScorer(toOnnx(model));
    expect(furthest(await scorer.predict(constant), model.predict(constant))).toBeLessThan(1e-6);
    const none = { ...model, forest: { ...model.forest, roots: Int32Array.of(0) } };
    const base = await (await onnxScorer(toOnnx(none))).predict(constant);
    expect(base[0]).toBeCloseTo(1 / (1 + Math.exp(-model.forest.base)), 6);
  });

  it("writes several classes", async () => {
    const classes = Float64Array.from(counts, (count) => (count < 5 ? 0 : count < 20 ? 1 : 2));
    const model = await multiclassBoosting({ trees: 20, leaves: 7, learningRate: 0.1 }).fit(
      table,
      classes,
    );
    const own = model.probabilities(table);
    for (const outputColumn of [0, 1, 2]) {
      const scorer = await onnxScorer(toOnnx(model), { outputColumn });
      const found = await scorer.predict(table);
      expect(
        furthest(
          found,
          own.filter((_, at) => at % 3 === outputColumn),
        ),
      ).toBeLessThan(1e-6);
    }
  });
});

describe("toOnnx of a binaryClassifier", () => {
  it("writes the winner and its calibration", async () => {
    const { table, labels } = sample(2500);
    const crossed = Float64Array.from(labels, (label, row) => {
      const column = table.columns[2];
      return column.kind === "number" && column.values[row] > 0 ? label : 1 - label;
    });
    for (const [outcome, learner] of [
      [labels, "logistic-regression"],
      [crossed, "gradient-boosting"],
    ] as const) {
      const model = await binaryClassifier({ folds: 2 }).fit(table, outcome);
      expect(model.calibrator).toBeDefined();
      if (learner === "gradient-boosting") expect(model.learner.kind).toBe(learner);
      const scorer = await onnxScorer(toOnnx(model));
      expect(furthest(await scorer.predict(table), model.predict(table))).toBeLessThan(1e-6);
    }
  });
});

describe("calibrators in ONNX", () => {
  const { normal, uniform } = random(2);
  const scores = Float64Array.from({ length: 2000 }, () => Math.fround(3 * normal()));
  const labels = scores.map((score) => (uniform() < 1 / (1 + Math.exp(-score / 2)) ? 1 : 0));
  const extreme = Float64Array.of(...scores, 0, 500, -500, 1e30, -1e30);
  const one = scores.map(() => 0.5);
  const all: [string, AnyCalibrator][] = [
    ["platt", platt().fit(scores, labels)],
    ["beta", beta().fit(scores, labels)],
    ["isotonic", isotonic().fit(scores, labels)],
    ["isotonic of one knot", isotonic().fit(one, labels)],
  ];
  it.each(all)("%s agrees", async (_, calibrator) => {
    const graph = onnxGraph();
    const margin = graph.cast(graph.input({ name: "score", kind: "number" }), "double");
    graph.output(
      graph.cast(calibrated(graph, calibrator, margin), "float"),
      "probability",
      "float",
      1,
    );
    const scorer = await onnxScorer(graph.finish("test"));
    const found = await scorer.predict({
      rows: extreme.length,
      columns: [number("score", extreme)],
    });
    expect(
      furthest(found, calibrator.apply(Float64Array.from(Float32Array.from(extreme)))),
    ).toBeLessThan(1e-6);
  });
});
