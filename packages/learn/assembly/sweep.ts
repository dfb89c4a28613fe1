import { PANEL, PIVOTS } from "../src/kernels/recommend-layout";

/** Row by row, from the diagonal down to it: how often items were had by the same users, weighted. Users' items are in order. */
export function coOccurrence(
  counter: usize,
  items: i32,
  itemPointers: usize,
  itemUsers: usize,
  itemWeights: usize,
  userPointers: usize,
  userItems: usize,
  userWeights: usize,
  matrix: usize,
  stride: i32,
): void {
  for (;;) {
    const item = items - 1 - atomic.add<i32>(counter, 1);
    if (item < 0) return;
    const row = matrix + <usize>item * ((<usize>stride) << 2);
    memory.fill(row, 0, (<usize>item + 1) << 2);
    const from = load<i32>(itemPointers + ((<usize>item) << 2));
    const to = load<i32>(itemPointers + ((<usize>item) << 2), 4);
    for (let index = from; index < to; index++) {
      const user = (<usize>load<i32>(itemUsers + ((<usize>index) << 2))) << 2;
      const weight = load<f32>(itemWeights + ((<usize>index) << 2));
      const first = (<usize>load<i32>(userPointers + user)) << 2;
      const last = (<usize>load<i32>(userPointers + user, 4)) << 2;
      addHistory(row, item, weight, userItems + first, userItems + last, userWeights + first);
    }
  }
}

export function addHistory(
  row: usize,
  item: i32,
  weight: f32,
  items: usize,
  end: usize,
  weights: usize,
): void {
  for (; items < end; items += 4, weights += 4) {
    const other = load<i32>(items);
    if (other > item) return;
    const cell = row + ((<usize>other) << 2);
    store<f32>(cell, load<f32>(cell) + weight * load<f32>(weights));
  }
}

/**
 * First step of eliminating the pivots `pivot` … `pivot + PIVOTS`: of each panel of eight rows, `columns` becomes its part of the pivots'
 * columns (zeros in the pivots' own rows) and `scaled` that times `inverse`. Only the lower triangle of the matrix is read.
 */
export function sweepPack(
  counter: usize,
  panels: i32,
  matrix: usize,
  stride: i32,
  pivot: i32,
  inverse: usize,
  columns: usize,
  scaled: usize,
): void {
  for (;;) {
    const panel = atomic.add<i32>(counter, 1);
    if (panel >= panels) return;
    packPanel(panel, matrix, (<usize>stride) << 2, pivot, inverse, columns, scaled);
  }
}

export function packPanel(
  panel: i32,
  matrix: usize,
  stride: usize,
  pivot: i32,
  inverse: usize,
  columns: usize,
  scaled: usize,
): void {
  const row = panel * PANEL;
  const bytes = <usize>(PIVOTS * PANEL * 4);
  const packed = columns + <usize>panel * bytes;
  const out = scaled + <usize>panel * bytes;
  if (row >= pivot && row < pivot + PIVOTS) {
    memory.fill(packed, 0, bytes);
    memory.fill(out, 0, bytes);
    return;
  }
  if (row > pivot) {
    for (let one = 0; one < PANEL; one++) {
      const from = matrix + <usize>(row + one) * stride + ((<usize>pivot) << 2);
      for (let column = 0; column < PIVOTS; column++) {
        const value = load<f32>(from + ((<usize>column) << 2));
        store<f32>(packed + ((<usize>(column * PANEL + one)) << 2), value);
      }
    }
  } else {
    for (let column = 0; column < PIVOTS; column++) {
      const from = matrix + <usize>(pivot + column) * stride + ((<usize>row) << 2);
      const to = packed + ((<usize>(column * PANEL)) << 2);
      v128.store(to, v128.load(from));
      v128.store(to, v128.load(from, 16), 16);
    }
  }
  for (let column = 0; column < PIVOTS; column++) {
    let a = f32x4.splat(0);
    let b = a;
    const factors = inverse + ((<usize>(column * PIVOTS)) << 2);
    for (let other = 0; other < PIVOTS; other++) {
      const v = v128.load32_splat(factors + ((<usize>other) << 2));
      const from = packed + ((<usize>(other * PANEL)) << 2);
      a = f32x4.add(a, f32x4.mul(v, v128.load(from)));
      b = f32x4.add(b, f32x4.mul(v, v128.load(from, 16)));
    }
    v128.store(out + ((<usize>(column * PANEL)) << 2), a);
    v128.store(out + ((<usize>(column * PANEL)) << 2), b, 16);
  }
}

