import { describe, expect, it } from "vitest";
import { random } from "../random.js";
import { adjust } from "./adjust.js";
import { alwaysValid } from "./always-valid.js";
import { manyToOne } from "./dunnett.js";
import { falseDiscovery } from "./false-discovery.js";
import { groupSequential } from "./group-sequential.js";
import { meanDifference } from "./mean-difference.js";
import { momentsOf } from "./moments.js";
import { outOfFold } from "./out-of-fold.js";
import { pool } from "./pool.js";
import { sampleRatio } from "./sample-ratio.js";
import { scoreDifference } from "./score-difference.js";
import {
  biasFound,
  falseClaims,
  meanCoverage,
  poolCoverage,
  shareCoverage,
  varianceCut,
} from "./simulate.fixture.js";
import { studentCritical, studentTails } from "./student.js";

describe("printed tables are met by", () => {
  it("Student's t", () => {
    for (const [freedom, level, t] of [
      [1, 0.05, 12.7062],
      [5, 0.001, 6.8688],
      [10, 0.05, 2.22814],
      [120, 0.05, 1.97993],
      [300, 0.05, 1.9679],
    ]) {
      expect(studentCritical(level, freedom)).toBeCloseTo(t, 4);
      expect(studentTails(t, freedom)).toBeCloseTo(level, 5);
    }
  });

  it("looks at fifths and halves (Lan-DeMets, O'Brien-Fleming spending, 5 % on both sides)", () => {
    const fifths = groupSequential([0.2, 0.4, 0.6, 0.8, 1]);
    for (const [look, z] of [4.8769, 3.357, 2.6803, 2.2898, 2.031].entries())
      expect(fifths[look]).toBeCloseTo(z, 3);
    const halves = groupSequential([0.5, 1]);
    expect(halves[0]).toBeCloseTo(2.9626, 3);
    expect(halves[1]).toBeCloseTo(1.9686, 3);
    expect(groupSequential([1])[0]).toBeCloseTo(1.96, 3);
    expect(() => groupSequential([0.5, 0.5])).toThrow(/must rise/);
  });

  it("two and four arms beside a control (Dunnett 1964, table of two-sided 5 %)", () => {
    const critical = (arms: number) =>
      studentCritical(manyToOne(new Array(arms).fill(1), 1).each(0.05), Infinity);
    expect(critical(2)).toBeCloseTo(2.21, 2);
    expect(critical(4)).toBeCloseTo(2.44, 2);
    const { corrected, each } = manyToOne([1, 1], 1);
    expect(corrected(each(0.05))).toBeCloseTo(0.05, 4);
  });

  it("the score interval of 56/70 and 48/80 (Newcombe 1998, table II, Miettinen & Nurminen)", () => {
    const { value, interval } = scoreDifference({ count: 56, of: 70 }, { count: 48, of: 80 });
    const [low, high] = interval(0.05);
    expect(value).toBeCloseTo(0.2, 10);
    expect(low).toBeCloseTo(0.0528, 3);
    expect(high).toBeCloseTo(0.3382, 3);
  });
});

describe("95 % intervals hold the truth in 94 to 96 %", () => {
  // 3,000 runs: three standard errors are 1.2 %
  const near = (share: number, slack = 0.012) => {
    expect(share).toBeGreaterThan(0.94 - slack);
    expect(share).toBeLessThan(0.96 + slack);
  };

  it("of proportions, also of few", () => {
    near(shareCoverage({ people: 450, rate: 0.12 }, { people: 50, rate: 0.1 }, 3000, 1));
    near(shareCoverage({ people: 30, rate: 0.4 }, { people: 30, rate: 0.3 }, 3000, 2));
  });

  it("of means, also of spending by one in ten and in arms of any sizes", () => {
    const regular = { share: 1, spread: 1 };
    near(meanCoverage({ ...regular, people: 50 }, { ...regular, people: 50 }, 3000, 3));
    const buyers = { share: 0.1, spread: 1 };
    near(meanCoverage({ ...buyers, people: 900 }, { ...buyers, people: 100 }, 3000, 4), 0.02);
  });

  it("of pooled campaigns, few or many, alike or not", () => {
    for (const [campaigns, spread] of [
      [2, 1],
      [3, 0],
      [8, 1],
    ])
      near(poolCoverage({ campaigns, spread }, 3000, campaigns + 10 * spread), 0.015);
  });
});

