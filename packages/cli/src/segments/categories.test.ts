import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { adjustedRandIndex, random } from "@inchworm/learn";
import { afterAll, describe, expect, it } from "vitest";
import { levelScores, scored } from "./level-scores.js";
import { loadSegments, saveSegments } from "./saved.js";
import { type SegmentFileOptions, segmentFile } from "./segment-file.js";

const folder = mkdtempSync(join(tmpdir(), "inchworm-categories-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
let files = 0;
const write = (content: string): string => {
  const path = join(folder, `table-${files++}.csv`);
  writeFileSync(path, content);
  return path;
};
const segment = (content: string, options: Partial<SegmentFileOptions> = {}) =>
  segmentFile(write(content), {
    seed: 1,
    signal: new AbortController().signal,
    onProgress() {},
    ...options,
  });

const plans = ["basic", "pro", "team"];
const lands = ["Österreich", "Schweiz", "Deutschland", "Italien", "France"];

/**
 * Two kinds of customers in turns: each has its own usual plan, rarely takes the newsletter alike, and spends more or less by `apart`
 * deviations. Where they live says nothing.
 */
function customers(rows: number, seed: number, apart: number): string {
  const { normal, uniform, below } = random(seed);
  const lines = Array.from({ length: rows }, (_, row) => {
    const kind = row % 2;
    const plan = uniform() < 0.92 ? plans[kind] : plans[2];
    const yes = uniform() < (kind === 0 ? 0.9 : 0.1) ? "yes" : "no";
    const spend = (90 + 10 * (apart * kind + normal())).toFixed(2);
    return `${spend},${row % 97 === 5 ? "" : plan},${yes},${lands[below(5)]}`;
  });
  return `spend,plan,newsletter,land\n${lines.join("\n")}\n`;
}
const agrees = (assignments: unknown): number =>
  adjustedRandIndex(
    (assignments as number[]).map(Number),
    (assignments as number[]).map((_, row) => row % 2),
  );

describe("segments by categories", () => {
  it("use those that --columns names, beside numbers, and tell them in shares", async () => {
    const columns = ["spend,plan,newsletter"];
    const { card, assignments } = await segment(customers(600, 1, 3), { columns });
    expect(card.k).toBe(2);
    expect(agrees(assignments)).toBeGreaterThan(0.9);
    expect(card.columns).toEqual(["spend", "plan", "newsletter"]);
    const basic = card.segments.find(({ name }) => name.includes("plan basic"));
    expect(basic?.description).toMatch(/\b9\d % plan basic \(\d+ % of the rest\)/);
    expect(basic?.description).toMatch(/\b\d\d % newsletter yes \(\d+ % of the rest\)/);
    expect(basic?.description).toMatch(/As a rule: /);
    expect(card.notes.join()).toMatch(/Missing values count as the mean: "plan" \(7 rows\)/);
    // spending alone tells them apart less surely
    const alone = await segment(customers(600, 1, 3), { columns: ["spend"], k: 2 });
    expect(agrees(alone.assignments)).toBeLessThan(agrees(assignments) - 0.1);
  });

  it("are not led astray by one that says nothing", async () => {
    const { card, assignments } = await segment(customers(800, 2, 5), {
      columns: ["spend,plan,land"],
    });
    expect(card.k).toBe(2);
    expect(agrees(assignments)).toBeGreaterThan(0.9);
    expect(card.segments.map(({ name }) => name).join()).not.toContain("land");
    const { normal } = random(4);
    const cloud = Array.from({ length: 600 }, (_, row) => `${normal()},${lands[row % 5]}`);
    const none = await segment(`x,land\n${cloud.join("\n")}\n`, { columns: ["x,land"] });
    expect(none.card.k).toBe(1);
    expect(none.card.segments[0].description).toMatch(/\d\d % land \S+/);
  });

  it("are used without being named where a table has nothing else", async () => {
    const content = customers(300, 3, 1)
      .split("\n")
      .map((line) => line.replace(/^[^,]*,/, ""))
      .join("\n");
    const { card } = await segment(content);
    expect(card.columns).toEqual(["plan", "newsletter", "land"]);
  });

  it("keep their numbers, ids and names from an earlier run, whatever new levels come", async () => {
    const columns = ["spend,plan,newsletter"];
    const first = await segment(customers(600, 4, 3), { columns });
    const path = write(JSON.stringify(saveSegments(first.saved, first.card)));
    const previous = loadSegments(path);
    expect(previous.scores).toEqual(first.saved.scores);
    const later = customers(500, 5, 3).replaceAll(",team,", ",trial,");
    const again = await segment(later, { previous });
    expect(again.card.segments.map(({ id, name }) => [id, name]).sort()).toEqual(
      first.card.segments.map(({ id, name }) => [id, name]).sort(),
    );
    expect(agrees(again.assignments)).toBeGreaterThan(0.9);
    expect(again.saved.scores).toEqual(first.saved.scores);
  });
});

describe("levelScores", () => {
  const category = (values: readonly string[]) => {
    const levels = [...new Set(values)].filter((value) => value !== "");
    const codes = Int32Array.from(values, (value) => levels.indexOf(value));
    return { name: "c", kind: "category" as const, codes, levels };
  };

  it("puts levels together that the same of the other columns goes with", () => {
    const values = Array.from({ length: 300 }, (_, row) => ["a", "b", "c", "d"][row % 4]);
    const x = Float32Array.from(values, (value, row) => (value < "c" ? 0 : 10) + (row % 7));
    const others = { rows: 300, columns: [{ name: "x", kind: "number" as const, values: x }] };
    const { levels, scores } = levelScores(category(values), others);
    const of = (level: string) => scores[levels.indexOf(level)];
    expect(Math.abs(of("a") - of("b"))).toBe(1);
    expect(Math.abs(of("c") - of("d"))).toBe(1);
    expect([...scores].sort()).toEqual([0, 1, 2, 3]);
  });

  it("puts the most frequent first where nothing goes with it", () => {
    const { below } = random(1);
    const values = Array.from({ length: 400 }, () => ["a", "b", "b", "b", "c", "c"][below(6)]);
    const x = Float32Array.from(values, () => below(50));
    const others = { rows: 400, columns: [{ name: "x", kind: "number" as const, values: x }] };
    expect(levelScores(category(values), others)).toMatchObject({
      levels: ["b", "c", "a"],
      scores: [0, 1, 2],
      rare: 1,
    });
  });

  it("has one number for all rare levels, and none where the category is missing", () => {
    const values = [...new Array(98).fill("a"), ...new Array(98).fill("b"), "r", "s", "", ""];
    const x = Float32Array.from(values, (_, row) => row);
    const others = { rows: 200, columns: [{ name: "x", kind: "number" as const, values: x }] };
    const column = category(values);
    const by = levelScores(column, others);
    expect(by.levels).toEqual(["a", "b"]);
    const numbers = scored(column, by);
    expect([numbers[196], numbers[197]]).toEqual([by.rare, by.rare]);
    expect(numbers[199]).toBeNaN();
    expect(scored(category(["new", "a"]), by)).toEqual(Float32Array.of(by.rare, by.scores[0]));
  });

  it("numbers levels by their frequency where there is no other column", () => {
    const by = levelScores(category(["a", "b", "b"]), { rows: 3, columns: [] });
    expect(by).toMatchObject({ levels: ["b", "a"], scores: [0, 1], rare: 0.5 });
  });
});
