import { describe, expect, it } from "vitest";
import { foldSplits, holdOut, weighted } from "./rows.js";

const all = { order: undefined, rows: 6, trained: 6 };

describe("choosing rows", () => {
  it("leaves out rows without weight", () => {
    expect(weighted(4, undefined)).toEqual({ order: undefined, rows: 4, trained: 4 });
    expect(weighted(2, Float64Array.of(1, 2))).toEqual({ order: undefined, rows: 2, trained: 2 });
    // too small for a float is nothing
    const { order, rows } = weighted(4, Float64Array.of(1, 0, 1e-60, 2));
    expect([order, rows]).toEqual([Uint32Array.of(0, 3), 2]);
  });

  it("holds rows out, the same for the same seed, at least one on either side", () => {
    const split = holdOut({ ...all, rows: 100 }, 0.2, 1);
    expect([split.rows, split.trained]).toEqual([100, 80]);
    expect(new Set(split.order).size).toBe(100);
    expect(holdOut({ ...all, rows: 100 }, 0.2, 1)).toEqual(split);
    expect(holdOut({ ...all, rows: 100 }, 0.2, 2)).not.toEqual(split);
    expect(holdOut({ ...all, rows: 2 }, 0.9, 1).trained).toBe(1);
    expect(holdOut({ ...all, rows: 1 }, 0.9, 1).trained).toBe(6);
  });

  it("judges each fold once, and never a row of fold -1", () => {
    const splits = foldSplits("test", all, Int32Array.of(-1, 4, 0, 4, -1, 0), 6);
    expect(splits.map(({ order, trained }) => [[...(order ?? [])], trained])).toEqual([
      [[0, 1, 3, 4, 2, 5], 4],
      [[0, 2, 4, 5, 1, 3], 4],
    ]);
    expect(() => foldSplits("test", all, new Int32Array(6).fill(-1), 6)).toThrow('test: "folds"');
    expect(() => foldSplits("test", all, new Int32Array(6), 6)).toThrow('test: "folds"');
  });
});
