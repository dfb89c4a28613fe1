import { random } from "@inchworm/learn";
import { describe, expect, it } from "vitest";
import { judge } from "./judge.js";
import { cardMarkdown } from "./markdown.js";
import { backtestWindows, day } from "./windows.js";

const asOf = Date.UTC(2026, 0, 1);
const windows = backtestWindows("test", asOf - 400 * day, asOf, 30);

/** Labels drawn from planted probabilities. */
function planted(seed: number, rows = 1000) {
  const draws = random(seed);
  const truth = Float64Array.from({ length: rows }, () => draws.uniform());
  const labels = truth.map((probability) => (draws.uniform() < probability ? 1 : 0));
  const noise = Float64Array.from({ length: rows }, () => 0.4 + 0.2 * draws.uniform());
  return { truth, labels, noise };
}

const race = (model: Float64Array, rule: Float64Array, labels: Float64Array) =>
  judge({
    scorer: "test",
    question: "Will it?",
    windows,
    horizonDays: 30,
    training: { rows: labels.length, labels },
    evaluation: { rows: labels.length, labels },
    model,
    rule: { name: "a coin", probabilities: rule },
    drivers: [],
    trainedAt: asOf,
    seed: 1,
    dataHash: "abc",
  });

describe("judge", () => {
  it("publishes what beats its rule", () => {
    const { truth, labels, noise } = planted(1);
    const card = race(truth, noise, labels);
    expect(card.verdict).toBe("published");
    expect(card.gain.auc.low).toBeGreaterThan(0);
    expect(card.metrics.calibrationError.value).toBeLessThan(0.05);
    expect(cardMarkdown(card)).toMatch(/# test: published[\s\S]*\| AUC \| 0\.\d+ \(/);
  });

  it("withholds noise, the rule itself, and a good ranking with bad probabilities", () => {
    const { truth, labels, noise } = planted(2);
    expect(race(noise, truth, labels).verdict).toBe("withheld");
    expect(race(truth, truth, labels).verdict).toBe("withheld");
    const overconfident = truth.map((p) => (p > 0.5 ? 1 - 1e-9 : 1e-9 * p));
    const card = race(overconfident, noise, labels);
    expect(card.verdict).toBe("withheld");
    expect(card.because).toMatch(/probabilities are worse/);
  });

  it("rarely publishes noise against noise", () => {
    let published = 0;
    for (let seed = 0; seed < 20; seed++) {
      const { labels, noise } = planted(100 + seed, 150);
      const other = planted(900 + seed, 150).noise;
      if (race(noise, other, labels).verdict === "published") published++;
    }
    expect(published).toBeLessThanOrEqual(2); // one side of a 95 % interval, and a lower loss too
  });
});
