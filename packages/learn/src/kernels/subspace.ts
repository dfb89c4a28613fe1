import { random } from "../random.js";
import { withCrew } from "./crew.js";
import { gramOf, takeGramScratch } from "./gram.js";
import { threadsFor } from "./pool.js";
import {
  putSparse,
  recommendKernels,
  type Sparse,
  type SparseAddress,
  share,
  shareRows,
} from "./recommend.js";

/**
 * An orthonormal basis (rows of `size`, one per item) of where XᵀX is largest, by orthogonal iteration from random vectors; `byUser` is
 * X and `byItem` its transpose. `size` is a multiple of 8, at most the number of items.
 */
export async function leadingSubspace(
  byUser: Sparse,
  byItem: Sparse,
  size: number,
  rounds: number,
  seed: number,
  threads: number,
  onProgress: (share: number) => void | Promise<void> = () => {},
): Promise<Float32Array> {
  return withCrew(recommendKernels, threadsFor(byUser.indices.length, threads), async (crew) => {
    const { arena } = crew;
    const user = putSparse(crew, byUser);
    const item = putSparse(crew, byItem);
    const items = byItem.rows;
    const spare = 4 * size; // `multiply` works on four rows at a time
    const take = (rows: number): number => {
      const at = arena.take(4 * (rows * size + spare));
      arena.fill(at, 4 * (rows * size + spare), 0);
      return at;
    };
    const users = take(byUser.rows);
    const raw = take(items);
    const basis = take(items);
    const square = arena.take(4 * size * size);
    const scratch = takeGramScratch(crew, size);
    const draw = random(seed);
    const start = arena.floats(raw, items * size);
    for (let at = 0; at < start.length; at++) start[at] = draw.normal();

    const orthogonalise = async (): Promise<void> => {
      const gram = await gramOf(crew, raw, items, size, scratch);
      arena.floats(square, size * size).set(whitening(gram, size));
      await share(crew, "multiply", () => [items, raw, square, basis, size]);
    };
    await orthogonalise();
    for (let round = 0; round < rounds; round++) {
      const multiplied = async (from: Sparse, by: SparseAddress, source: number, to: number) => {
        const half = to === users ? 0 : 0.5;
        const rest = [by.pointers, by.indices, by.values, source, to, size];
        await shareRows(
          crew,
          "sumRows",
          from,
          size,
          () => rest,
          (share) => onProgress((round + half + share / 2) / rounds),
        );
      };
      await multiplied(byUser, user, basis, users);
      await multiplied(byItem, item, users, raw);
      await orthogonalise();
      await onProgress((round + 1) / rounds);
    }
    return arena.floats(basis, items * size).slice();
  });
}

/** The inverse of the transposed Cholesky root: what turns columns with this gram into orthonormal ones. */
export function whitening(gram: Float64Array, size: number): Float64Array {
  const root = gram.slice();
  let largest = 0;
  for (let at = 0; at < size; at++) largest = Math.max(largest, gram[at * size + at]);
  const least = 1e-10 * largest;
  for (let row = 0; row < size; row++)
    for (let column = 0; column <= row; column++) {
      let sum = root[row * size + column];
      for (let at = 0; at < column; at++) sum -= root[row * size + at] * root[column * size + at];
      // a direction that is not there stays as small as it is
      if (column === row) root[row * size + row] = Math.sqrt(Math.max(sum, least)) || 1;
      else root[row * size + column] = sum / root[column * size + column];
    }
  const inverse = new Float64Array(size * size);
  for (let column = 0; column < size; column++)
    for (let row = column; row < size; row++) {
      let sum = row === column ? 1 : 0;
      for (let at = column; at < row; at++)
        sum -= root[row * size + at] * inverse[column * size + at];
      inverse[column * size + row] = sum / root[row * size + row];
    }
  return inverse;
}
