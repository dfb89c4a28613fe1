import { describe, expect, it } from "vitest";
import { LearnError } from "../error.js";
import { random } from "../random.js";
import { auc, averagePrecision } from "./auc.js";
import { measure, pairedDifference } from "./bootstrap.js";
import { calibrationError, calibrationTable } from "./calibration.js";
import { liftAt } from "./lift.js";
import { brier, logLoss } from "./loss.js";

const of = (...values: number[]) => Float64Array.from(values);

describe("auc", () => {
  it("counts a tie half and a swap none", () => {
    expect(auc(of(0.1, 0.4, 0.35, 0.8), of(0, 0, 1, 1))).toBe(0.75);
    expect(auc(of(1, 1, 1, 1), of(0, 1, 0, 1))).toBe(0.5);
    expect(auc(of(1, 2, 2, 3), of(0, 0, 1, 1))).toBe(0.875);
  });

  it("agrees with counting every pair, weights and ties among them", () => {
    const { below, uniform } = random(1);
    const scores = Float64Array.from({ length: 60 }, () => below(9));
    const labels = Float64Array.from({ length: 60 }, () => below(2));
    const weights = Float64Array.from({ length: 60 }, () => below(3) * uniform());
    let won = 0;
    let pairs = 0;
    for (let i = 0; i < 60; i++)
      for (let j = 0; j < 60; j++) {
        if (labels[i] !== 1 || labels[j] !== 0) continue;
        const weight = weights[i] * weights[j];
        pairs += weight;
        won += weight * (scores[i] > scores[j] ? 1 : scores[i] === scores[j] ? 0.5 : 0);
      }
    expect(auc(scores, labels, weights)).toBeCloseTo(won / pairs, 12);
  });

  it("refuses one class, lengths that differ and scores that are not numbers", () => {
    expect(() => auc(of(1, 2), of(1, 1))).toThrow("is not defined");
    expect(() => auc(of(1, 2), of(1))).toThrow("2 scores for 1 labels");
    expect(() => auc(of(1, Number.NaN), of(1, 0))).toThrow("got NaN in row 1");
    expect(() => auc(of(1, 2), of(1, 2))).toThrow(LearnError);
    expect(() => auc(of(), of())).toThrow(LearnError);
  });
});

it("averagePrecision takes tied rows in together", () => {
  expect(averagePrecision(of(0.9, 0.8, 0.7), of(1, 0, 1))).toBeCloseTo((1 + 2 / 3) / 2, 12);
  expect(averagePrecision(of(1, 1, 1, 1), of(1, 0, 0, 0))).toBe(0.25);
});

it("logLoss and brier, by hand", () => {
  expect(logLoss(of(0.5, 0.25), of(1, 0))).toBeCloseTo((Math.log(2) - Math.log(0.75)) / 2, 12);
  expect(logLoss(of(0), of(1))).toBeCloseTo(34.54, 2);
  expect(brier(of(0.5, 0.25), of(1, 0))).toBe((0.25 + 0.0625) / 2);
  expect(brier(of(0.5, 0.25), of(1, 0), of(0, 2))).toBe(0.0625);
  expect(() => logLoss(of(1.2), of(1))).toThrow("scores must be probabilities");
});

describe("calibrationError", () => {
  it("is the mean distance over ten equal bins", () => {
    const scores = Float64Array.from({ length: 100 }, (_, row) => row / 100);
    const labels = Float64Array.from({ length: 100 }, (_, row) => (row % 10 === 0 ? 1 : 0));
    // each bin holds ten rows: mean score 0.045 + bin/10, observed 0.1
    const expected = Array.from({ length: 10 }, (_, bin) => Math.abs(0.045 + bin / 10 - 0.1));
    expect(calibrationError(scores, labels)).toBeCloseTo(
      expected.reduce((sum, part) => sum + part) / 10,
      12,
    );
    const table = calibrationTable(scores, labels);
    expect(table.map(({ rows }) => rows)).toEqual(Array(10).fill(10));
    expect(table[0].predicted).toBeCloseTo(0.045, 12);
  });

  it("does not depend on the order of tied rows", () => {
    const scores = of(0.3, 0.3, 0.3, 0.3, 0.7, 0.7);
    expect(calibrationError(scores, of(1, 1, 0, 0, 1, 0))).toBe(
      calibrationError(scores, of(0, 0, 1, 1, 0, 1)),
    );
    expect(calibrationError(of(0.3, 0.3, 0.3, 0.3), of(1, 0, 0, 0))).toBeCloseTo(0.05, 12);
  });
});

