import { describe, expect, it } from "vitest";
import { LearnError } from "../error.js";
import { onnxScorer } from "../onnx/scorer.js";
import { toOnnx } from "../onnx/to-onnx.js";
import { random } from "../random.js";
import { takeRows } from "../table.js";
import type { Column, Table } from "../types.js";
import { hungarian } from "./hungarian.js";
import { type KmeansModel, kmeans, kmeansConstraints } from "./kmeans.js";
import { matchClusters } from "./match.js";
import { type GaussianMixtureModel, gaussianMixture } from "./mixture.js";
import type { ClusterEstimator } from "./model.js";
import { adjustedRandIndex } from "./rand-index.js";

const number = (name: string, values: ArrayLike<number>): Column => ({
  name,
  kind: "number",
  values: Float32Array.from(values),
});

/** Four groups of unequal size, on columns of very different units. */
function planted(rows: number, seed: number): { table: Table; truth: Int32Array } {
  const { below, normal } = random(seed);
  const centers = [
    [0, 0],
    [12, 0],
    [0, 12],
    [12, 12],
  ];
  const truth = Int32Array.from({ length: rows }, () => [0, 0, 0, 0, 1, 1, 1, 2, 2, 3][below(10)]);
  const axis = (index: number, unit: number, shift: number) =>
    number(
      `axis ${index}`,
      Array.from(truth, (group) => shift + unit * (centers[group][index] + normal())),
    );
  return { table: { rows, columns: [axis(0, 1000, 1e6), axis(1, 0.01, 0)] }, truth };
}

const makers: [string, () => ClusterEstimator<KmeansModel | GaussianMixtureModel>][] = [
  ["kmeans", () => kmeans({ clusters: 4, seed: 1 })],
  ["gaussian-mixture", () => gaussianMixture({ clusters: 4, seed: 1, starts: 3 })],
];

describe.each(makers)("%s", (_, make) => {
  const { table, truth } = planted(1000, 1);

  it("finds the planted groups, the largest first", async () => {
    const model = await make().fit(table);
    expect(adjustedRandIndex(model.assign(table), truth)).toBeGreaterThan(0.99);
    expect(model.assign(table)).toEqual(truth);
    expect(model.shares).toEqual(model.shares.toSorted().reverse());
    expect(model.shares.reduce((sum, share) => sum + share)).toBeCloseTo(1, 12);
    expect(model.centers[0]).toBeCloseTo(1e6, -3);
    expect(model.centers[2]).toBeCloseTo(1e6 + 12_000, -3);
    expect(model.centers[3]).toBeCloseTo(0, 2);
  });

  it("gives the same bytes twice, and the same numbers from its artifact", async () => {
    const first = await make().fit(table);
    const text = JSON.stringify(first.save());
    expect(JSON.stringify((await make().fit(table)).save())).toBe(text);
    const loaded = make().load(JSON.parse(text));
    expect(loaded.assign(table)).toEqual(first.assign(table));
    expect(JSON.stringify(loaded.save())).toBe(text);
  });

  it("refuses an artifact that is not its own", async () => {
    const saved = (await make().fit(table)).save();
    for (const broken of [
      null,
      [],
      {},
      { ...saved, kind: "x" },
      { ...saved, version: 2 },
      { ...saved, data: [] },
    ])
      expect(() => make().load(broken as never)).toThrow(LearnError);
    const data = saved.data as Record<string, unknown>;
    for (const key of Object.keys(data))
      for (const wrong of [
        undefined,
        null,
        "x",
        Number.NaN,
        [],
        [{}],
        [null],
        { length: 2 },
        ["__proto__"],
      ])
        expect(() => make().load({ ...saved, data: { ...data, [key]: wrong } })).toThrow(
          LearnError,
        );
  });

  it("finds columns by name, and takes a missing value for the mean", async () => {
    const model = await make().fit(table);
    const extra = number("extra", new Float32Array(1000));
    const turned = { rows: 1000, columns: [extra, ...table.columns.toReversed()] };
    expect(model.assign(turned)).toEqual(model.assign(table));
    const blank: Table = {
      rows: 1,
      columns: [number("axis 0", [Number.NaN]), number("axis 1", [0.12])],
    };
    const [label] = model.assign(blank);
    const mean =
      table.columns[0].kind === "number"
        ? table.columns[0].values.reduce((a, b) => a + b) / 1000
        : 0;
    expect(label).toBe(
      model.assign({ rows: 1, columns: [number("axis 0", [mean]), blank.columns[1]] })[0],
    );
    expect(() => model.assign({ rows: 1, columns: [blank.columns[0]] })).toThrow(
      'column "axis 1" is missing',
    );
  });

  it("ignores a column without information, and rows may be few", async () => {
    const constant = [
      number("constant", new Float32Array(1000).fill(5)),
      number("gone", new Float32Array(1000).fill(Number.NaN)),
    ];
    const model = await make().fit({ rows: 1000, columns: [...table.columns, ...constant] });
    expect(model.assign({ rows: 1000, columns: [...table.columns, ...constant] })).toEqual(truth);
    const four = { rows: 4, columns: [number("x", [1, 2, 3, 4])] };
    expect(new Set((await make().fit(four)).assign(four)).size).toBe(4);
  });

  it("refuses what it cannot group", async () => {
    const rejects = async (columns: Column[], rows: number, message: string) =>
      expect(make().fit({ rows, columns })).rejects.toThrow(message);
    await rejects(
      [number("x", [1, 1, 2, 2, 3])],
      5,
      "4 clusters need as many different rows, got 3.",
    );
    await rejects([number("x", [1, 2, Infinity, 4])], 4, "infinite in row 2");
    await rejects(
      [{ name: "c", kind: "category", codes: new Int32Array(1), levels: ["a"] }],
      1,
      "holds categories",
    );
    await rejects([], 3, "has no columns");
    await rejects([number("x", [])], 0, "has no rows");
    await expect(make().fit(table, { signal: AbortSignal.abort() })).rejects.toMatchObject({
      code: "aborted",
    });
  });

  it("exports to ONNX", async () => {
    const model = await make().fit(table);
    const scorer = await onnxScorer(toOnnx(model), { output: "cluster" });
    const gap = {
      ...table.columns[1],
      values: Float32Array.from({ length: 1000 }, (_, row) => (row % 7 ? row / 1e4 : Number.NaN)),
    } as Column;
    const holes = { rows: 1000, columns: [table.columns[0], gap] };
    expect(Int32Array.from(await scorer.predict(holes))).toEqual(model.assign(holes));
    if (model.kind !== "gaussian-mixture") return;
    const second = await onnxScorer(toOnnx(model), { outputColumn: 1 });
    const found = await second.predict(holes);
    const own = model.responsibilities(holes);
    for (let row = 0; row < 1000; row++)
      expect(Math.abs(found[row] - own[row * 4 + 1])).toBeLessThan(1e-6);
  });

  it("gives one cluster the mean of all", async () => {
    const one =
      _ === "kmeans" ? kmeans({ clusters: 1, seed: 0 }) : gaussianMixture({ clusters: 1, seed: 0 });
    const model = await one.fit({ rows: 4, columns: [number("x", [1, 2, 3, 6])] });
    expect(model.centers[0]).toBeCloseTo(3, 6);
    expect([...model.assign({ rows: 2, columns: [number("x", [-9, 9])] })]).toEqual([0, 0]);
  });
});

