import {
  BINS,
  BLOCK,
  COLUMN_BINS,
  COUNTS,
  FEATURES,
  HISTOGRAMS,
  LEAF_BYTES,
  LEAF_DEPTH,
  LEAF_FEATURE,
  LEAF_HIGH,
  LEAF_HISTOGRAM,
  LEAF_LOW,
  LEAF_MIN_ROWS,
  LEAF_NODE,
  LEAF_OWN,
  LEAF_ROWS,
  LEAF_START,
  LEAF_TOTAL,
  LIST_STARTS,
  MAX_DEPTH,
  MAX_LEAVES,
  MIN_ROWS,
  NODE_COUNT,
  NODE_VALUE,
  OBJECTIVE,
  QUANTILE,
  RATE,
  ROW_LISTS,
  ROW_SCRATCH,
  ROWS,
  SAMPLE_LIMIT,
  SAMPLE_SEED,
  SCAN_BYTES,
  SPLIT_BIN,
  SPLIT_FLAGS,
  SPLIT_GAIN,
  SPLIT_LEFT,
  SPLIT_SET,
  STAGE,
  STAGE_BYTES,
  THREAD_SCRATCH,
  THREAD_SCRATCH_BYTES,
  THREADS,
} from "../src/kernels/layout";
import { field, histogramBytes, isScaled, leafOf, nodeOf, stop } from "./context";
import { blockGradients } from "./gradients";
import {
  canSplit,
  chooseSplit,
  leafOutput,
  scanOwn,
  setBounds,
  splitNode,
  startNode,
} from "./leaf";
import { addToMargins } from "./margins";
import {
  addOwn,
  addStage,
  clearOwn,
  finishOwn,
  merge,
  stageTarget,
  subtract,
} from "./node-histogram";
import { fillShuffles, fillTable, partitionOwn, sampleRows } from "./partition";
import { renewQuantiles } from "./quantile";
import { prepareGradients } from "./scale";

/**
 * Grows one tree, best leaf first, and adds it to the margins. Every thread runs this same loop over its own blocks of rows and
 * comes to the same decisions, because sums of whole numbers do not depend on their order.
 */
export function growTree(ctx: usize, thread: i32): void {
  const threads = load<i32>(ctx + THREADS);
  const maxLeaves = load<i32>(ctx + MAX_LEAVES);
  if (!isScaled(ctx)) prepareGradients(ctx, thread);
  plantRoot(ctx, thread);
  let leaves = 1;
  while (leaves < maxLeaves) {
    const leaf = bestLeaf(ctx, thread, leaves);
    if (leaf < 0) break;
    const isLast = leaves + 1 === maxLeaves;
    if (splitLeaf(ctx, thread, leaf, leaves, isLast)) leaves++;
  }
  finishLeaves(ctx, thread, leaves);
  if (load<i32>(ctx + OBJECTIVE) === QUANTILE) {
    stop(ctx);
    renewQuantiles(ctx, thread, leaves);
  }
  if (thread === 0) store<i32>(ctx + NODE_COUNT, 2 * leaves - 1);
  stop(ctx);
  addToMargins(ctx, thread, leaves);
  if (threads > 1) stop(ctx);
}

