import { BINS, CELL } from "../src/kernels/layout";

// A pass of eight features keeps 16 KB of histogram in the first cache. Offsets of loads and stores must be literals; bins loaded
// byte by byte beat one word taken apart by a fifth. Several rows in one turn: what a loop costs by itself is a tenth and more.

function add8(bins: usize, stride: usize, gradients: usize, count: i32, histogram: usize): void {
  const end = gradients + ((<usize>count) << 3);
  let cell: usize;
  let gh: i64;
  while (gradients + 8 < end) {
    gh = load<i64>(gradients);
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
    gh = load<i64>(gradients, 8);
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
    gradients += 16;
  }
  if (gradients < end) {
    gh = load<i64>(gradients);
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
  }
}

function add6(bins: usize, stride: usize, gradients: usize, count: i32, histogram: usize): void {
  const end = gradients + ((<usize>count) << 3);
  let cell: usize;
  let gh: i64;
  while (gradients + 8 < end) {
    gh = load<i64>(gradients);
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
    bins += stride;
    gh = load<i64>(gradients, 8);
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
    bins += stride;
    gradients += 16;
  }
  if (gradients < end) {
    gh = load<i64>(gradients);
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
  }
}

function add4(bins: usize, stride: usize, gradients: usize, count: i32, histogram: usize): void {
  const end = gradients + ((<usize>count) << 3);
  let cell: usize;
  let gh: i64;
  while (gradients + 24 < end) {
    gh = load<i64>(gradients);
    cell = histogram + ((<usize>load<u8>(bins)) << 3);
    store<i64>(cell, load<i64>(cell) + gh);
    cell = histogram + ((<usize>load<u8>(bins, 1)) << 3);
    store<i64>(cell, load<i64>(cell, 2048) + gh, 2048);
    cell = histogram + ((<usize>load<u8>(bins, 2)) << 3);
    store<i64>(cell, load<i64>(cell, 4096) + gh, 4096);
    cell = histogram + ((<usize>load<u8>(bins, 3)) << 3);
    store<i64>(cell, load<i64>(cell, 6144) + gh, 6144);
    bins += stride;
    gh = load<i64>(gradients, 8);
    cell = histogram + ((<usize>load<u8>(bins)) << 3);
    store<i64>(cell, load<i64>(cell) + gh);
    cell = histogram + ((<usize>load<u8>(bins, 1)) << 3);
    store<i64>(cell, load<i64>(cell, 2048) + gh, 2048);
    cell = histogram + ((<usize>load<u8>(bins, 2)) << 3);
    store<i64>(cell, load<i64>(cell, 4096) + gh, 4096);
    cell = histogram + ((<usize>load<u8>(bins, 3)) << 3);
    store<i64>(cell, load<i64>(cell, 6144) + gh, 6144);
    bins += stride;
    gh = load<i64>(gradients, 16);
    cell = histogram + ((<usize>load<u8>(bins)) << 3);
    store<i64>(cell, load<i64>(cell) + gh);
    cell = histogram + ((<usize>load<u8>(bins, 1)) << 3);
    store<i64>(cell, load<i64>(cell, 2048) + gh, 2048);
    cell = histogram + ((<usize>load<u8>(bins, 2)) << 3);
    store<i64>(cell, load<i64>(cell, 4096) + gh, 4096);
    cell = histogram + ((<usize>load<u8>(bins, 3)) << 3);
    store<i64>(cell, load<i64>(cell, 6144) + gh, 6144);
    bins += stride;
    gh = load<i64>(gradients, 24);
    cell = histogram + ((<usize>load<u8>(bins)) << 3);
    store<i64>(cell, load<i64>(cell) + gh);
    cell = histogram + ((<usize>load<u8>(bins, 1)) << 3);
    store<i64>(cell, load<i64>(cell, 2048) + gh, 2048);
    cell = histogram + ((<usize>load<u8>(bins, 2)) << 3);
    store<i64>(cell, load<i64>(cell, 4096) + gh, 4096);
    cell = histogram + ((<usize>load<u8>(bins, 3)) << 3);
    store<i64>(cell, load<i64>(cell, 6144) + gh, 6144);
    bins += stride;
    gradients += 32;
  }
  while (gradients < end) {
    gh = load<i64>(gradients);
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
  let gh: i64;
  while (gradients + 24 < end) {
    gh = load<i64>(gradients);
    cell = histogram + ((<usize>load<u8>(bins)) << 3);
    store<i64>(cell, load<i64>(cell) + gh);
    cell = histogram + ((<usize>load<u8>(bins, 1)) << 3);
    store<i64>(cell, load<i64>(cell, 2048) + gh, 2048);
    bins += stride;
    gh = load<i64>(gradients, 8);
    cell = histogram + ((<usize>load<u8>(bins)) << 3);
    store<i64>(cell, load<i64>(cell) + gh);
    cell = histogram + ((<usize>load<u8>(bins, 1)) << 3);
    store<i64>(cell, load<i64>(cell, 2048) + gh, 2048);
    bins += stride;
    gh = load<i64>(gradients, 16);
    cell = histogram + ((<usize>load<u8>(bins)) << 3);
    store<i64>(cell, load<i64>(cell) + gh);
    cell = histogram + ((<usize>load<u8>(bins, 1)) << 3);
    store<i64>(cell, load<i64>(cell, 2048) + gh, 2048);
    bins += stride;
    gh = load<i64>(gradients, 24);
    cell = histogram + ((<usize>load<u8>(bins)) << 3);
    store<i64>(cell, load<i64>(cell) + gh);
    cell = histogram + ((<usize>load<u8>(bins, 1)) << 3);
    store<i64>(cell, load<i64>(cell, 2048) + gh, 2048);
    bins += stride;
    gradients += 32;
  }
  while (gradients < end) {
    gh = load<i64>(gradients);
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
  let gh: i64;
  while (gradients + 24 < end) {
    gh = load<i64>(gradients);
    cell = histogram + ((<usize>load<u8>(bins)) << 3);
    store<i64>(cell, load<i64>(cell) + gh);
    bins += stride;
    gh = load<i64>(gradients, 8);
    cell = histogram + ((<usize>load<u8>(bins)) << 3);
    store<i64>(cell, load<i64>(cell) + gh);
    bins += stride;
    gh = load<i64>(gradients, 16);
    cell = histogram + ((<usize>load<u8>(bins)) << 3);
    store<i64>(cell, load<i64>(cell) + gh);
    bins += stride;
    gh = load<i64>(gradients, 24);
    cell = histogram + ((<usize>load<u8>(bins)) << 3);
    store<i64>(cell, load<i64>(cell) + gh);
    bins += stride;
    gradients += 32;
  }
  while (gradients < end) {
    gh = load<i64>(gradients);
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
  const rest = features - feature;
  if (rest >= 6) {
    add6(bins + feature, stride, gradients, count, histogram + feature * BINS * CELL);
    feature += 6;
  } else if (rest >= 4) {
    add4(bins + feature, stride, gradients, count, histogram + feature * BINS * CELL);
    feature += 4;
  } else if (rest >= 2) {
    add2(bins + feature, stride, gradients, count, histogram + feature * BINS * CELL);
    feature += 2;
  }
  if (features & 1) {
    add1(bins + feature, stride, gradients, count, histogram + feature * BINS * CELL);
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