describe("kmeans", () => {
  it("comes to Lloyd's own answer from the same start", async () => {
    const { normal } = random(4);
    const rows = 400;
    const columns = [0, 1, 2].map((axis) =>
      number(`x${axis}`, Float32Array.from({ length: rows }, normal)),
    );
    const model = await kmeans({ clusters: 7, seed: 2, tolerance: 0 }).fit({ rows, columns });
    // at a minimum of Lloyd's iteration every centre is the mean of its rows
    const labels = model.assign({ rows, columns });
    for (let cluster = 0; cluster < 7; cluster++)
      columns.forEach((column, axis) => {
        if (column.kind !== "number") return;
        const own = column.values.filter((_, row) => labels[row] === cluster);
        const mean = own.reduce((sum, value) => sum + value, 0) / own.length;
        expect(model.centers[cluster * 3 + axis]).toBeCloseTo(mean, 5);
      });
  });

  it("fills an empty cluster with the furthest point", async () => {
    // one far point among heaps of equal ones: whatever the start, it must end alone
    const values = Float32Array.from({ length: 300 }, (_, row) => (row === 7 ? 1000 : row % 3));
    const model = await kmeans({ clusters: 4, seed: 3, starts: 1 }).fit({
      rows: 300,
      columns: [number("x", values)],
    });
    expect(model.inertia).toBeCloseTo(0, 6);
    expect([...model.shares].at(-1)).toBeCloseTo(1 / 300, 9);
  });

  it("refuses options outside their constraints", () => {
    for (const [name, { min = 0 }] of Object.entries(kmeansConstraints))
      for (const wrong of [min - 1, Number.NaN, "2" as unknown as number])
        expect(() => kmeans({ clusters: 2, seed: 1, [name]: wrong })).toThrow(
          `kmeans: "${name}" must be`,
        );
  });
});

