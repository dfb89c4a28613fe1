import { ROW_STEP } from "../src/kernels/recommend-layout";

/**
 * Improves each row x of `target` by `steps` of conjugate gradient on (square + Σ wyyᵀ + ridge·I)x = Σ (w + bonus)y, over the rows y
 * of `source` that the row's indices name, starting from what it is. With `priors` (one per row, or address 0) ridge·prior is added on
 * the right, and a row without indices becomes its prior. `size` is a multiple of 8; `scratch`, one per thread, holds three vectors.
 */
export function solveRows(
  counter: usize,
  rows: i32,
  pointers: usize,
  indices: usize,
  weights: usize,
  source: usize,
  target: usize,
  square: usize,
  ridges: usize,
  size: i32,
  steps: i32,
  bonus: f32,
  priors: usize,
  scratch: usize,
): void {
  for (;;) {
    const from = atomic.add<i32>(counter, ROW_STEP);
    if (from >= rows) return;
    const to = min(from + ROW_STEP, rows);
    for (let row = from; row < to; row++) {
      const first = load<i32>(pointers + ((<usize>row) << 2));
      const count = load<i32>(pointers + ((<usize>row) << 2), 4) - first;
      const at = (<usize>first) << 2;
      const offset = (<usize>row * <usize>size) << 2;
      const ridge = load<f32>(ridges + ((<usize>row) << 2));
      solveRow(
        count,
        indices + at,
        weights + at,
        source,
        target + offset,
        square,
        ridge,
        size,
        steps,
        bonus,
        priors === 0 ? 0 : priors + offset,
        scratch,
      );
    }
  }
}

export function solveRow(
  count: i32,
  indices: usize,
  weights: usize,
  source: usize,
  x: usize,
  square: usize,
  ridge: f32,
  size: i32,
  steps: i32,
  bonus: f32,
  prior: usize,
  scratch: usize,
): void {
  const bytes = (<usize>size) << 2;
  const residual = scratch;
  const direction = scratch + bytes;
  const product = direction + bytes;
  if (count === 0) {
    if (prior === 0) memory.fill(x, 0, bytes);
    else memory.copy(x, prior, bytes);
    return;
  }
  // residual = Σ (w + bonus - w·yx)y - (square + ridge)x
  applySquare(square, x, residual, ridge, bytes);
  negate(residual, bytes);
  if (prior !== 0) addScaled(residual, prior, ridge, bytes);
  addRows(count, indices, weights, source, x, residual, bytes, bonus, 1);
  memory.copy(direction, residual, bytes);
  let before = dot(residual, residual, bytes);
  for (let step = 0; step < steps; step++) {
    if (before < <f32>1e-20) return;
    applySquare(square, direction, product, ridge, bytes);
    addRows(count, indices, weights, source, direction, product, bytes, 0, 0);
    const alpha = before / dot(direction, product, bytes);
    addScaled(x, direction, alpha, bytes);
    addScaled(residual, product, -alpha, bytes);
    const after = dot(residual, residual, bytes);
    const beta = after / before;
    before = after;
    const scale = f32x4.splat(beta);
    for (let at: usize = 0; at < bytes; at += 16) {
      const moved = f32x4.mul(scale, v128.load(direction + at));
      v128.store(direction + at, f32x4.add(v128.load(residual + at), moved));
    }
  }
}

function sum4(v: v128): f32 {
  return (
    f32x4.extract_lane(v, 0) +
    f32x4.extract_lane(v, 1) +
    (f32x4.extract_lane(v, 2) + f32x4.extract_lane(v, 3))
  );
}

function dot(one: usize, two: usize, bytes: usize): f32 {
  let a = f32x4.splat(0);
  let b = a;
  for (let at: usize = 0; at < bytes; at += 32) {
    a = f32x4.add(a, f32x4.mul(v128.load(one + at), v128.load(two + at)));
    b = f32x4.add(b, f32x4.mul(v128.load(one + at, 16), v128.load(two + at, 16)));
  }
  return sum4(f32x4.add(a, b));
}

function addScaled(to: usize, from: usize, factor: f32, bytes: usize): void {
  const scale = f32x4.splat(factor);
  for (let at: usize = 0; at < bytes; at += 16) {
    v128.store(to + at, f32x4.add(v128.load(to + at), f32x4.mul(scale, v128.load(from + at))));
  }
}

function negate(vector: usize, bytes: usize): void {
  for (let at: usize = 0; at < bytes; at += 16) {
    v128.store(vector + at, f32x4.neg(v128.load(vector + at)));
  }
}

