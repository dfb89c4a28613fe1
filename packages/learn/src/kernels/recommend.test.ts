import { describe, expect, it } from "vitest";
import { random } from "../random.js";
import { solveSide, withAlternation } from "./als.js";
import { bestByProduct } from "./best.js";
import { bestTwin } from "./best.twin.js";
import { withInverse } from "./inverse.js";
import type { Sparse } from "./recommend.js";
import { solveTwin, subspaceTwin } from "./recommend.twin.js";
import { leadingSubspace } from "./subspace.js";

/** A sparse matrix with the columns of each row in order, some rows empty. */
function planted(rows: number, columns: number, share: number, seed: number): Sparse {
  const draw = random(seed);
  const pointers = new Int32Array(rows + 1);
  const indices: number[] = [];
  const values: number[] = [];
  for (let row = 0; row < rows; row++) {
    const own = row % 7 === 3 ? 0 : share;
    for (let column = 0; column < columns; column++)
      if (draw.uniform() < own) {
        indices.push(column);
        values.push(0.5 + draw.below(4) / 2);
      }
    pointers[row + 1] = indices.length;
  }
  return {
    rows,
    columns,
    pointers,
    indices: Int32Array.from(indices),
    values: Float32Array.from(values),
  };
}

function turned({ rows, columns, pointers, indices, values }: Sparse): Sparse {
  const cells: [number, number, number][] = [];
  for (let row = 0; row < rows; row++)
    for (let at = pointers[row]; at < pointers[row + 1]; at++)
      cells.push([indices[at], row, values[at]]);
  cells.sort((one, other) => one[0] - other[0] || one[1] - other[1]);
  const starts = new Int32Array(columns + 1);
  for (const [column] of cells) starts[column + 1]++;
  for (let column = 0; column < columns; column++) starts[column + 1] += starts[column];
  return {
    rows: columns,
    columns: rows,
    pointers: starts,
    indices: Int32Array.from(cells, ([, row]) => row),
    values: Float32Array.from(cells, ([, , value]) => value),
  };
}

const normals = (count: number, seed: number): Float32Array => {
  const draw = random(seed);
  return Float32Array.from({ length: count }, () => draw.normal());
};

describe("the best by inner product", () => {
  // around the edges of tiles (8 items, 4 users), of blocks (3072 items), of steps (64 users) and of shortlists (2 k + 64)
  for (const [users, items, size, k] of [
    [1, 1, 8, 3],
    [3, 7, 8, 5],
    [3, 11, 8, 5],
    [5, 17, 16, 1],
    [7, 66, 8, 1],
    [7, 83, 8, 10],
    [65, 500, 24, 20],
    [9, 3085, 8, 30],
    [66, 100, 64, 100],
    [4, 40, 1024, 7],
  ])
    it(`are those of plain TypeScript, to the last bit: ${users} users, ${items} × ${size}, k = ${k}`, async () => {
      const draw = random(users * items);
      const userVectors = normals(users * size, 1).map((value) => value * 3);
      const itemVectors = normals(items * size, 2);
      // ties, a user with nothing to say, an item much longer than the rest
      itemVectors.copyWithin(0, Math.floor(items / 2) * size, (Math.floor(items / 2) + 1) * size);
      if (users > 2) userVectors.fill(0, size, 2 * size);
      if (items > 30) for (let at = 0; at < size; at++) itemVectors[30 * size + at] *= 40;
      const pointers = new Int32Array(users + 1);
      const bans: number[] = [];
      for (let user = 0; user < users; user++) {
        for (let item = 0; item < items; item++) if (draw.uniform() < 0.2) bans.push(item);
        pointers[user + 1] = bans.length;
      }
      const banned = { pointers, items: Int32Array.from(bans) };
      const twin = bestTwin(userVectors, itemVectors, size, k, banned);
      for (const threads of [1, 2, 3])
        expect(await bestByProduct(userVectors, itemVectors, size, k, banned, threads)).toEqual(
          twin,
        );
    });

  it("come from the whole catalogue when coordinates are of very different sizes", async () => {
    const items = normals(2000 * 8, 5).map((value, at) => value * (at % 8 === 0 ? 1e-4 : 1e3));
    const users = normals(20 * 8, 6).map((value, at) => value * (at % 8 === 0 ? 1e6 : 1e-3));
    const none = { pointers: new Int32Array(21), items: new Int32Array(0) };
    expect(await bestByProduct(users, items, 8, 10, none, 2)).toEqual(
      bestTwin(users, items, 8, 10, none),
    );
  });
});

