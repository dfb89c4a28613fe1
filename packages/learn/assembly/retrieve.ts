import { ITEM_BLOCK, ITEM_TILE, USER_STEP, USER_TILE } from "../src/kernels/recommend-layout";
import {
  beginShortlists,
  clearShortlist,
  finishShortlist,
  limitsFrom,
  shortlist,
} from "./shortlist";

/**
 * The k best items of each user by inner product, exactly: products of 16-bit vectors, which are off by less than the user's slack,
 * tell which few items are worth the product in single precision. Of equal scores the earlier item comes first.
 *
 * `packed` holds items by eights, two coordinates of four items side by side; `items` and `users` the same vectors in single
 * precision. `heaps` takes k pairs of score and position per user, best first, and `counts` how many there are. `size` is a
 * multiple of 8, the number of users one of four. `scratch`, one per thread, has 32 bytes, then what the shortlists of a step of users
 * need, then k pairs more.
 */
export function bestItems(
  counter: usize,
  users: i32,
  userVectors: usize,
  userPacked: usize,
  slacks: usize,
  banPointers: usize,
  bans: usize,
  items: i32,
  itemVectors: usize,
  itemPacked: usize,
  size: i32,
  k: i32,
  room: i32,
  heaps: usize,
  counts: usize,
  scratch: usize,
): void {
  const bytes = (<usize>size) << 2;
  beginShortlists(k, room, size, itemVectors, USER_STEP, scratch + 32);
  for (;;) {
    const from = atomic.add<i32>(counter, USER_STEP);
    if (from >= users) return;
    const to = min(from + USER_STEP, users);
    for (let user = from; user < to; user++) clearShortlist(user - from);
    for (let item = 0; item < items; item += ITEM_BLOCK) {
      for (let user = from; user < to; user += USER_TILE) {
        scanBlock(
          user - from,
          userPacked + <usize>user * (bytes >> 1),
          userVectors + <usize>user * bytes,
          slacks + ((<usize>user) << 2),
          banPointers + ((<usize>user) << 2),
          bans,
          item,
          min(item + ITEM_BLOCK, items),
          itemPacked,
          size,
          scratch,
        );
      }
    }
    for (let user = from; user < to; user++) {
      const word = (<usize>user) << 2;
      const vector = userVectors + <usize>user * bytes;
      const heap = heaps + <usize>user * ((<usize>k) << 3);
      store<i32>(
        counts + word,
        finishShortlist(user - from, vector, load<i32>(slacks + word), heap),
      );
    }
  }
}

