import {
  CENTERS,
  CHANGED,
  CLUSTERS,
  FLUSH,
  LABELS,
  PARTIAL_BYTES,
  PARTIALS,
  PARTS,
  POINTS,
  ROWS,
  SIZE,
  SUMS,
  WIDTH,
} from "../src/kernels/kmeans-layout";

/**
 * Assigns this thread's parts of the rows to their nearest centres, of equally near ones the first, and adds the points up per
 * centre. Parts do not depend on the number of threads, nor do their sums.
 *
 * Points lie in blocks of 16 rows, coordinate by coordinate, WIDTH of them (a multiple of 4); centres as their coordinates times
 * -2, then their squared length: |c|² - 2xc puts them in the same order as the distance does.
 */
export function assign(ctx: usize, thread: i32, threads: i32): void {
  const parts = load<i32>(ctx + PARTS);
  const blocks = (load<i32>(ctx + ROWS) + 15) >> 4;
  for (let part = thread; part < parts; part += threads) {
    const from = <i32>((<i64>blocks * part) / parts);
    const to = <i32>((<i64>blocks * (part + 1)) / parts);
    const bytes = sumBytes(ctx);
    const sums = <usize>load<u32>(ctx + SUMS) + <usize>part * bytes;
    memory.fill(sums, 0, bytes);
    store<i32>(<usize>load<u32>(ctx + CHANGED) + ((<usize>part) << 2), 0);
    for (let block = from; block < to; block += FLUSH) {
      assignBlocks(ctx, thread, part, block, min(block + FLUSH, to));
      flush(ctx, thread, sums);
    }
  }
}

/** Per centre: WIDTH sums and the number of rows. */
function sumBytes(ctx: usize): usize {
  return (<usize>(load<i32>(ctx + CLUSTERS) * (load<i32>(ctx + WIDTH) + 4))) << 3;
}

function partialsOf(ctx: usize, thread: i32): usize {
  return <usize>load<u32>(ctx + PARTIALS) + <usize>thread * <usize>load<u32>(ctx + PARTIAL_BYTES);
}

export function assignBlocks(ctx: usize, thread: i32, part: i32, from: i32, to: i32): void {
  const rows = load<i32>(ctx + ROWS);
  const size = load<i32>(ctx + SIZE);
  const width = load<i32>(ctx + WIDTH);
  const clusters = load<i32>(ctx + CLUSTERS);
  const centers = <usize>load<u32>(ctx + CENTERS);
  const partials = partialsOf(ctx, thread);
  const step = (<usize>(width + 4)) << 2;
  let changed = 0;
  for (let block = from; block < to; block++) {
    const points = <usize>load<u32>(ctx + POINTS) + <usize>block * ((<usize>width) << 6);
    let center = centers;
    let best0 = f32x4.splat(Infinity);
    let best1 = best0;
    let best2 = best0;
    let best3 = best0;
    let label0 = i32x4.splat(0);
    let label1 = label0;
    let label2 = label0;
    let label3 = label0;
    for (let cluster = 0; cluster < clusters; cluster++) {
      let a = v128.load32_splat(center + ((<usize>size) << 2));
      let b = a;
      let c = a;
      let d = a;
      let x = points;
      for (const end = center + ((<usize>size) << 2); center < end; center += 4, x += 64) {
        const factor = v128.load32_splat(center);
        a = f32x4.add(a, f32x4.mul(v128.load(x), factor));
        b = f32x4.add(b, f32x4.mul(v128.load(x, 16), factor));
        c = f32x4.add(c, f32x4.mul(v128.load(x, 32), factor));
        d = f32x4.add(d, f32x4.mul(v128.load(x, 48), factor));
      }
      center += 4;
      const label = i32x4.splat(cluster);
      label0 = v128.bitselect(label, label0, f32x4.lt(a, best0));
      label1 = v128.bitselect(label, label1, f32x4.lt(b, best1));
      label2 = v128.bitselect(label, label2, f32x4.lt(c, best2));
      label3 = v128.bitselect(label, label3, f32x4.lt(d, best3));
      best0 = f32x4.pmin(best0, a);
      best1 = f32x4.pmin(best1, b);
      best2 = f32x4.pmin(best2, c);
      best3 = f32x4.pmin(best3, d);
    }
    const labels = <usize>load<u32>(ctx + LABELS) + ((<usize>block) << 6);
    const same =
      i32x4.bitmask(i32x4.eq(v128.load(labels), label0)) |
      (i32x4.bitmask(i32x4.eq(v128.load(labels, 16), label1)) << 4) |
      (i32x4.bitmask(i32x4.eq(v128.load(labels, 32), label2)) << 8) |
      (i32x4.bitmask(i32x4.eq(v128.load(labels, 48), label3)) << 12);
    const here = min(16, rows - (block << 4));
    changed += <i32>popcnt(~same & ((1 << here) - 1));
    v128.store(labels, label0);
    v128.store(labels, label1, 16);
    v128.store(labels, label2, 32);
    v128.store(labels, label3, 48);
    if (here === 16) {
      addFour(points, labels, partials, step, width);
      addFour(points + 16, labels + 16, partials, step, width);
      addFour(points + 32, labels + 32, partials, step, width);
      addFour(points + 48, labels + 48, partials, step, width);
    } else {
      for (let row = 0; row < here; row++) {
        addOne(
          points + ((<usize>row) << 2),
          load<u32>(labels + ((<usize>row) << 2)),
          partials,
          step,
          width,
        );
      }
    }
  }
  const total = <usize>load<u32>(ctx + CHANGED) + ((<usize>part) << 2);
  store<i32>(total, load<i32>(total) + changed);
}

