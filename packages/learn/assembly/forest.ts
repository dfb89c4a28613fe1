import { scoreBytes } from "./forest-bytes";

export { binByGrid, binBySteps, narrowLevels, scoreTrees } from "./forest-bytes";

/**
 * Adds the value of every tree to the margins of `count` rows (a multiple of 16). Per tree and row a mask holds the leaves still
 * possible; a node whose condition fails takes its left leaves out, and the first leaf left is the answer (QuickScorer: Lucchese
 * et al. 2015, one tree at a time on 16 rows). No branches and no gathers, in any order of nodes.
 *
 * `model`: number of trees, 0 (1: it is one for `scoreBytes`); then per tree: words of 32 leaves, and per word how many there are of five kinds of node (pairs on one
 * column where NaN goes left, single ones, pairs where it goes right, single ones, sets of levels) and the nodes: place of the
 * column in a chunk, threshold or place of its set, leaves to take out; then its leaf values.
 * `chunk`: one column after another, CHUNK_STRIDE bytes apart: floats, or bins of categories as i32.
 * `scratch`: 64 bytes per word of the largest tree.
 */
export function scoreChunk(
  model: usize,
  chunk: usize,
  count: i32,
  margins: usize,
  scratch: usize,
): void {
  if (load<i32>(model, 4) !== 0) {
    scoreBytes(model, chunk, count, margins, scratch);
    return;
  }
  for (let row = 0; row < count; row += 16) {
    scoreRows(model, chunk + ((<usize>row) << 2), margins + ((<usize>row) << 3), scratch);
  }
}

/** One group of 16 rows through all trees. */
export function scoreRows(model: usize, chunk: usize, margins: usize, scratch: usize): void {
  const trees = load<i32>(model);
  let at = model + 8;
  for (let tree = 0; tree < trees; tree++) {
    const words = load<i32>(at);
    at += 8;
    if (words === 1) {
      at = narrow(model, at, chunk, margins);
      continue;
    }
    for (let word = 0; word < words; word++) {
      at = wide(model, at, chunk, scratch + ((<usize>word) << 6));
    }
    for (let row: usize = 0; row < 16; row++) {
      let word: usize = 0;
      while (load<u32>(scratch + (word << 6) + (row << 2)) === 0) word++;
      const leaf = (word << 5) + <usize>ctz(load<u32>(scratch + (word << 6) + (row << 2)));
      const margin = margins + (row << 3);
      store<f64>(margin, load<f64>(margin) + load<f64>(at + (leaf << 3)));
    }
    at += (<usize>words) << 8;
  }
}

/** A tree of up to 32 leaves. Returns the place after its leaf values. */
function narrow(model: usize, at: usize, chunk: usize, margins: usize): usize {
  let a = i32x4.splat(-1);
  let b = a;
  let c = a;
  let d = a;
  let node = at + 32;
  let end = node + ((<usize>load<i32>(at)) << 5);
  for (; node < end; node += 32) {
    const x = chunk + <usize>load<u32>(node);
    const one = v128.load32_splat(node, 4);
    const oneOut = v128.load32_splat(node, 8);
    const two = v128.load32_splat(node, 20);
    const twoOut = v128.load32_splat(node, 24);
    let value = v128.load(x);
    a = v128.andnot(a, v128.and(f32x4.gt(value, one), oneOut));
    a = v128.andnot(a, v128.and(f32x4.gt(value, two), twoOut));
    value = v128.load(x, 16);
    b = v128.andnot(b, v128.and(f32x4.gt(value, one), oneOut));
    b = v128.andnot(b, v128.and(f32x4.gt(value, two), twoOut));
    value = v128.load(x, 32);
    c = v128.andnot(c, v128.and(f32x4.gt(value, one), oneOut));
    c = v128.andnot(c, v128.and(f32x4.gt(value, two), twoOut));
    value = v128.load(x, 48);
    d = v128.andnot(d, v128.and(f32x4.gt(value, one), oneOut));
    d = v128.andnot(d, v128.and(f32x4.gt(value, two), twoOut));
  }
  end += (<usize>load<i32>(at, 4)) << 4;
  for (; node < end; node += 16) {
    const x = chunk + <usize>load<u32>(node);
    const threshold = v128.load32_splat(node, 4);
    const out = v128.load32_splat(node, 8);
    a = v128.andnot(a, v128.and(f32x4.gt(v128.load(x), threshold), out));
    b = v128.andnot(b, v128.and(f32x4.gt(v128.load(x, 16), threshold), out));
    c = v128.andnot(c, v128.and(f32x4.gt(v128.load(x, 32), threshold), out));
    d = v128.andnot(d, v128.and(f32x4.gt(v128.load(x, 48), threshold), out));
  }
  end += (<usize>load<i32>(at, 8)) << 5;
  for (; node < end; node += 32) {
    const x = chunk + <usize>load<u32>(node);
    const one = v128.load32_splat(node, 4);
    const oneOut = v128.load32_splat(node, 8);
    const two = v128.load32_splat(node, 20);
    const twoOut = v128.load32_splat(node, 24);
    let value = v128.load(x);
    a = v128.andnot(a, v128.andnot(oneOut, f32x4.le(value, one)));
    a = v128.andnot(a, v128.andnot(twoOut, f32x4.le(value, two)));
    value = v128.load(x, 16);
    b = v128.andnot(b, v128.andnot(oneOut, f32x4.le(value, one)));
    b = v128.andnot(b, v128.andnot(twoOut, f32x4.le(value, two)));
    value = v128.load(x, 32);
    c = v128.andnot(c, v128.andnot(oneOut, f32x4.le(value, one)));
    c = v128.andnot(c, v128.andnot(twoOut, f32x4.le(value, two)));
    value = v128.load(x, 48);
    d = v128.andnot(d, v128.andnot(oneOut, f32x4.le(value, one)));
    d = v128.andnot(d, v128.andnot(twoOut, f32x4.le(value, two)));
  }
  end += (<usize>load<i32>(at, 12)) << 4;
  for (; node < end; node += 16) {
    const x = chunk + <usize>load<u32>(node);
    const threshold = v128.load32_splat(node, 4);
    const out = v128.load32_splat(node, 8);
    a = v128.andnot(a, v128.andnot(out, f32x4.le(v128.load(x), threshold)));
    b = v128.andnot(b, v128.andnot(out, f32x4.le(v128.load(x, 16), threshold)));
    c = v128.andnot(c, v128.andnot(out, f32x4.le(v128.load(x, 32), threshold)));
    d = v128.andnot(d, v128.andnot(out, f32x4.le(v128.load(x, 48), threshold)));
  }
  end += (<usize>load<i32>(at, 16)) << 4;
  for (; node < end; node += 16) {
    const x = chunk + <usize>load<u32>(node);
    const set = model + <usize>load<u32>(node, 4);
    const out = v128.load32_splat(node, 8);
    a = v128.andnot(a, v128.andnot(out, inSet(x, set)));
    b = v128.andnot(b, v128.andnot(out, inSet(x + 16, set)));
    c = v128.andnot(c, v128.andnot(out, inSet(x + 32, set)));
    d = v128.andnot(d, v128.andnot(out, inSet(x + 48, set)));
  }
  add4(margins, a, node);
  add4(margins + 32, b, node);
  add4(margins + 64, c, node);
  add4(margins + 96, d, node);
  return node + 256;
}

