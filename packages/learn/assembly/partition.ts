import { BINS, LEVELS_LEFT, MISSING, MISSING_LEFT } from "../src/kernels/layout";

/** Fills a table of 256 bytes: 1 where a row with that bin goes left. */
export function fillTable(table: usize, flags: i32, bin: i32, set: usize): void {
  if (flags & LEVELS_LEFT) {
    for (let b: usize = 0; b < <usize>BINS; b++) {
      store<u8>(table + b, (load<u8>(set + (b >> 3)) >> <u8>(b & 7)) & 1);
    }
    return;
  }
  memory.fill(table, 1, <usize>(bin + 1));
  memory.fill(table + <usize>(bin + 1), 0, <usize>(BINS - bin - 1));
  store<u8>(table + MISSING, flags & MISSING_LEFT ? 1 : 0);
}

/**
 * Sends each row of a list left or right by its bin, keeping the order on both sides, without a branch. Returns how many went
 * left. `scratch` has room for `count` rows.
 */
export function partition(rows: usize, count: i32, bins: usize, table: usize, scratch: usize): i32 {
  let left = rows;
  let right = scratch;
  const end = rows + ((<usize>count) << 2);
  for (let at = rows; at < end; at += 4) {
    const row = load<u32>(at);
    const go = <usize>load<u8>(table + <usize>load<u8>(bins + <usize>row));
    store<u32>(left, row);
    store<u32>(right, row);
    left += go << 2;
    right += (go ^ 1) << 2;
  }
  memory.copy(left, scratch, right - scratch);
  return <i32>((left - rows) >> 2);
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
