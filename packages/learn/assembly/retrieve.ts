import { ITEM_BLOCK, ITEM_TILE, USER_STEP, USER_TILE } from "../src/kernels/recommend-layout";

/**
 * The k best items of each user by inner product, exactly: products of 16-bit vectors, which are off by less than the user's slack,
 * tell which few items are worth the product in single precision. Of equal scores the earlier item comes first.
 *
 * `packed` holds items by twelves, two coordinates of four items side by side; `items` and `users` the same vectors in single
 * precision. `heaps` takes k pairs of score and position per user, best first, and `counts` how many there are. `size` is a
 * multiple of 8, the number of users one of four.
 */
export function bestItems(
  counter: usize,
  users: i32,
  userVectors: usize,
  userPacked: usize,
  units: usize,
  slacks: usize,
  banPointers: usize,
  bans: usize,
  items: i32,
  itemVectors: usize,
  itemPacked: usize,
  size: i32,
  k: i32,
  heaps: usize,
  counts: usize,
  scratch: usize,
): void {
  for (;;) {
    const from = atomic.add<i32>(counter, USER_STEP);
    if (from >= users) return;
    const to = min(from + USER_STEP, users);
    for (let user = from; user < to; user++) store<i32>(counts + ((<usize>user) << 2), 0);
    for (let item = 0; item < items; item += ITEM_BLOCK) {
      for (let user = from; user < to; user += USER_TILE) {
        scanBlock(
          user,
          userVectors,
          userPacked,
          units,
          slacks,
          banPointers,
          bans,
          item,
          min(item + ITEM_BLOCK, items),
          itemVectors,
          itemPacked,
          size,
          k,
          heaps,
          counts,
          scratch,
        );
      }
    }
    for (let user = from; user < to; user++) {
      sortHeap(heaps + <usize>user * ((<usize>k) << 3), load<i32>(counts + ((<usize>user) << 2)));
    }
  }
}

export function scanBlock(
  user: i32,
  userVectors: usize,
  userPacked: usize,
  units: usize,
  slacks: usize,
  banPointers: usize,
  bans: usize,
  from: i32,
  to: i32,
  itemVectors: usize,
  itemPacked: usize,
  size: i32,
  k: i32,
  heaps: usize,
  counts: usize,
  scratch: usize,
): void {
  const half = (<usize>size) << 1;
  const u = userPacked + <usize>user * half;
  const tileBytes = half * 12;
  const word = (<usize>user) << 2;
  const heapBytes = (<usize>k) << 3;
  const heap = heaps + <usize>user * heapBytes;
  for (let one: usize = 0; one < 4; one++) {
    store<i32>(
      scratch + (one << 2),
      leastProduct(
        heap + one * heapBytes,
        counts + word + (one << 2),
        k,
        units + word + (one << 2),
        slacks + word + (one << 2),
      ),
    );
  }
  let tile = itemPacked + (<usize>from / ITEM_TILE) * tileBytes;
  for (let item = from; item < to; item += ITEM_TILE, tile += tileBytes) {
    let a0 = i32x4.splat(0);
    let a1 = a0;
    let a2 = a0;
    let b0 = a0;
    let b1 = a0;
    let b2 = a0;
    let c0 = a0;
    let c1 = a0;
    let c2 = a0;
    let d0 = a0;
    let d1 = a0;
    let d2 = a0;
    let x = u;
    let y = tile;
    for (const end = tile + tileBytes; y < end; y += 48, x += 4) {
      const y0 = v128.load(y);
      const y1 = v128.load(y, 16);
      const y2 = v128.load(y, 32);
      let v = v128.load32_splat(x);
      a0 = i32x4.add(a0, i32x4.dot_i16x8_s(v, y0));
      a1 = i32x4.add(a1, i32x4.dot_i16x8_s(v, y1));
      a2 = i32x4.add(a2, i32x4.dot_i16x8_s(v, y2));
      v = v128.load32_splat(x + half);
      b0 = i32x4.add(b0, i32x4.dot_i16x8_s(v, y0));
      b1 = i32x4.add(b1, i32x4.dot_i16x8_s(v, y1));
      b2 = i32x4.add(b2, i32x4.dot_i16x8_s(v, y2));
      v = v128.load32_splat(x + half * 2);
      c0 = i32x4.add(c0, i32x4.dot_i16x8_s(v, y0));
      c1 = i32x4.add(c1, i32x4.dot_i16x8_s(v, y1));
      c2 = i32x4.add(c2, i32x4.dot_i16x8_s(v, y2));
      v = v128.load32_splat(x + half * 3);
      d0 = i32x4.add(d0, i32x4.dot_i16x8_s(v, y0));
      d1 = i32x4.add(d1, i32x4.dot_i16x8_s(v, y1));
      d2 = i32x4.add(d2, i32x4.dot_i16x8_s(v, y2));
    }
    let most = i32x4.max_s(i32x4.max_s(a0, a1), a2);
    if (v128.any_true(i32x4.gt_s(most, v128.load32_splat(scratch)))) {
      keep3(scratch, a0, a1, a2);
      take(
        0,
        user,
        userVectors,
        units,
        slacks,
        banPointers,
        bans,
        item,
        to,
        itemVectors,
        size,
        k,
        heap,
        counts,
        scratch,
      );
    }
    most = i32x4.max_s(i32x4.max_s(b0, b1), b2);
    if (v128.any_true(i32x4.gt_s(most, v128.load32_splat(scratch, 4)))) {
      keep3(scratch, b0, b1, b2);
      take(
        1,
        user,
        userVectors,
        units,
        slacks,
        banPointers,
        bans,
        item,
        to,
        itemVectors,
        size,
        k,
        heap,
        counts,
        scratch,
      );
    }
    most = i32x4.max_s(i32x4.max_s(c0, c1), c2);
    if (v128.any_true(i32x4.gt_s(most, v128.load32_splat(scratch, 8)))) {
      keep3(scratch, c0, c1, c2);
      take(
        2,
        user,
        userVectors,
        units,
        slacks,
        banPointers,
        bans,
        item,
        to,
        itemVectors,
        size,
        k,
        heap,
        counts,
        scratch,
      );
    }
    most = i32x4.max_s(i32x4.max_s(d0, d1), d2);
    if (v128.any_true(i32x4.gt_s(most, v128.load32_splat(scratch, 12)))) {
      keep3(scratch, d0, d1, d2);
      take(
        3,
        user,
        userVectors,
        units,
        slacks,
        banPointers,
        bans,
        item,
        to,
        itemVectors,
        size,
        k,
        heap,
        counts,
        scratch,
      );
    }
  }
}

