import {
  BINS,
  GRADIENT_SCALE,
  HESSIAN_SCALE,
  LEVELS_LEFT,
  MISSING,
  SPLIT_GAIN,
  SPLIT_LEFT,
  SPLIT_SET,
} from "../src/kernels/layout";
import { boundedGain, gradientOf, hessianOf, keep } from "./gain";

// Categories (LightGBM's scheme): levels are ordered by G / (H + SMOOTHING), extra L2 on both sides, one against the rest up to
// ONE_VERSUS_REST levels; a level with fewer than RARE rows in the leaf follows the larger side.
const SMOOTHING: f64 = 10;
const CATEGORY_L2: f64 = 10;
const ONE_VERSUS_REST = 4;
const RARE: f64 = 10;

/** Subsets of the levels of a category. Missing counts as a level where it occurs. `scratch` holds 256 × (key f64, bin i64). */
export function scanLevels(
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
