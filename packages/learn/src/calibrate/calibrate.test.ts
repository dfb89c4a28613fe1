import { describe, expect, it } from "vitest";
import { LearnError } from "../error.js";
import { auc } from "../metrics/auc.js";
import { calibrationError } from "../metrics/calibration.js";
import { logLoss } from "../metrics/loss.js";
import { random } from "../random.js";
import { beta } from "./beta.js";
import { type CalibratorEstimator, sigmoid, softplus } from "./calibrator.js";
import { isotonic } from "./isotonic.js";
import { platt } from "./platt.js";

/** Scores whose true probability is `curve(score)`. */
function sample(rows: number, seed: number, curve: (score: number) => number) {
  const { normal, uniform } = random(seed);
  const scores = Float64Array.from({ length: rows }, () => 2 * normal());
  const labels = scores.map((score) => (uniform() < curve(score) ? 1 : 0));
  return { scores, labels };
}

const overconfident = (score: number) => sigmoid(0.5 * score - 1);
const bent = (score: number) => sigmoid(0.3 * softplus(score) - 1.2 * softplus(-score) + 0.4);
const all: [string, () => CalibratorEstimator][] = [
  ["platt", platt],
  ["beta", beta],
  ["isotonic", isotonic],
];

describe.each(all)("%s", (kind, make) => {
  const { scores, labels } = sample(8000, 1, overconfident);
  const judged = sample(8000, 2, overconfident);

  it("makes overconfident scores come true without changing their order", () => {
    const calibrator = make().fit(scores, labels);
    expect(calibrator.kind).toBe(kind);
    const probabilities = calibrator.apply(judged.scores);
    expect(calibrationError(judged.scores.map(sigmoid), judged.labels)).toBeGreaterThan(0.1);
    expect(calibrationError(probabilities, judged.labels)).toBeLessThan(0.025);
    expect(auc(probabilities, judged.labels)).toBeGreaterThan(
      auc(judged.scores, judged.labels) - 0.002,
    );
    const ascending = calibrator.apply(Float64Array.from({ length: 200 }, (_, at) => at / 10 - 10));
    expect(ascending).toEqual(ascending.toSorted());
  });

  it("comes back from its artifact, and refuses another's", () => {
    const calibrator = make().fit(scores, labels);
    const saved = JSON.parse(JSON.stringify(calibrator.save()));
    expect(make().load(saved).apply(scores)).toEqual(calibrator.apply(scores));
    for (const broken of [
      null,
      {},
      { ...saved, kind: "x" },
      { ...saved, data: {} },
      { ...saved, data: [] },
    ])
      expect(() => make().load(broken)).toThrow(LearnError);
    for (const key of Object.keys(saved.data))
      for (const wrong of [null, "1", Number.NaN, -Infinity, [null], {}])
        expect(() => make().load({ ...saved, data: { ...saved.data, [key]: wrong } })).toThrow(
          LearnError,
        );
  });

  it("never says never: perfect scores, reversed scores, one score, extreme scores", () => {
    const half = Float64Array.from({ length: 40 }, (_, row) => (row < 20 ? 0 : 1));
    for (const scores of [
      half.map((label) => label * 8 - 4),
      half.map((label) => 4 - label * 8),
      half.map(() => 0.3),
      half.map((label, row) => (label * 2 - 1) * 700 + row),
    ]) {
      const probabilities = make()
        .fit(scores, half)
        .apply(Float64Array.of(...scores, -1e9, 1e9));
      for (const probability of probabilities) expect(Number.isFinite(probability)).toBe(true);
      expect(Number.isFinite(logLoss(probabilities.subarray(0, 40), half))).toBe(true);
      expect(probabilities[41]).toBeGreaterThanOrEqual(probabilities[40]);
    }
    expect(
      make()
        .fit(
          half.map(() => 0.3),
          half,
        )
        .apply(Float64Array.of(0.3))[0],
    ).toBeCloseTo(0.5, 6);
  });

  it("counts weights as copies", () => {
    const few = sample(300, 5, overconfident);
    const twice = (values: Float64Array) =>
      Float64Array.from([...values, ...values.subarray(0, 100)]);
    const weights = few.labels.map((_, row) => (row < 100 ? 2 : 1));
    const weighted = make().fit(few.scores, few.labels, weights).apply(scores);
    const copied = make().fit(twice(few.scores), twice(few.labels)).apply(scores);
    for (let row = 0; row < 50; row++) expect(weighted[row]).toBeCloseTo(copied[row], 6);
  });

  it("refuses scores it cannot use", () => {
    const labels = Float64Array.of(0, 1);
    expect(() => make().fit(Float64Array.of(1, Infinity), labels)).toThrow("got Infinity in row 1");
    expect(() => make().fit(Float64Array.of(1), labels)).toThrow("1 scores for 2 labels");
    expect(() => make().fit(Float64Array.of(1, 2), Float64Array.of(1, 1))).toThrow(
      "rows labelled 0",
    );
    expect(() => make().fit(Float64Array.of(1, 2), Float64Array.of(1, 3))).toThrow(
      "got 3 in row 1",
    );
  });
});

it("platt finds the slope and intercept", () => {
  const { scores, labels } = sample(50_000, 3, overconfident);
  expect(platt().fit(scores, labels)).toMatchObject({
    slope: expect.closeTo(0.5, 1),
    intercept: expect.closeTo(-1, 1),
  });
});

it("platt smooths its targets as Platt did", () => {
  // four rows, one score per class: the fit meets both targets (N₊ + 1)/(N₊ + 2) and 1/(N₋ + 2)
  const calibrator = platt().fit(Float64Array.of(-1, -1, -1, 1), Float64Array.of(0, 0, 0, 1));
  const [low, high] = calibrator.apply(Float64Array.of(-1, 1));
  expect(low).toBeCloseTo(1 / 5, 6);
  expect(high).toBeCloseTo(2 / 3, 6);
});

it("beta and isotonic follow a bend that platt cannot", () => {
  const { scores, labels } = sample(50_000, 4, bent);
  const probes = Float64Array.of(-4, -2, 0, 2, 4);
  const miss = (make: () => CalibratorEstimator) => {
    const probabilities = make().fit(scores, labels).apply(probes);
    return Math.max(
      ...probabilities.map((probability, at) => Math.abs(probability - bent(probes[at]))),
    );
  };
  expect(miss(platt)).toBeGreaterThan(0.05);
  expect(miss(beta)).toBeLessThan(0.03);
  expect(miss(isotonic)).toBeLessThan(0.03);
});

it("isotonic pools adjacent violators, by hand", () => {
  const scores = Float64Array.of(1, 2, 3, 4, 5, 6, 7, 8);
  const labels = Float64Array.of(0, 1, 0, 1, 0, 1, 1, 1);
  // rates 0, 1/2, 1/2, 1: pools of equal rate are one, and the ends follow the rule of succession
  const { knots, values } = isotonic().fit(scores, labels);
  expect([...knots]).toEqual([1, 3.5, 7]);
  expect([...values]).toEqual([1 / 3, 0.5, 0.8]);
});
