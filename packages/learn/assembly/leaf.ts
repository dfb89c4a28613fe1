import {
  DECREASING,
  FEATURE_FLAGS,
  GRADIENT_SCALE,
  HESSIAN_SCALE,
  HISTOGRAMS,
  INCREASING,
  L2,
  LEAF_DEPTH,
  LEAF_FEATURE,
  LEAF_HIGH,
  LEAF_HISTOGRAM,
  LEAF_LOW,
  LEAF_MIN_ROWS,
  LEAF_NODE,
  LEAF_ROWS,
  LEAF_TOTAL,
  MAX_DEPTH,
  MIN_GAIN,
  MIN_ROWS,
  NODE_BIN,
  NODE_BYTES,
  NODE_FEATURE,
  NODE_FLAGS,
  NODE_GAIN,
  NODE_LEFT,
  NODE_RIGHT,
  NODE_ROWS,
  NODE_SET,
  SPLIT_BIN,
  SPLIT_BYTES,
  SPLIT_FLAGS,
  SPLIT_GAIN,
  SPLIT_SET,
  STAGE_BYTES,
  THREAD_SCRATCH,
  THREAD_SCRATCH_BYTES,
} from "../src/kernels/layout";
import { field, histogramBytes, nodeOf, splitOf } from "./context";
import { output } from "./gain";
import { firstSlot } from "./node-histogram";
import { findSplits } from "./split";

export function scanOwn(ctx: usize, thread: i32, side: i32, leaf: usize): void {
  const histogram =
    field(ctx, HISTOGRAMS) + <usize>load<i32>(leaf, LEAF_HISTOGRAM) * histogramBytes(ctx);
  const scratch =
    field(ctx, THREAD_SCRATCH) + <usize>thread * field(ctx, THREAD_SCRATCH_BYTES) + STAGE_BYTES;
  findSplits(
    ctx,
    histogram,
    firstSlot(ctx, thread),
    firstSlot(ctx, thread + 1),
    load<i64>(leaf, LEAF_TOTAL),
    load<i32>(leaf, LEAF_ROWS),
    load<i32>(leaf, LEAF_MIN_ROWS),
    load<f64>(leaf, LEAF_LOW),
    load<f64>(leaf, LEAF_HIGH),
    scratch,
    splitOf(ctx, side, 0),
  );
}

export function canSplit(ctx: usize, leaf: usize): bool {
  return (
    load<i32>(leaf, LEAF_ROWS) >= 2 * load<i32>(ctx + MIN_ROWS) &&
    load<i32>(leaf, LEAF_DEPTH) < load<i32>(ctx + MAX_DEPTH)
  );
}

/** The best of all features' splits; of equal ones the first. */
export function chooseSplit(ctx: usize, side: i32, leaf: usize, features: i32): void {
  let best = load<f64>(ctx + MIN_GAIN);
  let chosen = -1;
  for (let feature = 0; feature < features; feature++) {
    const gain = load<f64>(splitOf(ctx, side, feature), SPLIT_GAIN);
    if (gain > best) {
      best = gain;
      chosen = feature;
    }
  }
  if (chosen < 0) {
    store<f64>(leaf, 0, SPLIT_GAIN);
    return;
  }
  memory.copy(leaf, splitOf(ctx, side, chosen), SPLIT_BYTES);
  store<i32>(leaf, chosen, LEAF_FEATURE);
}

/** A split on a constrained feature bounds both sides by the middle of their outputs (LightGBM's "basic" method). */
export function setBounds(ctx: usize, leaf: usize, sibling: usize, feature: i32): void {
  const flags = load<i32>(field(ctx, FEATURE_FLAGS) + ((<usize>feature) << 2));
  if (!(flags & (INCREASING | DECREASING))) return;
  const low = load<f64>(leaf, LEAF_LOW);
  const high = load<f64>(leaf, LEAF_HIGH);
  const middle = (leafOutput(ctx, leaf) + leafOutput(ctx, sibling)) * 0.5;
  store<f64>(flags & INCREASING ? leaf : sibling, min(high, middle), LEAF_HIGH);
  store<f64>(flags & INCREASING ? sibling : leaf, max(low, middle), LEAF_LOW);
}

export function leafOutput(ctx: usize, leaf: usize): f64 {
  const total = load<i64>(leaf, LEAF_TOTAL);
  return output(
    <f64>(total >> 32) * (1 / load<f64>(ctx + GRADIENT_SCALE)),
    <f64>(total & 0xffffffff) * (1 / load<f64>(ctx + HESSIAN_SCALE)),
    load<f64>(ctx + L2),
    load<f64>(leaf, LEAF_LOW),
    load<f64>(leaf, LEAF_HIGH),
  );
}

export function startNode(ctx: usize, index: i32, rows: i32): void {
  const node = nodeOf(ctx, index);
  memory.fill(node, 0, NODE_BYTES);
  store<i32>(node, -1, NODE_FEATURE);
  store<i32>(node, rows, NODE_ROWS);
}

export function splitNode(ctx: usize, leaf: usize, first: i32, left: i32, right: i32): void {
  const node = nodeOf(ctx, load<i32>(leaf, LEAF_NODE));
  store<i32>(node, load<i32>(leaf, LEAF_FEATURE), NODE_FEATURE);
  store<i32>(node, load<i32>(leaf, SPLIT_BIN), NODE_BIN);
  store<i32>(node, load<i32>(leaf, SPLIT_FLAGS), NODE_FLAGS);
  store<i32>(node, first, NODE_LEFT);
  store<i32>(node, first + 1, NODE_RIGHT);
  store<f64>(node, load<f64>(leaf, SPLIT_GAIN), NODE_GAIN);
  memory.copy(node + NODE_SET, leaf + SPLIT_SET, 32);
  startNode(ctx, first, left);
  startNode(ctx, first + 1, right);
}
