import {
  CENTERS,
  CHANGED,
  CLUSTERS,
  LABELS,
  PARTS,
  POINTS,
  ROWS,
  SIZE,
  STEP,
  SUMS,
} from "../src/kernels/kmeans-layout";

/**
 * Assigns this thread's parts of the rows to their nearest centres, of equally near ones the first. The parts' sums and numbers of
 * points per centre follow the rows that change; parts do not depend on the number of threads.
 *
 * Points lie in blocks of 16 rows, coordinate by coordinate; centres as their coordinates times -2, then their squared length:
 * |c|² - 2xc puts them in the same order as the distance does. There is an even number of centres, the last perhaps out of reach.
 */
export function assign(ctx: usize, thread: i32, threads: i32): void {
  const parts = load<i32>(ctx + PARTS);
  const blocks = (load<i32>(ctx + ROWS) + 15) >> 4;
  for (let part = thread; part < parts; part += threads) {
    const from = <i32>((<i64>blocks * part) / parts);
    const to = <i32>((<i64>blocks * (part + 1)) / parts);
    let changed = 0;
    // in steps: a call that never ends would never be optimised
    for (let block = from; block < to; block += STEP) {
      changed += assignBlocks(ctx, part, block, min(block + STEP, to));
    }
    store<i32>(<usize>load<u32>(ctx + CHANGED) + ((<usize>part) << 2), changed);
  }
}

export function assignBlocks(ctx: usize, part: i32, from: i32, to: i32): i32 {
  const rows = load<i32>(ctx + ROWS);
  const size = <usize>load<i32>(ctx + SIZE);
  const clusters = load<i32>(ctx + CLUSTERS);
  const centers = <usize>load<u32>(ctx + CENTERS);
  const step = (size + 1) << 2;
  const sums = <usize>load<u32>(ctx + SUMS) + ((<usize>part * <usize>clusters * (size + 1)) << 3);
  let changed = 0;
  for (let block = from; block < to; block++) {
    const points = <usize>load<u32>(ctx + POINTS) + ((<usize>block * size) << 6);
    let one = centers;
    let best0 = f32x4.splat(Infinity);
    let best1 = best0;
    let best2 = best0;
    let best3 = best0;
    let label0 = i32x4.splat(0);
    let label1 = label0;
    let label2 = label0;
    let label3 = label0;
    for (let cluster = 0; cluster < clusters; cluster += 2) {
      let two = one + step;
      let a0 = v128.load32_splat(one + (size << 2));
      let a1 = a0;
      let a2 = a0;
      let a3 = a0;
      let b0 = v128.load32_splat(two + (size << 2));
      let b1 = b0;
      let b2 = b0;
      let b3 = b0;
      let x = points;
      for (const end = points + (size << 6); x < end; x += 64) {
        const p = v128.load32_splat(one);
        const q = v128.load32_splat(two);
        let v = v128.load(x);
        a0 = f32x4.add(a0, f32x4.mul(v, p));
        b0 = f32x4.add(b0, f32x4.mul(v, q));
        v = v128.load(x, 16);
        a1 = f32x4.add(a1, f32x4.mul(v, p));
        b1 = f32x4.add(b1, f32x4.mul(v, q));
        v = v128.load(x, 32);
        a2 = f32x4.add(a2, f32x4.mul(v, p));
        b2 = f32x4.add(b2, f32x4.mul(v, q));
        v = v128.load(x, 48);
        a3 = f32x4.add(a3, f32x4.mul(v, p));
        b3 = f32x4.add(b3, f32x4.mul(v, q));
        one += 4;
        two += 4;
      }
      one = two + 4;
      const first = i32x4.splat(cluster);
      const second = i32x4.splat(cluster + 1);
      // the nearer of the two, then of it and the best so far
      let label = v128.bitselect(second, first, f32x4.lt(b0, a0));
      let score = f32x4.pmin(a0, b0);
      label0 = v128.bitselect(label, label0, f32x4.lt(score, best0));
      best0 = f32x4.pmin(best0, score);
      label = v128.bitselect(second, first, f32x4.lt(b1, a1));
      score = f32x4.pmin(a1, b1);
      label1 = v128.bitselect(label, label1, f32x4.lt(score, best1));
      best1 = f32x4.pmin(best1, score);
      label = v128.bitselect(second, first, f32x4.lt(b2, a2));
      score = f32x4.pmin(a2, b2);
      label2 = v128.bitselect(label, label2, f32x4.lt(score, best2));
      best2 = f32x4.pmin(best2, score);
      label = v128.bitselect(second, first, f32x4.lt(b3, a3));
      score = f32x4.pmin(a3, b3);
      label3 = v128.bitselect(label, label3, f32x4.lt(score, best3));
      best3 = f32x4.pmin(best3, score);
    }
    const labels = <usize>load<u32>(ctx + LABELS) + ((<usize>block) << 6);
    const same =
      i32x4.bitmask(i32x4.eq(v128.load(labels), label0)) |
      (i32x4.bitmask(i32x4.eq(v128.load(labels, 16), label1)) << 4) |
      (i32x4.bitmask(i32x4.eq(v128.load(labels, 32), label2)) << 8) |
      (i32x4.bitmask(i32x4.eq(v128.load(labels, 48), label3)) << 12);
    let moved = ~same & ((1 << min(16, rows - (block << 4))) - 1);
    if (moved === 0) continue;
    changed += <i32>popcnt(moved);
    for (let rest = moved; rest !== 0; rest &= rest - 1) {
      const row = (<usize>ctz(rest)) << 2;
      addRow(sums, load<i32>(labels + row), points + row, size, -1);
    }
    v128.store(labels, label0);
    v128.store(labels, label1, 16);
    v128.store(labels, label2, 32);
    v128.store(labels, label3, 48);
    for (; moved !== 0; moved &= moved - 1) {
      const row = (<usize>ctz(moved)) << 2;
      addRow(sums, load<i32>(labels + row), points + row, size, 1);
    }
  }
  return changed;
}

function addRow(sums: usize, label: i32, point: usize, size: usize, sign: f64): void {
  if (label < 0) return; // it had no centre yet
  let sum = sums + ((<usize>label * (size + 1)) << 3);
  for (const end = sum + (size << 3); sum < end; sum += 8, point += 64) {
    store<f64>(sum, load<f64>(sum) + sign * <f64>load<f32>(point));
  }
  store<f64>(sum, load<f64>(sum) + sign);
}
