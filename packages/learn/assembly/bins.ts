import { MISSING, SAMPLE } from "../src/kernels/layout";
import { hash } from "./partition";
import { sortable, sortKeys, unsortable } from "./sort";

/**
 * Chooses the thresholds between the bins of a feature from a sample of its values (missing ones are skipped): every value its
 * own bin while they fit, otherwise bins of about equal counts in which a frequent value stands alone (LightGBM's GreedyFindBin).
 * Returns how many thresholds were written, at most `bins` - 1; -1 when every value is missing. `sample` holds `count` floats,
 * `keys` and `ends` have room for 4 bytes each of them, `counts` for 24,576 bytes.
 */
export function findThresholds(
  sample: usize,
  count: i32,
  bins: i32,
  thresholds: usize,
  keys: usize,
  ends: usize,
  counts: usize,
): i32 {
  let known = 0;
  for (let i = 0; i < count; i++) {
    const value = load<f32>(sample + ((<usize>i) << 2));
    if (!(value <= Infinity)) continue;
    store<u32>(keys + ((<usize>known) << 2), sortable(value));
    known++;
  }
  if (known === 0) return -1;
  sortKeys(keys, known, ends, counts);
  let distinct = 0;
  let big = 0;
  let bigRows = 0;
  for (let at = 0, next = 0; at < known; at = next) {
    next = runEnd(keys, at, known);
    store<i32>(ends + ((<usize>distinct) << 2), next);
    distinct++;
    if (<f64>(next - at) * <f64>bins >= <f64>known) {
      big++;
      bigRows += next - at;
    }
  }
  const each = distinct <= bins;
  let restRows = known - bigRows;
  let restBins = bins - big;
  let mean = <f64>restRows / <f64>max(restBins, 1);
  let filled = 0;
  let written = 0;
  let at = 0;
  let next = load<i32>(ends);
  for (let run = 1; run < distinct && written < bins - 1; run++) {
    const after = load<i32>(ends + ((<usize>run) << 2));
    const size = next - at;
    const isBig = <f64>size * <f64>bins >= <f64>known;
    const nextIsBig = <f64>(after - next) * <f64>bins >= <f64>known;
    if (!isBig) restRows -= size;
    filled += size;
    if (
      each ||
      isBig ||
      <f64>filled >= mean ||
      (nextIsBig && <f64>filled >= max<f64>(1, mean * 0.5))
    ) {
      const low = <f64>unsortable(load<u32>(keys + ((<usize>at) << 2)));
      const high = <f64>unsortable(load<u32>(keys + ((<usize>next) << 2)));
      let middle = <f32>(low + (high - low) * 0.5);
      if (!(<f64>middle < high)) middle = <f32>low; // no float lies between the two
      store<f32>(thresholds + ((<usize>written) << 2), middle);
      written++;
      filled = 0;
      if (!isBig) {
        restBins--;
        mean = <f64>restRows / <f64>max(restBins, 1);
      }
    }
    at = next;
    next = after;
  }
  return written;
}

function runEnd(keys: usize, from: i32, end: i32): i32 {
  const key = load<u32>(keys + ((<usize>from) << 2));
  let at = from + 1;
  while (at < end && load<u32>(keys + ((<usize>at) << 2)) === key) at++;
  return at;
}

/**
 * The bin of each value: how many thresholds lie below it; MISSING for NaN, and then the result is 1. `thresholds` is padded with
 * +Infinity to 256. The last of each sixteen say which sixteen to look at; no branch.
 */
export function binValues(values: usize, count: i32, thresholds: usize, bins: usize): i32 {
  const a = lastOfFour(thresholds);
  const b = lastOfFour(thresholds + 256);
  const c = lastOfFour(thresholds + 512);
  const d = lastOfFour(thresholds + 768);
  let missing = 0;
  for (let i: usize = 0; i < <usize>count; i++) {
    const value = load<f32>(values + (i << 2));
    const all = f32x4.splat(value);
    const group = below(all, a, b, c, d);
    const at = thresholds + ((<usize>group) << 6);
    const rest = below(all, v128.load(at), v128.load(at, 16), v128.load(at, 32), v128.load(at, 48));
    const isMissing = <i32>!(value <= Infinity);
    missing |= isMissing;
    store<u8>(bins + i, isMissing ? MISSING : (group << 4) + rest);
  }
  return missing;
}

