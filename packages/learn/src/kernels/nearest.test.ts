import { describe, expect, it } from "vitest";
import { random } from "../random.js";
import { withNearest } from "./nearest.js";
import { nearestTwin } from "./nearest.twin.js";

function isSame(one: ArrayLike<number>, other: ArrayLike<number>): boolean {
  return one.length === other.length && Array.from(one).every((value, at) => value === other[at]);
}

describe("nearest centres in WebAssembly", () => {
  // around the edges of blocks (16 rows), of parts (2048 rows at least), and of centres taken in pairs
  for (const [rows, size, clusters] of [
    [1, 1, 1],
    [15, 3, 2],
    [16, 4, 2],
    [17, 5, 3],
    [2047, 8, 8],
    [2049, 7, 40],
    [40_000, 2, 5],
    [4096 * 16 + 1, 1, 3],
    [300, 2, 300],
  ])
    it(`agrees with plain TypeScript to the last bit: ${rows} × ${size}, ${clusters} centres`, async () => {
      const draw = random(rows + size);
      const values = Float32Array.from({ length: rows * size }, () => draw.normal());
      const centers = Float64Array.from({ length: clusters * size }, () => draw.normal());
      const others = centers.map((coordinate) => coordinate / 2 + 0.3);
      for (const threads of [1, 2, 3])
        await withNearest({ rows, size, values }, clusters, threads, async (nearest) => {
          const twin = nearestTwin(values, rows, size, clusters);
          for (const next of [centers, others, others]) {
            expect(await nearest.assign(next)).toBe(twin.assign(next));
            expect(isSame(nearest.labels, twin.labels)).toBe(true);
            expect(isSame(nearest.sums, twin.sums)).toBe(true);
            expect(isSame(nearest.counts, twin.counts)).toBe(true);
          }
          expect(nearest.counts.reduce((sum, count) => sum + count, 0)).toBe(rows);
        });
    });
});
