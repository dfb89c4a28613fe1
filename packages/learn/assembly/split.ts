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
  MISSING,
  SLOT_FEATURES,
  SPLIT_BYTES,
  SPLIT_GAIN,
  UNUSED,
} from "../src/kernels/layout";
import { boundedGain, gradientOf, hessianOf, keep, leastHessian, numberFlags } from "./gain";
import { scanLevels } from "./levels";

/** The best split of one leaf by each feature of the slots [from, to) goes to its record; the gain is 0 where there is none. */
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
  for (let slot = from; slot < to; slot++) {
    const feature = featureOf(ctx, slot);
    const record = records + <usize>feature * SPLIT_BYTES;
    store<f64>(record, 0, SPLIT_GAIN);
    const flags = load<i32>(<usize>load<i32>(ctx + FEATURE_FLAGS) + ((<usize>feature) << 2));
    if (flags & UNUSED) continue;
    const cells = histogram + <usize>slot * BINS * CELL;
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
      waiting = slot;
      continue;
    }
    scanPair(ctx, histogram, waiting, slot, total, rows, minRows, records);
    waiting = -1;
  }
  if (waiting >= 0) scanPair(ctx, histogram, waiting, waiting, total, rows, minRows, records);
}

function featureOf(ctx: usize, slot: i32): i32 {
  return load<i32>(<usize>load<i32>(ctx + SLOT_FEATURES) + ((<usize>slot) << 2));
}

function binCount(ctx: usize, feature: i32): i32 {
  return load<i32>(<usize>load<i32>(ctx + BIN_COUNTS) + ((<usize>feature) << 2));
}

/** Every threshold of two numeric features, by their slots, one in each lane: missing values right, then, where there are any, left. */
function scanPair(
  ctx: usize,
  histogram: usize,
  firstSlot: i32,
  secondSlot: i32,
  total: i64,
  rows: i32,
  minRows: i32,
  records: usize,
): void {
  const one = histogram + <usize>firstSlot * BINS * CELL;
  const two = histogram + <usize>secondSlot * BINS * CELL;
  const first = featureOf(ctx, firstSlot);
  const second = featureOf(ctx, secondSlot);
  const bins = max(binCount(ctx, first), binCount(ctx, second));
  const invG = 1 / load<f64>(ctx + GRADIENT_SCALE);
  const invH = 1 / load<f64>(ctx + HESSIAN_SCALE);
  const l2 = load<f64>(ctx + L2) / invH;
  const g = gradientOf(total);
  const h = hessianOf(total);
  const whole = h + 2 * l2;
  // (G² / (H + l2) of both sides less the parent's) is score * whole - base, without the cancellation
  const base = (g * g) / (h + l2) - (g * g) / whole;
  const unit = (0.5 * (invG * invG)) / invH;
  const share = g / whole;
  const least = leastHessian(ctx, total, rows, minRows) + l2;
  const product = 2 * least > whole ? Infinity : least * (whole - least);
  const missing = i64x2.replace_lane(
    i64x2.splat(load<i64>(one + MISSING * CELL)),
    1,
    load<i64>(two + MISSING * CELL),
  );
  const passes = v128.any_true(missing) ? 2 : 1;
  for (let pass = 0; pass < passes; pass++) {
    scanLanes(
      one,
      two,
      bins,
      pass === 0 ? i64x2.splat(0) : missing,
      f64x2.splat(share),
      f64x2.splat(whole),
      f64x2.splat(l2),
      f64x2.splat(product),
      f64x2.splat(base / whole),
    );
    for (let lane = 0; lane < (second === first ? 1 : 2); lane++) {
      const place = lane ? i32x4.extract_lane(bestBin, 2) : i32x4.extract_lane(bestBin, 0);
      const away = lane ? i64x2.extract_lane(missing, 1) : i64x2.extract_lane(missing, 0);
      if (place < 0 || (pass === 1 && away === 0)) continue;
      const cells = lane ? two : one;
      const record = records + <usize>(lane ? second : first) * SPLIT_BYTES;
      const score = lane ? f64x2.extract_lane(bestScore, 1) : f64x2.extract_lane(bestScore, 0);
      const gain = unit * (score * whole - base);
      if (gain <= load<f64>(record, SPLIT_GAIN)) continue;
      let left = lane ? i64x2.extract_lane(bestLeft, 1) : i64x2.extract_lane(bestLeft, 0);
      let bin = place;
      for (; bin < place + 4; bin++) {
        left += load<i64>(cells + ((<usize>bin) << 3));
        const hl = <f64>(<i32>left) + l2;
        const excess = <f64>(<i32>(left >> 32)) - share * hl;
        const sides = hl * (whole - hl);
        if (sides >= product && (excess * excess) / sides === score) break;
      }
      keep(record, gain, left, bin, numberFlags(total, left, pass === 1, away !== 0));
    }
  }
}