function plantRoot(ctx: usize, thread: i32): void {
  const rows = load<i32>(ctx + ROWS);
  const threads = load<i32>(ctx + THREADS);
  const features = load<i32>(ctx + FEATURES);
  const limit = load<u32>(ctx + SAMPLE_LIMIT);
  const start = load<i32>(field(ctx, LIST_STARTS) + ((<usize>thread) << 2));
  const list = field(ctx, ROW_LISTS) + ((<usize>start) << 2);
  clearOwn(ctx, thread, 0);
  const scaled = isScaled(ctx);
  let end = list;
  for (let from = thread * BLOCK; from < rows; from += threads * BLOCK) {
    const to = min(from + BLOCK, rows);
    // gradients are made while the rows are at hand
    for (let row = from; row < to; row += STAGE) {
      const next = min(row + STAGE, to);
      if (scaled) {
        blockGradients(ctx, row, (next + 3) & ~3, stageTarget(ctx, thread, row), true);
      }
      if (limit === 0) addStage(ctx, thread, row, next - row);
    }
    end =
      limit === 0
        ? listRows(end, from, to)
        : sampleRows(end, from, to, load<i32>(ctx + SAMPLE_SEED), limit);
  }
  const own = <i32>((end - list) >> 2);
  if (limit !== 0) addOwn(ctx, thread, list, own, 0);
  finishOwn(ctx, thread, 0);
  store<i32>(field(ctx, COUNTS) + ((<usize>thread) << 2), own);
  stop(ctx);
  let count = 0;
  for (let other = 0; other < threads; other++) {
    count += load<i32>(field(ctx, COUNTS) + ((<usize>other) << 2));
  }
  const histogram = field(ctx, HISTOGRAMS);
  merge(ctx, thread, histogram);
  // the first feature holds every row once; other threads read it only when it is merged
  if (threads > 1) stop(ctx);
  let total: i64 = 0;
  for (let bin: usize = 0; bin < <usize>BINS; bin++) total += load<i64>(histogram + (bin << 3));
  const leaf = leafOf(ctx, thread, 0);
  memory.fill(leaf, 0, LEAF_BYTES);
  store<i64>(leaf, total, LEAF_TOTAL);
  store<f64>(leaf, -Infinity, LEAF_LOW);
  store<f64>(leaf, Infinity, LEAF_HIGH);
  store<i32>(leaf, start, LEAF_START);
  store<i32>(leaf, own, LEAF_OWN);
  store<i32>(leaf, count, LEAF_ROWS);
  store<i32>(leaf, load<i32>(ctx + MIN_ROWS), LEAF_MIN_ROWS);
  if (thread === 0) startNode(ctx, 0, count);
  if (canSplit(ctx, leaf)) {
    scanOwn(ctx, thread, 0, leaf);
    stop(ctx);
    chooseSplit(ctx, 0, leaf, features);
  }
}

function bestLeaf(ctx: usize, thread: i32, leaves: i32): i32 {
  let best: f64 = 0;
  let chosen = -1;
  for (let leaf = 0; leaf < leaves; leaf++) {
    const gain = load<f64>(leafOf(ctx, thread, leaf), SPLIT_GAIN);
    if (gain > best) {
      best = gain;
      chosen = leaf;
    }
  }
  return chosen;
}