function add4(margins: usize, mask: v128, leaves: usize): void {
  store<f64>(
    margins,
    load<f64>(margins) + load<f64>(leaves + ((<usize>ctz(i32x4.extract_lane(mask, 0))) << 3)),
  );
  store<f64>(
    margins,
    load<f64>(margins, 8) + load<f64>(leaves + ((<usize>ctz(i32x4.extract_lane(mask, 1))) << 3)),
    8,
  );
  store<f64>(
    margins,
    load<f64>(margins, 16) + load<f64>(leaves + ((<usize>ctz(i32x4.extract_lane(mask, 2))) << 3)),
    16,
  );
  store<f64>(
    margins,
    load<f64>(margins, 24) + load<f64>(leaves + ((<usize>ctz(i32x4.extract_lane(mask, 3))) << 3)),
    24,
  );
}

/** One word of a larger tree: its masks go to `scratch`. Returns the place after its nodes. */
function wide(model: usize, at: usize, chunk: usize, scratch: usize): usize {
  let a = i32x4.splat(-1);
  let b = a;
  let c = a;
  let d = a;
  let node = at + 32;
  let end = node + ((<usize>load<i32>(at)) << 5);
  for (; node < end; node += 32) {
    const x = chunk + <usize>load<u32>(node);
    const one = v128.load32_splat(node, 4);
    const oneOut = v128.load32_splat(node, 8);
    const two = v128.load32_splat(node, 20);
    const twoOut = v128.load32_splat(node, 24);
    let value = v128.load(x);
    a = v128.andnot(a, v128.and(f32x4.gt(value, one), oneOut));
    a = v128.andnot(a, v128.and(f32x4.gt(value, two), twoOut));
    value = v128.load(x, 16);
    b = v128.andnot(b, v128.and(f32x4.gt(value, one), oneOut));
    b = v128.andnot(b, v128.and(f32x4.gt(value, two), twoOut));
    value = v128.load(x, 32);
    c = v128.andnot(c, v128.and(f32x4.gt(value, one), oneOut));
    c = v128.andnot(c, v128.and(f32x4.gt(value, two), twoOut));
    value = v128.load(x, 48);
    d = v128.andnot(d, v128.and(f32x4.gt(value, one), oneOut));
    d = v128.andnot(d, v128.and(f32x4.gt(value, two), twoOut));
  }
  end += (<usize>load<i32>(at, 4)) << 4;
  for (; node < end; node += 16) {
    const x = chunk + <usize>load<u32>(node);
    const threshold = v128.load32_splat(node, 4);
    const out = v128.load32_splat(node, 8);
    a = v128.andnot(a, v128.and(f32x4.gt(v128.load(x), threshold), out));
    b = v128.andnot(b, v128.and(f32x4.gt(v128.load(x, 16), threshold), out));
    c = v128.andnot(c, v128.and(f32x4.gt(v128.load(x, 32), threshold), out));
    d = v128.andnot(d, v128.and(f32x4.gt(v128.load(x, 48), threshold), out));
  }
  end += (<usize>load<i32>(at, 8)) << 5;
  for (; node < end; node += 32) {
    const x = chunk + <usize>load<u32>(node);
    const one = v128.load32_splat(node, 4);
    const oneOut = v128.load32_splat(node, 8);
    const two = v128.load32_splat(node, 20);
    const twoOut = v128.load32_splat(node, 24);
    let value = v128.load(x);
    a = v128.andnot(a, v128.andnot(oneOut, f32x4.le(value, one)));
    a = v128.andnot(a, v128.andnot(twoOut, f32x4.le(value, two)));
    value = v128.load(x, 16);
    b = v128.andnot(b, v128.andnot(oneOut, f32x4.le(value, one)));
    b = v128.andnot(b, v128.andnot(twoOut, f32x4.le(value, two)));
    value = v128.load(x, 32);
    c = v128.andnot(c, v128.andnot(oneOut, f32x4.le(value, one)));
    c = v128.andnot(c, v128.andnot(twoOut, f32x4.le(value, two)));
    value = v128.load(x, 48);
    d = v128.andnot(d, v128.andnot(oneOut, f32x4.le(value, one)));
    d = v128.andnot(d, v128.andnot(twoOut, f32x4.le(value, two)));
  }
  end += (<usize>load<i32>(at, 12)) << 4;
  for (; node < end; node += 16) {
    const x = chunk + <usize>load<u32>(node);
    const threshold = v128.load32_splat(node, 4);
    const out = v128.load32_splat(node, 8);
    a = v128.andnot(a, v128.andnot(out, f32x4.le(v128.load(x), threshold)));
    b = v128.andnot(b, v128.andnot(out, f32x4.le(v128.load(x, 16), threshold)));
    c = v128.andnot(c, v128.andnot(out, f32x4.le(v128.load(x, 32), threshold)));
    d = v128.andnot(d, v128.andnot(out, f32x4.le(v128.load(x, 48), threshold)));
  }
  end += (<usize>load<i32>(at, 16)) << 4;
  for (; node < end; node += 16) {
    const x = chunk + <usize>load<u32>(node);
    const set = model + <usize>load<u32>(node, 4);
    const out = v128.load32_splat(node, 8);
    a = v128.andnot(a, v128.andnot(out, inSet(x, set)));
    b = v128.andnot(b, v128.andnot(out, inSet(x + 16, set)));
    c = v128.andnot(c, v128.andnot(out, inSet(x + 32, set)));
    d = v128.andnot(d, v128.andnot(out, inSet(x + 48, set)));
  }
  v128.store(scratch, a);
  v128.store(scratch, b, 16);
  v128.store(scratch, c, 32);
  v128.store(scratch, d, 48);
  return node;
}

