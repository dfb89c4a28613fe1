import { GRAM_ROWS, ROW_STEP } from "../src/kernels/recommend-layout";

/** Each row of `target` becomes the weighted sum of the rows of `source` that its indices name. `size` is a multiple of 4. */
export function sumRows(
  counter: usize,
  rows: i32,
  pointers: usize,
  indices: usize,
  weights: usize,
  source: usize,
  target: usize,
  size: i32,
): void {
  for (;;) {
    const from = atomic.add<i32>(counter, ROW_STEP);
    if (from >= rows) return;
    const to = min(from + ROW_STEP, rows);
    for (let row = from; row < to; row++) {
      const first = load<i32>(pointers + ((<usize>row) << 2));
      const count = load<i32>(pointers + ((<usize>row) << 2), 4) - first;
      const at = (<usize>first) << 2;
      const out = target + ((<usize>row * <usize>size) << 2);
      sumRow(count, indices + at, weights + at, source, out, size);
    }
  }
}

export function sumRow(
  count: i32,
  indices: usize,
  weights: usize,
  source: usize,
  out: usize,
  size: i32,
): void {
  const stride = (<usize>size) << 2;
  const end = indices + ((<usize>count) << 2);
  let tile: usize = 0;
  for (; tile + 128 <= stride; tile += 128) {
    let a0 = f32x4.splat(0);
    let a1 = a0;
    let a2 = a0;
    let a3 = a0;
    let a4 = a0;
    let a5 = a0;
    let a6 = a0;
    let a7 = a0;
    let weight = weights;
    for (let index = indices; index < end; index += 4, weight += 4) {
      const w = v128.load32_splat(weight);
      const y = source + tile + <usize>load<u32>(index) * stride;
      a0 = f32x4.add(a0, f32x4.mul(w, v128.load(y)));
      a1 = f32x4.add(a1, f32x4.mul(w, v128.load(y, 16)));
      a2 = f32x4.add(a2, f32x4.mul(w, v128.load(y, 32)));
      a3 = f32x4.add(a3, f32x4.mul(w, v128.load(y, 48)));
      a4 = f32x4.add(a4, f32x4.mul(w, v128.load(y, 64)));
      a5 = f32x4.add(a5, f32x4.mul(w, v128.load(y, 80)));
      a6 = f32x4.add(a6, f32x4.mul(w, v128.load(y, 96)));
      a7 = f32x4.add(a7, f32x4.mul(w, v128.load(y, 112)));
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
  for (; tile < stride; tile += 16) {
    let a0 = f32x4.splat(0);
    let weight = weights;
    for (let index = indices; index < end; index += 4, weight += 4) {
      const y = source + tile + <usize>load<u32>(index) * stride;
      a0 = f32x4.add(a0, f32x4.mul(v128.load32_splat(weight), v128.load(y)));
    }
    v128.store(out + tile, a0);
  }
}

/**
 * Adds sourceᵀ·source of each part of the rows to that part's own square of `target`, which starts as zeros: only columns from
 * the row's block of four on. Parts do not depend on the number of threads. `size` is a multiple of 8.
 */
export function gram(
  counter: usize,
  rows: i32,
  parts: i32,
  source: usize,
  target: usize,
  size: i32,
): void {
  for (;;) {
    const part = atomic.add<i32>(counter, 1);
    if (part >= parts) return;
    const from = <i32>((<i64>rows * part) / parts);
    const to = <i32>((<i64>rows * (part + 1)) / parts);
    const square = target + ((<usize>part * <usize>size * <usize>size) << 2);
    for (let row = from; row < to; row += GRAM_ROWS) {
      gramBlock(row, min(row + GRAM_ROWS, to), source, square, size);
    }
  }
}

export function gramBlock(from: i32, to: i32, source: usize, square: usize, size: i32): void {
  const stride = (<usize>size) << 2;
  const first = source + <usize>from * stride;
  const end = source + <usize>to * stride;
  for (let left: usize = 0; left < stride; left += 16) {
    for (let right = left & ~31; right < stride; right += 32) {
      let a0 = f32x4.splat(0);
      let a1 = a0;
      let b0 = a0;
      let b1 = a0;
      let c0 = a0;
      let c1 = a0;
      let d0 = a0;
      let d1 = a0;
      for (let row = first; row < end; row += stride) {
        const y0 = v128.load(row + right);
        const y1 = v128.load(row + right, 16);
        let x = v128.load32_splat(row + left);
        a0 = f32x4.add(a0, f32x4.mul(x, y0));
        a1 = f32x4.add(a1, f32x4.mul(x, y1));
        x = v128.load32_splat(row + left, 4);
        b0 = f32x4.add(b0, f32x4.mul(x, y0));
        b1 = f32x4.add(b1, f32x4.mul(x, y1));
        x = v128.load32_splat(row + left, 8);
        c0 = f32x4.add(c0, f32x4.mul(x, y0));
        c1 = f32x4.add(c1, f32x4.mul(x, y1));
        x = v128.load32_splat(row + left, 12);
        d0 = f32x4.add(d0, f32x4.mul(x, y0));
        d1 = f32x4.add(d1, f32x4.mul(x, y1));
      }
      let out = square + (left >> 2) * stride + right;
      addTo(out, a0, a1);
      out += stride;
      addTo(out, b0, b1);
      out += stride;
      addTo(out, c0, c1);
      out += stride;
      addTo(out, d0, d1);
    }
  }
}

function addTo(out: usize, one: v128, two: v128): void {
  v128.store(out, f32x4.add(v128.load(out), one));
  v128.store(out, f32x4.add(v128.load(out, 16), two), 16);
}

/** target = source · square, four rows at a time: there are spare rows up to a multiple of four. `size` is a multiple of 8. */
export function multiply(
  counter: usize,
  rows: i32,
  source: usize,
  square: usize,
  target: usize,
  size: i32,
): void {
  for (;;) {
    const from = atomic.add<i32>(counter, ROW_STEP);
    if (from >= rows) return;
    multiplyRows(from, min(from + ROW_STEP, rows), source, square, target, size);
  }
}

export function multiplyRows(
  from: i32,
  to: i32,
  source: usize,
  square: usize,
  target: usize,
  size: i32,
): void {
  const stride = (<usize>size) << 2;
  for (let right: usize = 0; right < stride; right += 32) {
    for (let row = from; row < to; row += 4) {
      const offset = <usize>row * stride;
      let x0 = source + offset;
      let x1 = x0 + stride;
      let x2 = x1 + stride;
      let x3 = x2 + stride;
      let a0 = f32x4.splat(0);
      let a1 = a0;
      let b0 = a0;
      let b1 = a0;
      let c0 = a0;
      let c1 = a0;
      let d0 = a0;
      let d1 = a0;
      let y = square + right;
      for (const end = x1; x0 < end; x0 += 4, x1 += 4, x2 += 4, x3 += 4, y += stride) {
        const y0 = v128.load(y);
        const y1 = v128.load(y, 16);
        let x = v128.load32_splat(x0);
        a0 = f32x4.add(a0, f32x4.mul(x, y0));
        a1 = f32x4.add(a1, f32x4.mul(x, y1));
        x = v128.load32_splat(x1);
        b0 = f32x4.add(b0, f32x4.mul(x, y0));
        b1 = f32x4.add(b1, f32x4.mul(x, y1));
        x = v128.load32_splat(x2);
        c0 = f32x4.add(c0, f32x4.mul(x, y0));
        c1 = f32x4.add(c1, f32x4.mul(x, y1));
        x = v128.load32_splat(x3);
        d0 = f32x4.add(d0, f32x4.mul(x, y0));
        d1 = f32x4.add(d1, f32x4.mul(x, y1));
      }
      let out = target + offset + right;
      v128.store(out, a0);
      v128.store(out, a1, 16);
      out += stride;
      v128.store(out, b0);
      v128.store(out, b1, 16);
      out += stride;
      v128.store(out, c0);
      v128.store(out, c1, 16);
      out += stride;
      v128.store(out, d0);
      v128.store(out, d1, 16);
    }
  }
}
