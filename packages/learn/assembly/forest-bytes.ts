import { CHUNK_STRIDE, GRID, LEVELS, SCORED } from "../src/kernels/forest-layout";

// Where a forest asks a column many times its values are put into bins first: the thresholds below them, one byte each, less 128, so
// that one comparison serves sixteen rows. "Missing" is 127. The leaves still possible are kept in planes of eight, a byte per row.

/**
 * Adds the value of every tree to the margins of `count` rows, a multiple of SCORED, as `scoreChunk` does.
 *
 * `model`: number of trees, 1, number of columns, place of the first tree; four vectors that `findLeaves` needs; per column: which of the chunk's it is, how it is put
 * into bins (LEVELS, STEPS or GRID), place of its thresholds: 260, padded with Infinity, then for GRID where it begins, cells per
 * unit, and for each of 1,024 cells the thresholds before it, a byte each. Then per tree: planes, bytes of the tree; per plane how
 * many there are of three kinds of node (missing goes right; left; sets of levels) and the nodes, of 8 bytes (of sets: 16): place of
 * the column in `scratch`, bin (place of the set), leaves to take out; then the leaf values. `scratch`: SCORED bytes per column
 * and 64.
 */
export function scoreBytes(
  model: usize,
  chunk: usize,
  count: i32,
  margins: usize,
  scratch: usize,
): void {
  const columns = load<i32>(model, 8);
  for (let row = 0; row < count; row += SCORED) {
    for (let column: usize = 0; column < <usize>columns; column++) {
      const entry = model + 80 + (column << 4);
      const values = chunk + <usize>load<i32>(entry) * CHUNK_STRIDE + ((<usize>row) << 2);
      const out = scratch + column * SCORED;
      const how = load<i32>(entry, 4);
      const thresholds = model + <usize>load<u32>(entry, 8);
      if (how === LEVELS) narrowLevels(values, out);
      else if (how === GRID) binByGrid(values, thresholds, out);
      else binBySteps(values, thresholds, out);
    }
    scoreTrees(model, columns, margins + ((<usize>row) << 3), scratch);
  }
}

/** Levels are bins already. */
export function narrowLevels(values: usize, out: usize): void {
  for (let row: usize = 0; row < <usize>SCORED; row++) {
    store<u8>(out + row, load<u8>(values + (row << 2)));
  }
}

/** Bins by thresholds of which no more than four share a cell of the grid: the cell says which four to look at. */
export function binByGrid(values: usize, thresholds: usize, out: usize): void {
  const first = v128.load32_splat(thresholds, 1040);
  const scale = v128.load32_splat(thresholds, 1044);
  const grid = thresholds + 1048;
  for (let row: usize = 0; row < <usize>SCORED; row += 4) {
    const value = v128.load(values + (row << 2));
    const place = f32x4.mul(f32x4.sub(value, first), scale);
    // a float's low bits hold a whole number when 2²³ is added; NaN becomes 0
    const cell = f32x4.add(
      f32x4.pmin(f32x4.splat(1023), f32x4.pmax(f32x4.splat(0), place)),
      f32x4.splat(8388608),
    );
    const at = out + row;
    const one = i16x8.extract_lane_u(cell, 0);
    const two = i16x8.extract_lane_u(cell, 2);
    const three = i16x8.extract_lane_u(cell, 4);
    const four = i16x8.extract_lane_u(cell, 6);
    store<u8>(at, stepOn(grid, thresholds, one, i32x4.shuffle(value, value, 0, 0, 0, 0)));
    store<u8>(at, stepOn(grid, thresholds, two, i32x4.shuffle(value, value, 1, 1, 1, 1)), 1);
    store<u8>(at, stepOn(grid, thresholds, three, i32x4.shuffle(value, value, 2, 2, 2, 2)), 2);
    store<u8>(at, stepOn(grid, thresholds, four, i32x4.shuffle(value, value, 3, 3, 3, 3)), 3);
    if (!i32x4.all_true(f32x4.eq(value, value))) markMissing(values + (row << 2), at);
  }
}