describe("gaussianMixture", () => {
  it("chooses the planted number by BIC, and tells wide clusters from narrow ones", async () => {
    const { normal, uniform } = random(6);
    const values = Float32Array.from({ length: 3000 }, () =>
      uniform() < 0.5 ? 0.2 * normal() : 6 + 2 * normal(),
    );
    const table = { rows: 3000, columns: [number("x", values)] };
    const model = await gaussianMixture({ clusters: [1, 2, 3, 4], seed: 1 }).fit(table);
    expect(model.clusters).toBe(2);
    const spread = model.standardVariances.map(
      (variance) => Math.sqrt(variance) / model.axes[0].inverseScale,
    );
    expect([...spread].sort()[0]).toBeCloseTo(0.2, 1);
    expect([...spread].sort()[1]).toBeCloseTo(2, 0);
    const sums = model.responsibilities(table).reduce((sum, part) => sum + part);
    expect(sums).toBeCloseTo(3000, 6);
  });

  it("raises the likelihood to that of the true density", async () => {
    const { normal } = random(7);
    const values = Float32Array.from({ length: 4000 }, () => 5 + 3 * normal());
    const model = await gaussianMixture({ clusters: 1, seed: 1 }).fit({
      rows: 4000,
      columns: [number("x", values)],
    });
    // standardised to mean 0 and variance 1: −n/2 · (ln 2π + 1)
    expect(model.logLikelihood).toBeCloseTo((-4000 / 2) * (Math.log(2 * Math.PI) + 1), 2);
    expect(model.bic).toBeCloseTo(-2 * model.logLikelihood + 2 * Math.log(4000), 6);
  });

  it("refuses an empty choice", () => {
    expect(() => gaussianMixture({ clusters: [], seed: 1 })).toThrow("at least one number");
    expect(() => gaussianMixture({ clusters: [2, 0], seed: 1 })).toThrow(
      '"clusters" must be an integer ≥ 1',
    );
  });
});

describe("hungarian", () => {
  it("finds the least cost of all assignments", () => {
    const { below, uniform } = random(8);
    for (let round = 0; round < 60; round++) {
      const rows = 1 + below(5);
      const columns = 1 + below(5);
      const costs = Float64Array.from({ length: rows * columns }, () =>
        round % 2 ? below(4) : uniform() * 10 - 5,
      );
      const found = hungarian(costs, rows, columns);
      const used = [...found].filter((column) => column >= 0);
      expect(new Set(used).size).toBe(Math.min(rows, columns));
      const cost = found.reduce(
        (sum, column, row) => sum + (column < 0 ? 0 : costs[row * columns + column]),
        0,
      );
      expect(cost).toBeCloseTo(
        cheapest(costs, rows, columns, 0, new Set(), rows - Math.min(rows, columns)),
        9,
      );
    }
  });
});

function cheapest(
  costs: Float64Array,
  rows: number,
  columns: number,
  row: number,
  used: Set<number>,
  skips: number,
): number {
  if (row === rows) return 0;
  let least = skips > 0 ? cheapest(costs, rows, columns, row + 1, used, skips - 1) : Infinity;
  for (let column = 0; column < columns; column++) {
    if (used.has(column)) continue;
    const rest = cheapest(costs, rows, columns, row + 1, new Set([...used, column]), skips);
    least = Math.min(least, costs[row * columns + column] + rest);
  }
  return least;
}

describe("matchClusters", () => {
  it("lets a segment keep its number when sizes, seeds and units of the order change", async () => {
    const { table, truth } = planted(2000, 9);
    const before = await kmeans({ clusters: 4, seed: 1 }).fit(table);
    // the smallest group has become the largest
    const kept = Array.from(truth.keys()).filter((row) => truth[row] === 3 || row % 8 === 0);
    const later = takeRows(table, kept);
    const after = await kmeans({ clusters: 4, seed: 5 }).fit(later);
    const match = matchClusters(before, after);
    const continued = after.assign(later).map((label) => match[label]);
    expect(adjustedRandIndex(continued, before.assign(later))).toBeGreaterThan(0.98);
    expect(continued).toEqual(Int32Array.from(kept, (row) => truth[row]));
    const more = await kmeans({ clusters: 6, seed: 1 }).fit(table);
    expect([...matchClusters(before, more)].filter((old) => old === -1)).toHaveLength(2);
    expect([...matchClusters(more, before)].includes(-1)).toBe(false);
  });

  it("refuses models of different columns", async () => {
    const fit = (name: string) =>
      kmeans({ clusters: 1, seed: 1 }).fit({ rows: 2, columns: [number(name, [1, 2])] });
    const [one, other] = [await fit("a"), await fit("b")];
    expect(() => matchClusters(one, other)).toThrow("different columns");
  });
});

it("adjustedRandIndex, by hand", () => {
  expect(adjustedRandIndex([0, 0, 1, 1], [5, 5, 3, 3])).toBe(1);
  expect(adjustedRandIndex([0, 0, 1, 1], [0, 0, 1, 2])).toBeCloseTo(0.5714, 4); // scikit-learn's own example
  expect(adjustedRandIndex([0, 0, 0, 0], [0, 1, 2, 3])).toBe(0);
  expect(() => adjustedRandIndex([0], [0, 1])).toThrow(LearnError);
});
