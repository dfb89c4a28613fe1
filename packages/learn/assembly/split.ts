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
  SPLIT_BYTES,
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

/** The best split of one leaf by each of the features [from, to) goes to its record; the gain is 0 where there is none. */
export function findSplits(
  ctx: usize,
  histogram: usize,
  from: i32,
  to: i32,
  total: i64,
  rows: i32,
  minRows: i32,
  lowest: f64,
  highest: f64,
  scratch: usize,
  records: usize,
): void {
  const isFree = lowest === -Infinity && highest === Infinity;
  let waiting = -1;
  for (let feature = from; feature < to; feature++) {
    const record = records + <usize>feature * SPLIT_BYTES;
    store<f64>(record, 0, SPLIT_GAIN);
    const flags = load<i32>(<usize>load<i32>(ctx + FEATURE_FLAGS) + ((<usize>feature) << 2));
    if (flags & UNUSED) continue;
    const cells = histogram + <usize>feature * BINS * CELL;
    if (flags & CATEGORY) {
      const bins = binCount(ctx, feature);
      scanLevels(ctx, cells, bins, total, rows, minRows, lowest, highest, scratch, record);
      continue;
    }
    const direction = flags & INCREASING ? 1 : flags & DECREASING ? -1 : 0;
    if (direction !== 0 || !isFree) {
      const bins = binCount(ctx, feature);
      scanBounded(ctx, cells, bins, total, rows, minRows, lowest, highest, direction, record);
      continue;
    }
    if (waiting < 0) {
      waiting = feature;
      continue;
    }
    scanPair(ctx, histogram, waiting, feature, total, rows, minRows, records);
    waiting = -1;
  }
  if (waiting >= 0) scanPair(ctx, histogram, waiting, waiting, total, rows, minRows, records);
}

function binCount(ctx: usize, feature: i32): i32 {
  return load<i32>(<usize>load<i32>(ctx + BIN_COUNTS) + ((<usize>feature) << 2));
}

/** Every threshold of two numeric features, one in each lane: missing values right, then, where there are any, left. */
function scanPair(
  ctx: usize,
  histogram: usize,
  first: i32,
  second: i32,
  total: i64,
  rows: i32,
  minRows: i32,
  records: usize,
): void {
  const one = histogram + <usize>first * BINS * CELL;
  const two = histogram + <usize>second * BINS * CELL;
  const bins = max(binCount(ctx, first), binCount(ctx, second));
  const invG = 1 / load<f64>(ctx + GRADIENT_SCALE);
  const invH = 1 / load<f64>(ctx + HESSIAN_SCALE);
  // in packed units the gain is this factor times G² / (H + l2) of both sides less the parent's
  const unit = (invG * invG) / invH;
  const l2 = load<f64>(ctx + L2) / invH;
  const g = gradientOf(total);
  const h = hessianOf(total);
  const parent = (g * g) / (h + l2);
  const least = leastHessian(ctx, total, rows, minRows);
  const missing = i64x2.replace_lane(
    i64x2.splat(load<i64>(one + MISSING * CELL)),
    1,
    load<i64>(two + MISSING * CELL),
  );
  const passes = v128.any_true(missing) ? 2 : 1;
  for (let pass = 0; pass < passes; pass++) {
    scanLanes(one, two, bins, pass === 0 ? i64x2.splat(0) : missing, g, h, l2, parent, least);
    keepLane(records + <usize>first * SPLIT_BYTES, 0, total, missing, pass, unit, parent);
    if (second !== first) {
      keepLane(records + <usize>second * SPLIT_BYTES, 1, total, missing, pass, unit, parent);
    }
  }
}

// What the two lanes found. Globals of a thread's own instance, since a function returns one value.
let bestScore = f64x2.splat(0);
let bestLeft = i64x2.splat(0);
let bestBin = i64x2.splat(-1);

/** G² / (H + l2) of both sides, best first found. Rows per side are judged by hessians. */
function scanLanes(
  one: usize,
  two: usize,
  bins: i32,
  start: v128,
  g: f64,
  h: f64,
  l2: f64,
  parent: f64,
  least: f64,
): void {
  const wholeG = f64x2.splat(g);
  const wholeH = f64x2.splat(h + 2 * l2);
  const ridge = f64x2.splat(l2);
  const lowest = f64x2.splat(least + l2);
  const highest = f64x2.splat(h - least + l2);
  const step = i64x2.splat(1);
  let best = f64x2.splat(parent);
  let kept = i64x2.splat(0);
  let place = i64x2.splat(-1);
  let bin = i64x2.splat(0);
  let left = start;
  const end = one + ((<usize>bins) << 3);
  for (; one < end; one += 8, two += 8) {
    left = i64x2.add(left, v128.load64_lane(two, v128.load64_zero(one), 1));
    const gl = f64x2.convert_low_i32x4_s(i32x4.shuffle(left, left, 1, 3, 1, 3));
    const hl = f64x2.add(f64x2.convert_low_i32x4_u(i32x4.shuffle(left, left, 0, 2, 0, 2)), ridge);
    const gr = f64x2.sub(wholeG, gl);
    const hr = f64x2.sub(wholeH, hl);
    const sum = f64x2.add(f64x2.mul(f64x2.mul(gl, gl), hr), f64x2.mul(f64x2.mul(gr, gr), hl));
    const score = v128.and(
      f64x2.div(sum, f64x2.mul(hl, hr)),
      v128.and(f64x2.ge(hl, lowest), f64x2.le(hl, highest)),
    );
    const better = f64x2.gt(score, best);
    best = f64x2.pmax(best, score);
    kept = v128.bitselect(left, kept, better);
    place = v128.bitselect(bin, place, better);
    bin = i64x2.add(bin, step);
  }
  bestScore = best;
  bestLeft = kept;
  bestBin = place;
}

function keepLane(
  record: usize,
  lane: i32,
  total: i64,
  missing: v128,
  pass: i32,
  unit: f64,
  parent: f64,
): void {
  const bin = lane ? i64x2.extract_lane(bestBin, 1) : i64x2.extract_lane(bestBin, 0);
  const hasMissing = (lane ? i64x2.extract_lane(missing, 1) : i64x2.extract_lane(missing, 0)) !== 0;
  if (bin < 0 || (pass === 1 && !hasMissing)) return;
  const score = lane ? f64x2.extract_lane(bestScore, 1) : f64x2.extract_lane(bestScore, 0);
  const gain = 0.5 * unit * (score - parent);
  if (gain <= load<f64>(record, SPLIT_GAIN)) return;
  const left = lane ? i64x2.extract_lane(bestLeft, 1) : i64x2.extract_lane(bestLeft, 0);
  keep(record, gain, left, <i32>bin, numberFlags(total, left, pass === 1, hasMissing));
}

/** The least hessian a side needs, in packed units. */
function leastHessian(ctx: usize, total: i64, rows: i32, minRows: i32): f64 {
  const perRow = hessianOf(total) / <f64>rows;
  const asked = load<f64>(ctx + MIN_HESSIAN) * load<f64>(ctx + HESSIAN_SCALE);
  return max(max((<f64>minRows - 0.5) * perRow, asked), 0.5);
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
  const least = leastHessian(ctx, total, rows, minRows);
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
