import { describe, expect, it } from "vitest";
import { random } from "../../random.js";
import { account, vocabulary } from "./account.fixture.js";
import { audience } from "./audience.js";
import { linePairs, lineSpread, lineWords, wordsAmong } from "./compared.js";
import { controls } from "./controls.js";

const logit = (rate: number) => Math.log(rate / (1 - rate));

describe("audience", () => {
  /** Two kinds of people: keen ones answer with log-odds 1.2 higher. Campaign c goes to `keen[c]` of them and to others. */
  const counts = (keen: readonly number[], levels: readonly number[], people = 20_000) => {
    const draws = random(7);
    const shown = new Float64Array(2 * keen.length);
    const answered = new Float64Array(2 * keen.length);
    for (const [campaign, share] of keen.entries())
      for (const cell of [0, 1]) {
        const n = Math.round(people * (cell === 1 ? share : 1 - share));
        const rate = 1 / (1 + Math.exp(-(levels[campaign] + 1.2 * cell)));
        shown[2 * campaign + cell] = n;
        answered[2 * campaign + cell] = Math.round(
          n * rate + Math.sqrt(n * rate * (1 - rate)) * draws.normal(),
        );
      }
    return {
      campaigns: keen.length,
      cells: 2,
      features: Float64Array.from([0, 1]),
      shown,
      answered,
    };
  };

  it("finds what kinds of people do within campaigns, though keener ones got the worse lines", async () => {
    const keen = [0.1, 0.3, 0.5, 0.7, 0.9];
    const levels = keen.map((share) => -2 - 2 * share);
    const model = await audience(counts(keen, levels));
    expect(model.effects[0]).toBeGreaterThan(1.1);
    expect(model.effects[0]).toBeLessThan(1.3);
    const offset = (share: number) => model.offset([1000 * (1 - share), 1000 * share]);
    expect(offset(0)).toBeCloseTo(0, 6);
    expect(offset(1)).toBeCloseTo(model.effects[0], 6);
    expect(offset(0.5)).toBeGreaterThan(0.5);
    expect(model.offset([0, 0])).toBe(0);
  });

  it("stands campaigns that nobody or everybody answered, and no campaign at all", async () => {
    const some = counts([0.5, 0.5], [-3, -3], 100);
    some.answered.fill(0, 0, 2);
    some.answered.set(some.shown.subarray(2), 2);
    const model = await audience(some);
    expect(Number.isFinite(model.effects[0])).toBe(true);
    const none = new Float64Array(0);
    const empty = await audience({
      campaigns: 0,
      cells: 1,
      features: Float64Array.from([1]),
      shown: none,
      answered: none,
    });
    expect(empty.effects[0]).toBeCloseTo(0, 9);
    await expect(audience({ ...some, shown: none })).rejects.toThrow("not of the same cells");
  });
});

it("linePairs names every pair that differs once, with its log-odds", () => {
  const pairs = linePairs({
    texts: ["a", "b", "c", "lonely"],
    campaigns: [7, 7, 7, 9],
    shown: [100, 100, 100, 100],
    clicked: [10, 20, 20, 5],
  });
  expect(pairs.map(({ left, right, campaign }) => [left, right, campaign])).toEqual([
    ["a", "b", 7],
    ["a", "c", 7],
  ]);
  expect(pairs[0].difference).toBeCloseTo(logit(10.5 / 101) - logit(20.5 / 101), 9);
  expect(pairs[0].variance).toBeCloseTo(1 / 10.5 + 1 / 90.5 + 1 / 20.5 + 1 / 80.5, 9);
});

it("lineSpread tells how many campaigns compare, and how far lines lie apart", () => {
  const { contests, spread } = lineSpread(account({ campaigns: 80, spread: 0.3, seed: 2 }));
  expect(contests).toBe(80);
  expect(spread).toBeGreaterThan(0.06);
  expect(spread).toBeLessThan(0.13);
});

it("controls take off what the hour did, whatever lines say", () => {
  const base = account({ campaigns: 60, lines: 4, spread: 0.1, seed: 5 });
  const late = base.texts.map((_, line) => (line % 3 === 0 ? 1 : 0));
  const clicked = Array.from(base.clicked, (clicks, line) =>
    Math.round(clicks * (late[line] ? 0.7 : 1)),
  );
  const offsets = controls({ ...base, clicked }, late);
  const effect = (offsets.find((one) => one !== 0) ?? 0) / 1;
  expect(effect).toBeLessThan(-0.25);
  expect(effect).toBeGreaterThan(-0.45);
  expect([...controls(base, [])]).toEqual(base.texts.map(() => 0));
});

it("wordsAmong tells where some people differ from all, and is drawn to all where little is known", () => {
  const word = vocabulary[2];
  const all = account({ campaigns: 150, effects: { [word]: 0.2 }, spread: 0.05, seed: 6 });
  const whole = lineWords(all);
  const other = account({ campaigns: 150, effects: { [word]: -0.2 }, spread: 0.05, seed: 8 });
  const found = wordsAmong(other, whole).find((one) => one.word === word);
  expect(found?.clear).toBe(true);
  expect(found?.effect).toBeLessThan(0);
  const alike = account({ campaigns: 40, effects: { [word]: 0.2 }, spread: 0.05, seed: 9 });
  const same = wordsAmong(alike, whole).find((one) => one.word === word);
  expect(same?.clear).toBe(false);
  expect(same?.effect).toBeGreaterThan(0.1);
});