it("two zeros still have an interval, and no claim", () => {
  const none = scoreDifference({ count: 0, of: 40 }, { count: 0, of: 60 });
  const [low, high] = none.interval(0.05);
  expect(low).toBeLessThan(-0.03);
  expect(high).toBeGreaterThan(0.05);
  expect(none.p).toBe(1);
  const all = scoreDifference({ count: 40, of: 40 }, { count: 0, of: 60 });
  expect(all.interval(0.05)[0]).toBeGreaterThan(0.85);
  expect(all.interval(0.05)[1]).toBe(1);
});

it("a p-value and the interval at its level agree", () => {
  const draws = random(1);
  const values = () => Float64Array.from({ length: 60 }, () => Math.exp(draws.normal()));
  for (const contrast of [
    meanDifference(momentsOf(values().map((value) => value + 0.6)), momentsOf(values())),
    scoreDifference({ count: 30, of: 60 }, { count: 18, of: 70 }),
  ]) {
    expect(contrast.p).toBeLessThan(0.2);
    expect(contrast.interval(contrast.p)[0]).toBeCloseTo(0, 6);
  }
});

it("values far from 0 lose nothing to rounding, and equal ones have no interval", () => {
  const near = [1, 2, 3, 4, 5, 6, 7, 8];
  const far = near.map((value) => value + 1e9);
  const [one, other] = [near, far].map((values) => momentsOf(values));
  expect(other.second).toBeCloseTo(one.second, 6);
  expect(meanDifference(momentsOf([3, 3, 3]), momentsOf([3, 3, 3])).interval(0.05)).toEqual([
    -Infinity,
    Infinity,
  ]);
});

describe("without an effect, claims are false in at most 5 % of experiments", () => {
  const looks = (from: number, to: number, step: number) =>
    Array.from({ length: (to - from) / step + 1 }, (_, index) => from + index * step);

  it("that are looked at after every person", () => {
    const claims = falseClaims(
      {
        rate: 0.1,
        holdout: 0.5,
        people: 1500,
        looks: looks(20, 1500, 1),
        looking: { kind: "always-valid", planned: 1500 },
      },
      600,
      1,
    );
    expect(claims).toBeLessThanOrEqual(0.05);
  });

  it("that are looked at as planned; and looking as if once is what goes wrong", () => {
    const plan = { rate: 0.2, holdout: 0.3, people: 1000, looks: looks(100, 1000, 100) };
    const earlier = plan.looks.map((rows) => rows / 1000);
    const runs = 1500;
    const planned = falseClaims(
      { ...plan, looking: { kind: "group-sequential", planned: 1000, earlier } },
      runs,
      2,
    );
    // three standard errors are 1.7 %
    expect(planned).toBeLessThan(0.067);
    expect(falseClaims({ ...plan, looking: { kind: "once" } }, runs, 2)).toBeGreaterThan(0.12);
  });

  it("whatever the planned number", () => {
    expect(alwaysValid(100, 100)).toBeLessThan(alwaysValid(100, 10_000));
    expect(alwaysValid(10_000, 10_000)).toBeLessThan(alwaysValid(10_000, 100));
    expect(() => alwaysValid(0, 10)).toThrow(/"rows"/);
  });
});

describe("what was known before", () => {
  it("takes the square of its correlation off the variance, and leaves coverage", () => {
    const { seen, told, coverage } = varianceCut(
      { correlation: 0.7, control: 60, treated: 240 },
      1500,
      1,
    );
    expect(told).toBeCloseTo(0.49, 1);
    // standard error of the ratio of two variances, 1,500 runs
    expect(Math.abs(seen - 0.49)).toBeLessThan(0.06);
    expect(coverage).toBeGreaterThan(0.93);
  });

  it("is used in any units, and twice the same is the same", () => {
    const draws = random(2);
    const arm = (people: number) => {
      const spent = Float64Array.from({ length: people }, draws.normal);
      return { values: spent.map((value) => value + 0.5 * draws.normal()), spent };
    };
    const [one, other] = [arm(300), arm(100)];
    const ask = (before: (spent: Float64Array) => Float64Array[]) =>
      adjust(
        { values: one.values, before: before(one.spent) },
        { values: other.values, before: before(other.spent) },
      );
    const plain = ask((spent) => [spent]);
    for (const same of [
      ask((spent) => [spent.map((value) => 1e6 * value + 1e9)]),
      ask((spent) => [spent, spent]),
    ]) {
      expect(same.cut).toBeCloseTo(plain.cut, 6);
      expect(momentsOf(same.one).mean).toBeCloseTo(momentsOf(plain.one).mean, 6);
    }
  });

  it("may be bent: trees find what is to be expected, out of fold", async () => {
    const draws = random(3);
    const x = Float32Array.from({ length: 1500 }, draws.normal);
    const outcome = Float64Array.from(x, (value) => value * value + 0.5 * draws.normal());
    const table = { rows: 1500, columns: [{ name: "x", kind: "number" as const, values: x }] };
    const expected = await outOfFold(table, outcome, { seed: 1 });
    const cut = (before: ArrayLike<number>) => {
      const pick = (from: number, to: number) => ({
        values: outcome.slice(from, to),
        before: [Array.from(before).slice(from, to)],
      });
      return adjust(pick(0, 750), pick(750, 1500)).cut;
    };
    expect(cut(x)).toBeLessThan(0.1);
    // 2 of a variance of 2.25 can be foretold
    expect(cut(expected)).toBeGreaterThan(0.75);
    const noise = Float64Array.from(x, draws.normal);
    expect(cut(await outOfFold(table, noise, { seed: 1 }))).toBeLessThan(0.05);
    await expect(outOfFold({ ...table, rows: 10 }, [1])).rejects.toThrow(/at least 200 rows/);
  });
});

