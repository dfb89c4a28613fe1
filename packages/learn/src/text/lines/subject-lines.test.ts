import { beforeAll, describe, expect, it } from "vitest";
import { LearnError } from "../../error.js";
import { account, vocabulary } from "./account.fixture.js";
import type { LineModel } from "./line-model.js";
import { spreadOf } from "./spread.js";
import { subjectLines } from "./subject-lines.js";
import { contestsOf } from "./trials.js";
import { wordEffects } from "./word-effects.js";

const [up, down, alsoUp] = [vocabulary[3], vocabulary[8], vocabulary[15]];
const effects = { [up]: 0.25, [down]: -0.25, [alsoUp]: 0.18 };

describe("subjectLines", () => {
  let model: LineModel;
  beforeAll(async () => {
    model = await subjectLines({ folds: 3 }).fit(account({ campaigns: 200, effects, seed: 1 }));
  });

  it("finds planted words with the right sign, order and size", () => {
    const clear = model.words.filter((one) => one.clear).map(({ word }) => word);
    expect(clear).toEqual(expect.arrayContaining([up, down, alsoUp]));
    const effectOf = (word: string) => model.words.find((one) => one.word === word)?.effect ?? 0;
    expect(effectOf(up)).toBeGreaterThan(effectOf(alsoUp));
    expect(effectOf(alsoUp)).toBeGreaterThan(0);
    const held = model.words.filter(({ word, low, high }) => {
      const truth = Math.expm1((effects as Record<string, number>)[word] ?? 0);
      return low <= truth && truth <= high;
    }).length;
    expect(held / model.words.length).toBeGreaterThan(0.9);
  });

  it("tells the better of two lines of contests that it never saw", () => {
    expect(model.tells).toBe(true);
    expect(model.proof.accuracy).toBeGreaterThan(0.6);
    expect(model.proof.significantAccuracy).toBeGreaterThan(model.proof.accuracy as number);
  });

  it("scores against the median line, with reasons that add up to it", () => {
    const [good, bad] = model.score([`${up} ${alsoUp} woza1`, `${down} woza1 woze2`]);
    expect(good.effect).toBeGreaterThan(bad.effect);
    expect(good.low).toBeLessThan(good.effect);
    expect(good.better).toBeGreaterThan(0.5);
    expect(model.reasons(`${up} woza1`)[0].word).toBe(up);
    const wide = model.score([up], { level: 0.99 })[0];
    expect(wide.high).toBeGreaterThan(model.score([up])[0].high);
  });

  it("its 80 % intervals hold the truth of new lines about that often", () => {
    const fresh = account({ campaigns: 200, lines: 2, effects, spread: 0, seed: 77 });
    const scores = model.score(fresh.texts);
    const middle = Float64Array.from(fresh.truth).sort()[200];
    const held = scores.filter(
      ({ low, high }, at) =>
        Math.expm1(fresh.truth[at] - middle) >= low && Math.expm1(fresh.truth[at] - middle) <= high,
    ).length;
    // without what words do not tell the truth lies nearer than the interval promises
    expect(held / scores.length).toBeGreaterThan(0.8);
  });

  it("comes back from its artifact the same, and refuses what is none", () => {
    const saved = JSON.parse(JSON.stringify(model.save()));
    const lines = [`${up} ${down}`, "", "日本語のメール", "🎉"];
    const back = subjectLines().load(saved);
    expect(back.score(lines)).toEqual(model.score(lines));
    expect(back.reasons(lines[0])).toEqual(model.reasons(lines[0]));
    saved.data.slope.value = 7;
    expect(() => subjectLines().load(saved)).toThrow(/Not a usable subject-lines artifact/);
  });
});

it("claims nothing of accounts where words do nothing", async () => {
  let claims = 0;
  for (let seed = 1; seed <= 12; seed++) {
    const contests = contestsOf(account({ campaigns: 80, seed }));
    const { words, style } = wordEffects(contests, spreadOf(contests));
    if ([...words, ...style].some(({ clear }) => clear)) claims++;
  }
  expect(claims).toBeLessThanOrEqual(3); // one in ten is promised
  const model = await subjectLines({ folds: 3 }).fit(account({ campaigns: 60, seed: 2 }));
  if (!model.tells) expect(model.score([up])[0].effect).toBe(0);
  expect(model.proof.accuracy).toBeLessThan(0.6);
});

it("is not taken in by who was mailed: a word in campaigns to eager readers has no effect", () => {
  const { texts, campaigns, shown, clicked } = account({ campaigns: 200, spread: 0, seed: 9 });
  const eager = (line: number) => Number(Array.from(campaigns)[line]) % 2 === 0;
  // every campaign to eager readers says "exclusive" in all lines, and is clicked three times as often
  const trials = {
    texts: texts.map((text, line) => (eager(line) ? `${text} exclusive` : text)),
    campaigns,
    shown,
    clicked: Array.from(clicked, (clicks, line) =>
      eager(line) ? Math.min(4000, 3 * clicks) : clicks,
    ),
  };
  const contests = contestsOf(trials);
  const { words } = wordEffects(contests, spreadOf(contests));
  expect(words.find(({ word }) => word === "exclusive")).toBeUndefined();
});

