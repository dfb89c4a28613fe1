import {
  BIN_COUNTS,
  BINS,
  CATEGORY,
  CELL,
  DECREASING,
  FEATURE_FLAGS,
  GRADIENT_SCALE,
  HESSIAN_SCALE,
  INCREASING,
  L2,
  LEVELS_LEFT,
  MIN_HESSIAN,
  MISSING,
  MISSING_LEFT,
  SPLIT_BIN,
  SPLIT_FLAGS,
  SPLIT_GAIN,
  SPLIT_LEFT,
  SPLIT_SET,
  UNUSED,
} from "../src/kernels/layout";

// Categories (LightGBM's scheme): levels are ordered by G / (H + SMOOTHING), extra L2 on both sides, one against the rest up to
// ONE_VERSUS_REST levels; a level with fewer than RARE rows in the leaf follows the larger side.
const SMOOTHING: f64 = 10;
const CATEGORY_L2: f64 = 10;
const ONE_VERSUS_REST = 4;
const RARE: f64 = 10;

function gradientOf(cell: i64): f64 {
  return <f64>(cell >> 32);
}

function hessianOf(cell: i64): f64 {
  return <f64>(cell & 0xffffffff);
}

/** A leaf's output, kept between its bounds. */
export function output(g: f64, h: f64, l2: f64, lowest: f64, highest: f64): f64 {
  const value = h + l2 > 0 ? -g / (h + l2) : 0;
  return max(lowest, min(highest, value));
}

/** Twice the loss that an output saves. */
function saved(g: f64, h: f64, l2: f64, value: f64): f64 {
  return -(2 * g * value + (h + l2) * value * value);
}

/** The best split of one leaf by one feature goes to `record`; its gain is 0 when there is none. */
export function findSplit(
  ctx: usize,
  histogram: usize,
  feature: i32,
  total: i64,
  rows: i32,
  minRows: i32,
  lowest: f64,
  highest: f64,
  scratch: usize,
  record: usize,
): void {
  store<f64>(record, 0, SPLIT_GAIN);
  const flags = load<i32>(<usize>load<i32>(ctx + FEATURE_FLAGS) + ((<usize>feature) << 2));
  if (flags & UNUSED) return;
  const bins = load<i32>(<usize>load<i32>(ctx + BIN_COUNTS) + ((<usize>feature) << 2));
  const cells = histogram + <usize>feature * BINS * CELL;
  if (flags & CATEGORY) {
    scanLevels(ctx, cells, bins, total, rows, minRows, lowest, highest, scratch, record);
    return;
  }
  const direction = flags & INCREASING ? 1 : flags & DECREASING ? -1 : 0;
  if (direction !== 0 || lowest > -Infinity || highest < Infinity) {
    scanBounded(ctx, cells, bins, total, rows, minRows, lowest, highest, direction, record);
    return;
  }
  const missing = load<i64>(cells + MISSING * CELL);
  scan(ctx, cells, bins, total, rows, minRows, 0, missing !== 0, record);
  if (missing !== 0) scan(ctx, cells, bins, total, rows, minRows, missing, true, record);
}

/**
 * Every threshold of a numeric feature. `start` is what goes left before the first bin: the missing rows, or nothing. Rows per side
 * are estimated from hessians, exactly so where hessians are constant; the tree checks the true counts.
 */