describe("the sizes of arms", () => {
  it("show a bias of one in a hundred among 100,000 people, and raise no false alarm", () => {
    expect(sampleRatio([51_000, 49_000]).ok).toBe(false);
    expect(biasFound({ people: 100_000, share: 0.5, bias: 0.02 }, 500, 1)).toBeGreaterThan(0.98);
    expect(biasFound({ people: 100_000, share: 0.5, bias: 0 }, 5000, 1)).toBeLessThan(0.004);
    expect(sampleRatio([8960, 1040], [9, 1]).ok).toBe(true);
    expect(sampleRatio([8960, 1040]).ok).toBe(false);
  });

  it("may be looked at as often as one likes", () => {
    const draws = random(9);
    let alarms = 0;
    for (let run = 0; run < 200; run++) {
      const counts = [0, 0];
      for (let person = 1; person <= 2000; person++) {
        counts[draws.below(2)]++;
        if (sampleRatio(counts, [1, 1], { live: true }).ok) continue;
        alarms++;
        break;
      }
    }
    expect(alarms).toBeLessThanOrEqual(2);
    expect(sampleRatio([51_500, 48_500], [1, 1], { live: true }).ok).toBe(false);
  });

  it("must be numbers", () => {
    expect(() => sampleRatio([1])).toThrow(/two or more arms/);
    expect(() => sampleRatio([1, Number.NaN])).toThrow(/"counts"/);
    expect(() => sampleRatio([1, 2], [1, 0])).toThrow(/"shares"/);
    expect(sampleRatio([0, 0]).ok).toBe(true);
  });
});

it("pooling finds how far campaigns differ, and where the next may lie", () => {
  const alike = pool([1, 1, 1, 1].map((value) => ({ value, error: 0.5 })));
  expect(alike).toMatchObject({ value: 1, spread: 0, campaigns: 4 });
  const far = pool([-2, 0, 2, 4].map((value) => ({ value, error: 0.1 })));
  // Paule & Mandel with equal errors: the variance of the values less that of the errors
  expect(far.spread).toBeCloseTo(Math.sqrt(20 / 3 - 0.01), 6);
  expect(far.alike).toBeLessThan(1e-6);
  expect(far.low).toBeCloseTo(1 - (3.182446 * Math.sqrt(20 / 3)) / 2, 4);
  expect((far.next?.[1] ?? 0) - 1).toBeGreaterThan(far.high - 1);
  expect(pool([{ value: 2, error: 1 }]).high).toBeCloseTo(3.96, 3);
  expect(() => pool([])).toThrow(/no campaign/);
  expect(() => pool([{ value: 1, error: 0 }])).toThrow(/above 0/);
});

it("false-discovery rates are those of Benjamini and Hochberg", () => {
  // 0.01 × 5/1, 0.02 × 5/2, 0.03 × 5/3 … each at most the next
  const rates = falseDiscovery([0.03, 0.01, 0.02, 0.5, 0.04]);
  for (const [at, rate] of [0.05, 0.05, 0.05, 0.5, 0.05].entries())
    expect(rates[at]).toBeCloseTo(rate, 12);
  expect(falseDiscovery([0.001, 0.5])[0]).toBeCloseTo(0.002, 12);
  expect(falseDiscovery([])).toEqual([]);
});