/** The thresholds before a cell, and those of the next four that lie below the value. */
function stepOn(grid: usize, thresholds: usize, cell: u32, value: v128): u8 {
  const before = <usize>load<u8>(grid + <usize>cell);
  const after = f32x4.lt(v128.load(thresholds + (before << 2)), value);
  return <u8>(<i32>before + popcnt(i32x4.bitmask(after)) - 128);
}

function markMissing(values: usize, out: usize): void {
  for (let lane: usize = 0; lane < 4; lane++) {
    const value = load<f32>(values + (lane << 2));
    if (!(value <= Infinity)) store<u8>(out + lane, 127);
  }
}

/** Bins by up to 254 thresholds wherever they lie: the last of each sixteen say which sixteen to look at. */
export function binBySteps(values: usize, thresholds: usize, out: usize): void {
  const a = lastOfFour(thresholds);
  const b = lastOfFour(thresholds + 256);
  const c = lastOfFour(thresholds + 512);
  const d = lastOfFour(thresholds + 768);
  for (let row: usize = 0; row < <usize>SCORED; row++) {
    const value = load<f32>(values + (row << 2));
    const all = f32x4.splat(value);
    const group = below(all, a, b, c, d);
    const at = thresholds + ((<usize>group) << 6);
    const bin =
      (group << 4) +
      below(all, v128.load(at), v128.load(at, 16), v128.load(at, 32), v128.load(at, 48)) -
      128;
    store<u8>(out + row, <u8>(value <= Infinity ? bin : 127));
  }
}

/** The last threshold of each of four groups of sixteen. */
function lastOfFour(at: usize): v128 {
  return f32x4(load<f32>(at, 60), load<f32>(at, 124), load<f32>(at, 188), load<f32>(at, 252));
}

/** How many of sixteen thresholds lie below a value. */
function below(value: v128, a: v128, b: v128, c: v128, d: v128): i32 {
  const one = i16x8.narrow_i32x4_s(f32x4.lt(a, value), f32x4.lt(b, value));
  const two = i16x8.narrow_i32x4_s(f32x4.lt(c, value), f32x4.lt(d, value));
  return popcnt(i8x16.bitmask(i8x16.narrow_i16x8_s(one, two)));
}

/** SCORED rows through all trees, tree by tree. */
export function scoreTrees(model: usize, columns: i32, margins: usize, scratch: usize): void {
  const trees = load<i32>(model);
  const indices = scratch + <usize>columns * SCORED;
  let tree = model + <usize>load<u32>(model, 12);
  for (let index = 0; index < trees; index++) {
    const bytes = <usize>load<i32>(tree, 4);
    const leaves = tree + bytes - ((<usize>load<i32>(tree)) << 6);
    for (let row: usize = 0; row < <usize>SCORED; row += 64) {
      findLeaves(model, tree, scratch + row, indices);
      addLeaves(indices, leaves, margins + (row << 3));
    }
    tree += bytes;
  }
}