function scan(
  ctx: usize,
  cells: usize,
  bins: i32,
  total: i64,
  rows: i32,
  minRows: i32,
  start: i64,
  hasMissing: bool,
  record: usize,
): void {
  const invG = 1 / load<f64>(ctx + GRADIENT_SCALE);
  const invH = 1 / load<f64>(ctx + HESSIAN_SCALE);
  const l2 = load<f64>(ctx + L2);
  const g = gradientOf(total) * invG;
  const h = hessianOf(total) * invH;
  const parent = h + l2 > 0 ? (g * g) / (h + l2) : 0;
  // the least hessian a side needs, in packed units
  const perRow = hessianOf(total) / <f64>rows;
  const least = max(max((<f64>minRows - 0.5) * perRow, load<f64>(ctx + MIN_HESSIAN) / invH), 0.5);
  const most = hessianOf(total) - least;
  let best = load<f64>(record, SPLIT_GAIN);
  let bestBin = -1;
  let bestLeft: i64 = 0;
  let left = start;
  const last = hasMissing && start === 0 ? bins : bins - 1;
  for (let bin = 0; bin < last; bin++) {
    const cell = load<i64>(cells + ((<usize>bin) << 3));
    if (cell === 0) continue; // the same two sides as the threshold before
    left += cell;
    const leftUnits = hessianOf(left);
    if (leftUnits < least) continue;
    if (leftUnits > most) break;
    const gl = gradientOf(left) * invG;
    const hl = leftUnits * invH + l2;
    const gr = g - gl;
    const hr = h - leftUnits * invH + l2;
    const gain = 0.5 * ((gl * gl * hr + gr * gr * hl) / (hl * hr) - parent);
    if (gain > best) {
      best = gain;
      bestBin = bin;
      bestLeft = left;
    }
  }
  if (bestBin < 0) return;
  keep(record, best, bestLeft, bestBin, numberFlags(total, bestLeft, start !== 0, hasMissing));
}

/** Where missing values go that the leaf has never seen: with the larger side. */
function numberFlags(total: i64, left: i64, missingLeft: bool, hasMissing: bool): i32 {
  if (hasMissing) return missingLeft ? MISSING_LEFT : 0;
  return 2 * hessianOf(left) >= hessianOf(total) ? MISSING_LEFT : 0;
}

function keep(record: usize, gain: f64, left: i64, bin: i32, flags: i32): void {
  store<f64>(record, gain, SPLIT_GAIN);
  store<i64>(record, left, SPLIT_LEFT);
  store<i32>(record, bin, SPLIT_BIN);
  store<i32>(record, flags, SPLIT_FLAGS);
}

/** The same as `scan` where outputs have bounds or must rise or fall with the feature. */
function scanBounded(
  ctx: usize,
  cells: usize,
  bins: i32,
  total: i64,
  rows: i32,
  minRows: i32,
  lowest: f64,
  highest: f64,
  direction: i32,
  record: usize,
): void {
  const missing = load<i64>(cells + MISSING * CELL);
  for (let pass = 0; pass < (missing !== 0 ? 2 : 1); pass++) {
    let left: i64 = pass === 0 ? 0 : missing;
    const last = missing !== 0 && pass === 0 ? bins : bins - 1;
    for (let bin = 0; bin < last; bin++) {
      const cell = load<i64>(cells + ((<usize>bin) << 3));
      if (cell === 0) continue;
      left += cell;
      const gain = boundedGain(ctx, total, left, rows, minRows, 0, lowest, highest, direction);
      if (gain > load<f64>(record, SPLIT_GAIN)) {
        keep(record, gain, left, bin, numberFlags(total, left, pass === 1, missing !== 0));
      }
    }
  }
}

/** The gain of sending `left` left; 0 when a side is too small or the outputs stand in the wrong order. */
export function boundedGain(
  ctx: usize,
  total: i64,
  left: i64,
  rows: i32,
  minRows: i32,
  extraL2: f64,
  lowest: f64,
  highest: f64,
  direction: i32,
): f64 {
  const invG = 1 / load<f64>(ctx + GRADIENT_SCALE);
  const invH = 1 / load<f64>(ctx + HESSIAN_SCALE);
  const perRow = hessianOf(total) / <f64>rows;
  const least = max(max((<f64>minRows - 0.5) * perRow, load<f64>(ctx + MIN_HESSIAN) / invH), 0.5);
  const right = total - left;
  if (hessianOf(left) < least || hessianOf(right) < least) return 0;
  const l2 = load<f64>(ctx + L2);
  const side = l2 + extraL2;
  const g = gradientOf(total) * invG;
  const h = hessianOf(total) * invH;
  const gl = gradientOf(left) * invG;
  const hl = hessianOf(left) * invH;
  const gr = gradientOf(right) * invG;
  const hr = hessianOf(right) * invH;
  const whole = output(g, h, l2, lowest, highest);
  const a = output(gl, hl, side, lowest, highest);
  const b = output(gr, hr, side, lowest, highest);
  if ((direction > 0 && a > b) || (direction < 0 && a < b)) return 0;
  return 0.5 * (saved(gl, hl, side, a) + saved(gr, hr, side, b) - saved(g, h, l2, whole));
}

