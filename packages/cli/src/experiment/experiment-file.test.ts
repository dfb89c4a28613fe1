import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { random } from "@inchworm/learn";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type ExperimentFileOptions, experimentFile } from "./experiment-file.js";
import { powerReport } from "./plan.js";

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "inchworm-experiment-"));
});
afterAll(() => rmSync(folder, { recursive: true }));

let files = 0;
function ask(content: string, options: Partial<ExperimentFileOptions> = {}) {
  const path = join(folder, `${files++}.csv`);
  writeFileSync(path, content);
  return experimentFile(path, {
    arm: "group",
    outcome: "y",
    confidence: 0.95,
    looking: { kind: "once" },
    seed: 1,
    signal: new AbortController().signal,
    onProgress: () => {},
    ...options,
  });
}

/** People in two arms; half of the treated and a fifth of the others buy, for what they spent before and more. */
function people(count: number, write: (person: Person) => string, holdout = 0.5): string {
  const draws = random(7);
  const lines = Array.from({ length: count }, (_, id) => {
    const treated = draws.uniform() >= holdout;
    const bought = draws.uniform() < (treated ? 0.5 : 0.2);
    const before = 10 + 5 * draws.normal();
    const spent = before + (treated ? 3 : 0) + draws.normal();
    return write({ id, treated, bought, before, spent });
  });
  return lines.join("");
}
interface Person {
  readonly id: number;
  readonly treated: boolean;
  readonly bought: boolean;
  readonly before: number;
  readonly spent: number;
}
const arm = ({ treated }: Person) => (treated ? "mail" : "control");

describe("an experiment in a file", () => {
  it("is told from yes and no however they are written, with a byte order mark and blanks", async () => {
    for (const [yes, no] of [
      ["1", "0"],
      ["yes", "no"],
      ["TRUE", "false"],
      ["Käufer", "kein Käufer"],
    ]) {
      const told = await ask(
        `\uFEFF group , y\r\n${people(800, (one) => `${arm(one)}, ${one.bought ? yes : no} \r\n`)}`,
        yes === "Käufer" ? { positive: "Käufer" } : {},
      );
      expect(told).toMatchObject({ kind: "rate", verdict: "brought", control: "control" });
      expect(told.effects[0].effect.low).toBeLessThan(0.3);
      expect(told.effects[0].effect.high).toBeGreaterThan(0.3);
    }
  });

  it("of amounts, in any decimal mark, is narrower by what was spent before", async () => {
    const german = (value: number) => `"${value.toFixed(2).replace(".", ",")}"`;
    const content = `group;y;before;country\n${people(
      1200,
      (one) =>
        `${arm(one)};${german(one.spent)};${german(one.before)};${one.id % 2 ? "DE" : "FR"}\n`,
    )}`;
    const plain = await ask(content);
    const told = await ask(content, { before: ["before"] });
    const [one] = told.effects;
    expect(told).toMatchObject({ kind: "amount", heavyTailed: false, before: { method: "CUPED" } });
    expect(one.varianceCut).toBeGreaterThan(0.9);
    expect(one.unadjusted).toEqual(plain.effects[0].effect);
    expect(Math.abs(one.effect.value - 3)).toBeLessThan(0.3);
    const several = await ask(content, { before: ["before,country"] });
    expect(several.before).toEqual({ columns: ["before", "country"], method: "CUPAC" });
    expect(several.effects[0].varianceCut).toBeGreaterThan(0.9);
    const split = await ask(content, { segment: "country" });
    expect(split.segments?.map(({ segment }) => segment).sort()).toEqual(["DE", "FR"]);
  });

  it("takes a usual split as designed and says so; another is no experiment until it is explained", async () => {
    const write = (one: Person) => `${arm(one)},${one.bought ? 1 : 0}\n`;
    const tenth = await ask(`group,y\n${people(3000, write, 0.1)}`);
    expect(tenth).toMatchObject({ verdict: "brought", sharesGuessed: true });
    expect(tenth.notes.join(" ")).toMatch(/designed as 10 % "control", 90 % "mail"/);
    const odd = `group,y\n${people(20_000, write, 0.46)}`;
    expect(await ask(odd)).toMatchObject({ verdict: "cannot tell", sampleRatio: { ok: false } });
    for (const shares of ["0.46", "control=0.46,mail=0.54", "46%,54%"])
      expect(await ask(odd, { shares })).toMatchObject({
        verdict: "brought",
        sharesGuessed: false,
      });
    await expect(ask(odd, { shares: "a=1,mail=1" })).rejects.toThrow(/no arm "a"/);
    await expect(ask(odd, { shares: "mail=1" })).rejects.toThrow(/"control" has no share/);
    await expect(ask(odd, { shares: "1,2,3" })).rejects.toThrow(/2 arms and 3 shares/);
    await expect(ask(odd, { shares: "x" })).rejects.toThrow(/"x" is no number above 0/);
  });

  it("counts people, not rows, and leaves out who was in two arms", async () => {
    const rows = people(
      600,
      (one) =>
        `p${one.id}@example.com,${arm(one)},${one.bought ? 1 : 0}\nP${one.id}@example.com,${one.id < 5 ? "other" : arm(one)},0\n`,
    ).replaceAll("other", "mail");
    const content = `email,group,y\n${rows}`;
    const loose = await ask(content);
    expect(loose.people).toBe(1200);
    expect(loose.notes.join(" ")).toMatch(/600 rows repeat a "email".*--id email/);
    const told = await ask(content, { id: "email" });
    expect(told.people).toBeLessThanOrEqual(600);
    expect(told.people).toBeGreaterThanOrEqual(595);
    expect(told.notes.join(" ")).toMatch(/in more than one arm/);
    expect(told.arms[1].mean).toBeCloseTo(0.5, 0);
  });

  it("leaves out who has no outcome or no arm, or takes it as what one says", async () => {
    const content = `group,y\n${people(800, (one) => `${arm(one)},${one.bought ? one.spent.toFixed(2) : ""}\n`)},5\nNULL,3\n`;
    const gaps = await ask(content);
    expect(gaps.verdict).toBe("cannot tell");
    expect(gaps.because).toMatch(/outcomes are missing/);
    const told = await ask(content, { missing: 0 });
    expect(told).toMatchObject({ verdict: "brought", people: 800 });
    expect(told.notes.join(" ")).toMatch(/2 rows without an arm are left out/);
  });

  it("of ratios and of several arms", async () => {
    const draws = random(3);
    const arms = ["none", "blue", "red"];
    const lines = Array.from({ length: 3000 }, () => {
      const place = draws.below(3);
      const clicks = 1 + draws.below(9);
      return `${arms[place]},${(clicks * (1 + (place === 2 ? 1 : 0) + draws.normal())).toFixed(3)},${clicks}\n`;
    });
    const told = await ask(`group,y,clicks\n${lines.join("")}`, { per: "clicks" });
    expect(told).toMatchObject({ kind: "ratio", control: "none", verdict: "brought" });
    expect(told.because).toMatch(/^red: Brought/);
    expect(told.effects.map((one) => [one.arm, one.verdict])).toEqual([
      ["blue", "cannot tell"],
      ["red", "brought"],
    ]);
  });

  it("says what is wrong with it", async () => {
    const good = `group,y,id\n${people(100, (one) => `${arm(one)},${one.bought ? 1 : 0},${one.id}\n`)}`;
    const cases: [string, Partial<ExperimentFileOptions>, RegExp][] = [
      [good, { arm: "Groups" }, /no column "Groups"/],
      [good, { outcome: "z" }, /no column "z"/],
      [good, { outcome: "group" }, /both name "group"/],
      [good, { arm: "id", outcome: "y" }, /"id" .* has 100 different values/],
      [good, { control: "holdout" }, /No row .* "holdout".*"control", "mail"/],
      [good, { before: ["y"] }, /not known before/],
      [good, { segment: "nope" }, /no column "nope"/],
      ["group,y\nmail,1\nmail,0\nmail,1\n", {}, /one arm, "mail"/],
      ["group,y\nmail,1\ncontrol,1\nmail,1\ncontrol,1\n", {}, /same/],
      ["group,y\nx,1\ny,0\nx,0\ny,1\n", {}, /Nothing tells which "group" is the control/],
      ["group,y\nmail,a\ncontrol,b\nmail,c\n", {}, /3 different values, not two/],
      ["group,y\nmail,2024-01-01\ncontrol,2024-02-01\nmail,2024-03-01\n", {}, /dates/],
      ["group,y\nmail,\ncontrol,\n", {}, /empty/],
      ["group,y\n", {}, /no rows/],
      ["", {}, /empty/],
      ["group,y\nmail,1\ncontrol,0\nmail,0\n", {}, /"control" has one person/],
    ];
    for (const [content, options, message] of cases)
      await expect(ask(content, options), String(message)).rejects.toThrow(message);
  });

  it("keeps huge and tiny values apart from rounding", async () => {
    const lines = people(
      400,
      (one) =>
        `${arm(one)},${(1e12 + (one.treated ? 5e6 : 0) + 1e6 * (one.spent - one.before)).toFixed(0)}\n`,
    );
    const told = await ask(`group,y\n${lines}`);
    expect(told.effects[0].effect.low).toBeGreaterThan(7e6);
    expect(told.effects[0].effect.high).toBeLessThan(9e6);
  });
});

