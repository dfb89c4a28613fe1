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

/**
 * Sends each row of a list left or right by its bin, keeping the order on both sides, without a branch. Returns how many went
 * left. `scratch` has room for `count` rows.
 */
export function partition(rows: usize, count: i32, bins: usize, table: usize, scratch: usize): i32 {
  const end = rows + ((<usize>count) << 2);
  let left = rows;
  let right = scratch;
  let at = rows;
  while (at + 4 < end) {
    const one = load<u32>(at);
    const two = load<u32>(at, 4);
    const goOne = <usize>load<u8>(table + <usize>load<u8>(bins + <usize>one));
    const goTwo = <usize>load<u8>(table + <usize>load<u8>(bins + <usize>two));
    store<u32>(left, one);
    store<u32>(right, one);
    left += goOne;
    right += 4 - goOne;
    store<u32>(left, two);
    store<u32>(right, two);
    left += goTwo;
    right += 4 - goTwo;
    at += 8;
  }
  if (at < end) {
    const row = load<u32>(at);
    const go = <usize>load<u8>(table + <usize>load<u8>(bins + <usize>row));
    store<u32>(left, row);
    store<u32>(right, row);
    left += go;
    right += 4 - go;
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

/** `partition` of any number of rows: in parts of 8,192 rows, each put in order within itself, then joined. */
export function partitionOwn(
  list: usize,
  count: i32,
  bins: usize,
  table: usize,
  scratch: usize,
): i32 {
  let left = 0;
  let right = 0;
  for (let from = 0; from < count; from += 8192) {
    const size = min(8192, count - from);
    const part = list + ((<usize>from) << 2);
    const goes = partition(part, size, bins, table, scratch + ((<usize>right) << 2));
    // `partition` left its right-hand rows in the scratch as well: they are joined at the end
    if (from > 0) memory.copy(list + ((<usize>left) << 2), part, (<usize>goes) << 2);
    left += goes;
    right += size - goes;
  }
  if (count > 8192) memory.copy(list + ((<usize>left) << 2), scratch, (<usize>right) << 2);
  return left;
}