/** Takes four users through some items: `which` is the first one's shortlist, the addresses are the first one's. */
function scanBlock(
  which: i32,
  u: usize,
  vector: usize,
  slack: usize,
  banPointer: usize,
  bans: usize,
  from: i32,
  to: i32,
  itemPacked: usize,
  size: i32,
  scratch: usize,
): void {
  const half = (<usize>size) << 1;
  const tileBytes = half * 8;
  const limits = limitsFrom(which);
  let tile = itemPacked + (<usize>from / ITEM_TILE) * tileBytes;
  for (let item = from; item < to; item += ITEM_TILE, tile += tileBytes) {
    let a0 = i32x4.splat(0);
    let a1 = a0;
    let b0 = a0;
    let b1 = a0;
    let c0 = a0;
    let c1 = a0;
    let d0 = a0;
    let d1 = a0;
    let x = u;
    let y = tile;
    for (const end = tile + tileBytes; y < end; y += 32, x += 4) {
      const y0 = v128.load(y);
      const y1 = v128.load(y, 16);
      let v = v128.load32_splat(x);
      a0 = i32x4.add(a0, i32x4.dot_i16x8_s(v, y0));
      a1 = i32x4.add(a1, i32x4.dot_i16x8_s(v, y1));
      v = v128.load32_splat(x + half);
      b0 = i32x4.add(b0, i32x4.dot_i16x8_s(v, y0));
      b1 = i32x4.add(b1, i32x4.dot_i16x8_s(v, y1));
      v = v128.load32_splat(x + half * 2);
      c0 = i32x4.add(c0, i32x4.dot_i16x8_s(v, y0));
      c1 = i32x4.add(c1, i32x4.dot_i16x8_s(v, y1));
      v = v128.load32_splat(x + half * 3);
      d0 = i32x4.add(d0, i32x4.dot_i16x8_s(v, y0));
      d1 = i32x4.add(d1, i32x4.dot_i16x8_s(v, y1));
    }
    let most = i32x4.max_s(a0, a1);
    let limit = v128.load32_splat(limits);
    if (v128.any_true(i32x4.gt_s(most, limit))) {
      keep(scratch, a0, a1);
      const over = above(a0, a1, limit);
      takeIn(0, over, which, item, to, vector, slack, banPointer, bans, size, scratch);
    }
    most = i32x4.max_s(b0, b1);
    limit = v128.load32_splat(limits, 4);
    if (v128.any_true(i32x4.gt_s(most, limit))) {
      keep(scratch, b0, b1);
      const over = above(b0, b1, limit);
      takeIn(1, over, which, item, to, vector, slack, banPointer, bans, size, scratch);
    }
    most = i32x4.max_s(c0, c1);
    limit = v128.load32_splat(limits, 8);
    if (v128.any_true(i32x4.gt_s(most, limit))) {
      keep(scratch, c0, c1);
      const over = above(c0, c1, limit);
      takeIn(2, over, which, item, to, vector, slack, banPointer, bans, size, scratch);
    }
    most = i32x4.max_s(d0, d1);
    limit = v128.load32_splat(limits, 12);
    if (v128.any_true(i32x4.gt_s(most, limit))) {
      keep(scratch, d0, d1);
      const over = above(d0, d1, limit);
      takeIn(3, over, which, item, to, vector, slack, banPointer, bans, size, scratch);
    }
  }
}

function keep(scratch: usize, one: v128, two: v128): void {
  v128.store(scratch, one);
  v128.store(scratch, two, 16);
}

/** A bit for each of eight products that exceeds the limit. */
function above(one: v128, two: v128, limit: v128): i32 {
  return i32x4.bitmask(i32x4.gt_s(one, limit)) | (i32x4.bitmask(i32x4.gt_s(two, limit)) << 4);
}

/** Puts on the `nth` user's shortlist which of eight items, whose products `scratch` holds, belong there. */
function takeIn(
  nth: i32,
  over: i32,
  firstList: i32,
  item: i32,
  items: i32,
  firstVector: usize,
  slacks: usize,
  banPointers: usize,
  bans: usize,
  size: i32,
  scratch: usize,
): void {
  const word = (<usize>nth) << 2;
  const vector = firstVector + <usize>nth * ((<usize>size) << 2);
  const slack = load<i32>(slacks + word);
  const limit = limitsFrom(firstList) + word;
  // the last tile is filled up with items that are none
  if (items - item < ITEM_TILE) over &= (1 << (items - item)) - 1;
  for (; over !== 0; over &= over - 1) {
    const lane = ctz(over);
    const product = load<i32>(scratch + ((<usize>lane) << 2));
    // an item before it may have raised the limit
    if (product <= load<i32>(limit) || isBanned(item + lane, banPointers + word, bans)) continue;
    shortlist(firstList + nth, product, item + lane, vector, slack);
  }
}

function isBanned(item: i32, pointer: usize, bans: usize): bool {
  let low = load<i32>(pointer);
  let high = load<i32>(pointer, 4);
  while (low < high) {
    const middle = (low + high) >> 1;
    if (load<i32>(bans + ((<usize>middle) << 2)) < item) low = middle + 1;
    else high = middle;
  }
  return low < load<i32>(pointer, 4) && load<i32>(bans + ((<usize>low) << 2)) === item;
}
