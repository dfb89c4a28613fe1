import { BINS, CELL, STAGE } from "../src/kernels/layout";

// A pass of eight features keeps 16 KB of histogram in the first cache. Offsets of loads and stores must be literals; bins loaded
// byte by byte beat one word taken apart by a fifth.

function add8(bins: usize, stride: usize, gradients: usize, count: i32, histogram: usize): void {
  const end = gradients + ((<usize>count) << 3);
  let cell: usize;
  while (gradients < end) {
    const gh = load<i64>(gradients);
    cell = histogram + ((<usize>load<u8>(bins)) << 3);
    store<i64>(cell, load<i64>(cell) + gh);
    cell = histogram + ((<usize>load<u8>(bins, 1)) << 3);
    store<i64>(cell, load<i64>(cell, 2048) + gh, 2048);
    cell = histogram + ((<usize>load<u8>(bins, 2)) << 3);
    store<i64>(cell, load<i64>(cell, 4096) + gh, 4096);
    cell = histogram + ((<usize>load<u8>(bins, 3)) << 3);
    store<i64>(cell, load<i64>(cell, 6144) + gh, 6144);
    cell = histogram + ((<usize>load<u8>(bins, 4)) << 3);
    store<i64>(cell, load<i64>(cell, 8192) + gh, 8192);
    cell = histogram + ((<usize>load<u8>(bins, 5)) << 3);
    store<i64>(cell, load<i64>(cell, 10240) + gh, 10240);
    cell = histogram + ((<usize>load<u8>(bins, 6)) << 3);
    store<i64>(cell, load<i64>(cell, 12288) + gh, 12288);
    cell = histogram + ((<usize>load<u8>(bins, 7)) << 3);
    store<i64>(cell, load<i64>(cell, 14336) + gh, 14336);
    bins += stride;
    gradients += 8;
  }
}

function add4(bins: usize, stride: usize, gradients: usize, count: i32, histogram: usize): void {
  const end = gradients + ((<usize>count) << 3);
  let cell: usize;
  while (gradients < end) {
    const gh = load<i64>(gradients);
    cell = histogram + ((<usize>load<u8>(bins)) << 3);
    store<i64>(cell, load<i64>(cell) + gh);
    cell = histogram + ((<usize>load<u8>(bins, 1)) << 3);
    store<i64>(cell, load<i64>(cell, 2048) + gh, 2048);
    cell = histogram + ((<usize>load<u8>(bins, 2)) << 3);
    store<i64>(cell, load<i64>(cell, 4096) + gh, 4096);
    cell = histogram + ((<usize>load<u8>(bins, 3)) << 3);
    store<i64>(cell, load<i64>(cell, 6144) + gh, 6144);
    bins += stride;
    gradients += 8;
  }
}

function add2(bins: usize, stride: usize, gradients: usize, count: i32, histogram: usize): void {
  const end = gradients + ((<usize>count) << 3);
  let cell: usize;
  while (gradients < end) {
    const gh = load<i64>(gradients);
    cell = histogram + ((<usize>load<u8>(bins)) << 3);
    store<i64>(cell, load<i64>(cell) + gh);
    cell = histogram + ((<usize>load<u8>(bins, 1)) << 3);
    store<i64>(cell, load<i64>(cell, 2048) + gh, 2048);
    bins += stride;
    gradients += 8;
  }
}

function add1(bins: usize, stride: usize, gradients: usize, count: i32, histogram: usize): void {
  const end = gradients + ((<usize>count) << 3);
  let cell: usize;
  while (gradients < end) {
    const gh = load<i64>(gradients);
    cell = histogram + ((<usize>load<u8>(bins)) << 3);
    store<i64>(cell, load<i64>(cell) + gh);
    bins += stride;
    gradients += 8;
  }
}

/** Adds `count` consecutive rows to the histograms of `features` features. */
export function addRows(
  bins: usize,
  stride: usize,
  gradients: usize,
  count: i32,
  histogram: usize,
  features: i32,
): void {
  let feature = 0;
  for (; feature + 8 <= features; feature += 8) {
    add8(bins + feature, stride, gradients, count, histogram + feature * BINS * CELL);
  }
  if (features & 4) {
    add4(bins + feature, stride, gradients, count, histogram + feature * BINS * CELL);
    feature += 4;
  }
  if (features & 2) {
    add2(bins + feature, stride, gradients, count, histogram + feature * BINS * CELL);
    feature += 2;
  }
  if (features & 1) {
    add1(bins + feature, stride, gradients, count, histogram + feature * BINS * CELL);
  }
}

/**
 * Adds the rows of a list. WebAssembly cannot prefetch: copying the bins of 512 rows first keeps many cache misses in flight.
 * `stage` has room for STAGE × 32 bins and STAGE gradients.
 */
export function addList(
  rows: usize,
  count: i32,
  bins: usize,
  stride: usize,
  gradients: usize,
  stage: usize,
  histogram: usize,
  features: i32,
): void {
  const staged = stage + STAGE * 32;
  for (let from = 0; from < count; from += STAGE) {
    const size = min(STAGE, count - from);
    const list = rows + ((<usize>from) << 2);
    const first = <usize>load<u32>(list);
    // a list rises: these rows lie side by side as they are
    if (<i32>(load<u32>(list + ((<usize>(size - 1)) << 2)) - <u32>first) === size - 1) {
      addRows(bins + first * stride, stride, gradients + (first << 3), size, histogram, features);
      continue;
    }
    for (let i = 0; i < size; i++) {
      const row = <usize>load<u32>(list + ((<usize>i) << 2));
      store<i64>(staged + ((<usize>i) << 3), load<i64>(gradients + (row << 3)));
    }
    for (let feature = 0; feature < features; feature += 32) {
      const part = min(32, features - feature);
      stageBins(list, size, bins + feature, stride, stage, part);
      addRows(stage, 32, staged, size, histogram + feature * BINS * CELL, part);
    }
  }
}

function stageBins(
  list: usize,
  size: i32,
  bins: usize,
  stride: usize,
  stage: usize,
  part: i32,
): void {
  const end = list + ((<usize>size) << 2);
  if (part <= 16) {
    while (list < end) {
      v128.store(stage, v128.load(bins + <usize>load<u32>(list) * stride));
      stage += 32;
      list += 4;
    }
    return;
  }
  while (list < end) {
    const from = bins + <usize>load<u32>(list) * stride;
    v128.store(stage, v128.load(from));
    v128.store(stage, v128.load(from, 16), 16);
    stage += 32;
    list += 4;
  }
}

/** target += source, cell by cell; `bytes` is a multiple of 16. */
export function addCells(target: usize, source: usize, bytes: usize): void {
  for (const end = target + bytes; target < end; target += 16, source += 16) {
    v128.store(target, i64x2.add(v128.load(target), v128.load(source)));
  }
}

/** target -= source, cell by cell: a parent less one child is the other child, exactly. */
export function subtractCells(target: usize, source: usize, bytes: usize): void {
  for (const end = target + bytes; target < end; target += 16, source += 16) {
    v128.store(target, i64x2.sub(v128.load(target), v128.load(source)));
  }
}
