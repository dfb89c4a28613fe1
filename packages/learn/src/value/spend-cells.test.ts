import { describe, expect, it } from "vitest";
import { random } from "../random.js";
import { gammaGamma } from "./gamma-gamma.js";
import { logSums, spendCells } from "./spend-cells.js";
import type { Spending } from "./types.js";

function spendingOf(rows: number, weight?: (row: number) => number): Spending {
  const { uniform, normal } = random(8);
  return {
    rows,
    frequency: Float64Array.from({ length: rows }, () => Math.floor(5 * uniform())),
    monetary: Float64Array.from({ length: rows }, () => 30 * Math.exp(normal())),
    ...(weight && { weights: Float64Array.from({ length: rows }, (_, row) => weight(row)) }),
  };
}

/** The same customers, each written as often as its weight says. */
function repeated({ rows, frequency, monetary, weights }: Spending): Spending {
  const order = Array.from({ length: rows }, (_, row) => row).flatMap((row) =>
    new Array<number>(weights?.[row] ?? 1).fill(row),
  );
  const take = (values: Float64Array) => Float64Array.from(order, (row) => values[row]);
  return { rows: order.length, frequency: take(frequency), monetary: take(monetary) };
}

describe("spending by number of purchases", () => {
  it("sums logarithms of several cells at once as one by one", () => {
    const spending = spendingOf(1001);
    const cells = spendCells(spending);
    expect(cells.alike).toBe(true);
    for (const [index, x] of cells.frequencies.entries())
      for (const v of [1e-9, 0.4, 1e9]) {
        const own = cells.monetary.subarray(cells.starts[index], cells.starts[index + 1]);
        const { sum, slope } = logSums(cells, index, v);
        const one = own.reduce((total, m) => total + Math.log(x * m + v), 0);
        const inverses = own.reduce((total, m) => total + 1 / (x * m + v), 0);
        expect(Math.abs(sum / one - 1)).toBeLessThan(1e-12);
        expect(Math.abs(slope / inverses - 1)).toBeLessThan(1e-12);
      }
  });

  it("counts a weight as so many customers", async () => {
    const weighted = spendingOf(300, (row) => row % 4);
    const one = await gammaGamma().fit(weighted);
    const other = await gammaGamma().fit(repeated(weighted));
    expect(one.customers).toBe(other.customers);
    expect(one.logLikelihood).toBeCloseTo(other.logLikelihood, 6);
    for (const letter of ["p", "q", "v"] as const)
      expect(one.parameters[letter] / other.parameters[letter]).toBeCloseTo(1, 6);
  });

  it("stays finite from the smallest amounts to the largest, however often", async () => {
    const rows = [1e-12, 1, 1e12, 1e9, 3];
    for (const often of [1, 1e5, 1e12]) {
      const model = await gammaGamma().fit({
        rows: 50,
        frequency: Float64Array.from({ length: 50 }, () => often),
        monetary: Float64Array.from({ length: 50 }, (_, row) => rows[row % rows.length]),
      });
      expect(Number.isFinite(model.logLikelihood)).toBe(true);
      expect(Object.values(model.parameters).every(Number.isFinite)).toBe(true);
    }
  });
});
