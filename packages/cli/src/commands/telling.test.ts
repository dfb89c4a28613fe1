import type { Measured, QuantityCard } from "@inchworm/spec";
import { describe, expect, it } from "vitest";
import { sayPush, sayVerified } from "../accounts/push-all.js";
import type { Terminal } from "../terminal.js";
import { sayScores, staleness } from "./score.js";
import { sayCard, sayPreview } from "./train.js";

function told(say: (terminal: Terminal) => void): string[] {
  const lines: string[] = [];
  say({
    json: false,
    onProgress() {},
    say: (line = "") => lines.push(line),
    result() {},
    done() {},
  });
  return lines;
}

describe("what a push tells people", () => {
  const report = {
    updated: 10,
    cleared: 0,
    skipped: 1,
    failed: 2515,
    unknown: 0,
    requests: 27,
    failures: { merged: 1, gone: 2514, NEW_RULE: 1 },
    resumed: false,
    seconds: 1,
  };

  it("names failures by code, most first, each with a way out", () => {
    const [all, ...failures] = told((terminal) => sayPush(terminal, report, "hubspot:scores"));
    expect(all).toContain("1 skipped, 2,515 failed, in 27 requests");
    expect(failures).toHaveLength(3);
    expect(failures[0]).toMatch(/gone 2,514: .*pull, then plan again/);
    expect(failures.join()).toMatch(/merged 1: .*pull/);
    expect(failures.join()).toMatch(/NEW_RULE 1: the platform refused/);
  });

  it("says what could not be read back since it is gone", () => {
    const verified = { compared: 40, mismatches: 0, missing: 2, examples: [] };
    expect(told((terminal) => sayVerified(terminal, verified))).toEqual([
      "Read back: 40 values compared, 0 mismatches, 2 contacts gone: pull, then plan again.",
    ]);
  });
});

it("an overview of scores leaves out fields of many values", () => {
  const many = Object.fromEntries(Array.from({ length: 25 }, (_, value) => [`5-4-${value}`, 2]));
  const lines = told((terminal) =>
    sayScores(terminal, [
      {
        scorer: "segments",
        modelId: "segments-1",
        asOf: 0,
        scored: 50,
        abstained: 0,
        abstentions: {},
        categories: { rfm: many, segment: { loyal: 20, new: 30 } },
      },
    ]),
  );
  expect(lines).toEqual([
    "segments as of 1970-01-01: 50 contacts scored, 0 not.",
    "  segment: loyal 20, new 30",
  ]);
});

describe("scores of a day long past", () => {
  const asOf = Date.UTC(2011, 11, 10);
  const summary = {
    scorer: "churn",
    modelId: "m",
    asOf,
    scored: 1,
    abstained: 0,
    abstentions: {},
    categories: {},
  };
  const day = 86_400_000;

  it("are warned of after two weeks, with the day and what to do", () => {
    expect(staleness([summary], asOf + 14 * day)).toBeUndefined();
    expect(staleness([summary], asOf + 15 * day)).toMatch(
      /^History ends on 2011-12-09, 15 days ago.*import or pull/,
    );
    expect(staleness([], asOf)).toBeUndefined();
  });
});

describe("what a preview tells people", () => {
  it("counts either outcome, and what is missing", () => {
    const counts = { population: 1200, positives: 30, negatives: 1170, needed: 50 };
    expect(
      told((terminal) =>
        sayPreview(terminal, [
          { scorer: "churn", counts },
          { scorer: "lead_score", counts: { ...counts, positives: 400 } },
          { scorer: "segments", because: "There is nothing to count before training." },
        ]),
      ),
    ).toEqual([
      "churn: of 1,200 people asked about, 30 did and 1,170 did not; 50 of each are needed: 20 are missing.",
      "lead_score: of 1,200 people asked about, 400 did and 1,170 did not; 50 of each are needed.",
      "segments: There is nothing to count before training.",
    ]);
  });
});

describe("what a quantity's card tells people", () => {
  it("names the error in its unit, the best rule, and what else a reader should know", () => {
    const measured = (value: number): Measured => ({ value, low: value - 1, high: value + 1 });
    const card: QuantityCard = {
      kind: "quantity",
      scorer: "value",
      question: "What will this customer spend?",
      verdict: "published",
      because: "It beat the best simple rule.",
      trainedAt: 0,
      windows: {
        training: { cutoffs: [0], labelsUntil: 0 },
        evaluation: { cutoff: 0, labelsUntil: 0 },
        refit: { cutoffs: [0], labelsUntil: 0 },
      },
      unit: "EUR",
      counts: { trainingRows: 900, evaluationRows: 1000 },
      mean: 31.5,
      metrics: { mae: measured(12), coverage80: { value: 0.81, low: 0.8, high: 0.82 } },
      rule: { name: "historic mean", mae: measured(15) },
      rules: [{ name: "historic mean", mae: measured(15) }],
      gain: { mae: measured(-3) },
      decidedBy: "mae",
      calibration: [],
      drivers: [],
      seed: 1,
      dataHash: "abc",
      notes: ["Orders name no currency."],
      prior: {
        share: 0.3,
        because: "A third of it is prior; 200 more customers would halve that.",
      },
      backtest: {
        modelId: "value-0",
        scoredAt: 0,
        until: 1,
        rows: 10,
        metrics: { mae: measured(13) },
        because: "The scores of 1970-01-01 were off by 13.",
      },
    };
    expect(told((terminal) => sayCard(terminal, card))).toEqual([
      "value: published. It beat the best simple rule.",
      "  mean error 12.000 (11.000 to 13.000) EUR, historic mean 15.000 (14.000 to 16.000); 81.0 % of the truths in the 80 % interval\n  judged on 1,000 customers, 31.50 EUR on average; learned from 900 rows",
      "  A third of it is prior; 200 more customers would halve that.",
      "  Orders name no currency.",
      "  The scores of 1970-01-01 were off by 13.",
    ]);
  });
});
