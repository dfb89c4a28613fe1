import { describe, expect, it } from "vitest";
import { random } from "../random.js";
import type { Column, Table } from "../types.js";
import { gradientBoosting } from "./gradient-boosting.js";
import { packBytes } from "./pack-bytes.js";
import { plantedTable } from "./planted.fixture.js";

const rows = 5003;
const { table: planted, labels } = plantedTable(rows, 21);
const draw = random(3);
// thresholds so uneven that no grid of equal cells tells them apart
const skewed = Float32Array.from({ length: rows }, () => Math.exp(6 * draw.normal()));
const wild = Float32Array.from({ length: rows }, (_, row) => (row % 5 === 0 ? NaN : draw.normal()));
const flag = Float32Array.from({ length: rows }, (_, row) => (row % 3 === 0 ? -0 : row % 2));
const numbers: Column[] = [
  { name: "skewed", kind: "number", values: skewed },
  { name: "wild", kind: "number", values: wild },
  { name: "flag", kind: "number", values: flag },
];
const table: Table = { rows, columns: [...planted.columns, ...numbers] };
const noisy = labels.map((label, row) =>
  skewed[row] > 1 && wild[row] > 0 && draw.uniform() < 0.7 ? 1 - label : label,
);

const scored: Table = {
  rows,
  columns: table.columns.map((column) =>
    column.name !== "wild"
      ? column
      : { ...column, kind: "number", values: wild.map(beyondEveryThreshold) },
  ),
};

function beyondEveryThreshold(value: number, row: number): number {
  return row % 9 === 0 ? Infinity : row % 7 === 0 ? -Infinity : value;
}

const part = (from: number, to: number): Table => ({
  rows: to - from,
  columns: scored.columns.map((column) =>
    column.kind === "number"
      ? { ...column, values: column.values.slice(from, to) }
      : { ...column, codes: column.codes.slice(from, to) },
  ),
});

describe("scoring many rows", () => {
  for (const [trees, leaves, inBytes] of [
    [40, 31, true],
    [12, 100, true],
    [300, 2, true],
    [40, 8, true],
    [5, 150, false],
    [2, 31, false],
  ] as const)
    it(`gives the bits of one row at a time: ${trees} trees of ${leaves} leaves`, async () => {
      const settings = { trees, leaves, minRows: 3, l2: 0, bins: 200 };
      const model = await gradientBoosting(settings).fit(table, noisy);
      expect(packBytes(model.forest) !== undefined).toBe(inBytes);
      const many = model.margin(scored);
      // fewer than 512 rows are scored in plain TypeScript
      for (let from = 0; from < rows; from += 511) {
        const to = Math.min(rows, from + 511);
        expect(model.margin(part(from, to))).toEqual(many.slice(from, to));
      }
    });
});
