import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { auc, type Column, logLoss, type Model, random, type Table } from "@inchworm/learn";
import { openFlatFile } from "@inchworm/store";
import { afterAll, describe, expect, it } from "vitest";
import { tellTarget } from "../table/target.js";
import { baseline } from "./baseline.js";
import { crossValidate } from "./cross-validate.js";
import { readData } from "./data.js";
import { modelFiles, writeFiles } from "./files.js";
import { importance } from "./importance.js";
import { measures } from "./metrics.js";
import { foldPlan, timePlan } from "./splits.js";

const folder = mkdtempSync(join(tmpdir(), "inchworm-fit-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const number = (name: string, values: ArrayLike<number>): Column => ({
  name,
  kind: "number",
  values: Float32Array.from(values),
});
const table = (...columns: Column[]): Table => ({
  rows: columns[0].kind === "number" ? columns[0].values.length : columns[0].codes.length,
  columns,
});

/** Rows whose outcome follows "signal" and nothing else. */
function planted(rows: number, seed = 1) {
  const { normal, uniform } = random(seed);
  const signal = Float32Array.from({ length: rows }, normal);
  const noise = Float32Array.from({ length: rows }, normal);
  const labels = Float64Array.from(signal, (value) =>
    Number(uniform() < 1 / (1 + Math.exp(-2 * value))),
  );
  return { table: table(number("noise", noise), number("signal", signal)), labels };
}

describe("folds", () => {
  const labels = Float64Array.from({ length: 103 }, (_, row) => Number(row % 4 === 0));

  it("judge each row once a repeat, on a model that had not seen it, with equal shares", () => {
    const plan = foldPlan(labels, 5, 3, 7);
    expect(plan.name).toBe("5 folds, 3 times");
    for (const splits of plan.repeats) {
      const judged = splits.flatMap(({ test }) => [...test]).sort((one, other) => one - other);
      expect(judged).toEqual([...labels.keys()]);
      for (const { train, test } of splits) {
        expect(train.length + test.length).toBe(103);
        expect(test.filter((row) => train.includes(row))).toHaveLength(0);
        const positives = test.reduce((sum, row) => sum + labels[row], 0);
        expect(positives).toBeGreaterThanOrEqual(5);
        expect(positives).toBeLessThanOrEqual(6);
      }
    }
    expect(plan.repeats[0]).not.toEqual(plan.repeats[1]);
    expect(foldPlan(labels, 5, 3, 7)).toEqual(plan);
    expect(foldPlan(labels, 5, 3, 8)).not.toEqual(plan);
  });

  it("need as many rows of each outcome as there are folds", () => {
    const few = Float64Array.from({ length: 20 }, (_, row) => Number(row < 3));
    expect(() => foldPlan(few, 5, 1, 1)).toThrow(/there are 3 rows of the positive outcome: 2 are/);
    expect(foldPlan(few, 3, 1, 1).repeats[0]).toHaveLength(3);
  });
});

describe("the order of time", () => {
  const labels = Float64Array.from({ length: 100 }, (_, row) => row % 2);

  it("keeps the last fifth for judging, and rows of one time together", () => {
    expect(timePlan(labels, undefined).judged[0]).toBe(80);
    const months = Float32Array.from(labels, (_, row) => Math.floor(row / 15));
    const plan = timePlan(labels, months);
    expect(plan.judged[0]).toBe(75);
    expect(plan.known.at(-1)).toBe(74);
  });

  it("refuses one time for all rows, and a part with one outcome", () => {
    expect(() => timePlan(labels, new Float32Array(100))).toThrow(/one time/);
    const early = Float64Array.from({ length: 100 }, (_, row) => Number(row < 50 && row % 2 === 0));
    expect(() => timePlan(early, undefined)).toThrow(/last 20 %/);
  });
});

describe("the data", () => {
  it("are in the order of time, and that column is not learned from", async () => {
    const path = join(folder, "times.csv");
    const rows = Array.from({ length: 60 }, (_, row) => (row * 37) % 60);
    const line = (n: number) =>
      `2024-${n < 31 ? "01" : "02"}-${String(n < 31 ? n + 1 : n - 30).padStart(2, "0")},${n / 2},${n % 2}`;
    writeFileSync(path, `when,half,y\n${rows.map(line).join("\n")}\n,5,1\n2024-03-01,,\n`);
    const file = await openFlatFile(path);
    const data = await readData(file, path, { target: "y", time: "when" }, () => {}).finally(
      file.close,
    );
    expect(data.table.columns.map(({ name }) => name)).toEqual(["half"]);
    const inOrder = Array.from({ length: 60 }, (_, n) => n);
    expect(data.labels).toEqual(Float64Array.from(inOrder, (n) => n % 2));
    expect(data.table.columns[0]).toHaveProperty(
      "values",
      Float32Array.from(inOrder, (n) => n / 2),
    );
    expect([...(data.times ?? [])].map((day) => day - 19723)).toEqual(inOrder);
    expect(data.notes).toEqual([
      '1 row without a "y" is left out.',
      '1 row without a "when" is left out.',
    ]);
  });
});

