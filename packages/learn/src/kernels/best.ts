import { type Crew, withCrew } from "./crew.js";
import { threadsFor } from "./pool.js";
import { putFloats, recommendKernels, share } from "./recommend.js";
import { ITEM_TILE, USER_STEP, USER_TILE } from "./recommend-layout.js";

/** Rows that a user must not be given, ascending; those of user `u` lie from `pointers[u]` to `pointers[u + 1]`. */
export interface Bans {
  readonly pointers: Int32Array;
  readonly items: Int32Array;
}

/** Per user `k` items, best first, -1 behind the last; of equal scores the lower item comes first. */
export interface Lists {
  readonly k: number;
  readonly items: Int32Array;
  readonly scores: Float32Array;
}

export const emptyLists = (users: number, k: number): Lists => ({
  k,
  items: new Int32Array(users * k).fill(-1),
  scores: new Float32Array(users * k),
});

/** Users whose lists are in memory at a time. */
const batch = 4096;

/**
 * The `k` rows of `items` with the largest inner product for each row of `users`, exactly: 16-bit products with a bound on their error
 * choose what is worth computing in single precision. `size` is a multiple of 8, at most 4096.
 */
export async function bestByProduct(
  users: Float32Array,
  items: Float32Array,
  size: number,
  k: number,
  bans: Bans,
  threads: number,
): Promise<Lists> {
  const userCount = users.length / size;
  const products = userCount * (items.length / size);
  if (products === 0) return emptyLists(userCount, k);
  return withCrew(recommendKernels, threadsFor(Math.ceil(products / 1000), threads), async (crew) =>
    bestOfPlaced(crew, placeItems(crew, items, size), users, k, bans),
  );
}

/** Items in a crew's memory, packed and as they are. */
export interface PlacedItems {
  readonly count: number;
  readonly size: number;
  readonly packed: Omit<PackedItems, "values">;
  readonly packedAt: number;
  readonly itemsAt: number;
}

export function placeItems(crew: Crew, items: Float32Array, size: number): PlacedItems {
  const { arena } = crew;
  const { values, ...packed } = packItems(items, size);
  const packedAt = arena.take(2 * values.length);
  new Int16Array(arena.memory.buffer, packedAt, values.length).set(values);
  return { count: items.length / size, size, packed, packedAt, itemsAt: putFloats(crew, items) };
}

/** See `bestByProduct`. There is an item at least. */
export async function bestOfPlaced(
  crew: Crew,
  { count: itemCount, size, packed, packedAt, itemsAt }: PlacedItems,
  users: Float32Array,
  k: number,
  bans: Bans,
): Promise<Lists> {
  const { arena } = crew;
  const userCount = users.length / size;
  const lists = emptyLists(userCount, k);
  const least = Math.min(k, itemCount);
  if (least === 0) return lists;
  const bansAt = arena.take(4 * bans.items.length);
  arena.words(bansAt, bans.items.length).set(bans.items);
  const most = Math.min(batch, Math.ceil(userCount / USER_TILE) * USER_TILE);
  const at = {
    vectors: arena.take(4 * most * size),
    packed: arena.take(2 * most * size),
    slacks: arena.take(4 * most),
    pointers: arena.take(4 * (most + 1)),
    heaps: arena.take(8 * most * least),
    counts: arena.take(4 * most),
  };
  // twice the list and a little: a fuller one is gone through more rarely, and takes in more that is not worth it
  const room = 2 * least + 64;
  const scratchBytes = 32 + 8 * USER_STEP * (1 + room) + 8 * least;
  const scratch = Array.from({ length: crew.threads }, () => arena.take(scratchBytes));
  for (let from = 0; from < userCount; from += batch) {
    const count = Math.min(batch, userCount - from);
    const padded = Math.ceil(count / USER_TILE) * USER_TILE;
    putUsers(crew, at, users.subarray(from * size, (from + count) * size), padded, size, packed);
    const pointers = arena.words(at.pointers, padded + 1);
    for (let user = 0; user <= padded; user++)
      pointers[user] = bans.pointers[from + Math.min(user, count)];
    await share(crew, "bestItems", (thread) => [
      padded,
      at.vectors,
      at.packed,
      at.slacks,
      at.pointers,
      bansAt,
      itemCount,
      itemsAt,
      packedAt,
      size,
      least,
      room,
      at.heaps,
      at.counts,
      scratch[thread],
    ]);
    readHeaps(crew, at.heaps, at.counts, { from, rows: count, least }, lists);
  }
  return lists;
}