describe("power", () => {
  const plan = {
    base: 0.03,
    contacts: 50_000,
    holdout: 0.1,
    confidence: 0.95,
    power: 0.8,
    arms: 1,
  };

  it("says what a list cannot show, and how many people it takes", () => {
    const report = powerReport({ ...plan, effect: { value: 0.1, relative: true } });
    expect(report.because).toMatch(
      /^This list cannot show less than 25\.6 %: with 5,000 held out and 45,000 treated, a rate of 3 % must become 3\.77 %/,
    );
    expect(report.effect?.chance).toBeLessThan(0.8);
    expect(report.effect?.contactsNeeded).toBeGreaterThan(50_000);
    const relative = report.holdouts.map((one) => one.relative ?? Number.NaN);
    expect(relative).toEqual([...relative].sort((one, other) => other - one));
  });

  it("of several arms and of amounts takes more, of a known past less", () => {
    const at = (more: object) => powerReport({ ...plan, ...more }).detectable?.absolute ?? 0;
    expect(at({ arms: 3 })).toBeGreaterThan(at({}));
    const spend = { base: 24, deviation: 80 };
    expect(at({ ...spend, correlation: 0.6 }) / at(spend)).toBeCloseTo(0.8, 6);
  });

  it("of a handful shows nothing, and of nobody is refused", () => {
    const few = powerReport({ ...plan, contacts: 20, holdout: 0.1, base: 0.5 });
    expect(few.detectable).toBeUndefined();
    expect(few.because).toMatch(/cannot show any effect/);
    expect(() => powerReport({ ...plan, contacts: 10 })).toThrow(/leaves 1 people in the control/);
    expect(() => powerReport({ ...plan, base: 3 })).toThrow(/"base"/);
  });
});
