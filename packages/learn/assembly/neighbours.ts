import { USER_STEP } from "../src/kernels/recommend-layout";
import { isWorse, push, replace, sortHeap } from "./heap";

/**
 * The k items of each history with the largest sum of what its entries lead to, in double precision: a row of the matrix holds what
 * leads from an item where. Items that nothing leads to, that are banned or not open (a byte each, or address 0) are in none. Of equal
 * scores the earlier item comes first. `heaps` and `counts` are as those of `bestItems`; `scratch`, one per thread, holds a double, a
 * word (and one more) and a byte per item, the doubles and the bytes zero before and after.
 */
export function bestNeighbours(
  counter: usize,
  rows: i32,
  pointers: usize,
  indices: usize,
  weights: usize,
  matrixPointers: usize,
  matrixIndices: usize,
  matrixValues: usize,
  items: i32,
  open: usize,
  banPointers: usize,
  bans: usize,
  k: i32,
  heaps: usize,
  counts: usize,
  scratch: usize,
): void {
  const touched = scratch + ((<usize>items) << 3);
  const flags = touched + ((<usize>(items + 1)) << 2);
  for (;;) {
    const from = atomic.add<i32>(counter, USER_STEP);
    if (from >= rows) return;
    const to = min(from + USER_STEP, rows);
    for (let row = from; row < to; row++) {
      const at = (<usize>row) << 2;
      const first = load<i32>(pointers + at);
      const end = load<i32>(pointers + at, 4);
      let count = 0;
      for (let entry = first; entry < end; entry++) {
        const place = (<usize>entry) << 2;
        const item = (<usize>load<u32>(indices + place)) << 2;
        count = addRow(
          load<i32>(matrixPointers + item),
          load<i32>(matrixPointers + item, 4),
          matrixIndices,
          matrixValues,
          <f64>load<f32>(weights + place),
          scratch,
          touched,
          flags,
          count,
        );
      }
      const firstBan = load<i32>(banPointers + at);
      const endBan = load<i32>(banPointers + at, 4);
      for (let ban = firstBan; ban < endBan; ban++) {
        store<u8>(flags + <usize>load<u32>(bans + ((<usize>ban) << 2)), 2);
      }
      const heap = heaps + <usize>row * ((<usize>k) << 3);
      store<i32>(counts + at, keepBest(count, open, k, heap, scratch, touched, flags));
      for (let ban = firstBan; ban < endBan; ban++) {
        store<u8>(flags + <usize>load<u32>(bans + ((<usize>ban) << 2)), 0);
      }
    }
  }
}

export function addRow(
  from: i32,
  to: i32,
  indices: usize,
  values: usize,
  weight: f64,
  scores: usize,
  touched: usize,
  flags: usize,
  count: i32,
): i32 {
  const end = (<usize>to) << 2;
  for (let at = (<usize>from) << 2; at < end; at += 4) {
    const item = load<u32>(indices + at);
    const flag = flags + <usize>item;
    const score = scores + ((<usize>item) << 3);
    // written whether or not it is new: no branch
    store<u32>(touched + ((<usize>count) << 2), item);
    count += 1 - <i32>load<u8>(flag);
    store<u8>(flag, 1);
    store<f64>(score, load<f64>(score) + weight * <f64>load<f32>(values + at));
  }
  return count;
}

/** Takes the best of what was touched, and leaves zeros behind. */
export function keepBest(
  count: i32,
  open: usize,
  k: i32,
  heap: usize,
  scores: usize,
  touched: usize,
  flags: usize,
): i32 {
  let kept = 0;
  const end = touched + ((<usize>count) << 2);
  for (let at = touched; at < end; at += 4) {
    const item = load<u32>(at);
    const sum = scores + ((<usize>item) << 3);
    const score = <f32>load<f64>(sum);
    const isFree = load<u8>(flags + <usize>item) === 1;
    store<f64>(sum, 0);
    if (isFree) store<u8>(flags + <usize>item, 0);
    if (!isFree || (open !== 0 && load<u8>(open + <usize>item) !== 1)) continue;
    if (kept < k) push(heap, kept++, score, <i32>item);
    else if (!isWorse(score, <i32>item, heap)) replace(heap, kept, score, <i32>item);
  }
  sortHeap(heap, kept);
  return kept;
}
