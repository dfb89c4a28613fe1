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
