import {
  GRADIENT_SCALE,
  HESSIAN_SCALE,
  L2,
  MIN_HESSIAN,
  MISSING_LEFT,
  SPLIT_BIN,
  SPLIT_FLAGS,
  SPLIT_GAIN,
  SPLIT_LEFT,
} from "../src/kernels/layout";

export function gradientOf(cell: i64): f64 {
  return <f64>(cell >> 32);
}

export function hessianOf(cell: i64): f64 {
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

/** The least hessian a side needs, in packed units. */
export function leastHessian(ctx: usize, total: i64, rows: i32, minRows: i32): f64 {
  const perRow = hessianOf(total) / <f64>rows;
  const asked = load<f64>(ctx + MIN_HESSIAN) * load<f64>(ctx + HESSIAN_SCALE);
  return max(max((<f64>minRows - 0.5) * perRow, asked), 0.5);
}

/** Where missing values go that the leaf has never seen: with the larger side. */
export function numberFlags(total: i64, left: i64, missingLeft: bool, hasMissing: bool): i32 {
  if (hasMissing) return missingLeft ? MISSING_LEFT : 0;
  return 2 * hessianOf(left) >= hessianOf(total) ? MISSING_LEFT : 0;
}

export function keep(record: usize, gain: f64, left: i64, bin: i32, flags: i32): void {
  store<f64>(record, gain, SPLIT_GAIN);
  store<i64>(record, left, SPLIT_LEFT);
  store<i32>(record, bin, SPLIT_BIN);
  store<i32>(record, flags, SPLIT_FLAGS);
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
