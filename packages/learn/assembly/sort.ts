/** A float as a whole number that sorts the same way. -0 counts as 0. */
export function sortable(value: f32): u32 {
  const bits = reinterpret<u32>(value + 0);
  return bits ^ (<u32>(<i32>bits >> 31) | 0x80000000);
}

export function unsortable(key: u32): f32 {
  return reinterpret<f32>(key ^ (<u32>(~(<i32>key) >> 31) | 0x80000000));
}

/**
 * Sorts 64-bit items by their upper 32 bits, stable, in three passes of 11 bits. The result lies in `items`; `other` has room for
 * as many, `counts` for 3 × 2048 words.
 */
export function sortItems(items: usize, count: i32, other: usize, counts: usize): void {
  memory.fill(counts, 0, 24576);
  const bytes = (<usize>count) << 3;
  for (let at = items; at < items + bytes; at += 8) {
    const key = load<u32>(at, 4);
    tally(counts + ((<usize>(key & 0x7ff)) << 2));
    tally(counts + 8192 + ((<usize>((key >> 11) & 0x7ff)) << 2));
    tally(counts + 16384 + ((<usize>(key >> 22)) << 2));
  }
  addUp(counts);
  scatter(items, bytes, other, counts, 0);
  scatter(other, bytes, items, counts + 8192, 11);
  scatter(items, bytes, other, counts + 16384, 22);
  memory.copy(items, other, bytes);
}

/** From counts to places, in each of the three tables. */
function addUp(counts: usize): void {
  for (let pass = 0; pass < 3; pass++) {
    let sum: u32 = 0;
    for (let at = counts + pass * 8192; at < counts + (pass + 1) * 8192; at += 4) {
      const size = load<u32>(at);
      store<u32>(at, sum);
      sum += size;
    }
  }
}

function tally(at: usize): void {
  store<u32>(at, load<u32>(at) + 1);
}

function scatter(from: usize, bytes: usize, to: usize, starts: usize, shift: u32): void {
  for (const end = from + bytes; from < end; from += 8) {
    const item = load<u64>(from);
    const start = starts + ((<usize>((<u32>(item >> 32) >> shift) & 0x7ff)) << 2);
    const place = load<u32>(start);
    store<u32>(start, place + 1);
    store<u64>(to + ((<usize>place) << 3), item);
  }
}

/** The same for bare 32-bit keys: the result lies in `keys`, `other` has room for as many. */
export function sortKeys(keys: usize, count: i32, other: usize, counts: usize): void {
  memory.fill(counts, 0, 24576);
  const bytes = (<usize>count) << 2;
  for (let at = keys; at < keys + bytes; at += 4) {
    const key = load<u32>(at);
    tally(counts + ((<usize>(key & 0x7ff)) << 2));
    tally(counts + 8192 + ((<usize>((key >> 11) & 0x7ff)) << 2));
    tally(counts + 16384 + ((<usize>(key >> 22)) << 2));
  }
  addUp(counts);
  scatterKeys(keys, bytes, other, counts, 0);
  scatterKeys(other, bytes, keys, counts + 8192, 11);
  scatterKeys(keys, bytes, other, counts + 16384, 22);
  memory.copy(keys, other, bytes);
}

function scatterKeys(from: usize, bytes: usize, to: usize, starts: usize, shift: u32): void {
  for (const end = from + bytes; from < end; from += 4) {
    const key = load<u32>(from);
    const start = starts + ((<usize>((key >> shift) & 0x7ff)) << 2);
    const place = load<u32>(start);
    store<u32>(start, place + 1);
    store<u32>(to + ((<usize>place) << 2), key);
  }
}