// What the two lanes found. Globals of a thread's own instance, since a function returns one value.
let bestScore = f64x2.splat(0);
let bestLeft = i64x2.splat(0);
let bestBin = i32x4.splat(-1);

/**
 * The four bins that hold the cut with the highest score (G_left - G · H_left / H)² / (H_left · H_right), best first found, and
 * the sums before them. The ridge is in the H's. Rows per side are judged by hessians: as both sides need as much, by their
 * product. Choosing by fours keeps the wait of one cut for the one before it short.
 */
function scanLanes(
  one: usize,
  two: usize,
  bins: i32,
  start: v128,
  share: v128,
  whole: v128,
  ridge: v128,
  least: v128,
  parent: v128,
): void {
  let best = parent;
  let kept = i64x2.splat(0);
  let place = i32x4.splat(-1);
  let left = start;
  for (let bin = 0; bin < bins; bin += 4, one += 32, two += 32) {
    const before = left;
    left = i64x2.add(left, v128.load64_lane(two, v128.load64_zero(one), 1));
    const hl0 = f64x2.add(f64x2.convert_low_i32x4_s(i32x4.shuffle(left, left, 0, 2, 0, 2)), ridge);
    const gl0 = f64x2.convert_low_i32x4_s(i32x4.shuffle(left, left, 1, 3, 1, 3));
    const excess0 = f64x2.sub(gl0, f64x2.mul(share, hl0));
    const product0 = f64x2.mul(hl0, f64x2.sub(whole, hl0));
    const score0 = v128.and(
      f64x2.div(f64x2.mul(excess0, excess0), product0),
      f64x2.ge(product0, least),
    );
    left = i64x2.add(left, v128.load64_lane(two, v128.load64_zero(one, 8), 1, 8));
    const hl1 = f64x2.add(f64x2.convert_low_i32x4_s(i32x4.shuffle(left, left, 0, 2, 0, 2)), ridge);
    const gl1 = f64x2.convert_low_i32x4_s(i32x4.shuffle(left, left, 1, 3, 1, 3));
    const excess1 = f64x2.sub(gl1, f64x2.mul(share, hl1));
    const product1 = f64x2.mul(hl1, f64x2.sub(whole, hl1));
    const score1 = v128.and(
      f64x2.div(f64x2.mul(excess1, excess1), product1),
      f64x2.ge(product1, least),
    );
    left = i64x2.add(left, v128.load64_lane(two, v128.load64_zero(one, 16), 1, 16));
    const hl2 = f64x2.add(f64x2.convert_low_i32x4_s(i32x4.shuffle(left, left, 0, 2, 0, 2)), ridge);
    const gl2 = f64x2.convert_low_i32x4_s(i32x4.shuffle(left, left, 1, 3, 1, 3));
    const excess2 = f64x2.sub(gl2, f64x2.mul(share, hl2));
    const product2 = f64x2.mul(hl2, f64x2.sub(whole, hl2));
    const score2 = v128.and(
      f64x2.div(f64x2.mul(excess2, excess2), product2),
      f64x2.ge(product2, least),
    );
    left = i64x2.add(left, v128.load64_lane(two, v128.load64_zero(one, 24), 1, 24));
    const hl3 = f64x2.add(f64x2.convert_low_i32x4_s(i32x4.shuffle(left, left, 0, 2, 0, 2)), ridge);
    const gl3 = f64x2.convert_low_i32x4_s(i32x4.shuffle(left, left, 1, 3, 1, 3));
    const excess3 = f64x2.sub(gl3, f64x2.mul(share, hl3));
    const product3 = f64x2.mul(hl3, f64x2.sub(whole, hl3));
    const score3 = v128.and(
      f64x2.div(f64x2.mul(excess3, excess3), product3),
      f64x2.ge(product3, least),
    );
    const top = f64x2.pmax(f64x2.pmax(score0, score1), f64x2.pmax(score2, score3));
    const better = f64x2.gt(top, best);
    best = f64x2.pmax(best, top);
    kept = v128.bitselect(before, kept, better);
    place = v128.bitselect(i32x4.splat(bin), place, better);
  }
  bestScore = best;
  bestLeft = kept;
  bestBin = place;
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