function keep3(scratch: usize, one: v128, two: v128, three: v128): void {
  v128.store(scratch, one, 16);
  v128.store(scratch, two, 32);
  v128.store(scratch, three, 48);
}

/** The 16-bit product that an item must exceed to be worth a closer look. */
function leastProduct(heap: usize, count: usize, k: i32, unit: usize, slack: usize): i32 {
  if (load<i32>(count) < k) return i32.MIN_VALUE;
  const least = Math.floor(<f64>load<f32>(heap) / <f64>load<f32>(unit)) - <f64>load<i32>(slack) - 1;
  return least <= -2147483648 ? i32.MIN_VALUE : least >= 2147483647 ? i32.MAX_VALUE : <i32>least;
}

/** Looks closer at the twelve items whose products `scratch` holds for the `which`-th of four users. */
export function take(
  which: i32,
  firstUser: i32,
  userVectors: usize,
  units: usize,
  slacks: usize,
  banPointers: usize,
  bans: usize,
  item: i32,
  items: i32,
  itemVectors: usize,
  size: i32,
  k: i32,
  heaps: usize,
  counts: usize,
  scratch: usize,
): void {
  const user = <usize>(firstUser + which);
  const bytes = (<usize>size) << 2;
  const vector = userVectors + user * bytes;
  const heap = heaps + <usize>which * ((<usize>k) << 3);
  const counted = counts + (user << 2);
  const limit = scratch + ((<usize>which) << 2);
  const end = min(item + ITEM_TILE, items);
  let count = load<i32>(counted);
  for (let at = item, product = scratch + 16; at < end; at++, product += 4) {
    if (load<i32>(product) <= load<i32>(limit)) continue;
    const score = innerProduct(vector, itemVectors + <usize>at * bytes, bytes);
    if (count === k && score <= load<f32>(heap)) continue;
    if (isBanned(at, banPointers + (user << 2), bans)) continue;
    if (count < k) push(heap, count++, score, at);
    else replace(heap, count, score, at);
    store<i32>(counted, count);
    store<i32>(limit, leastProduct(heap, counted, k, units + (user << 2), slacks + (user << 2)));
  }
}

function innerProduct(one: usize, two: usize, bytes: usize): f32 {
  let a = f32x4.splat(0);
  let b = a;
  for (let at: usize = 0; at < bytes; at += 32) {
    a = f32x4.add(a, f32x4.mul(v128.load(one + at), v128.load(two + at)));
    b = f32x4.add(b, f32x4.mul(v128.load(one + at, 16), v128.load(two + at, 16)));
  }
  a = f32x4.add(a, b);
  return (
    f32x4.extract_lane(a, 0) +
    f32x4.extract_lane(a, 1) +
    (f32x4.extract_lane(a, 2) + f32x4.extract_lane(a, 3))
  );
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

/** The root of a heap is its worst: the lowest score, of equal ones the last item. */
export function isWorse(score: f32, item: i32, other: usize): bool {
  const its = load<f32>(other);
  return score < its || (score === its && item > load<i32>(other, 4));
}

export function push(heap: usize, count: i32, score: f32, item: i32): void {
  let at = count;
  while (at > 0) {
    const parent = heap + ((<usize>((at - 1) >> 1)) << 3);
    if (!isWorse(score, item, parent)) break;
    store<u64>(heap + ((<usize>at) << 3), load<u64>(parent));
    at = (at - 1) >> 1;
  }
  store<f32>(heap + ((<usize>at) << 3), score);
  store<i32>(heap + ((<usize>at) << 3), item, 4);
}

export function replace(heap: usize, count: i32, score: f32, item: i32): void {
  let at = 0;
  for (;;) {
    let child = 2 * at + 1;
    if (child >= count) break;
    let address = heap + ((<usize>child) << 3);
    if (child + 1 < count && isWorse(load<f32>(address, 8), load<i32>(address, 12), address)) {
      child++;
      address += 8;
    }
    if (!isWorse(load<f32>(address), load<i32>(address, 4), heapEntry(heap, score, item, at)))
      break;
    store<u64>(heap + ((<usize>at) << 3), load<u64>(address));
    at = child;
  }
  store<f32>(heap + ((<usize>at) << 3), score);
  store<i32>(heap + ((<usize>at) << 3), item, 4);
}

/** Writes the entry where it would come to lie. */
function heapEntry(heap: usize, score: f32, item: i32, at: i32): usize {
  const address = heap + ((<usize>at) << 3);
  store<f32>(address, score);
  store<i32>(address, item, 4);
  return address;
}

export function sortHeap(heap: usize, count: i32): void {
  for (let last = count - 1; last > 0; last--) {
    const address = heap + ((<usize>last) << 3);
    const score = load<f32>(address);
    const item = load<i32>(address, 4);
    store<u64>(address, load<u64>(heap));
    replace(heap, last, score, item);
  }
}
