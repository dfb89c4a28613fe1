import { describe, expect, it } from "vitest";
import type { Terminal } from "../terminal.js";
import { sayPush, sayVerified } from "./push.js";
import { sayScores, staleness } from "./score.js";

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
    const [all, ...failures] = told((terminal) => sayPush(terminal, report));
    expect(all).toContain("1 skipped, 2,515 failed, in 27 requests");
    expect(failures).toHaveLength(3);
    expect(failures[0]).toMatch(/gone 2,514: .*pull, then plan again/);
    expect(failures.join()).toMatch(/merged 1: .*pull/);
    expect(failures.join()).toMatch(/NEW_RULE 1: HubSpot refused/);
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
