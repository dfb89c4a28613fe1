import { describe, expect, it } from "vitest";
import { adjustedRandIndex } from "../cluster/rand-index.js";
import { LearnError } from "../error.js";
import { onnxScorer } from "../onnx/scorer.js";
import { toOnnx } from "../onnx/to-onnx.js";
import { type Random, random } from "../random.js";
import { takeRows } from "../table.js";
import type { Table } from "../types.js";
import { segmentation, segmentationConstraints } from "./segmentation.js";

const columns = ["recency", "visits", "spend"];

function drawn(rows: number, seed: number, row: (draws: Random) => readonly number[]): Table {
  const draws = random(seed);
  const values = Array.from({ length: rows }, () => row(draws));
  return {
    rows,
    columns: values[0].map((_, axis) => ({
      name: columns[axis],
      kind: "number" as const,
      values: Float32Array.from(values, (own) => own[axis]),
    })),
  };
}

/** Few that spend a lot, many that spend little, and some between that have not been seen for long. Spend is skewed. */
const kinds = [
  { share: 0.6, center: [30, 3, 3] },
  { share: 0.9, center: [200, 3, 4.5] },
  { share: 1, center: [10, 20, 7] },
];
function shop(rows: number, seed: number, gone = -1) {
  const truth: number[] = [];
  const table = drawn(rows, seed, ({ normal, uniform }) => {
    let kind: number;
    do {
      const place = uniform();
      kind = kinds.findIndex(({ share }) => place < share);
    } while (kind === gone);
    truth.push(kind);
    const [recency, visits, logSpend] = kinds[kind].center;
    return [recency + 5 * normal(), visits + normal(), Math.exp(logSpend + 0.4 * normal())];
  });
  return { table, truth };
}

const resampled = (table: Table, seed: number): Table => {
  const { below } = random(seed);
  return takeRows(
    table,
    Int32Array.from({ length: table.rows }, () => below(table.rows)),
  );
};

