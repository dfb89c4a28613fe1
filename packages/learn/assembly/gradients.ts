import {
  BINARY,
  BLOCK,
  BLOCK_SUMS,
  CLASS,
  CLASS_STRIDE,
  CLASSES,
  DITHER_SEED,
  GRADIENT_SCALE,
  GRADIENTS,
  HESSIAN_SCALE,
  LABELS,
  LEVEL,
  MARGINS,
  MULTICLASS,
  OBJECTIVE,
  POISSON,
  PROBABILITIES,
  QUANTILE,
  RECORD_START,
  ROW_BINS,
  STRIDE,
  WEIGHTS,
} from "../src/kernels/layout";

/** exp of four floats, relative error below 2e-7 (the polynomial of Cephes' expf); inputs are clamped to ±87. */
function exp4(value: v128): v128 {
  const x = f32x4.pmin(f32x4.pmax(value, f32x4.splat(-87)), f32x4.splat(87));
  // adding 1.5 · 2²³ rounds to a whole number and leaves it in the low bits
  const shifted = f32x4.add(f32x4.mul(x, f32x4.splat(<f32>Math.LOG2E)), f32x4.splat(12582912));
  const n = f32x4.sub(shifted, f32x4.splat(12582912));
  const r = f32x4.sub(
    f32x4.sub(x, f32x4.mul(n, f32x4.splat(0.693359375))),
    f32x4.mul(n, f32x4.splat(-2.1219444e-4)),
  );
  let y = f32x4.splat(1.98756915e-4);
  y = f32x4.add(f32x4.mul(y, r), f32x4.splat(1.3981999507e-3));
  y = f32x4.add(f32x4.mul(y, r), f32x4.splat(8.3334519073e-3));
  y = f32x4.add(f32x4.mul(y, r), f32x4.splat(4.1665795894e-2));
  y = f32x4.add(f32x4.mul(y, r), f32x4.splat(1.6666665459e-1));
  y = f32x4.add(f32x4.mul(y, r), f32x4.splat(5.0000001201e-1));
  y = f32x4.add(f32x4.add(f32x4.mul(y, f32x4.mul(r, r)), r), f32x4.splat(1));
  const power = i32x4.add(i32x4.shl(shifted, 23), f32x4.splat(1));
  return f32x4.mul(y, power);
}

/** Four independent hashes of four row numbers (a Murmur-style finaliser). */
function hash4(row: i32, seed: i32): v128 {
  let x = i32x4.mul(i32x4.add(i32x4.splat(row), i32x4(0, 1, 2, 3)), i32x4.splat(<i32>0x9e3779b1));
  x = v128.xor(x, i32x4.splat(seed));
  x = i32x4.mul(v128.xor(x, i32x4.shr_u(x, 16)), i32x4.splat(0x21f0aaad));
  x = i32x4.mul(v128.xor(x, i32x4.shr_u(x, 15)), i32x4.splat(0x735a2d97));
  return v128.xor(x, i32x4.shr_u(x, 15));
}

/** Rounds to whole numbers at random but repeatably, by 16 bits of a hash: each keeps its mean. */
function round4(value: v128, scale: f32, bits: v128): v128 {
  const dither = f32x4.mul(f32x4.convert_i32x4_s(bits), f32x4.splat(0.0000152587890625)); // 2⁻¹⁶
  return f32x4.floor(f32x4.add(f32x4.mul(value, f32x4.splat(scale)), dither));
}

/** A whole number of fewer than 23 bits stands in a float's low bits when 1.5 · 2²³ is added. */
function short4(whole: v128): v128 {
  return i32x4.sub(f32x4.add(whole, f32x4.splat(12582912)), i32x4.splat(0x4b400000));
}

/** Packs four gradients and hessians: gradient above, hessian below. */
function cells4(target: usize, g: v128, h: v128): void {
  v128.store(target, i32x4.shuffle(h, g, 0, 4, 1, 5));
  v128.store(target, i32x4.shuffle(h, g, 2, 6, 3, 7), 16);
}

/**
 * Gradients of the rows of one block, to `target`. With `scaled` they are packed as whole numbers at once (their sum is bounded
 * beforehand), and written to the start of the rows' records as two halves of 16 bits where records have room for them;
 * otherwise they stay floats, and the block's sums of |g| and h are left for the choice of a scale.
 */
