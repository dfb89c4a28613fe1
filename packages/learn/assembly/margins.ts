import {
  BLOCK,
  CLASS,
  CLASS_STRIDE,
  COLUMN_BINS,
  LEAF_NODE,
  LEAF_OWN,
  LEAF_START,
  LEVELS_LEFT,
  MARGINS,
  MISSING,
  MISSING_LEFT,
  NODE_BIN,
  NODE_FEATURE,
  NODE_FLAGS,
  NODE_LEFT,
  NODE_RIGHT,
  NODE_SET,
  NODE_VALUE,
  ROW_LISTS,
  ROWS,
  SAMPLE_LIMIT,
  SAMPLE_SEED,
  THREADS,
  TOTAL_ROWS,
} from "../src/kernels/layout";
import { field, leafOf, nodeOf } from "./context";
import { hash } from "./partition";

/** Adds what the new tree says to the margins of this thread's rows. */
export function addToMargins(ctx: usize, thread: i32, leaves: i32): void {
  const rows = load<i32>(ctx + ROWS);
  const total = load<i32>(ctx + TOTAL_ROWS);
  const threads = load<i32>(ctx + THREADS);
  const margins =
    field(ctx, MARGINS) +
    ((<usize>load<i32>(ctx + CLASS) * <usize>load<i32>(ctx + CLASS_STRIDE)) << 2);
  const limit = load<u32>(ctx + SAMPLE_LIMIT);
  for (let index = 0; index < leaves; index++) {
    const leaf = leafOf(ctx, thread, index);
    const value = <f32>load<f64>(nodeOf(ctx, load<i32>(leaf, LEAF_NODE)), NODE_VALUE);
    const list = field(ctx, ROW_LISTS) + ((<usize>load<i32>(leaf, LEAF_START)) << 2);
    const own = load<i32>(leaf, LEAF_OWN);
    for (let from = 0; from < own; from += 8192) {
      addValue(margins, list + ((<usize>from) << 2), min(8192, own - from), value);
    }
  }
  // rows that the tree has not seen: those left out by sampling, and the ones kept for validation
  const first = limit !== 0 ? 0 : rows;
  for (let from = (first / BLOCK) * BLOCK; from < total; from += BLOCK) {
    if ((from / BLOCK) % threads !== thread) continue;
    for (let row = max(from, first); row < min(from + BLOCK, total); row++) {
      if (row < rows && hash(row, load<i32>(ctx + SAMPLE_SEED)) < limit) continue;
      const at = margins + ((<usize>row) << 2);
      store<f32>(at, load<f32>(at) + <f32>leafValue(ctx, row));
    }
  }
}

function addValue(margins: usize, list: usize, count: i32, value: f32): void {
  for (const end = list + ((<usize>count) << 2); list < end; list += 4) {
    const at = margins + ((<usize>load<u32>(list)) << 2);
    store<f32>(at, load<f32>(at) + value);
  }
}

/** What the new tree says about a row, by its bins. */
function leafValue(ctx: usize, row: i32): f64 {
  const columns = field(ctx, COLUMN_BINS);
  let node = nodeOf(ctx, 0);
  while (load<i32>(node, NODE_FEATURE) >= 0) {
    const column = load<u32>(columns + ((<usize>load<i32>(node, NODE_FEATURE)) << 2));
    const bin = load<u8>(<usize>column + <usize>row);
    const flags = load<i32>(node, NODE_FLAGS);
    let left: bool;
    if (flags & LEVELS_LEFT) {
      left = ((load<u8>(node + NODE_SET + (<usize>bin >> 3)) >> (bin & 7)) & 1) !== 0;
    } else if (bin === MISSING) left = (flags & MISSING_LEFT) !== 0;
    else left = <i32>bin <= load<i32>(node, NODE_BIN);
    node = nodeOf(ctx, left ? load<i32>(node, NODE_LEFT) : load<i32>(node, NODE_RIGHT));
  }
  return load<f64>(node, NODE_VALUE);
}