/** Numbers of the leaves of 64 rows. */
function findLeaves(model: usize, tree: usize, bins: usize, indices: usize): void {
  const planes = load<i32>(tree);
  // constants from memory: written as such, newer engines make each of them anew where it is used
  const lowest = v128.load(model, 16);
  const higher = v128.load(model, 32);
  const half = v128.load(model, 48);
  const one = v128.load(model, 64);
  let leafA = i8x16.splat(-1);
  let leafB = leafA;
  let leafC = leafA;
  let leafD = leafA;
  let at = tree + 8;
  for (let plane = 0; plane < planes; plane++) {
    let a = i8x16.splat(-1);
    let b = a;
    let c = a;
    let d = a;
    let node = at + 16;
    let end = node + ((<usize>load<i32>(at)) << 3);
    for (; node < end; node += 8) {
      const x = bins + <usize>load<u32>(node);
      const bin = v128.load8_splat(node, 4);
      const out = v128.load8_splat(node, 5);
      a = v128.andnot(a, v128.and(i8x16.gt_s(v128.load(x), bin), out));
      b = v128.andnot(b, v128.and(i8x16.gt_s(v128.load(x, 16), bin), out));
      c = v128.andnot(c, v128.and(i8x16.gt_s(v128.load(x, 32), bin), out));
      d = v128.andnot(d, v128.and(i8x16.gt_s(v128.load(x, 48), bin), out));
    }
    // one more makes the largest byte the smallest: missing goes left
    end += (<usize>load<i32>(at, 4)) << 3;
    for (; node < end; node += 8) {
      const x = bins + <usize>load<u32>(node);
      const bin = v128.load8_splat(node, 4);
      const out = v128.load8_splat(node, 5);
      a = v128.andnot(a, v128.and(i8x16.gt_s(i8x16.add(v128.load(x), one), bin), out));
      b = v128.andnot(b, v128.and(i8x16.gt_s(i8x16.add(v128.load(x, 16), one), bin), out));
      c = v128.andnot(c, v128.and(i8x16.gt_s(i8x16.add(v128.load(x, 32), one), bin), out));
      d = v128.andnot(d, v128.and(i8x16.gt_s(i8x16.add(v128.load(x, 48), one), bin), out));
    }
    end += (<usize>load<i32>(at, 8)) << 4;
    for (; node < end; node += 16) {
      const x = bins + <usize>load<u32>(node);
      const set = model + <usize>load<u32>(node, 4);
      const out = v128.load8_splat(node, 8);
      markMembers(x, set, indices);
      a = v128.andnot(a, v128.andnot(out, v128.load(indices)));
      b = v128.andnot(b, v128.andnot(out, v128.load(indices, 16)));
      c = v128.andnot(c, v128.andnot(out, v128.load(indices, 32)));
      d = v128.andnot(d, v128.andnot(out, v128.load(indices, 48)));
    }
    const first = i8x16.splat(<i8>(plane << 3));
    leafA = i8x16.min_u(leafA, i8x16.add(firstBit(a, lowest, higher, half), first));
    leafB = i8x16.min_u(leafB, i8x16.add(firstBit(b, lowest, higher, half), first));
    leafC = i8x16.min_u(leafC, i8x16.add(firstBit(c, lowest, higher, half), first));
    leafD = i8x16.min_u(leafD, i8x16.add(firstBit(d, lowest, higher, half), first));
    at = end;
  }
  v128.store(indices, leafA);
  v128.store(indices, leafB, 16);
  v128.store(indices, leafC, 32);
  v128.store(indices, leafD, 48);
}

/** Place of the lowest bit of each byte; 128 or more where there is none. `lowest` and `higher` tell it for either half. */
function firstBit(mask: v128, lowest: v128, higher: v128, half: v128): v128 {
  return i8x16.min_u(
    i8x16.swizzle(lowest, v128.and(mask, half)),
    i8x16.swizzle(higher, v128.and(i16x8.shr_u(mask, 4), half)),
  );
}

/** All ones where the level of a row is in a set of 256, for 64 rows. */
function markMembers(x: usize, set: usize, out: usize): void {
  for (let row: usize = 0; row < 64; row++) {
    const bin = <usize>load<u8>(x + row);
    const isIn = (load<u8>(set + (bin >> 3)) >> <u8>(bin & 7)) & 1;
    store<u8>(out + row, 0 - isIn);
  }
}

function addLeaves(indices: usize, leaves: usize, margins: usize): void {
  for (let row: usize = 0; row < 64; row += 4, margins += 32) {
    const at = indices + row;
    const one = v128.load64_lane(
      leaves + ((<usize>load<u8>(at, 1)) << 3),
      v128.load64_zero(leaves + ((<usize>load<u8>(at)) << 3)),
      1,
    );
    const two = v128.load64_lane(
      leaves + ((<usize>load<u8>(at, 3)) << 3),
      v128.load64_zero(leaves + ((<usize>load<u8>(at, 2)) << 3)),
      1,
    );
    v128.store(margins, f64x2.add(v128.load(margins), one));
    v128.store(margins, f64x2.add(v128.load(margins, 16), two), 16);
  }
}