describe("the best of many that are alike in 16 bits", () => {
  const none = { pointers: new Int32Array(31), items: new Int32Array(0) };

  it("are told apart by their scores", async () => {
    // one item's size leaves three steps for all others; every fourth is the same
    const items = normals(3000 * 16, 7);
    for (let item = 4; item < 3000; item += 4) items.copyWithin(item * 16, 0, 16);
    for (let at = 0; at < 16; at++) items[1234 * 16 + at] *= 3000;
    const users = normals(30 * 16, 8);
    for (const k of [1, 12, 200])
      expect(await bestByProduct(users, items, 16, k, none, 2)).toEqual(
        bestTwin(users, items, 16, k, none),
      );
  });

  it("are the first where all are the same, or nothing", async () => {
    const users = normals(30 * 8, 9);
    for (const value of [0, 0.7]) {
      const items = new Float32Array(5000 * 8).fill(value);
      expect(await bestByProduct(users, items, 8, 25, none, 1)).toEqual(
        bestTwin(users, items, 8, 25, none),
      );
    }
  });
});

describe("alternating least squares", () => {
  const matrix = planted(90, 70, 0.15, 1);

  it("agrees with plain TypeScript to the last bit, on any number of threads", async () => {
    for (const size of [8, 40])
      for (const threads of [1, 2, 3]) {
        const users = side(matrix, normals(90 * size, 3), normals(90 * size, 4));
        const items = side(turned(matrix), normals(70 * size, 5));
        const twins = { users: users.factors.slice(), items: items.factors.slice() };
        const settings = { size, steps: 3, unobserved: 0.2, bonus: 0.5, threads };
        await withAlternation(users, items, settings, async (alternation) => {
          await alternation.solve("users");
          await alternation.solve("items");
        });
        solveTwin(users, twins.users, twins.items, settings);
        solveTwin(items, twins.items, twins.users, settings);
        expect(users.factors).toEqual(twins.users);
        expect(items.factors).toEqual(twins.items);
      }
  });

  it("solves the normal equations", async () => {
    const size = 16;
    const source = normals(70 * size, 8);
    const square = new Float32Array(size * size);
    for (let at = 0; at < size; at++) square[at * size + at] = 0.5;
    const ridges = new Float32Array(90).fill(0.7);
    const options = { size, steps: 32, threads: 1 };
    const factors = await solveSide(matrix, source, square, ridges, options);
    const { pointers, indices, values } = matrix;
    for (let row = 0; row < 90; row++) {
      const x = factors.subarray(row * size, (row + 1) * size);
      const left = Float64Array.from(x, (value) => 1.2 * value);
      for (let at = pointers[row]; at < pointers[row + 1]; at++) {
        const y = source.subarray(indices[at] * size, (indices[at] + 1) * size);
        const product = y.reduce((sum, value, axis) => sum + value * x[axis], 0);
        y.forEach((value, axis) => {
          left[axis] += values[at] * value * (product - 1);
        });
      }
      expect(Math.max(...left.map(Math.abs))).toBeLessThan(2e-4);
    }
  });

  it("gives a row without entries its prior, or nothing", async () => {
    const size = 8;
    const users = side(matrix, normals(90 * size, 3), normals(90 * size, 4));
    const items = side(turned(matrix), normals(70 * size, 5));
    const settings = { size, steps: 2, unobserved: 0.2, threads: 1 };
    await withAlternation(users, items, settings, ({ solve }) => solve("users"));
    expect(users.factors.slice(3 * size, 4 * size)).toEqual(
      users.priors?.slice(3 * size, 4 * size),
    );
    await withAlternation({ ...users, priors: undefined as never }, items, settings, ({ solve }) =>
      solve("users"),
    );
    expect(users.factors.slice(3 * size, 4 * size)).toEqual(new Float32Array(size));
  });
});

