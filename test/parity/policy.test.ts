import { existsSync, readFileSync } from "node:fs";
import { gunzipSync } from "node:zlib";
import { type DecisionLog, evaluatePolicy } from "@inchworm/learn";
import { describe, expect, it } from "vitest";

const folder = new URL("../../../shared/data/open-bandit-men/", import.meta.url);
const items = 34;
const actions = Array.from({ length: items }, (_, item) => String(item));

/** The columns that are needed; nothing in these files is quoted. */
function read(file: string): DecisionLog {
  const text = gunzipSync(readFileSync(new URL(file, folder))).toString();
  const [, ...lines] = text.trim().split("\n");
  const fields = lines.map((line) => line.split(",", 6).map(Number));
  return {
    rows: fields.length,
    actions,
    action: Int32Array.from(fields, ([, , item]) => item),
    position: Int32Array.from(fields, ([, , , position]) => position),
    reward: Float64Array.from(fields, ([, , , , click]) => click),
    propensity: Float64Array.from(fields, ([, , , , , propensity]) => propensity),
  };
}

/** The production sampler's probability of each item, by position 1 to 3. */
function samplerPolicy(): Float64Array[] {
  const text = readFileSync(new URL("bts_policy.csv", folder), "utf8").trim();
  const rows = text.split("\n").slice(1);
  return [3, 4, 5].map((column) =>
    Float64Array.from(rows, (row) => Number(row.split(",")[column])),
  );
}

/** The reward model of the published figures: item click rates with 200 pseudo-impressions of the mean. */
function shrunkRates({ rows, action, reward }: DecisionLog): Float64Array {
  const clicks = new Float64Array(items);
  const shown = new Float64Array(items);
  for (let row = 0; row < rows; row++) {
    clicks[action[row]] += reward[row];
    shown[action[row]]++;
  }
  const mean = clicks.reduce((sum, one) => sum + one, 0) / rows;
  return clicks.map((count, item) => (count + 200 * mean) / (shown[item] + 200));
}

// figures measured on these very files with NumPy, as printed beside the data
describe.skipIf(!existsSync(folder))("Open Bandit, men's campaign", () => {
  it("values the sampler from random decisions as published", async () => {
    const log = read("random.csv.gz");
    const sampler = samplerPolicy();
    const rates = shrunkRates(log);
    const policy = (row: number) => sampler[(log.position?.[row] ?? 1) - 1];
    const result = await evaluatePolicy(log, policy, { expected: () => rates });
    const { ips, snips, doublyRobust, selfNormalised } = result.estimates;
    expect(ips.value).toBeCloseTo(0.004542, 6);
    expect(snips.value).toBeCloseTo(0.004612, 6);
    expect(doublyRobust.value).toBeCloseTo(0.004632, 6);
    expect(selfNormalised.value).toBeCloseTo(0.004627, 6);
    expect(result.direct).toBeCloseTo(0.004924, 6);
    expect(result.meanWeight).toBeCloseTo(0.985, 3);
    expect(Math.round(result.effectiveSample)).toBe(2474);
    expect(result.verdict).toBe("estimated");
    // the sampler's own clicks in the same weeks: 69 of 10,000
    for (const { low, high } of [ips, snips, doublyRobust, selfNormalised]) {
      expect(low).toBeLessThan(0.0069);
      expect(high).toBeGreaterThan(0.0069);
    }
  });

  it("values random choice from the sampler's decisions as published", async () => {
    const log = read("bts.csv.gz");
    const rates = shrunkRates(log);
    const even = new Float64Array(items).fill(1 / items);
    const result = await evaluatePolicy(log, even, { expected: () => rates });
    expect(result.estimates.ips.value).toBeCloseTo(0.003009, 6);
    expect(result.estimates.snips.value).toBeCloseTo(0.003189, 6);
    expect(result.estimates.doublyRobust.value).toBeCloseTo(0.003313, 6);
    expect(result.direct).toBeCloseTo(0.00635, 6);
    expect(Math.round(result.effectiveSample)).toBe(656);
    const { low, high } = result.estimates.doublyRobust;
    expect(low).toBeLessThan(0.0046);
    expect(high).toBeGreaterThan(0.0046);
  });

  it("agrees with itself when it learns the reward model from other folds", async () => {
    const log = read("random.csv.gz");
    const sampler = samplerPolicy();
    const policy = (row: number) => sampler[(log.position?.[row] ?? 1) - 1];
    const { value, rewardModel } = await evaluatePolicy(log, policy);
    expect(rewardModel).toBe("rates");
    expect(value?.value).toBeCloseTo(0.0046, 3);
  });
});