export function blockGradients(ctx: usize, from: i32, to: i32, target: usize, scaled: bool): void {
  const objective = load<i32>(ctx + OBJECTIVE);
  const step = load<i32>(ctx + CLASS_STRIDE);
  const class_ = load<i32>(ctx + CLASS);
  const margins = <usize>load<i32>(ctx + MARGINS);
  const probabilities =
    <usize>load<i32>(ctx + PROBABILITIES) + ((<usize>class_ * <usize>step) << 2);
  const labels = <usize>load<i32>(ctx + LABELS);
  const weights = <usize>load<i32>(ctx + WEIGHTS);
  const stride = <usize>load<i32>(ctx + STRIDE);
  const records = <usize>load<i32>(ctx + ROW_BINS);
  const halves = load<i32>(ctx + RECORD_START) !== 0;
  const gradientScale = <f32>load<f64>(ctx + GRADIENT_SCALE);
  const hessianScale = <f32>load<f64>(ctx + HESSIAN_SCALE);
  const level = <f32>load<f64>(ctx + LEVEL);
  const seed = load<i32>(ctx + DITHER_SEED);
  const classes = <f32>load<i32>(ctx + CLASSES);
  const one = f32x4.splat(1);
  const tiny = f32x4.splat(1e-16);
  let g = one;
  let h = one;
  let sumG = f64x2.splat(0);
  let sumG2 = f64x2.splat(0);
  let sumH = f64x2.splat(0);
  let sumH2 = f64x2.splat(0);
  for (let row = from; row < to; row += 4) {
    const at = (<usize>row) << 2;
    const label = v128.load(labels + at);
    if (objective === BINARY) {
      const p = f32x4.div(one, f32x4.add(one, exp4(f32x4.neg(v128.load(margins + at)))));
      g = f32x4.sub(p, label);
      h = f32x4.pmax(f32x4.mul(p, f32x4.sub(one, p)), tiny);
    } else if (objective === MULTICLASS) {
      const p = v128.load(probabilities + at);
      const hit = v128.and(f32x4.eq(label, f32x4.splat(<f32>class_)), one);
      g = f32x4.sub(p, hit);
      h = f32x4.mul(
        f32x4.pmax(f32x4.mul(p, f32x4.sub(one, p)), tiny),
        f32x4.splat(classes / (classes - 1)),
      );
    } else if (objective === POISSON) {
      const mean = exp4(v128.load(margins + at));
      g = f32x4.sub(mean, label);
      h = f32x4.mul(mean, f32x4.splat(2.01375270747)); // e^0.7: a step is never too long
    } else if (objective === QUANTILE) {
      const above = f32x4.ge(v128.load(margins + at), label);
      g = v128.bitselect(f32x4.splat(1 - level), f32x4.splat(-level), above);
      h = one;
    } else {
      g = f32x4.sub(v128.load(margins + at), label);
      h = one;
    }
    if (weights !== 0) {
      const weight = v128.load(weights + at);
      g = f32x4.mul(g, weight);
      h = f32x4.mul(h, weight);
    }
    const out = target + ((<usize>(row - from)) << 3);
    if (scaled) {
      const hash = hash4(row, seed);
      g = round4(g, gradientScale, i32x4.shr_u(hash, 16));
      h = round4(h, hessianScale, v128.and(hash, i32x4.splat(0xffff)));
      if (!halves) {
        cells4(out, i32x4.trunc_sat_f32x4_s(g), i32x4.trunc_sat_f32x4_s(h));
        continue;
      }
      g = short4(g);
      h = short4(h);
      cells4(out, g, h);
      const both = v128.or(i32x4.shl(g, 16), h);
      const record = records + <usize>row * stride;
      v128.store32_lane(record, both, 0);
      v128.store32_lane(record + stride, both, 1);
      v128.store32_lane(record + 2 * stride, both, 2);
      v128.store32_lane(record + 3 * stride, both, 3);
      continue;
    }
    cells4(out, g, h);
    const size = f32x4.abs(g);
    sumG = f64x2.add(sumG, f64x2.promote_low_f32x4(size));
    sumG2 = f64x2.add(sumG2, f64x2.promote_low_f32x4(i32x4.shuffle(size, size, 2, 3, 2, 3)));
    sumH = f64x2.add(sumH, f64x2.promote_low_f32x4(h));
    sumH2 = f64x2.add(sumH2, f64x2.promote_low_f32x4(i32x4.shuffle(h, h, 2, 3, 2, 3)));
  }
  if (scaled) return;
  const sums = <usize>load<i32>(ctx + BLOCK_SUMS) + ((<usize>(from / BLOCK)) << 4);
  sumG = f64x2.add(sumG, sumG2);
  sumH = f64x2.add(sumH, sumH2);
  store<f64>(sums, f64x2.extract_lane(sumG, 0) + f64x2.extract_lane(sumG, 1));
  store<f64>(sums, f64x2.extract_lane(sumH, 0) + f64x2.extract_lane(sumH, 1), 8);
}

/** Packs the float gradients of a block in place. */
export function blockPack(ctx: usize, from: i32, to: i32): void {
  const target = <usize>load<i32>(ctx + GRADIENTS);
  const gradientScale = <f32>load<f64>(ctx + GRADIENT_SCALE);
  const hessianScale = <f32>load<f64>(ctx + HESSIAN_SCALE);
  const seed = load<i32>(ctx + DITHER_SEED);
  for (let row = from; row < to; row += 4) {
    const at = target + ((<usize>row) << 3);
    const first = v128.load(at);
    const second = v128.load(at, 16);
    const h = i32x4.shuffle(first, second, 0, 2, 4, 6);
    const g = i32x4.shuffle(first, second, 1, 3, 5, 7);
    const hash = hash4(row, seed);
    cells4(
      at,
      i32x4.trunc_sat_f32x4_s(round4(g, gradientScale, i32x4.shr_u(hash, 16))),
      i32x4.trunc_sat_f32x4_s(round4(h, hessianScale, v128.and(hash, i32x4.splat(0xffff)))),
    );
  }
}

/** Softmax of the margins of one block, class by class. */
export function blockProbabilities(ctx: usize, from: i32, to: i32): void {
  const classes = load<i32>(ctx + CLASSES);
  const step = (<usize>load<i32>(ctx + CLASS_STRIDE)) << 2;
  const margins = <usize>load<i32>(ctx + MARGINS);
  const probabilities = <usize>load<i32>(ctx + PROBABILITIES);
  for (let row = from; row < to; row += 4) {
    const at = (<usize>row) << 2;
    let highest = v128.load(margins + at);
    for (let k = 1; k < classes; k++) {
      highest = f32x4.pmax(highest, v128.load(margins + <usize>k * step + at));
    }
    let sum = f32x4.splat(0);
    for (let k = 0; k < classes; k++) {
      const e = exp4(f32x4.sub(v128.load(margins + <usize>k * step + at), highest));
      v128.store(probabilities + <usize>k * step + at, e);
      sum = f32x4.add(sum, e);
    }
    for (let k = 0; k < classes; k++) {
      const out = probabilities + <usize>k * step + at;
      v128.store(out, f32x4.div(v128.load(out), sum));
    }
  }
}