describe("the baseline", () => {
  it("is the column that tells most, judged on rows it had not seen", async () => {
    const { table, labels } = planted(1500);
    const plan = foldPlan(labels, 5, 1, 1);
    const { name, scores } = await baseline(plan, table, labels, { seed: 1 });
    expect(name).toBe('"signal" alone');
    expect(auc(scores, labels)).toBeGreaterThan(0.8);
  });

  it("is the base rate where no column tells anything", async () => {
    const { normal, below } = random(5);
    const labels = Float64Array.from({ length: 600 }, () => below(2));
    const noise = table(number("noise", Float32Array.from(labels, normal)));
    const plan = foldPlan(labels, 5, 2, 1);
    const { name, scores } = await baseline(plan, noise, labels, { seed: 1 });
    expect(name).toBe("base rate");
    expect(auc(scores.subarray(0, 600), labels)).toBe(0.5);
    expect(logLoss(scores.subarray(600), labels)).toBeCloseTo(Math.log(2), 2);
  });

  it("is chosen without a look at later rows", async () => {
    const { table: first, labels } = planted(2000);
    const late = Float32Array.from(labels, (label, row) => (row < 1600 ? row % 3 : label));
    const plan = timePlan(labels, undefined);
    const both: Table = { rows: 2000, columns: [...first.columns, number("later", late)] };
    expect((await baseline(plan, both, labels, { seed: 1 })).name).toBe('"signal" alone');
  });
});

describe("measures", () => {
  it("average the repeats, and draw a row with all of its repeats", () => {
    const { table, labels } = planted(800);
    const signal = Float64Array.from(
      (table.columns[1] as Extract<Column, { kind: "number" }>).values,
      (value) => 1 / (1 + Math.exp(-value)),
    );
    const twice = Float64Array.of(...signal, ...signal.map((score) => 1 - score));
    const { of } = measures(labels, 2, 1);
    expect(of(auc, twice).value).toBeCloseTo(0.5, 10);
    const same = Float64Array.of(...signal, ...signal);
    const once = measures(labels, 1, 1).of(auc, signal);
    // a second copy of the same scores is no second opinion: it makes no interval narrower
    expect(of(auc, same)).toEqual(once);
  });

  it("come from scores put at the rows they are of", async () => {
    const { table, labels } = planted(300);
    const plan = foldPlan(labels, 4, 2, 3);
    const values = (table.columns[1] as Extract<Column, { kind: "number" }>).values;
    const echo = async (_: Table, __: Float64Array, test: Table) =>
      Float64Array.from((test.columns[1] as (typeof table.columns)[1] & { kind: "number" }).values);
    const scores = await crossValidate(plan, table, labels, echo);
    expect(scores).toEqual(Float64Array.of(...values, ...values));
  });
});

describe("importance", () => {
  it("is each column's share of all contributions", () => {
    const contributions = Float64Array.of(3, -1, 0, -3, 1, 0);
    const model = { explain: () => ({ base: 0, columns: ["a", "b", "c"], contributions }) };
    const found = importance(model as unknown as Model, table(number("a", [1, 2])));
    expect(found).toEqual([
      { column: "a", gain: 0.75 },
      { column: "b", gain: 0.25 },
      { column: "c", gain: 0 },
    ]);
  });
});

describe("the target", () => {
  async function told(values: readonly string[], positive?: string) {
    const path = join(folder, "target.csv");
    writeFileSync(path, `t,x\n${values.map((value, row) => `${value},${row}`).join("\n")}\n`);
    const file = await openFlatFile(path);
    try {
      const target = await tellTarget(file, "target.csv", "t", positive);
      return { ...target, labels: [...(await file.floats([target.sql]))[0]] };
    } finally {
      await file.close();
    }
  }

  it("is 1, yes or true, else the rarer of two", async () => {
    expect((await told(["No", "yes", "No"])).positive).toBe("yes");
    expect((await told(["1.0", "1", "0"])).labels).toEqual([1, 1, 0]);
    expect((await told(["kept", "left", "kept"])).positive).toBe("left");
  });

  it("takes spellings of one value together, and rows without one out", async () => {
    expect((await told(["Yes", "YES", "no", "", "NA", "yes"], "YES")).labels).toEqual([
      1,
      1,
      0,
      Number.NaN,
      Number.NaN,
      1,
    ]);
  });

  it("tells one of several from the others, and says so", async () => {
    const { labels, note } = await told(["a", "b", "c", "b"], "b");
    expect(labels).toEqual([0, 1, 0, 1]);
    expect(note).toMatch(/all other values/);
  });

  it("names the values there are", async () => {
    await expect(told(["a", "b", "c"])).rejects.toThrow(
      /3 different values, not two: "a", "b", "c"/,
    );
    await expect(told(["a", "b"], "d")).rejects.toThrow(/"d". Its values are "a", "b"/);
    await expect(told(["a", "a"])).rejects.toThrow(/has the same one, "a"/);
    await expect(told(["", "NA"])).rejects.toThrow(/is empty/);
    const address = told(["ada@example.com", "grace@example.com", "x"]);
    await expect(address).rejects.toThrow(/not two: …, …, "x"/);
  });
});

describe("files", () => {
  it("overwrite models, and nothing else", async () => {
    const at = (name: string) => join(folder, name);
    writeFileSync(at("package.json"), '{ "name": "mine" }');
    expect(() => modelFiles(at("package.json"), "x.csv")).toThrow(/is no model/);
    expect(() => modelFiles(at("model.txt"), "x.csv")).toThrow(/\.json/);
    const files = modelFiles(at("deep/model.json"), "x.csv");
    await writeFiles([
      [files.model, '{"format":"inchworm"}'],
      [files.card, ["# a", " card"]],
    ]);
    expect(readFileSync(at("deep/model.md"), "utf8")).toBe("# a card");
    expect(modelFiles(at("deep/model.json"), "x.csv")).toEqual(files);
    expect(() => modelFiles(files.model, files.model)).toThrow(/not overwritten/);
  });
});
