import { describe, expect, it } from "vitest";
import { type Random, random } from "../random.js";
import type { Table } from "../types.js";
import { twoSample } from "./two-sample.js";

interface Numbers extends Table {
  readonly columns: readonly { name: string; kind: "number"; values: Float32Array }[];
}

/** Two standard normal columns with a correlation, and two that say nothing. */
function drawn(draws: Random, rows: number, correlation: number, shift = 0): Numbers {
  const first = Float32Array.from({ length: rows }, () => draws.normal() + shift);
  const second = first.map(
    (value) => correlation * (value - shift) + Math.sqrt(1 - correlation ** 2) * draws.normal(),
  );
  const idle = () => Float32Array.from({ length: rows }, () => draws.normal());
  return {
    rows,
    columns: [first, second, idle(), idle()].map((values, index) => ({
      name: `c${index}`,
      kind: "number" as const,
      values,
    })),
  };
}

describe("two samples", () => {
  it("are told apart by columns that no longer go together, though each is as it was", async () => {
    const draws = random(1);
    const { auc, p, effect, drivers } = await twoSample(
      drawn(draws, 1000, 0.8),
      drawn(draws, 1000, -0.8),
      { seed: 1 },
    );
    expect(auc.low).toBeGreaterThan(0.8);
    expect(p).toBeLessThan(1e-6);
    expect(effect).toBeGreaterThan(1);
    expect(
      drivers
        .map(({ column }) => column)
        .slice(0, 2)
        .sort(),
    ).toEqual(["c0", "c1"]);
  });

  it("lie as far apart as they were drawn", async () => {
    const draws = random(2);
    const { effect } = await twoSample(drawn(draws, 3000, 0), drawn(draws, 3000, 0, 1), {
      seed: 1,
    });
    expect(effect).toBeGreaterThan(0.7);
    expect(effect).toBeLessThan(1.2);
  });

  it("that are alike are called different no more than one time in twenty", async () => {
    let alarms = 0;
    const rounds = 60;
    for (let round = 0; round < rounds; round++) {
      const draws = random(100 + round);
      const { auc, p } = await twoSample(drawn(draws, 120, 0.5), drawn(draws, 150, 0.5), {
        seed: 1,
      });
      if (p < 0.05) alarms++;
      expect(auc.low).toBeLessThan(auc.high);
    }
    expect(alarms / rounds).toBeLessThan(0.13); // 5 % and three standard errors of the simulation
  });

  it("of the same people are not told apart by remembering them", async () => {
    const draws = random(5);
    const table = drawn(draws, 400, 0.5);
    const nudged = {
      ...table,
      columns: table.columns.map((column) => ({
        ...column,
        values: column.values.map((value) => value + 0.01 * draws.normal()),
      })),
    };
    const ids = Array.from({ length: 400 }, (_, row) => row);
    const found = await twoSample(table, nudged, { seed: 1, people: { before: ids, now: ids } });
    expect(found.auc.low).toBeLessThan(0.5);
    expect(found.p).toBeGreaterThan(0.01);
  });

  it("are refused when they cannot be compared", async () => {
    const draws = random(6);
    const table = drawn(draws, 30, 0);
    const other = { ...table, columns: table.columns.slice(1) };
    await expect(twoSample(table, other, { seed: 1 })).rejects.toThrow(/"c0" must be a number/);
    await expect(twoSample(table, drawn(draws, 10, 0), { seed: 1 })).rejects.toThrow(/20 rows/);
  });
});