describe("contestsOf", () => {
  it("merges the same line of a campaign, leaves out what compares nothing, and keeps shared lines together", () => {
    const contests = contestsOf({
      texts: ["a", "a ", "b", "c", "b", "d", "x", "y", "never shown"],
      campaigns: [0, 0, 0, 1, 1, 1, 2, 3, 3],
      shown: [10, 10, 10, 10, 10, 10, 10, 10, 0],
      clicked: [1, 2, 3, 1, 1, 1, 1, 1, 0],
    });
    expect(contests.texts).toEqual(["a", "b", "c", "b", "d"]);
    expect([...contests.shown]).toEqual([20, 10, 10, 10, 10]);
    expect([...contests.blocks]).toEqual([0, 0]);
  });

  it("names the line that cannot be", async () => {
    const trials = { texts: ["a", "b"], campaigns: [1, 1], shown: [10, 10], clicked: [1, 11] };
    expect(() => contestsOf(trials)).toThrow("line 2 was shown 10 times and clicked 11 times");
    await expect(
      subjectLines().fit({ ...trials, shown: [0, 0], clicked: [0, 0] }),
    ).rejects.toSatisfy(
      (error) => LearnError.is(error, "input") && /no line was shown/.test(error.message),
    );
  });
});

describe("an account with few tests", () => {
  const few = (campaigns: number, seed = 3) =>
    subjectLines().fit(account({ campaigns, lines: 2, effects, seed }));

  it("answers by a declared prior, and says so", async () => {
    const model = await few(3);
    expect(model.tells).toBe(false);
    expect(model.prior?.because).toContain("Only 3 tests compare");
    expect(model.prior?.share).toBeGreaterThan(0.5);
    expect(model.proof).toMatchObject({ contests: 3, lines: 6, pairs: 3 });
    for (const { effect, low, high } of model.score([up, "日本語", "🎉", ""])) {
      expect(Math.abs(effect)).toBeLessThan(0.15);
      expect(low).toBeLessThan(0);
      expect(high).toBeGreaterThan(0);
    }
    const back = subjectLines().load(JSON.parse(JSON.stringify(model.save())));
    expect(back.prior).toEqual(model.prior);
    expect(back.score([up])).toEqual(model.score([up]));
  });

  it("leans towards what won, the more the more there is", async () => {
    const lines = (winner: string) => ({
      texts: Array.from({ length: 12 }, (_, at) => `${at % 2 ? winner : "plain"} offer ${at >> 1}`),
      campaigns: Array.from({ length: 12 }, (_, at) => at >> 1),
      shown: new Array(12).fill(20_000),
      clicked: Array.from({ length: 12 }, (_, at) => (at % 2 ? 1300 : 1000)),
    });
    const six = await subjectLines().fit(lines("free"));
    const two = await subjectLines().fit({
      ...lines("free"),
      shown: Array.from({ length: 12 }, (_, at) => (at < 4 ? 20_000 : 0)),
      clicked: Array.from({ length: 12 }, (_, at) => (at >= 4 ? 0 : at % 2 ? 1300 : 1000)),
    });
    const [bySix, byTwo] = [six, two].map(
      (model) =>
        model.score(["free offer now"])[0].effect - model.score(["plain offer now"])[0].effect,
    );
    expect(byTwo).toBeGreaterThan(0);
    expect(bySix).toBeGreaterThan(byTwo);
    expect(bySix).toBeLessThan(0.3);
    expect(two.prior?.share).toBeGreaterThan((six.prior?.share ?? 1) - 1e-9);
    expect(six.proof.accuracy).toBe(1);
  });

  it("with one line, or none to compare, knows the prior alone", async () => {
    const model = await subjectLines().fit({
      texts: ["Hello", "World", "never sent"],
      campaigns: [1, 2, 3],
      shown: [100, 100, 0],
      clicked: [3, 5, 0],
    });
    expect(model.prior?.share).toBe(1);
    expect(model.proof).toMatchObject({ contests: 0, pairs: 0, accuracy: null });
    expect(model.words).toEqual([]);
    const [{ effect, better, low, high }] = model.score(["Hello"]);
    expect(effect).toBe(0);
    expect(better).toBeCloseTo(0.5, 6);
    expect(high - low).toBeGreaterThan(0.4);
    expect(model.reasons("Hello World")).toEqual([]);
  });
});

it("takes off what is known of audiences, and trusts noisy lines less", async () => {
  const base = account({ campaigns: 60, effects, spread: 0.05, seed: 4 });
  const lift = Float64Array.from(base.texts, (text) => (text.includes(vocabulary[6]) ? 0.8 : 0));
  const clicked = Array.from(base.clicked, (clicks, line) => {
    const rate = clicks / 4000;
    return Math.round(4000 / (1 + (1 / rate - 1) * Math.exp(-lift[line])));
  });
  const told = (trials: Parameters<typeof contestsOf>[0]) => {
    const contests = contestsOf(trials);
    const { words } = wordEffects(contests, spreadOf(contests));
    return words.find(({ word }) => word === vocabulary[6]);
  };
  expect(told({ ...base, clicked })?.clear).toBe(true);
  const corrected = told({ ...base, clicked, offsets: lift });
  expect(corrected?.clear).toBe(false);
  expect(Math.abs(corrected?.effect ?? 1)).toBeLessThan(0.1);
  const { variances } = contestsOf({ ...base, noise: base.texts.map(() => 2) });
  expect(Math.min(...variances)).toBeGreaterThan(2);
  await expect(subjectLines().fit({ ...base, offsets: [1] })).rejects.toThrow(
    'entries of "offsets"',
  );
});
