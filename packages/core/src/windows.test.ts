import { InchwormError } from "@inchworm/spec";
import { describe, expect, it } from "vitest";
import { backtestWindows, day, furthestHorizon } from "./windows.js";

const asOf = Date.UTC(2026, 0, 1);

describe("backtestWindows", () => {
  it("never lets training see a day of the evaluation's labels", () => {
    for (const horizonDays of [1, 7, 30, 90, 365]) {
      const first = asOf - (60 + 2 * horizonDays + 200) * day;
      const { training, evaluation, refit } = backtestWindows("churn", first, asOf, horizonDays);
      expect(evaluation + horizonDays * day).toBe(asOf);
      for (const cutoff of training)
        expect(cutoff + horizonDays * day).toBeLessThanOrEqual(evaluation);
      for (const cutoff of [...training, ...refit])
        expect(cutoff - first).toBeGreaterThanOrEqual(60 * day);
      expect(refit[0] + horizonDays * day).toBe(asOf);
      expect(training.length).toBeGreaterThan(1);
    }
  });

  it("says how many days of history are missing", () => {
    const first = asOf - 150 * day;
    expect(() => backtestWindows("churn", first, asOf, 90)).toThrow(
      /^churn: looking 90 days ahead needs 240 days of history, and there are 150: 90 are missing/,
    );
    try {
      backtestWindows("churn", first, asOf, 90);
    } catch (error) {
      expect(InchwormError.is(error, "insufficient-data")).toBe(true);
    }
    expect(backtestWindows("churn", asOf - 240 * day, asOf, 90).training).toHaveLength(1);
  });

  it("says how far ahead a history can look", () => {
    for (const days of [70, 151, 240, 241, 400]) {
      const first = asOf - days * day;
      const furthest = furthestHorizon(first, asOf);
      expect(backtestWindows("x", first, asOf, furthest).training.length).toBeGreaterThan(0);
      expect(() => backtestWindows("x", first, asOf, furthest + 1)).toThrow(/are missing/);
    }
  });
});
