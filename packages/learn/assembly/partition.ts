import { BINS, LEVELS_LEFT, MISSING, MISSING_LEFT } from "../src/kernels/layout";

/** Fills a table of 256 bytes: 4, the bytes of a row in a list, where a row with that bin goes left, else 0. */
export function fillTable(table: usize, flags: i32, bin: i32, set: usize): void {
  if (flags & LEVELS_LEFT) {
    for (let b: usize = 0; b < <usize>BINS; b++) {
      store<u8>(table + b, ((load<u8>(set + (b >> 3)) >> <u8>(b & 7)) & 1) << 2);
    }
    return;
  }
  memory.fill(table, 4, <usize>(bin + 1));
  memory.fill(table + <usize>(bin + 1), 0, <usize>(BINS - bin - 1));
  store<u8>(table + MISSING, flags & MISSING_LEFT ? 4 : 0);
}

/** Fills sixteen shuffles: the one of a mask brings the marked of four rows to the front. */
export function fillShuffles(shuffles: usize): void {
  memory.fill(shuffles, 0, 256);
  for (let mask = 0; mask < 16; mask++) {
    let at = shuffles + ((<usize>mask) << 4);
    for (let lane = 0; lane < 4; lane++) {
      if (!((mask >> lane) & 1)) continue;
      store<u32>(at, 0x03020100 + 0x04040404 * lane);
      at += 4;
    }
  }
}

/**
 * Sends each row of a list to `left` or `right` by its bin, in its order, without a branch. Returns how many went left. `left` may
 * be the list itself or lie before it; `right` has room for `count` rows.
 */
export function partition(
  rows: usize,
  count: i32,
  bins: usize,
  table: usize,
  shuffles: usize,
  left: usize,
  right: usize,
): i32 {
  const first = left;
  const end = rows + ((<usize>count) << 2);
  for (const whole = rows + ((<usize>(count & ~3)) << 2); rows < whole; rows += 16) {
    const four = v128.load(rows);
    const a = <usize>load<u8>(table + <usize>load<u8>(bins + <usize>load<u32>(rows)));
    const b = <usize>load<u8>(table + <usize>load<u8>(bins + <usize>load<u32>(rows, 4)));
    const c = <usize>load<u8>(table + <usize>load<u8>(bins + <usize>load<u32>(rows, 8)));
    const d = <usize>load<u8>(table + <usize>load<u8>(bins + <usize>load<u32>(rows, 12)));
    const mask = ((a >> 2) + (b >> 1) + c + (d << 1)) << 4;
    v128.store(left, i8x16.swizzle(four, v128.load(shuffles + mask)));
    v128.store(right, i8x16.swizzle(four, v128.load(shuffles + (mask ^ 240))));
    const goes = a + b + c + d;
    left += goes;
    right += 16 - goes;
  }
  for (; rows < end; rows += 4) {
    const row = load<u32>(rows);
    const goes = <usize>load<u8>(table + <usize>load<u8>(bins + <usize>row));
    store<u32>(left, row);
    store<u32>(right, row);
    left += goes;
    right += 4 - goes;
  }
  return <i32>((left - first) >> 2);
}

/** Writes the rows of [from, to) whose hash lies below `limit` to a list; returns the end of it. */
export function sampleRows(list: usize, from: i32, to: i32, seed: i32, limit: u32): usize {
  for (let row = from; row < to; row++) {
    store<u32>(list, row);
    list += (<usize>(hash(row, seed) < limit)) << 2;
  }
  return list;
}

export function hash(row: i32, seed: i32): u32 {
  let x = (<u32>row * 0x9e3779b1) ^ <u32>seed;
  x = (x ^ (x >> 16)) * 0x21f0aaad;
  x = (x ^ (x >> 15)) * 0x735a2d97;
  return x ^ (x >> 15);
}

/** Puts the rows of a list that go left before those that go right; returns how many they are. `scratch` has room for all. */
export function partitionOwn(
  list: usize,
  count: i32,
  bins: usize,
  table: usize,
  shuffles: usize,
  scratch: usize,
): i32 {
  let left = list;
  let right = scratch;
  // in parts: a call that never ends would never be optimised
  for (let from = 0; from < count; from += 8192) {
    const size = min(8192, count - from);
    const goes = partition(list + ((<usize>from) << 2), size, bins, table, shuffles, left, right);
    left += (<usize>goes) << 2;
    right += (<usize>(size - goes)) << 2;
  }
  memory.copy(left, scratch, right - scratch);
  return <i32>((left - list) >> 2);
}