/** Splits a leaf in two; false when the true row counts forbid it, and then the leaf has another split, or none. */
function splitLeaf(ctx: usize, thread: i32, index: i32, leaves: i32, isLast: bool): bool {
  const leaf = leafOf(ctx, thread, index);
  const threads = load<i32>(ctx + THREADS);
  const features = load<i32>(ctx + FEATURES);
  const minRows = load<i32>(ctx + MIN_ROWS);
  const feature = load<i32>(leaf, LEAF_FEATURE);
  const rows = load<i32>(leaf, LEAF_ROWS);
  const own = load<i32>(leaf, LEAF_OWN);
  const start = load<i32>(leaf, LEAF_START);
  const total = load<i64>(leaf, LEAF_TOTAL);
  const leftTotal = load<i64>(leaf, SPLIT_LEFT);
  const scratch = field(ctx, THREAD_SCRATCH) + <usize>thread * field(ctx, THREAD_SCRATCH_BYTES);
  // both where a scan will be later on
  const shuffles = scratch + STAGE_BYTES;
  const table = scratch + STAGE_BYTES + SCAN_BYTES - 256;
  fillShuffles(shuffles);
  fillTable(table, load<i32>(leaf, SPLIT_FLAGS), load<i32>(leaf, SPLIT_BIN), leaf + SPLIT_SET);
  const list = field(ctx, ROW_LISTS) + ((<usize>start) << 2);
  const ownLeft = partitionOwn(
    list,
    own,
    <usize>load<u32>(field(ctx, COLUMN_BINS) + ((<usize>feature) << 2)),
    table,
    shuffles,
    field(ctx, ROW_SCRATCH) +
      ((<usize>load<i32>(field(ctx, LIST_STARTS) + ((<usize>thread) << 2))) << 2),
  );
  store<i32>(field(ctx, COUNTS) + ((<usize>thread) << 2), ownLeft);
  stop(ctx);
  let left = 0;
  for (let other = 0; other < threads; other++) {
    left += load<i32>(field(ctx, COUNTS) + ((<usize>other) << 2));
  }
  if (left < minRows || rows - left < minRows) {
    // the hessians misled: look again, more strictly; its histogram still stands
    store<i32>(leaf, load<i32>(leaf, LEAF_MIN_ROWS) << 1, LEAF_MIN_ROWS);
    scanOwn(ctx, thread, 0, leaf);
    stop(ctx);
    chooseSplit(ctx, 0, leaf, features);
    return false;
  }

  // a histogram is needed only where a child might be split again; the smaller one is added up, the other is the difference
  const needed =
    !isLast &&
    rows - minRows >= 2 * minRows &&
    load<i32>(leaf, LEAF_DEPTH) + 1 < load<i32>(ctx + MAX_DEPTH);
  const leftIsSmaller = 2 * left <= rows;
  if (needed) {
    clearOwn(ctx, thread, leaves);
    if (leftIsSmaller) addOwn(ctx, thread, list, ownLeft, leaves);
    else addOwn(ctx, thread, list + ((<usize>ownLeft) << 2), own - ownLeft, leaves);
    finishOwn(ctx, thread, leaves);
  }
  if (threads > 1) stop(ctx);

  if (thread === 0) splitNode(ctx, leaf, 2 * leaves - 1, left, rows - left);
  const sibling = leafOf(ctx, thread, leaves);
  memory.copy(sibling, leaf, LEAF_BYTES);
  store<i64>(leaf, leftTotal, LEAF_TOTAL);
  store<i64>(sibling, total - leftTotal, LEAF_TOTAL);
  setBounds(ctx, leaf, sibling, feature);
  const depth = load<i32>(leaf, LEAF_DEPTH) + 1;
  store<i32>(leaf, depth, LEAF_DEPTH);
  store<i32>(sibling, depth, LEAF_DEPTH);
  store<i32>(leaf, ownLeft, LEAF_OWN);
  store<i32>(sibling, start + ownLeft, LEAF_START);
  store<i32>(sibling, own - ownLeft, LEAF_OWN);
  store<i32>(leaf, left, LEAF_ROWS);
  store<i32>(sibling, rows - left, LEAF_ROWS);
  store<i32>(leaf, minRows, LEAF_MIN_ROWS);
  store<i32>(sibling, minRows, LEAF_MIN_ROWS);
  store<i32>(leaf, 2 * leaves - 1, LEAF_NODE);
  store<i32>(sibling, 2 * leaves, LEAF_NODE);
  store<f64>(leaf, 0, SPLIT_GAIN);
  store<f64>(sibling, 0, SPLIT_GAIN);
  if (!needed) return true;

  const parentSlot = load<i32>(leaf, LEAF_HISTOGRAM);
  store<i32>(leftIsSmaller ? leaf : sibling, leaves, LEAF_HISTOGRAM);
  store<i32>(leftIsSmaller ? sibling : leaf, parentSlot, LEAF_HISTOGRAM);
  const bytes = histogramBytes(ctx);
  const small = field(ctx, HISTOGRAMS) + <usize>leaves * bytes;
  const large = field(ctx, HISTOGRAMS) + <usize>parentSlot * bytes;
  merge(ctx, thread, small);
  subtract(ctx, thread, large, small);
  const scanLeft = canSplit(ctx, leaf);
  const scanRight = canSplit(ctx, sibling);
  if (scanLeft) scanOwn(ctx, thread, 0, leaf);
  if (scanRight) scanOwn(ctx, thread, 1, sibling);
  stop(ctx);
  if (scanLeft) chooseSplit(ctx, 0, leaf, features);
  if (scanRight) chooseSplit(ctx, 1, sibling, features);
  return true;
}

function finishLeaves(ctx: usize, thread: i32, leaves: i32): void {
  if (thread !== 0) return;
  const rate = load<f64>(ctx + RATE);
  for (let index = 0; index < leaves; index++) {
    const leaf = leafOf(ctx, 0, index);
    // a float, as every runtime of the exported model stores it
    const value = <f32>(leafOutput(ctx, leaf) * rate);
    store<f64>(nodeOf(ctx, load<i32>(leaf, LEAF_NODE)), <f64>value, NODE_VALUE);
  }
}

function listRows(list: usize, from: i32, to: i32): usize {
  for (let row = from; row < to; row++, list += 4) store<u32>(list, row);
  return list;
}