/** Takes lists of up to `least` out of the kernels' heaps, which are sorted. */
export function readHeaps(
  { arena }: Crew,
  heaps: number,
  lengths: number,
  { from, rows, least }: { readonly from: number; readonly rows: number; readonly least: number },
  { k, items, scores }: Lists,
): void {
  const counts = arena.words(lengths, rows);
  const floats = arena.floats(heaps, 2 * rows * least);
  const words = arena.words(heaps, 2 * rows * least);
  for (let row = 0; row < rows; row++)
    for (let rank = 0; rank < counts[row]; rank++) {
      const entry = 2 * (row * least + rank);
      scores[(from + row) * k + rank] = floats[entry];
      items[(from + row) * k + rank] = words[entry + 1];
    }
}

interface PackedItems {
  readonly values: Int16Array;
  /** What one step of a packed coordinate stands for. */
  readonly unit: number;
  /** Largest sum of magnitudes, and largest length, of a packed item. */
  readonly largestSum: number;
  readonly largestLength: number;
}

/** Largest magnitude of a packed coordinate: products of `size` of them must fit into 32 bits. */
const largestOf = (size: number): number =>
  Math.min(2047, Math.floor(Math.sqrt(2 ** 31 / size)) - 1);

function packItems(items: Float32Array, size: number): PackedItems {
  const count = items.length / size;
  const unit = unitOf(items, size);
  const values = new Int16Array(Math.ceil(count / ITEM_TILE) * ITEM_TILE * size);
  let largestSum = 0;
  let largestSquare = 0;
  for (let item = 0; item < count; item++) {
    const tile = Math.floor(item / ITEM_TILE);
    // pairs of coordinates, of 4 items side by side
    const to = tile * ITEM_TILE * size + 2 * (item - tile * ITEM_TILE);
    let sum = 0;
    let square = 0;
    for (let at = 0; at < size; at++) {
      const value = Math.round(items[item * size + at] / unit);
      sum += Math.abs(value);
      square += value * value;
      values[to + (at >> 1) * 2 * ITEM_TILE + (at & 1)] = value;
    }
    largestSum = Math.max(largestSum, sum);
    largestSquare = Math.max(largestSquare, square);
  }
  return { values, unit, largestSum, largestLength: Math.sqrt(largestSquare) };
}

function unitOf(values: Float32Array, size: number): number {
  let largest = 0;
  for (let at = 0; at < values.length; at++) {
    const magnitude = Math.abs(values[at]);
    if (magnitude > largest) largest = magnitude;
  }
  return largest === 0 ? 1 : largest / largestOf(size);
}

function putUsers(
  { arena }: Crew,
  at: { vectors: number; packed: number; slacks: number },
  users: Float32Array,
  padded: number,
  size: number,
  items: Omit<PackedItems, "values">,
): void {
  const count = users.length / size;
  const vectors = arena.floats(at.vectors, padded * size);
  vectors.set(users);
  vectors.fill(0, users.length);
  const packed = new Int16Array(arena.memory.buffer, at.packed, padded * size).fill(0);
  // a user of zeros has all products equal, and a slack that says so
  const slacks = arena.words(at.slacks, padded).fill(-1);
  for (let user = 0; user < count; user++) {
    const vector = users.subarray(user * size, (user + 1) * size);
    const unit = unitOf(vector, size);
    let sum = 0;
    let square = 0;
    for (let axis = 0; axis < size; axis++) {
      const value = Math.round(vector[axis] / unit);
      packed[user * size + axis] = value;
      sum += Math.abs(value);
      square += value * value;
    }
    if (sum === 0) continue;
    // |xy - qp| ≤ ½|q|₁ + ½|p|₁ + ¼ size in units, and what single precision adds
    const rounding = 3e-7 * size * Math.sqrt(square) * items.largestLength;
    slacks[user] = Math.ceil(0.5 * (sum + items.largestSum) + 0.25 * size + rounding) + 1;
  }
}
