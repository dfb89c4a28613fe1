import { isWorse, push, replace, sortHeap } from "./heap";

// A user's shortlist: pairs of 16-bit product and item, in no order. An item comes onto it when its product exceeds the list's limit;
// when it is full, the k-th largest product on it gives a higher limit, and most of it goes. Only what is left at the end is worth the
// product in single precision, of vectors that lie far apart in memory.
//
// An instance of the module serves one thread: what all lists of a call share stands in its globals.
let k: i32 = 0;
let room: i32 = 0;
let bytes: usize = 0;
let items: usize = 0;
let lists: usize = 0;
let counts: usize = 0;
let limits: usize = 0;
let spare: usize = 0;

/** `scratch` takes two words and `places` pairs of words for each of `users`, and `most` pairs more; `places` is more than `most`. */
export function beginShortlists(
  most: i32,
  places: i32,
  size: i32,
  itemVectors: usize,
  users: i32,
  scratch: usize,
): void {
  k = most;
  room = places;
  bytes = (<usize>size) << 2;
  items = itemVectors;
  counts = scratch;
  limits = counts + ((<usize>users) << 2);
  lists = limits + ((<usize>users) << 2);
  spare = lists + ((<usize>users * <usize>places) << 3);
}

export function clearShortlist(which: i32): void {
  store<i32>(counts + ((<usize>which) << 2), 0);
  store<i32>(limits + ((<usize>which) << 2), i32.MIN_VALUE);
}

/** Address of the limits of the lists from `which` on. */
export function limitsFrom(which: i32): usize {
  return limits + ((<usize>which) << 2);
}

/** Takes in an item whose product exceeds the limit. */
export function shortlist(which: i32, product: i32, item: i32, vector: usize, slack: i32): void {
  const counted = counts + ((<usize>which) << 2);
  const list = listOf(which);
  let count = load<i32>(counted);
  const entry = list + ((<usize>count) << 3);
  store<i32>(entry, product);
  store<i32>(entry, item, 4);
  if (++count === room) count = shorten(list, count, which, vector, slack);
  store<i32>(counted, count);
}

/** Writes the k best of a list, best first, as pairs of score and item; gives how many there are. */
export function finishShortlist(which: i32, vector: usize, slack: i32, heap: usize): i32 {
  const list = listOf(which);
  let count = load<i32>(counts + ((<usize>which) << 2));
  if (count > k) count = raiseLimit(list, count, which, slack);
  const kept = keepBest(list, count, vector, heap);
  sortHeap(heap, kept);
  return kept;
}

function listOf(which: i32): usize {
  return lists + ((<usize>which * <usize>room) << 3);
}

function shorten(list: usize, count: i32, which: i32, vector: usize, slack: i32): i32 {
  const left = raiseLimit(list, count, which, slack);
  if (left <= (k + room) >> 1) return left;
  // too many products of about the same size: scores decide
  const kept = keepBest(list, left, vector, spare);
  let to = list;
  for (let at = list, end = list + ((<usize>left) << 3); at < end; at += 8) {
    const item = load<i32>(at, 4);
    if (isWorse(scoreOf(item, vector), item, spare)) continue;
    store<u64>(to, load<u64>(at));
    to += 8;
  }
  return kept;
}

/** Sets the limit by the k-th largest product, and drops what does not exceed it. */
function raiseLimit(list: usize, count: i32, which: i32, slack: i32): i32 {
  const limit = limits + ((<usize>which) << 2);
  if (slack < 0) {
    // every product is zero, and the items stand in their order: the first are the best
    store<i32>(limit, i32.MAX_VALUE);
    return k;
  }
  partition(list, count);
  let least = i32.MAX_VALUE;
  for (let at = list, end = list + ((<usize>k) << 3); at < end; at += 8) {
    least = min(least, load<i32>(at));
  }
  const wanted = <i64>least - 2 * <i64>slack - 1;
  const most = <i32>max(wanted, <i64>i32.MIN_VALUE);
  store<i32>(limit, most);
  let to = list + ((<usize>k) << 3);
  for (let at = to, end = list + ((<usize>count) << 3); at < end; at += 8) {
    const entry = load<u64>(at);
    store<u64>(to, entry);
    to += (<usize>(<i32>entry > most)) << 3;
  }
  return <i32>((to - list) >> 3);
}

/** Brings the k largest products to the front. (Hoare's selection, from the middle of three.) */
function partition(list: usize, count: i32): void {
  let low = list;
  let high = list + ((<usize>(count - 1)) << 3);
  const wanted = list + ((<usize>(k - 1)) << 3);
  while (low < high) {
    const middle = low + (((high - low) >> 4) << 3);
    const one = load<i32>(low);
    const two = load<i32>(middle);
    const three = load<i32>(high);
    const pivot = max(min(one, two), min(max(one, two), three));
    let left = low;
    let right = high;
    while (left <= right) {
      while (load<i32>(left) > pivot) left += 8;
      while (load<i32>(right) < pivot) right -= 8;
      if (left > right) break;
      const entry = load<u64>(left);
      store<u64>(left, load<u64>(right));
      store<u64>(right, entry);
      left += 8;
      right -= 8;
    }
    if (wanted <= right) high = right;
    else if (wanted >= left) low = left;
    else return;
  }
}

function keepBest(list: usize, count: i32, vector: usize, heap: usize): i32 {
  let kept = 0;
  for (let at = list, end = list + ((<usize>count) << 3); at < end; at += 8) {
    const item = load<i32>(at, 4);
    const score = scoreOf(item, vector);
    if (kept < k) push(heap, kept++, score, item);
    else if (!isWorse(score, item, heap)) replace(heap, kept, score, item);
  }
  return kept;
}

function scoreOf(item: i32, vector: usize): f32 {
  return innerProduct(vector, items + <usize>item * bytes, bytes);
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