/** The last threshold of each of four groups of sixteen. */
function lastOfFour(at: usize): v128 {
  return f32x4(load<f32>(at, 60), load<f32>(at, 124), load<f32>(at, 188), load<f32>(at, 252));
}

/** How many of sixteen thresholds lie below a value. */
function below(value: v128, a: v128, b: v128, c: v128, d: v128): i32 {
  const one = i16x8.narrow_i32x4_s(f32x4.lt(a, value), f32x4.lt(b, value));
  const two = i16x8.narrow_i32x4_s(f32x4.lt(c, value), f32x4.lt(d, value));
  return popcnt(i8x16.bitmask(i8x16.narrow_i16x8_s(one, two)));
}

/**
 * Chooses thresholds for a column from its first `trained` rows and bins all of its rows. `result` gets the number of thresholds
 * (-1: every value is missing) and whether a value is missing. `keys` and `ends` have room for 4 bytes for each row of the sample.
 */
export function prepareColumn(
  values: usize,
  trained: i32,
  rows: i32,
  bins: i32,
  thresholds: usize,
  out: usize,
  result: usize,
  keys: usize,
  ends: usize,
  counts: usize,
): void {
  // the sample itself lies where the ends will be: it is read before anything is sorted
  const size = min(trained, SAMPLE);
  const sample = trained > SAMPLE ? ends : values;
  if (trained > SAMPLE) takeSample(values, trained, sample, size);
  for (let i: usize = 0; i < 256; i++) store<f32>(thresholds + (i << 2), Infinity);
  const found = findThresholds(sample, size, bins, thresholds, keys, ends, counts);
  store<i32>(result, found);
  let missing = 0;
  for (let from = 0; from < rows; from += 8192) {
    const part = min(8192, rows - from);
    missing |= binValues(values + ((<usize>from) << 2), part, thresholds, out + <usize>from);
  }
  store<i32>(result, missing, 4);
}

/** One row of each of `size` stretches of equal length, at a place that only depends on its number. */
function takeSample(values: usize, rows: i32, sample: usize, size: i32): void {
  const step = <f64>rows / <f64>size;
  for (let i = 0; i < size; i++) {
    const row = <usize>((<f64>i + <f64>hash(i, 0) / 4294967296) * step);
    store<f32>(sample + ((<usize>i) << 2), load<f32>(values + (row << 2)));
  }
}

/** Copies bins of the rows [from, to), multiples of 16, from columns to records of `features` bytes. */
export function transposeBlock(
  columns: usize,
  features: i32,
  out: usize,
  stride: usize,
  from: i32,
  to: i32,
): void {
  for (let feature = 0; feature < features; feature += 16) {
    const width = min(16, features - feature);
    for (let row = from; row < to; row += 16) {
      transpose16(
        columns + ((<usize>feature) << 2),
        <usize>row,
        width,
        out + <usize>row * stride + <usize>feature,
        stride,
      );
    }
  }
}

function part(columns: usize, index: usize, width: i32, row: usize): v128 {
  if (<i32>index >= width) return i64x2.splat(0);
  return v128.load(<usize>load<u32>(columns + (index << 2)) + row);
}

