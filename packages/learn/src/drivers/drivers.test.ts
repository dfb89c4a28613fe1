import { describe, expect, it } from "vitest";
import { LearnError } from "../error.js";
import { account, vocabulary } from "./account.fixture.js";
import { drivers } from "./drivers.js";
import type { Driver, DriverReport } from "./types.js";

const [good, bad] = [vocabulary[3], vocabulary[8]];
const find = ({ drivers: all }: DriverReport, level: string, segment?: string): Driver => {
  const found = all.find((one) => one.level === level && one.segment === segment);
  if (!found) throw new Error(`no driver "${level}"`);
  return found;
};

describe("drivers", () => {
  it("finds planted words, hours and colours with the right sign and order", async () => {
    const effects = { [good]: 0.4, [bad]: -0.3, 9: 0.3, 21: -0.25, red: 0.25, video: 0.15 };
    const report = await drivers().fit(
      account({ seed: 1, campaigns: 220, lines: 3, shown: 6000, effects }),
    );
    const clear = report.drivers.filter((one) => one.clear);
    for (const level of [good, bad, "9", "21", "red"])
      expect(clear.map((one) => one.level)).toContain(level);
    const word = find(report, good);
    expect(word.grade).toBe("randomised");
    expect(word.relativeLow).toBeLessThan(Math.expm1(0.4));
    expect(word.relativeHigh).toBeGreaterThan(Math.expm1(0.35));
    expect(word.effect).toBeCloseTo(word.relative * report.rate, 12);
    expect(find(report, bad).effect).toBeLessThan(0);
    const [morning, evening] = [find(report, "9"), find(report, "21")];
    expect(morning.grade).toBe("adjusted");
    expect(morning.relative).toBeGreaterThan(find(report, "12").relative);
    expect(find(report, "12").relative).toBeGreaterThan(evening.relative);
    expect(find(report, "red").relative).toBeGreaterThan(find(report, "blue").relative);
    expect(report.nextTest).not.toBeNull();
  });

  it("finds seldom anything where there is nothing", async () => {
    const shapes = [
      {},
      { lines: 2 },
      { audiences: { vip: 0.7, rest: 0 } },
      { audiences: { vip: 0.7, rest: 0 }, redForFirst: 0.9 },
      { wild: 0.1, lines: 2 },
      { campaigns: 40 },
      { shown: 200 },
    ];
    let withFalse = 0;
    let low = 0;
    let all = 0;
    for (const [at, shape] of shapes.entries())
      for (let seed = 1; seed <= 4; seed++) {
        const { drivers: found } = await drivers().fit(
          account({ seed: 100 * at + seed, ...shape }),
        );
        if (found.some((one) => one.clear)) withFalse++;
        all += found.length;
        low += found.filter((one) => one.p < 0.05).length;
      }
    // at a rate of 10 %, 2.8 accounts of 28 are expected; more than 7 come by chance once in 100 times
    expect(withFalse).toBeLessThanOrEqual(7);
    expect(low / all).toBeLessThan(0.065);
    expect(low / all).toBeGreaterThan(0.03);
  });

  it("sees through what is only the audience's", async () => {
    for (const seed of [1, 2, 3]) {
      const trials = account({ seed, audiences: { vip: 0.9, rest: 0 }, redForFirst: 0.9 });
      const red = find(await drivers().fit(trials), "red");
      expect(red.crude).toBeGreaterThan(0.3);
      expect(red.grade).toBe("correlational");
      expect(red.clear).toBe(false);
      expect(Math.abs(red.relative)).toBeLessThan((red.crude as number) / 3);
      const { segments: _, ...blind } = trials;
      const unknown = find(await drivers().fit(blind), "red");
      expect(unknown.grade).toBe("correlational");
      expect(unknown.because).toContain("not known");
    }
  });

  it("does not take lines for other people as a test, nor what only one audience got as adjusted", async () => {
    const trials = account({ seed: 4, audiences: { vip: 0.8, rest: 0 }, campaigns: 120 });
    const offer = trials.segments?.map((segment) => (segment === "vip" ? "gift" : undefined)) ?? [];
    const report = await drivers().fit({
      ...trials,
      // one "test" of every two campaigns
      groups: Array.from(trials.shown, (_, row) => row >> 1),
      factors: { offer },
    });
    const gift = find(report, "gift");
    expect(gift.grade).toBe("correlational");
    expect(gift.clear).toBe(false);
    expect(gift.low).toBeLessThan(0);
    expect(gift.high).toBeGreaterThan(0);
    expect(find(report, "(none)").relative).toBeCloseTo(-gift.relative, 1);
  });

  it("tells for whom", async () => {
    const effects = { [`vip ${good}`]: 0.5 };
    const report = await drivers().fit(
      account({
        seed: 2,
        campaigns: 200,
        lines: 2,
        shown: 12_000,
        sent: "all",
        audiences: { vip: 0.5, rest: 0 },
        effects,
      }),
    );
    const vip = find(report, good, "vip");
    expect(vip.clear).toBe(true);
    expect(vip.relativeLow).toBeLessThan(Math.expm1(0.5));
    expect(vip.relativeHigh).toBeGreaterThan(Math.expm1(0.4));
    expect(find(report, good, "rest").clear).toBe(false);
  });

  it("gives the same report for the same trials, in whatever order they come", async () => {
    const trials = account({ seed: 3, lines: 2, campaigns: 60 });
    const once = await drivers().fit(trials);
    expect(await drivers().fit(trials)).toEqual(once);
    const back = Array.from(trials.shown, (_, row) => row).reverse();
    const turned = await drivers().fit({
      texts: back.map((row) => trials.texts?.[row] ?? ""),
      groups: back.map((row) => trials.groups?.[row] ?? 0),
      segments: back.map((row) => trials.segments?.[row]),
      at: back.map((row) => trials.at?.[row] ?? Number.NaN),
      shown: back.map((row) => trials.shown[row]),
      clicked: back.map((row) => trials.clicked[row]),
      factors: Object.fromEntries(
        Object.entries(trials.factors).map(([name, list]) => [name, back.map((row) => list[row])]),
      ),
    });
    for (const { level, factor, relative } of once.drivers) {
      const same = turned.drivers.find((one) => one.level === level && one.factor === factor);
      expect(same?.relative).toBeCloseTo(relative, 3);
    }
  });

  it("tells two lines apart that are all there is, their words together", async () => {
    const trials = account({ seed: 6, campaigns: 120 });
    const free = Array.from(trials.shown, (_, row) => row % 3 === 0);
    const report = await drivers().fit({
      ...trials,
      clicked: free.map((own, row) => Math.round((own ? 1 : 0.7) * trials.clicked[row])),
      texts: free.map((own) => (own ? "your free gift" : "news from the shop of ours")),
    });
    const words = report.drivers.filter(({ factor }) => factor === "term");
    expect(words.map(({ level }) => level.split(" + ").includes("free"))).toEqual([true, false]);
    expect(words.every(({ clear }) => clear)).toBe(true);
    expect(words[0].relativeLow).toBeLessThan(0.43);
    expect(words[0].relativeHigh).toBeGreaterThan(0.35);
    expect(words[1].effect).toBeLessThan(0);
  });

  it("says why there is nothing to tell", async () => {
    const none = await drivers().fit({ shown: [], clicked: [] });
    expect(none.drivers).toEqual([]);
    expect(none.notes[0]).toContain("Nobody was shown");
    const cold = await drivers().fit({
      shown: [9, 9],
      clicked: [0, 0],
      factors: { color: ["a", "b"] },
    });
    expect(cold.notes[0]).toContain("Nobody clicked");
    const hot = await drivers().fit({ shown: [9, 9], clicked: [9, 9] });
    expect(hot.notes[0]).toContain("Everybody clicked");
    const few = await drivers().fit({
      shown: [100, 100, 100],
      clicked: [5, 6, 7],
      factors: { color: ["red", "blue", "red"], form: ["a", "a", "a"] },
    });
    expect(few.drivers).toEqual([]);
    expect(few.nextTest).toBeNull();
    expect(few.notes.join(" ")).toContain('"form" is the same everywhere');
  });

  it("reads any language, nothing at all, and rows that nobody was shown", async () => {
    const lines = ["今日のセール🎉", "Größe zählt", "تخفيض اليوم", "🔥🔥", ""];
    const rows = Array.from({ length: 120 }, (_, row) => row);
    const report = await drivers().fit({
      texts: rows.map((row) => lines[row % 5]),
      groups: rows.map((row) => Math.floor(row / 5)),
      shown: rows.map((row) => (row === 7 ? 0 : 1000)),
      clicked: rows.map((row) => (row === 7 ? 0 : 30 + (row % 5) * 8 + (row % 7))),
    });
    expect(report.rows).toBe(119);
    expect(report.drivers.some(({ level }) => level === "emoji")).toBe(true);
    expect(report.drivers.every(({ effect, low, high }) => low <= effect && effect <= high)).toBe(
      true,
    );
  });

  it("refuses what cannot be, naming the row", async () => {
    const bad = drivers().fit({ shown: [10, 10], clicked: [1, 11] });
    await expect(bad).rejects.toThrow("row 2 was shown 10 times and clicked 11 times");
    await expect(drivers().fit({ shown: [1], clicked: [0], texts: [] })).rejects.toSatisfy(
      (error) => LearnError.is(error, "input"),
    );
    expect(() => drivers({ fdr: 0 })).toThrow('"fdr" must be a number > 0');
    const signal = AbortSignal.abort();
    await expect(drivers().fit({ shown: [], clicked: [] }, { signal })).rejects.toSatisfy((error) =>
      LearnError.is(error, "aborted"),
    );
  });
});