/** out = (square + ridge)x. The square is symmetric, so its rows serve as columns. */
function applySquare(square: usize, x: usize, out: usize, ridge: f32, bytes: usize): void {
  const scale = f32x4.splat(ridge);
  const end = x + bytes;
  let tile: usize = 0;
  for (; tile + 128 <= bytes; tile += 128) {
    let a0 = f32x4.mul(scale, v128.load(x + tile));
    let a1 = f32x4.mul(scale, v128.load(x + tile, 16));
    let a2 = f32x4.mul(scale, v128.load(x + tile, 32));
    let a3 = f32x4.mul(scale, v128.load(x + tile, 48));
    let a4 = f32x4.mul(scale, v128.load(x + tile, 64));
    let a5 = f32x4.mul(scale, v128.load(x + tile, 80));
    let a6 = f32x4.mul(scale, v128.load(x + tile, 96));
    let a7 = f32x4.mul(scale, v128.load(x + tile, 112));
    let row = square + tile;
    for (let at = x; at < end; at += 4, row += bytes) {
      const v = v128.load32_splat(at);
      a0 = f32x4.add(a0, f32x4.mul(v, v128.load(row)));
      a1 = f32x4.add(a1, f32x4.mul(v, v128.load(row, 16)));
      a2 = f32x4.add(a2, f32x4.mul(v, v128.load(row, 32)));
      a3 = f32x4.add(a3, f32x4.mul(v, v128.load(row, 48)));
      a4 = f32x4.add(a4, f32x4.mul(v, v128.load(row, 64)));
      a5 = f32x4.add(a5, f32x4.mul(v, v128.load(row, 80)));
      a6 = f32x4.add(a6, f32x4.mul(v, v128.load(row, 96)));
      a7 = f32x4.add(a7, f32x4.mul(v, v128.load(row, 112)));
    }
    v128.store(out + tile, a0);
    v128.store(out + tile, a1, 16);
    v128.store(out + tile, a2, 32);
    v128.store(out + tile, a3, 48);
    v128.store(out + tile, a4, 64);
    v128.store(out + tile, a5, 80);
    v128.store(out + tile, a6, 96);
    v128.store(out + tile, a7, 112);
  }
  for (; tile < bytes; tile += 16) {
    let a0 = f32x4.mul(scale, v128.load(x + tile));
    let row = square + tile;
    for (let at = x; at < end; at += 4, row += bytes) {
      a0 = f32x4.add(a0, f32x4.mul(v128.load32_splat(at), v128.load(row)));
    }
    v128.store(out + tile, a0);
  }
}

/** out += Σ c·y, with c = w·yx, or (w + bonus - w·yx) for a residual. Four rows at a time. */
function addRows(
  count: i32,
  indices: usize,
  weights: usize,
  source: usize,
  x: usize,
  out: usize,
  bytes: usize,
  bonus: f32,
  residual: i32,
): void {
  let index = 0;
  for (; index + 4 <= count; index += 4) {
    const at = (<usize>index) << 2;
    const y0 = source + <usize>load<u32>(indices + at) * bytes;
    const y1 = source + <usize>load<u32>(indices + at, 4) * bytes;
    const y2 = source + <usize>load<u32>(indices + at, 8) * bytes;
    const y3 = source + <usize>load<u32>(indices + at, 12) * bytes;
    let a0 = f32x4.splat(0);
    let a1 = a0;
    let a2 = a0;
    let a3 = a0;
    for (let column: usize = 0; column < bytes; column += 16) {
      const v = v128.load(x + column);
      a0 = f32x4.add(a0, f32x4.mul(v, v128.load(y0 + column)));
      a1 = f32x4.add(a1, f32x4.mul(v, v128.load(y1 + column)));
      a2 = f32x4.add(a2, f32x4.mul(v, v128.load(y2 + column)));
      a3 = f32x4.add(a3, f32x4.mul(v, v128.load(y3 + column)));
    }
    const w = weights + at;
    const c0 = f32x4.splat(factor(load<f32>(w), sum4(a0), bonus, residual));
    const c1 = f32x4.splat(factor(load<f32>(w, 4), sum4(a1), bonus, residual));
    const c2 = f32x4.splat(factor(load<f32>(w, 8), sum4(a2), bonus, residual));
    const c3 = f32x4.splat(factor(load<f32>(w, 12), sum4(a3), bonus, residual));
    for (let column: usize = 0; column < bytes; column += 16) {
      let v = f32x4.add(v128.load(out + column), f32x4.mul(c0, v128.load(y0 + column)));
      v = f32x4.add(v, f32x4.mul(c1, v128.load(y1 + column)));
      v = f32x4.add(v, f32x4.mul(c2, v128.load(y2 + column)));
      v = f32x4.add(v, f32x4.mul(c3, v128.load(y3 + column)));
      v128.store(out + column, v);
    }
  }
  for (; index < count; index++) {
    const at = (<usize>index) << 2;
    const y = source + <usize>load<u32>(indices + at) * bytes;
    let a = f32x4.splat(0);
    for (let column: usize = 0; column < bytes; column += 16) {
      a = f32x4.add(a, f32x4.mul(v128.load(x + column), v128.load(y + column)));
    }
    const c = f32x4.splat(factor(load<f32>(weights + at), sum4(a), bonus, residual));
    for (let column: usize = 0; column < bytes; column += 16) {
      const moved = f32x4.mul(c, v128.load(y + column));
      v128.store(out + column, f32x4.add(v128.load(out + column), moved));
    }
  }
}

function factor(weight: f32, product: f32, bonus: f32, residual: i32): f32 {
  return residual !== 0 ? weight + bonus - weight * product : weight * product;
}