/** Second step: takes scaled · columnsᵀ from the lower triangle, outside the pivots' rows and columns. */
export function sweepUpdate(
  counter: usize,
  panels: i32,
  matrix: usize,
  stride: i32,
  pivot: i32,
  columns: usize,
  scaled: usize,
): void {
  const pivotPanel = pivot / PANEL;
  const pivotEnd = pivotPanel + PIVOTS / PANEL;
  for (;;) {
    // four panels at a time, the longest rows first
    const last = panels - 1 - 4 * atomic.add<i32>(counter, 1);
    if (last < 0) return;
    const first = max(0, last - 3);
    for (let right = 0; right <= last; right++) {
      if (right === pivotPanel) right = pivotEnd;
      if (right > last) break;
      for (let left = max(first, right); left <= last; left++) {
        if (left >= pivotPanel && left < pivotEnd) continue;
        updateTile(left, right, matrix, (<usize>stride) << 2, columns, scaled);
      }
    }
  }
}

export function updateTile(
  left: i32,
  right: i32,
  matrix: usize,
  stride: usize,
  columns: usize,
  scaled: usize,
): void {
  const bytes = <usize>(PIVOTS * PANEL * 4);
  const y0 = columns + <usize>right * bytes;
  let out = matrix + <usize>(left * PANEL) * stride + ((<usize>(right * PANEL)) << 2);
  for (let half: usize = 0; half < 32; half += 16) {
    let x = scaled + <usize>left * bytes + half;
    let a0 = f32x4.splat(0);
    let a1 = a0;
    let b0 = a0;
    let b1 = a0;
    let c0 = a0;
    let c1 = a0;
    let d0 = a0;
    let d1 = a0;
    let y = y0;
    for (const end = y0 + bytes; y < end; y += 32, x += 32) {
      const p = v128.load(y);
      const q = v128.load(y, 16);
      let v = v128.load32_splat(x);
      a0 = f32x4.add(a0, f32x4.mul(v, p));
      a1 = f32x4.add(a1, f32x4.mul(v, q));
      v = v128.load32_splat(x, 4);
      b0 = f32x4.add(b0, f32x4.mul(v, p));
      b1 = f32x4.add(b1, f32x4.mul(v, q));
      v = v128.load32_splat(x, 8);
      c0 = f32x4.add(c0, f32x4.mul(v, p));
      c1 = f32x4.add(c1, f32x4.mul(v, q));
      v = v128.load32_splat(x, 12);
      d0 = f32x4.add(d0, f32x4.mul(v, p));
      d1 = f32x4.add(d1, f32x4.mul(v, q));
    }
    out = takeFrom(out, stride, a0, a1);
    out = takeFrom(out, stride, b0, b1);
    out = takeFrom(out, stride, c0, c1);
    out = takeFrom(out, stride, d0, d1);
  }
}

function takeFrom(out: usize, stride: usize, one: v128, two: v128): usize {
  v128.store(out, f32x4.sub(v128.load(out), one));
  v128.store(out, f32x4.sub(v128.load(out, 16), two), 16);
  return out + stride;
}

/** Last step: `scaled` takes the place of the pivots' columns, and the negative inverse that of their square. */
export function sweepStore(
  counter: usize,
  panels: i32,
  matrix: usize,
  stride: i32,
  pivot: i32,
  inverse: usize,
  scaled: usize,
): void {
  for (;;) {
    const panel = atomic.add<i32>(counter, 1);
    if (panel >= panels) return;
    storePanel(panel, matrix, (<usize>stride) << 2, pivot, inverse, scaled);
  }
}

export function storePanel(
  panel: i32,
  matrix: usize,
  stride: usize,
  pivot: i32,
  inverse: usize,
  scaled: usize,
): void {
  const row = panel * PANEL;
  const packed = scaled + <usize>panel * <usize>(PIVOTS * PANEL * 4);
  if (row >= pivot && row < pivot + PIVOTS) {
    for (let one = row; one < row + PANEL; one++) {
      const from = inverse + ((<usize>((one - pivot) * PIVOTS)) << 2);
      const to = matrix + <usize>one * stride + ((<usize>pivot) << 2);
      for (let column: usize = 0; column < <usize>(PIVOTS * 4); column += 16) {
        v128.store(to + column, f32x4.neg(v128.load(from + column)));
      }
    }
  } else if (row > pivot) {
    for (let one = 0; one < PANEL; one++) {
      const to = matrix + <usize>(row + one) * stride + ((<usize>pivot) << 2);
      for (let column = 0; column < PIVOTS; column++) {
        const value = load<f32>(packed + ((<usize>(column * PANEL + one)) << 2));
        store<f32>(to + ((<usize>column) << 2), value);
      }
    }
  } else {
    for (let column = 0; column < PIVOTS; column++) {
      const to = matrix + <usize>(pivot + column) * stride + ((<usize>row) << 2);
      const from = packed + ((<usize>(column * PANEL)) << 2);
      v128.store(to, v128.load(from));
      v128.store(to, v128.load(from, 16), 16);
    }
  }
}
