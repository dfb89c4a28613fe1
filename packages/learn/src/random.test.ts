import { describe, expect, it } from "vitest";
import { random } from "./random.js";

describe("random", () => {
  it("gives one stream per seed and stream number", () => {
    const take = (seed: number, stream?: number) => {
      const { uint32 } = random(seed, stream);
      return Array.from({ length: 4 }, uint32);
    };
    expect(take(1)).toEqual(take(1));
    const starts = [take(1), take(2), take(0), take(1, 1), take(1, 2), take(2 ** 40 + 1)];
    expect(new Set(starts.flat()).size).toBe(24);
  });

  it("keeps its stream from release to release", () => {
    const { uint32 } = random(42);
    expect([uint32(), uint32(), uint32()]).toMatchInlineSnapshot(`
      [
        660444221,
        3652823732,
        77678286,
      ]
    `);
  });

  it("is even, and normal where it says so", () => {
    const draws = random(3);
    const counts = new Int32Array(7);
    for (let draw = 0; draw < 70_000; draw++) counts[draws.below(7)]++;
    for (const count of counts) expect(Math.abs(count - 10_000)).toBeLessThan(400);
    const normals = Float64Array.from({ length: 50_000 }, draws.normal);
    const mean = normals.reduce((sum, value) => sum + value) / normals.length;
    const square = normals.reduce((sum, value) => sum + value * value, 0) / normals.length;
    expect(Math.abs(mean)).toBeLessThan(0.02);
    expect(Math.abs(square - 1)).toBeLessThan(0.03);
    expect(draws.below(2 ** 32)).toBeLessThan(2 ** 32);
  });

  it("shuffles every item to every place", () => {
    const { shuffle } = random(9);
    const places = Array.from({ length: 4 }, () => new Int32Array(4));
    for (let round = 0; round < 4000; round++)
      shuffle(Int32Array.of(0, 1, 2, 3)).forEach((item, place) => {
        places[item][place]++;
      });
    for (const count of places.flatMap((row) => [...row]))
      expect(Math.abs(count - 1000)).toBeLessThan(150);
  });
});