const side = (entries: Sparse, factors: Float32Array, priors?: Float32Array) => ({
  entries,
  factors,
  ridges: Float32Array.from({ length: entries.rows }, (_, row) => 0.3 + row / 100),
  ...(priors && { priors }),
});

describe("the inverse", () => {
  // around the edges of blocks of 96 pivots
  for (const items of [1, 5, 96, 97, 300])
    it(`is that of the regularised co-occurrences: ${items} items`, async () => {
      const byUser = planted(400, items, 0.1, items);
      const byItem = turned(byUser);
      const square = new Float64Array(items * items);
      const { pointers, indices, values } = byUser;
      for (let row = 0; row < 400; row++)
        for (let at = pointers[row]; at < pointers[row + 1]; at++)
          for (let to = pointers[row]; to < pointers[row + 1]; to++)
            square[indices[at] * items + indices[to]] += values[at] * values[to];
      for (let item = 0; item < items; item++) square[item * items + item] += 2;
      const inverses: Float32Array[] = [];
      for (const threads of [1, 2])
        inverses.push(
          await withInverse(byUser, byItem, 2, threads, ({ stride, negative }) =>
            Float32Array.from({ length: items * items }, (_, at) => {
              const [row, column] = [Math.floor(at / items), at % items];
              return -negative[Math.max(row, column) * stride + Math.min(row, column)];
            }),
          ),
        );
      expect(inverses[1]).toEqual(inverses[0]);
      let worst = 0;
      for (let row = 0; row < items; row++)
        for (let column = 0; column < items; column++) {
          let sum = row === column ? -1 : 0;
          for (let at = 0; at < items; at++)
            sum += square[row * items + at] * inverses[0][at * items + column];
          worst = Math.max(worst, Math.abs(sum));
        }
      expect(worst).toBeLessThan(2e-4);
    });
});

describe("the leading subspace", () => {
  it("agrees with plain TypeScript to the last bit, on any number of threads", async () => {
    const byUser = planted(301, 130, 0.1, 9);
    const byItem = turned(byUser);
    for (const size of [8, 40]) {
      const twin = subspaceTwin(byUser, byItem, size, 2, 4);
      for (const threads of [1, 2, 3])
        expect(await leadingSubspace(byUser, byItem, size, 2, 4, threads)).toEqual(twin);
    }
  });

  it("is orthonormal and finds planted groups", async () => {
    // 8 groups of users, each with 10 items of its own
    const pointers = Int32Array.from({ length: 401 }, (_, user) => 5 * user);
    const indices = Int32Array.from(
      { length: 2000 },
      (_, at) => 10 * (Math.floor(at / 5) % 8) + ((3 * Math.floor(at / 40) + (at % 5)) % 10),
    );
    const byUser: Sparse = {
      rows: 400,
      columns: 80,
      pointers,
      indices,
      values: new Float32Array(2000).fill(1),
    };
    const basis = await leadingSubspace(byUser, turned(byUser), 8, 30, 1, 1);
    for (let one = 0; one < 8; one++)
      for (let other = 0; other <= one; other++) {
        let product = 0;
        for (let item = 0; item < 80; item++)
          product += basis[item * 8 + one] * basis[item * 8 + other];
        expect(product).toBeCloseTo(Number(one === other), 4);
      }
    // the projection of an item stays within its group
    for (let item = 0; item < 80; item++) {
      let product = 0;
      for (let axis = 0; axis < 8; axis++) product += basis[axis] * basis[item * 8 + axis];
      if (item >= 10) expect(Math.abs(product)).toBeLessThan(1e-3);
    }
  });
});