/** Sixteen features by sixteen rows: four rounds of interleaving. */
function transpose16(columns: usize, row: usize, width: i32, to: usize, stride: usize): void {
  const a0 = part(columns, 0, width, row);
  const a1 = part(columns, 1, width, row);
  const a2 = part(columns, 2, width, row);
  const a3 = part(columns, 3, width, row);
  const a4 = part(columns, 4, width, row);
  const a5 = part(columns, 5, width, row);
  const a6 = part(columns, 6, width, row);
  const a7 = part(columns, 7, width, row);
  const a8 = part(columns, 8, width, row);
  const a9 = part(columns, 9, width, row);
  const a10 = part(columns, 10, width, row);
  const a11 = part(columns, 11, width, row);
  const a12 = part(columns, 12, width, row);
  const a13 = part(columns, 13, width, row);
  const a14 = part(columns, 14, width, row);
  const a15 = part(columns, 15, width, row);
  // 0 with 8, 1 with 9, …; after four such rounds row r holds feature 0 … 15 in order
  const b0 = low(a0, a8);
  const b1 = high(a0, a8);
  const b2 = low(a1, a9);
  const b3 = high(a1, a9);
  const b4 = low(a2, a10);
  const b5 = high(a2, a10);
  const b6 = low(a3, a11);
  const b7 = high(a3, a11);
  const b8 = low(a4, a12);
  const b9 = high(a4, a12);
  const b10 = low(a5, a13);
  const b11 = high(a5, a13);
  const b12 = low(a6, a14);
  const b13 = high(a6, a14);
  const b14 = low(a7, a15);
  const b15 = high(a7, a15);
  const c0 = low(b0, b8);
  const c1 = high(b0, b8);
  const c2 = low(b1, b9);
  const c3 = high(b1, b9);
  const c4 = low(b2, b10);
  const c5 = high(b2, b10);
  const c6 = low(b3, b11);
  const c7 = high(b3, b11);
  const c8 = low(b4, b12);
  const c9 = high(b4, b12);
  const c10 = low(b5, b13);
  const c11 = high(b5, b13);
  const c12 = low(b6, b14);
  const c13 = high(b6, b14);
  const c14 = low(b7, b15);
  const c15 = high(b7, b15);
  finish(to, stride, c0, c8, c4, c12);
  finish(to + 4 * stride, stride, c1, c9, c5, c13);
  finish(to + 8 * stride, stride, c2, c10, c6, c14);
  finish(to + 12 * stride, stride, c3, c11, c7, c15);
}

/** The last two rounds for four rows. */
function finish(to: usize, stride: usize, c0: v128, c8: v128, c4: v128, c12: v128): void {
  const d0 = low(c0, c8);
  const d1 = high(c0, c8);
  const d8 = low(c4, c12);
  const d9 = high(c4, c12);
  v128.store(to, low(d0, d8));
  v128.store(to + stride, high(d0, d8));
  v128.store(to + 2 * stride, low(d1, d9));
  v128.store(to + 3 * stride, high(d1, d9));
}

function low(a: v128, b: v128): v128 {
  return i8x16.shuffle(a, b, 0, 16, 1, 17, 2, 18, 3, 19, 4, 20, 5, 21, 6, 22, 7, 23);
}

function high(a: v128, b: v128): v128 {
  return i8x16.shuffle(a, b, 8, 24, 9, 25, 10, 26, 11, 27, 12, 28, 13, 29, 14, 30, 15, 31);
}

/** Puts the first `count` bins of every column in another order: this thread's columns, by way of its own scratch. */
export function permuteColumns(
  columns: usize,
  features: i32,
  order: usize,
  count: i32,
  scratch: usize,
  thread: i32,
  threads: i32,
): void {
  for (let feature = thread; feature < features; feature += threads) {
    const column = <usize>load<u32>(columns + ((<usize>feature) << 2));
    // in parts: a call that never ends would never be optimised
    for (let from = 0; from < count; from += 8192) {
      permuteBytes(
        column,
        order + ((<usize>from) << 2),
        min(8192, count - from),
        scratch + <usize>from,
      );
    }
    memory.copy(column, scratch, <usize>count);
  }
}

export function permuteBytes(source: usize, order: usize, count: i32, target: usize): void {
  for (let i: usize = 0; i < <usize>count; i++) {
    store<u8>(target + i, load<u8>(source + <usize>load<u32>(order + (i << 2))));
  }
}
