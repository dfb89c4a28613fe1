import { BINS, CELL, STAGE } from "../src/kernels/layout";

// A pass of eight features keeps 16 KB of histogram in the first cache. Offsets of loads and stores must be literals.

function add8(bins: usize, stride: usize, gradients: usize, count: i32, histogram: usize): void {
  const end = gradients + ((<usize>count) << 3);
  while (gradients < end) {
    const gh = load<i64>(gradients);
    const b = load<u64>(bins);
    let a = histogram + <usize>((<u32>b & 0xff) << 3);
    store<i64>(a, load<i64>(a) + gh);
    a = histogram + <usize>((<u32>b >> 5) & 0x7f8);
    store<i64>(a, load<i64>(a, 2048) + gh, 2048);
    a = histogram + <usize>((<u32>b >> 13) & 0x7f8);
    store<i64>(a, load<i64>(a, 4096) + gh, 4096);
    a = histogram + <usize>((<u32>b >> 21) & 0x7f8);
    store<i64>(a, load<i64>(a, 6144) + gh, 6144);
    const c = <u32>(b >> 32);
    a = histogram + <usize>((c & 0xff) << 3);
    store<i64>(a, load<i64>(a, 8192) + gh, 8192);
    a = histogram + <usize>((c >> 5) & 0x7f8);
    store<i64>(a, load<i64>(a, 10240) + gh, 10240);
    a = histogram + <usize>((c >> 13) & 0x7f8);
    store<i64>(a, load<i64>(a, 12288) + gh, 12288);
    a = histogram + <usize>((c >> 21) & 0x7f8);
    store<i64>(a, load<i64>(a, 14336) + gh, 14336);
    bins += stride;
    gradients += 8;
  }
}

function add4(bins: usize, stride: usize, gradients: usize, count: i32, histogram: usize): void {
  const end = gradients + ((<usize>count) << 3);
  while (gradients < end) {
    const gh = load<i64>(gradients);
    const b = load<u32>(bins);
    let a = histogram + <usize>((b & 0xff) << 3);
    store<i64>(a, load<i64>(a) + gh);
    a = histogram + <usize>((b >> 5) & 0x7f8);
    store<i64>(a, load<i64>(a, 2048) + gh, 2048);
    a = histogram + <usize>((b >> 13) & 0x7f8);
    store<i64>(a, load<i64>(a, 4096) + gh, 4096);
    a = histogram + <usize>((b >> 21) & 0x7f8);
    store<i64>(a, load<i64>(a, 6144) + gh, 6144);
    bins += stride;
    gradients += 8;
  }
}

function add2(bins: usize, stride: usize, gradients: usize, count: i32, histogram: usize): void {
  const end = gradients + ((<usize>count) << 3);
  while (gradients < end) {
    const gh = load<i64>(gradients);
    const b = <u32>load<u16>(bins);
    let a = histogram + <usize>((b & 0xff) << 3);
    store<i64>(a, load<i64>(a) + gh);
    a = histogram + <usize>((b >> 5) & 0x7f8);
    store<i64>(a, load<i64>(a, 2048) + gh, 2048);
    bins += stride;
    gradients += 8;
  }
}

function add1(bins: usize, stride: usize, gradients: usize, count: i32, histogram: usize): void {
  const end = gradients + ((<usize>count) << 3);
  while (gradients < end) {
    const a = histogram + <usize>((<u32>load<u8>(bins)) << 3);
    store<i64>(a, load<i64>(a) + load<i64>(gradients));
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
