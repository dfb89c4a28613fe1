import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { adjustedRandIndex, random } from "@inchworm/learn";
import { afterAll, describe, expect, it } from "vitest";
import { segmentsMarkdown } from "./card.js";
import { loadSegments, saveSegments } from "./saved.js";
import { type SegmentFileOptions, segmentFile } from "./segment-file.js";

const folder = mkdtempSync(join(tmpdir(), "inchworm-segments-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
let files = 0;

function write(content: string): string {
  const path = join(folder, `table-${files++}.csv`);
  writeFileSync(path, content);
  return path;
}

const segment = (content: string, options: Partial<SegmentFileOptions> = {}) =>
  segmentFile(write(content), {
    seed: 1,
    signal: new AbortController().signal,
    onProgress() {},
    ...options,
  });

/** Two groups that take turns, with all that tables come with. */
function dirty(rows = 240): string {
  const { normal } = random(3);
  const comma = (value: number) => value.toFixed(2).replace(".", ",");
  const lines = Array.from({ length: rows }, (_, row) => {
    const group = row % 2;
    const x = row === 60 || row % 50 === 9 ? "" : comma(10 * group + normal());
    const y = row % 30 === 0 ? "" : comma(5 * group + normal());
    return `${1000 + row};${x};${y};7;${row % 3 ? "Österreich" : "Schweiz"}`;
  });
  return `\uFEFFid;x;y;always;land\r\n${lines.join("\r\n")}\r\n`;
}

describe("segments of a flat table", () => {
  it("go by its numbers, one id per row of the file, and say what was left out", async () => {
    const { card, assignments } = await segment(dirty());
    expect(card.k).toBe(2);
    expect(card.columns).toEqual(["x", "y"]);
    expect(assignments).toHaveLength(240);
    expect(assignments[60]).toBeNull(); // the only row without any value
    const ids = assignments.map((id) => Number(id));
    const seen = ids.flatMap((id, row) => (id === 0 ? [] : [{ id, group: row % 2 }]));
    expect(seen).toHaveLength(239);
    expect(
      adjustedRandIndex(
        seen.map(({ id }) => id),
        seen.map(({ group }) => group),
      ),
    ).toBeGreaterThan(0.9);
    expect(card.leftOut).toEqual([
      { column: "id", because: "another value in every row, as ids have" },
      { column: "always", because: "it never varies" },
      { column: "land", because: "it holds categories, and --columns does not name it" },
    ]);
    expect(card.notes.join(" ")).toMatch(/1 row without any value.*count as the mean: "x"/);
    expect(card.segments[0].description).toMatch(/x much (higher|lower) than the rest/);
    expect(card.fidelity).toBeGreaterThan(0.9);
    expect(segmentsMarkdown(card)).toContain('"land" is left out: it holds categories, and');
  });

  it("keep ids and names from an earlier model, which may come from anywhere", async () => {
    const first = await segment(dirty());
    const path = join(folder, "model.json");
    writeFileSync(path, JSON.stringify(saveSegments(first.saved, first.card)));
    const previous = loadSegments(path);
    const content = dirty(200).replace("id;x;y", "id;x;z");
    const again = await segment(dirty(300), { previous, seed: 9 });
    expect(again.card.segments.map(({ id, name }) => [id, name]).sort()).toEqual(
      first.card.segments.map(({ id, name }) => [id, name]).sort(),
    );
    expect(again.assignments.slice(0, 240)).toEqual(first.assignments);
    const other = await segment(content, { previous, columns: ["x,z"] });
    expect(other.card.segments.map(({ id }) => id)).toEqual([3, 4]);
    expect(other.card.notes.join()).toContain("earlier model is of other columns");
    await expect(segment(content, { previous })).rejects.toThrow('no column "y"');
    for (const broken of ["", "{}", "[]", readFileSync(path, "utf8").slice(0, -20)])
      expect(() => loadSegments(write(broken))).toThrow(/no model that inchworm segments wrote/);
    expect(() => loadSegments(join(folder, "none.json"))).toThrow(/There is no model/);
  });

  it("are as many as asked for, small ones in a tree", async () => {
    const { card, assignments } = await segment(dirty(), { micro: 12 });
    expect(card.k).toBe(12);
    expect(new Set(assignments.filter((id) => id !== null)).size).toBe(12);
    expect(card.tree).toHaveLength(11);
    const joined = card.tree?.flatMap(({ join }) => join) ?? [];
    expect(new Set(joined).size).toBe(22);
    expect((await segment(dirty(), { k: 3 })).card.k).toBe(3);
    await expect(segment(dirty(), { k: 500 })).rejects.toThrow("there are 239");
  });

  it("refuse what is not there, or never varies", async () => {
    await expect(segment(dirty(), { columns: ["x", "size"] })).rejects.toThrow('no column "size"');
    await expect(segment("x,y\n1,2\n1,2\n")).rejects.toThrow("it never varies");
    await expect(segment("x,y\n")).rejects.toThrow(/no rows/);
  });

  it("go by number in a table without names", async () => {
    const { normal } = random(1);
    const lines = Array.from(
      { length: 100 },
      (_, row) => `${9 * (row % 2) + normal()} ${normal()}`,
    );
    const { card } = await segment(`${lines.join("\n")}\n`, { columns: ["1,2"] });
    expect([card.k, card.rows, card.columns]).toEqual([2, 100, ["1", "2"]]);
  });
});

describe("segments of a log of orders", () => {
  it("are one per customer, beside the names for recency, frequency and money", async () => {
    const { below, normal } = random(2);
    const lines = ["id,day,spend"];
    for (let customer = 0; customer < 120; customer++) {
      const regular = customer % 3 === 0;
      for (let order = 0; order < (regular ? 10 + below(5) : 1); order++) {
        const day = regular ? 10 * order + below(8) + 150 : below(200);
        const date = new Date(Date.UTC(2023, 0, 1 + day)).toISOString().slice(0, 10);
        lines.push(
          `c${customer},${date},${(Math.exp((regular ? 5 : 3) + 0.3 * normal())).toFixed(2)}`,
        );
      }
    }
    lines.push("returned,2023-03-01,-20", ",2023-03-01,10");
    const orders = { customer: "id", date: "day", amount: "spend" };
    const { card, assignments } = await segment(`${lines.join("\n")}\n`, { orders });
    expect(card.k).toBe(2);
    expect(assignments).toHaveLength(120);
    const rows = assignments as readonly { customer: string; segment: number; rfm: string }[];
    const ids = rows.map(({ segment: id }) => id);
    const truth = rows.map(({ customer }) => Number(Number(customer.slice(1)) % 3 === 0));
    expect(adjustedRandIndex(ids, truth)).toBeGreaterThan(0.95);
    expect(card.segments.map(({ name }) => name).join()).toMatch(/frequent/);
    expect(card.rfm?.reduce((sum, { size }) => sum + size, 0)).toBe(120);
    expect(rows.find(({ segment: id }) => id === 2)?.rfm).toMatch(/champions|loyal/);
    expect(card.notes.join(" ")).toMatch(/1 row without a "id".*1 customer with no other rows/);
  });
});

const folderOfData = new URL("../../../../../shared/data/labelled-clusters/", import.meta.url);
it.skipIf(!existsSync(folderOfData))("finds the fifteen groups of R15", async () => {
  const path = new URL("R15.csv", folderOfData).pathname;
  const truth = readFileSync(path, "utf8").trim().split(/\r?\n/).slice(1);
  const { card, assignments } = await segmentFile(path, {
    columns: ["x,y"],
    seed: 1,
    signal: new AbortController().signal,
    onProgress() {},
  });
  expect(card.k).toBe(15);
  expect(
    adjustedRandIndex(
      assignments.map(Number),
      truth.map((line) => Number(line.split(",")[2])),
    ),
  ).toBeGreaterThan(0.99);
});