/** Subsets of the levels of a category. Missing counts as a level where it occurs. `scratch` holds 256 × (key f64, bin i64). */
function scanLevels(
  ctx: usize,
  cells: usize,
  bins: i32,
  total: i64,
  rows: i32,
  minRows: i32,
  lowest: f64,
  highest: f64,
  scratch: usize,
  record: usize,
): void {
  const invG = 1 / load<f64>(ctx + GRADIENT_SCALE);
  const invH = 1 / load<f64>(ctx + HESSIAN_SCALE);
  const perRow = hessianOf(total) / <f64>rows;
  let found = 0;
  let seen = 0;
  for (let bin = 0; bin < BINS; bin++) {
    if (bin >= bins && bin !== MISSING) continue;
    const cell = load<i64>(cells + ((<usize>bin) << 3));
    if (cell === 0) continue;
    seen++;
    if (hessianOf(cell) < (RARE - 0.5) * perRow) continue;
    const key = (gradientOf(cell) * invG) / (hessianOf(cell) * invH + SMOOTHING);
    let at = scratch + ((<usize>found) << 4);
    for (; at > scratch && load<f64>(at - 16) > key; at -= 16) {
      store<f64>(at, load<f64>(at - 16));
      store<i64>(at, load<i64>(at - 8), 8);
    }
    store<f64>(at, key);
    store<i64>(at, bin, 8);
    found++;
  }
  if (seen < 2) return;
  const alone = found <= ONE_VERSUS_REST;
  const before = load<f64>(record, SPLIT_GAIN);
  let bestFrom = 0;
  let bestTo = 0;
  let left: i64 = 0;
  for (let i = 0; i < found; i++) {
    const bin = <i32>load<i64>(scratch + ((<usize>i) << 4), 8);
    const cell = load<i64>(cells + ((<usize>bin) << 3));
    left = alone ? cell : left + cell;
    const extra = alone ? 0 : CATEGORY_L2;
    const gain = boundedGain(ctx, total, left, rows, minRows, extra, lowest, highest, 0);
    if (gain > load<f64>(record, SPLIT_GAIN)) {
      keep(record, gain, left, -1, LEVELS_LEFT);
      bestFrom = alone ? i : 0;
      bestTo = i + 1;
    }
  }
  if (load<f64>(record, SPLIT_GAIN) === before) return;
  chooseSides(cells, bins, total, scratch, found, bestFrom, bestTo, record);
}

/** Writes the set of bins that go left. What the leaf has not seen, or hardly, follows the larger side. */
function chooseSides(
  cells: usize,
  bins: i32,
  total: i64,
  scratch: usize,
  found: i32,
  from: i32,
  to: i32,
  record: usize,
): void {
  const restLeft = 2 * hessianOf(load<i64>(record, SPLIT_LEFT)) >= hessianOf(total);
  const set = record + SPLIT_SET;
  memory.fill(set, restLeft ? 0xff : 0, 32);
  for (let i = 0; i < found; i++) {
    const bin = <usize>load<i64>(scratch + ((<usize>i) << 4), 8);
    const bit = (<u8>1) << (<u8>(bin & 7));
    const at = set + (bin >> 3);
    store<u8>(at, i >= from && i < to ? load<u8>(at) | bit : load<u8>(at) & ~bit);
  }
  let left: i64 = 0;
  for (let bin: usize = 0; bin < <usize>BINS; bin++) {
    if (bin >= <usize>bins && bin !== MISSING) continue;
    if ((load<u8>(set + (bin >> 3)) >> <u8>(bin & 7)) & 1) left += load<i64>(cells + (bin << 3));
  }
  store<i64>(record, left, SPLIT_LEFT);
}