/** Turns four rows by four coordinates at a time, so that a row's coordinates are added together. */
function addFour(points: usize, labels: usize, partials: usize, step: usize, width: i32): void {
  let first = partials + <usize>load<u32>(labels) * step;
  let second = partials + <usize>load<u32>(labels, 4) * step;
  let third = partials + <usize>load<u32>(labels, 8) * step;
  let fourth = partials + <usize>load<u32>(labels, 12) * step;
  for (let axis = 0; axis < width; axis += 4) {
    const a = v128.load(points);
    const b = v128.load(points, 64);
    const c = v128.load(points, 128);
    const d = v128.load(points, 192);
    const ab = i32x4.shuffle(a, b, 0, 4, 1, 5);
    const cd = i32x4.shuffle(c, d, 0, 4, 1, 5);
    const ba = i32x4.shuffle(a, b, 2, 6, 3, 7);
    const dc = i32x4.shuffle(c, d, 2, 6, 3, 7);
    v128.store(first, f32x4.add(v128.load(first), i64x2.shuffle(ab, cd, 0, 2)));
    v128.store(second, f32x4.add(v128.load(second), i64x2.shuffle(ab, cd, 1, 3)));
    v128.store(third, f32x4.add(v128.load(third), i64x2.shuffle(ba, dc, 0, 2)));
    v128.store(fourth, f32x4.add(v128.load(fourth), i64x2.shuffle(ba, dc, 1, 3)));
    points += 256;
    first += 16;
    second += 16;
    third += 16;
    fourth += 16;
  }
  store<f32>(first, load<f32>(first) + 1);
  store<f32>(second, load<f32>(second) + 1);
  store<f32>(third, load<f32>(third) + 1);
  store<f32>(fourth, load<f32>(fourth) + 1);
}

function addOne(points: usize, label: u32, partials: usize, step: usize, width: i32): void {
  let sum = partials + <usize>label * step;
  for (let axis = 0; axis < width; axis++, sum += 4, points += 64) {
    store<f32>(sum, load<f32>(sum) + load<f32>(points));
  }
  store<f32>(sum, load<f32>(sum) + 1);
}

/** Moves the float sums of at most 16 × FLUSH rows to doubles, and clears them. */
export function flush(ctx: usize, thread: i32, sums: usize): void {
  const count = load<i32>(ctx + CLUSTERS) * (load<i32>(ctx + WIDTH) + 4);
  let from = partialsOf(ctx, thread);
  for (const end = sums + ((<usize>count) << 3); sums < end; sums += 16, from += 8) {
    const part = f64x2.promote_low_f32x4(v128.load64_zero(from));
    v128.store(sums, f64x2.add(v128.load(sums), part));
    store<i64>(from, 0);
  }
}
