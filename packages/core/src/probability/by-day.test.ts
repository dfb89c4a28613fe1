import { auc, logLoss, pairedDifference, random } from "@inchworm/learn";
import { describe, expect, it } from "vitest";
import { byDay } from "./by-day.js";

const scores = Float64Array.of(0.1, 0.3, 0.2, 0.8, 0.7, 0.9, 0.95);
const labels = Float64Array.of(0, 1, 1, 0, 1, 0, 1);
const days = Int32Array.of(0, 0, 0, 1, 1, 1, 1);

describe("byDay", () => {
  it("ranks within each day, and averages by rows", () => {
    // the first day is right throughout; of the second's four pairs two are
    expect(byDay(auc, days)(scores, labels)).toBeCloseTo((3 * 1 + 4 * 0.5) / 7, 12);
    const moved = scores.map((score, row) => (days[row] === 0 ? score + 0.5 : score / 2));
    expect(byDay(auc, days)(moved, labels)).toBe(byDay(auc, days)(scores, labels));
    expect(auc(moved, labels)).not.toBe(auc(scores, labels));
  });

  it("is the metric itself for a mean over rows, weighed or not", () => {
    expect(byDay(logLoss, days)(scores, labels)).toBeCloseTo(logLoss(scores, labels), 12);
    const weights = Float64Array.of(1, 2, 0, 1, 1, 1, 0);
    const prepared = byDay(auc, days).prepare(scores, labels);
    expect(prepared(weights)).toBeCloseTo((3 * 1 + 4 * 0) / 7, 12);
  });

  it("gives intervals no narrower where the same people come back", () => {
    const { uniform } = random(3);
    const rows = 200;
    const one = Float64Array.from({ length: rows }, uniform);
    const came = one.map((chance) => (uniform() < chance ? 1 : 0));
    const coin = one.map(uniform);
    const four = (values: Float64Array) =>
      Float64Array.from({ length: 4 * rows }, (_, row) => values[row % rows]);
    const place = Int32Array.from({ length: 4 * rows }, (_, row) => Math.floor(row / rows));
    const clusters = Int32Array.from({ length: 4 * rows }, (_, row) => row % rows);
    const single = pairedDifference(auc, one, coin, came, { seed: 1 });
    const again = pairedDifference(byDay(auc, place), four(one), four(coin), four(came), {
      seed: 1,
      clusters,
    });
    expect(again.value).toBeCloseTo(single.value, 12);
    expect(again.high - again.low).toBeCloseTo(single.high - single.low, 6);
  });
});