it("liftAt takes the part of a tie that fits", () => {
  const scores = of(9, 8, 7, 6, 5, 4, 3, 2, 1, 0);
  const labels = of(1, 1, 0, 0, 0, 0, 0, 0, 0, 0);
  expect(liftAt(0.1)(scores, labels)).toBeCloseTo(5, 12);
  expect(liftAt(0.4)(scores, labels)).toBeCloseTo(2.5, 12);
  expect(liftAt(0.1)(new Float64Array(10), labels)).toBeCloseTo(1, 12);
  expect(liftAt(1)(scores, labels)).toBeCloseTo(1, 12);
  expect(() => liftAt(0)).toThrow('"share" must be');
});

describe("measure", () => {
  const { uniform, normal } = random(7);
  const rows = 2000;
  const truth = Float64Array.from({ length: rows }, () => 1 / (1 + Math.exp(-1.5 * normal())));
  const labels = truth.map((probability) => (uniform() < probability ? 1 : 0));
  const noise = truth.map((probability) => Math.min(1, Math.max(0, probability + 0.2 * normal())));

  it("repeats itself with one seed and holds the value", () => {
    for (const metric of [auc, averagePrecision, logLoss, brier, calibrationError, liftAt(0.1)]) {
      const first = measure(metric, truth, labels, { seed: 3, resamples: 200 });
      expect(measure(metric, truth, labels, { seed: 3, resamples: 200 })).toEqual(first);
      expect(first.low).toBeLessThan(first.value);
      expect(first.high).toBeGreaterThan(first.value);
      expect(first.low).toBeGreaterThanOrEqual(0);
    }
    const other = measure(auc, truth, labels, { seed: 4, resamples: 200 });
    expect(other).not.toEqual(measure(auc, truth, labels, { seed: 3, resamples: 200 }));
  });

  it("gives an interval as wide as the standard error of a mean says", () => {
    const { low, high } = measure(brier, truth, labels, { seed: 1 });
    const losses = truth.map((probability, row) => (probability - labels[row]) ** 2);
    const mean = losses.reduce((sum, loss) => sum + loss) / rows;
    const deviation = Math.sqrt(losses.reduce((sum, loss) => sum + (loss - mean) ** 2, 0) / rows);
    const width = (2 * 1.96 * deviation) / Math.sqrt(rows);
    expect((high - low) / width).toBeGreaterThan(0.9);
    expect((high - low) / width).toBeLessThan(1.1);
  });

  it("covers the true AUC in about 95 of 100 samples", () => {
    const draws = random(5);
    let covered = 0;
    for (let sample = 0; sample < 100; sample++) {
      const labels = Float64Array.from({ length: 200 }, (_, row) => row % 2);
      const scores = labels.map((label) => label + draws.normal());
      const { low, high } = measure(auc, scores, labels, { seed: sample, resamples: 200 });
      if (low <= 0.7602 && 0.7602 <= high) covered++; // Φ(1/√2)
    }
    expect(covered).toBeGreaterThanOrEqual(88);
    expect(covered).toBeLessThanOrEqual(99);
  });

  it("widens when rows come in clusters", () => {
    const double = (values: Float64Array) => Float64Array.from([...values, ...values]);
    const clusters = Int32Array.from({ length: 2 * rows }, (_, row) => row % rows);
    const alone = measure(auc, double(truth), double(labels), { seed: 1, resamples: 300 });
    const paired = measure(auc, double(truth), double(labels), {
      seed: 1,
      resamples: 300,
      clusters,
    });
    const width = ({ low, high }: { low: number; high: number }) => high - low;
    expect(width(paired) / width(alone)).toBeGreaterThan(1.25); // √2 in expectation
    expect(width(paired) / width(alone)).toBeLessThan(1.6);
  });

  it("tells two scores apart on the same rows", () => {
    const options = { seed: 1, resamples: 300 };
    const better = pairedDifference(auc, truth, noise, labels, options);
    expect(better.low).toBeGreaterThan(0);
    expect(pairedDifference(auc, truth, truth, labels, options)).toEqual({
      value: 0,
      low: 0,
      high: 0,
    });
    const loss = pairedDifference(logLoss, truth, noise, labels, options);
    expect(loss.high).toBeLessThan(0);
  });

  it("refuses settings that cannot be", () => {
    expect(() => measure(auc, truth, labels, { seed: -1 })).toThrow(
      'auc: "seed" must be an integer ≥ 0, got -1.',
    );
    expect(() => measure(auc, truth, labels, { seed: 1, resamples: 3 })).toThrow('"resamples"');
    expect(() => measure(auc, truth, labels, { seed: 1, clusters: [1] })).toThrow(
      "1 clusters for 2000 rows",
    );
  });
});
