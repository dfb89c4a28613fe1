import { describe, expect, it } from "vitest";
import { random } from "../random.js";
import { withNearest } from "./nearest.js";
import { nearestTwin } from "./nearest.twin.js";

describe("nearest centres in WebAssembly", () => {
  // around the edges of blocks (16 rows), of flushes (2048 rows), of parts, and of coordinates taken by fours
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
      for (const threads of [1, 2, 3])
        await withNearest({ rows, size, values }, clusters, threads, async (nearest) => {
          const twin = nearestTwin(values, rows, size, centers);
          expect(await nearest.assign(centers)).toBe(rows);
          expect(nearest.labels).toEqual(twin.labels);
          expect(nearest.sums).toEqual(twin.sums);
          expect(nearest.counts).toEqual(twin.counts);
          expect(await nearest.assign(centers)).toBe(0);
          expect(nearest.sums).toEqual(twin.sums);
        });
    });
});