/** All ones where the level of a row is in a set of 256. */
function inSet(x: usize, set: usize): v128 {
  let bits = i32x4.splat(has(load<u32>(x), set));
  bits = i32x4.replace_lane(bits, 1, has(load<u32>(x, 4), set));
  bits = i32x4.replace_lane(bits, 2, has(load<u32>(x, 8), set));
  bits = i32x4.replace_lane(bits, 3, has(load<u32>(x, 12), set));
  return i32x4.neg(bits);
}

function has(bin: u32, set: usize): i32 {
  return <i32>((load<u8>(set + ((<usize>bin >> 3) & 31)) >> <u8>(bin & 7)) & 1);
}

/**
 * Takes chunks from a counter until none is left; several threads may do so at once. `control` holds, as words: number of this job
 * (0 = none), threads inside, next chunk, chunks ready, chunks done, chunks in all; then model, chunks, bytes of a chunk, rows of a
 * chunk, margins, scratch, bytes of scratch per thread.
 */
export function scoreShared(control: usize, job: i32, thread: i32): void {
  atomic.add<i32>(control, 1, 4);
  if (atomic.load<i32>(control) === job) {
    const all = load<i32>(control, 20);
    const model = <usize>load<u32>(control, 24);
    const chunks = <usize>load<u32>(control, 28);
    const bytes = <usize>load<u32>(control, 32);
    const rows = load<i32>(control, 36);
    const margins = <usize>load<u32>(control, 40);
    const scratch = <usize>load<u32>(control, 44) + <usize>thread * <usize>load<u32>(control, 48);
    for (;;) {
      const next = atomic.add<i32>(control, 1, 8);
      if (next >= all) break;
      while (atomic.load<i32>(control, 12) <= next) {} // the caller is still copying this chunk in
      scoreChunk(
        model,
        chunks + <usize>next * bytes,
        rows,
        margins + ((<usize>(next * rows)) << 3),
        scratch,
      );
      atomic.add<i32>(control, 1, 16);
    }
  }
  atomic.sub<i32>(control, 1, 4);
}