describe("segmentation", () => {
  const { table, truth } = shop(600, 1);
  const fitted = segmentation({ seed: 1 }).fit(table);

  it("finds how many kinds there are, and says what sets each apart", async () => {
    const model = await fitted;
    expect(model.clusters).toBe(3);
    expect(adjustedRandIndex(model.assign(table), truth)).toBeGreaterThan(0.99);
    expect(model.stability).toBeGreaterThan(0.95);
    expect(model.because).toMatch(/^3 segments: refits on bootstrap samples agree/);
    expect(model.segments.map(({ id }) => id)).toEqual([1, 2, 3]);
    expect(model.segments.reduce((sum, { size }) => sum + size, 0)).toBe(600);
    const best = model.segments[model.assign(table)[truth.indexOf(2)]];
    expect(best.name).toMatch(/high (visits|spend)/);
    expect(best.description).toMatch(/spend much higher than the rest \(1,\d{3} against \d+/);
    expect(best.description).toMatch(/As a rule: .+ \(finds (9\d|100) % of them/);
    expect(model.fidelity).toBeGreaterThan(0.97);
    expect(new Set(model.segments.map(({ name }) => name)).size).toBe(3);
  });

  it("has rules that hold even where groups take turns in the order of the rows", async () => {
    const turns = truth.map((_, row) => row).sort((one, other) => (one % 2) - (other % 2));
    turns.sort((one, other) => Number(truth[one] === 2) - Number(truth[other] === 2));
    const rows = turns.flatMap((row, place) =>
      place % 2 ? [] : [row, turns[turns.length - 1 - place]],
    );
    const model = await segmentation({ seed: 1 }).fit(takeRows(table, rows));
    expect(model.fidelity).toBeGreaterThan(0.97);
  });

  it("gives the same bytes twice, and the same answers from its artifact and as ONNX", async () => {
    const model = await fitted;
    const text = JSON.stringify(model.save());
    expect(JSON.stringify((await segmentation({ seed: 1 }).fit(table)).save())).toBe(text);
    const loaded = segmentation({ seed: 9 }).load(JSON.parse(text));
    expect(loaded.ids(table)).toEqual(model.ids(table));
    expect(JSON.stringify(loaded.save())).toBe(text);
    const odd = drawn(200, 5, ({ uniform }) => [
      uniform() < 0.3 ? Number.NaN : 300 * uniform(),
      30 * uniform() - 5,
      uniform() < 0.1 ? -7 : 3000 * uniform(),
    ]);
    const scorer = await onnxScorer(toOnnx(model), { output: "segment" });
    expect(Array.from(await scorer.predict(odd))).toEqual([...model.ids(odd)]);
    await scorer.close();
  });

  it.each([
    ["one normal cloud", ({ normal }: Random) => [normal(), normal(), normal()]],
    ["evenly spread points", ({ uniform }: Random) => [uniform(), uniform()]],
    [
      "columns that go together",
      ({ normal }: Random) => {
        const common = normal();
        return [common + 0.3 * normal(), common + 0.3 * normal(), common + 0.3 * normal()];
      },
    ],
    [
      "skewed columns",
      ({ uniform }: Random) => [-Math.log(1 - uniform()), -Math.log(1 - uniform())],
    ],
    ["answers from 1 to 5", ({ below }: Random) => [1 + below(5), 1 + below(5)]],
    ["heavy tails", ({ normal }: Random) => [normal() / (0.1 + Math.abs(normal())), normal()]],
  ])("finds one segment in %s, and says so", async (_, row) => {
    for (const seed of [1, 2]) {
      const model = await segmentation({ seed }).fit(drawn(700, seed, row));
      expect(model.clusters).toBe(1);
      expect(model.because).toMatch(/there is one segment/);
      expect(model.segments[0]).toMatchObject({ id: 1, name: "everyone", size: 700 });
    }
  });

  it("finds groups that one column of many tells apart, and groups of very different width", async () => {
    const hidden: number[] = [];
    const one = drawn(600, 3, ({ normal, uniform }) => {
      hidden.push(Number(uniform() < 0.3));
      return [6 * hidden[hidden.length - 1] + normal(), normal(), normal()];
    });
    const model = await segmentation({ seed: 1 }).fit(one);
    expect(adjustedRandIndex(model.assign(one), hidden)).toBeGreaterThan(0.95);
    const wide: number[] = [];
    const two = drawn(600, 4, ({ normal, uniform }) => {
      const kind = Number(uniform() < 0.4);
      wide.push(kind);
      return kind ? [8 + 0.2 * normal(), 8 + 0.2 * normal()] : [2 * normal(), 2 * normal()];
    });
    const other = await segmentation({ seed: 1 }).fit(two);
    expect(other.groups.kind).toBe("gaussian-mixture");
    expect(adjustedRandIndex(other.assign(two), wide)).toBeGreaterThan(0.95);
  });

  it("agrees with itself on bootstrap samples, ids and names included", async () => {
    const model = await fitted;
    for (const seed of [11, 12]) {
      const again = await segmentation({ seed }).fit(resampled(table, seed), { previous: model });
      const ids = again.ids(table);
      const same = model.ids(table).filter((id, row) => id === ids[row]).length;
      expect(same / table.rows).toBeGreaterThan(0.98);
      for (const { id, name } of again.segments)
        expect(name).toBe(model.segments.find((segment) => segment.id === id)?.name);
    }
  });

  it("gives a new segment an id that none ever had", async () => {
    const early = shop(500, 2, 1).table;
    const first = await segmentation({ seed: 1 }).fit(early);
    expect(first.segments.map(({ id }) => id)).toEqual([1, 2]);
    const second = await segmentation({ seed: 1 }).fit(table, { previous: first });
    expect(second.segments.map(({ id }) => id).toSorted()).toEqual([1, 2, 3]);
    const without = shop(500, 3, 0).table;
    const third = await segmentation({ seed: 1 }).fit(without, { previous: second });
    const lost = first.segments[0].id;
    expect(third.segments.map(({ id }) => id)).not.toContain(lost);
    expect(third.nextId).toBe(4);
    const fourth = await segmentation({ seed: 1 }).fit(table, { previous: third });
    expect(fourth.segments.map(({ id }) => id).toSorted()).toEqual([2, 3, 4]);
    expect(new Set(fourth.segments.map(({ name }) => name)).size).toBe(3);
  });

  it("makes as many as are asked for, over which a tree gives every coarser number", async () => {
    const model = await segmentation({ seed: 1, segments: 60 }).fit(table);
    expect(model.clusters).toBe(60);
    expect(model.stability).toBeLessThan(1);
    expect(new Set(model.segments.map(({ name }) => name)).size).toBe(60);
    let finer = model.level(60);
    expect([...finer]).toEqual([...finer.keys()]);
    for (let branches = 59; branches >= 1; branches--) {
      const level = model.level(branches);
      expect(new Set(level).size).toBe(branches);
      const above = new Map<number, number>();
      for (const [segment, branch] of finer.entries()) {
        expect(above.get(branch) ?? level[segment]).toBe(level[segment]);
        above.set(branch, level[segment]);
      }
      finer = level;
    }
    const labels = model.assign(table);
    const coarse = model.level(3);
    const three = labels.map((segment) => coarse[segment]);
    expect(adjustedRandIndex(three, truth)).toBeGreaterThan(0.9);
    const heights = model.tree.map(({ height }) => height);
    expect(heights).toEqual(heights.toSorted((one, other) => one - other));
  });

  it("leaves constant columns out, and does with one row, or with none but missing values", async () => {
    const constant = {
      name: "constant",
      kind: "number" as const,
      values: new Float32Array(600).fill(3),
    };
    const model = await segmentation({ seed: 1 }).fit({
      rows: 600,
      columns: [...table.columns, constant],
    });
    expect(model.columns).toEqual(columns);
    expect(model.clusters).toBe(3);
    const one = await segmentation({ seed: 1 }).fit(takeRows(table, [0]));
    expect(one.clusters).toBe(1);
    const nothing = {
      rows: 3,
      columns: [
        { name: "x", kind: "number" as const, values: new Float32Array(3).fill(Number.NaN) },
      ],
    };
    expect((await segmentation({ seed: 1 }).fit(nothing)).segments).toHaveLength(1);
  });

  it("refuses bad options, tables and artifacts, and stops when told to", async () => {
    for (const name of Object.keys(segmentationConstraints))
      for (const bad of [-1, 0.5, Number.NaN])
        expect(() => segmentation({ seed: 1, [name]: bad })).toThrow(LearnError);
    expect(() => segmentation({ seed: 1, segments: 0 })).toThrow(
      '"segments" must be an integer ≥ 1',
    );
    const category = {
      name: "c",
      kind: "category" as const,
      codes: new Int32Array(2),
      levels: ["a"],
    };
    await expect(segmentation({ seed: 1 }).fit({ rows: 2, columns: [category] })).rejects.toThrow(
      'column "c" holds categories',
    );
    await expect(
      segmentation({ seed: 1 }).fit(table, { signal: AbortSignal.abort() }),
    ).rejects.toThrow("Stopped");
    const saved = (await fitted).save();
    const data = saved.data as Record<string, unknown>;
    for (const key of Object.keys(data))
      for (const wrong of [undefined, null, [], [{}], {}, ["x"], Number.NaN])
        expect(() =>
          segmentation({ seed: 1 }).load({ ...saved, data: { ...data, [key]: wrong } }),
        ).toThrow(LearnError);
    const [first, ...rest] = data.segments as { id: number }[];
    const twins = { ...data, segments: [first, { ...rest[0], id: first.id }, rest[1]] };
    expect(() => segmentation({ seed: 1 }).load({ ...saved, data: twins })).toThrow(
      "two segments have one id",
    );
  });
});
