import { describe, expect, it } from "vitest";
import { random } from "../random.js";
import { withCrew } from "./crew.js";
import { bestNeighbours } from "./neighbours.js";
import { neighboursTwin } from "./neighbours.twin.js";
import { putFloats, putSparse, recommendKernels, type Sparse, shareRows } from "./recommend.js";

function planted(rows: number, columns: number, share: number, seed: number): Sparse {
  const draw = random(seed);
  const pointers = new Int32Array(rows + 1);
  const indices: number[] = [];
  for (let row = 0; row < rows; row++) {
    // some rows are empty, some full
    const own = row % 7 === 3 ? 0 : row % 11 === 5 ? 1 : share;
    for (let column = 0; column < columns; column++) if (draw.uniform() < own) indices.push(column);
    pointers[row + 1] = indices.length;
  }
  const values = Float32Array.from(indices, () => draw.below(5) - 1 + draw.below(3) / 3);
  return { rows, columns, pointers, indices: Int32Array.from(indices), values };
}

describe("the best of what histories lead to", () => {
  for (const [rows, items, k, threads] of [
    [1, 3, 5, 1],
    [70, 40, 40, 1],
    [300, 257, 20, 2],
    [9000, 12, 4, 3],
  ] as const)
    it(`is what plain TypeScript finds: ${rows} histories, ${items} items, ${threads} threads`, async () => {
      const matrix = planted(items, items, 0.3, 1);
      const entries = planted(rows, items, 0.2, 2);
      const { pointers, indices } = planted(rows, items, 0.1, 3);
      const bans = { pointers, items: indices };
      for (const open of [undefined, Uint8Array.from({ length: items }, (_, at) => at % 3 && 1)]) {
        const ask = { entries, k, bans, open };
        const found = await bestNeighbours(matrix, ask, threads);
        expect(found).toEqual(neighboursTwin(matrix, ask));
        expect(found.items.some((item) => item >= 0)).toBe(rows > 1);
      }
    });
});

describe("a kernel over rows", () => {
  it("gives the same a few rows at a time, and says how far it is", async () => {
    const matrix = planted(500, 30, 0.4, 4);
    const size = 8;
    const source = Float32Array.from({ length: 30 * size }, (_, at) => Math.sin(at));
    const sums = (weight: number, threads: number, between?: (share: number) => void) =>
      withCrew(recommendKernels, threads, async (crew) => {
        const { pointers, indices, values } = putSparse(crew, matrix);
        const [from, to] = [putFloats(crew, source), putFloats(crew, new Float32Array(500 * size))];
        const rest = [pointers, indices, values, from, to, size];
        await shareRows(crew, "sumRows", matrix, weight, () => rest, between);
        return crew.arena.floats(to, 500 * size).slice();
      });
    const whole = await sums(1, 1);
    const shares: number[] = [];
    expect(await sums(2 ** 24, 2, (share) => shares.push(share))).toEqual(whole);
    expect(shares.length).toBeGreaterThan(20);
    expect(shares).toEqual([...shares].sort((one, other) => one - other));
    await expect(
      sums(2 ** 24, 2, () => {
        throw new Error("stop");
      }),
    ).rejects.toThrow("stop");
  });
});
