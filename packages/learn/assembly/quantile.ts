import {
  LABELS,
  LARGEST_WEIGHT,
  LEAF_BYTES,
  LEAF_HIGH,
  LEAF_LOW,
  LEAF_NODE,
  LEAF_OWN,
  LEAF_ROWS,
  LEAF_START,
  LEAVES,
  LEVEL,
  MARGINS,
  MAX_LEAVES,
  NODE_BYTES,
  NODE_VALUE,
  NODES,
  RATE,
  ROW_LISTS,
  ROWS,
  SCAN_BYTES,
  SORT_SCRATCH,
  STAGE_BYTES,
  THREAD_SCRATCH,
  THREAD_SCRATCH_BYTES,
  THREADS,
  WEIGHTS,
} from "../src/kernels/layout";
import { sortable, sortItems, unsortable } from "./sort";

/**
 * The loss of a quantile has no curvature, so each leaf takes the quantile of its residuals instead of a Newton step: the smallest
 * residual that a share LEVEL of the weight does not exceed. Weights are counted in whole units, so that their order is no matter.
 */
export function renewQuantiles(ctx: usize, thread: i32, leaves: i32): void {
  const threads = load<i32>(ctx + THREADS);
  let place = 0;
  for (let index = 0; index < leaves; index++) {
    const leaf = leafOf(ctx, 0, index);
    const rows = load<i32>(leaf, LEAF_ROWS);
    if (index % threads === thread) renewLeaf(ctx, thread, index, leaf, place);
    place += rows;
  }
}

function leafOf(ctx: usize, thread: i32, index: i32): usize {
  return (
    <usize>load<i32>(ctx + LEAVES) +
    (<usize>thread * <usize>load<i32>(ctx + MAX_LEAVES) + <usize>index) * LEAF_BYTES
  );
}

function renewLeaf(ctx: usize, thread: i32, index: i32, leaf: usize, place: i32): void {
  const all = <usize>load<i32>(ctx + ROWS);
  const items = <usize>load<i32>(ctx + SORT_SCRATCH) + ((<usize>place) << 3);
  const other = items + (all << 3);
  const counts =
    <usize>load<i32>(ctx + THREAD_SCRATCH) +
    <usize>thread * <usize>load<i32>(ctx + THREAD_SCRATCH_BYTES) +
    STAGE_BYTES +
    SCAN_BYTES;
  const labels = <usize>load<i32>(ctx + LABELS);
  const margins = <usize>load<i32>(ctx + MARGINS);
  const weights = <usize>load<i32>(ctx + WEIGHTS);
  const unit = <f64>68719476736 / load<f64>(ctx + LARGEST_WEIGHT); // 2³⁶ at most: the sum fits for 134 million rows
  let found = 0;
  let total: i64 = 0;
  for (let owner = 0; owner < load<i32>(ctx + THREADS); owner++) {
    const part = leafOf(ctx, owner, index);
    const list = <usize>load<i32>(ctx + ROW_LISTS) + ((<usize>load<i32>(part, LEAF_START)) << 2);
    for (let i = 0; i < load<i32>(part, LEAF_OWN); i++) {
      const row = load<u32>(list + ((<usize>i) << 2));
      const at = (<usize>row) << 2;
      const residual = load<f32>(labels + at) - load<f32>(margins + at);
      store<u64>(items + ((<usize>found) << 3), ((<u64>sortable(residual)) << 32) | <u64>row);
      total += weights === 0 ? 1 : <i64>(<f64>load<f32>(weights + at) * unit);
      found++;
    }
  }
  sortItems(items, found, other, counts);
  const wanted = load<f64>(ctx + LEVEL) * <f64>total;
  let sum: i64 = 0;
  let value: f32 = 0;
  for (let i = 0; i < found; i++) {
    const item = load<u64>(items + ((<usize>i) << 3));
    value = unsortable(<u32>(item >> 32));
    const at = (<usize>(<u32>item)) << 2;
    sum += weights === 0 ? 1 : <i64>(<f64>load<f32>(weights + at) * unit);
    if (<f64>sum >= wanted) break;
  }
  const bounded = max(load<f64>(leaf, LEAF_LOW), min(load<f64>(leaf, LEAF_HIGH), <f64>value));
  const node = <usize>load<i32>(ctx + NODES) + <usize>load<i32>(leaf, LEAF_NODE) * NODE_BYTES;
  store<f64>(node, <f64>(<f32>(bounded * load<f64>(ctx + RATE))), NODE_VALUE);
}
