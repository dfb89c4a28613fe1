import {
  BARRIER,
  BINS,
  BLOCK,
  BLOCK_SUMS,
  CELL,
  CLASS,
  CLASS_STRIDE,
  COLUMN_BINS,
  COUNTS,
  DECREASING,
  FEATURE_FLAGS,
  FEATURES,
  GRADIENT_SCALE,
  GRADIENTS,
  HESSIAN_SCALE,
  HISTOGRAMS,
  INCREASING,
  L2,
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
  LEAVES,
  LEVELS_LEFT,
  LIST_STARTS,
  MARGINS,
  MAX_DEPTH,
  MAX_LEAVES,
  MIN_GAIN,
  MIN_ROWS,
  MISSING,
  MISSING_LEFT,
  NODE_BIN,
  NODE_BYTES,
  NODE_COUNT,
  NODE_FEATURE,
  NODE_FLAGS,
  NODE_GAIN,
  NODE_LEFT,
  NODE_RIGHT,
  NODE_ROWS,
  NODE_SET,
  NODE_VALUE,
  NODES,
  OBJECTIVE,
  POISSON,
  QUANTILE,
  RATE,
  ROW_BINS,
  ROW_LISTS,
  ROW_SCRATCH,
  ROWS,
  SAMPLE_LIMIT,
  SAMPLE_SEED,
  SCAN_BYTES,
  SPLIT_BIN,
  SPLIT_BYTES,
  SPLIT_FLAGS,
  SPLIT_GAIN,
  SPLIT_LEFT,
  SPLIT_SET,
  SPLITS,
  SQUARED_ERROR,
  STAGE_BYTES,
  STRIDE,
  THREAD_HISTOGRAMS,
  THREAD_SCRATCH,
  THREAD_SCRATCH_BYTES,
  THREADS,
  TOTAL_ROWS,
} from "../src/kernels/layout";
import { blockGradients, blockPack, blockProbabilities } from "./gradients";
import { addCells, addList, addRows, subtractCells } from "./histogram";
import { fillTable, hash, partition, sampleRows } from "./partition";
import { renewQuantiles } from "./quantile";
import { findSplits, output } from "./split";
import { wait } from "./threads";

function field(ctx: usize, offset: usize): usize {
  return <usize>load<i32>(ctx + offset);
}

function leafOf(ctx: usize, thread: i32, leaf: i32): usize {
  return (
    field(ctx, LEAVES) +
    (<usize>thread * <usize>load<i32>(ctx + MAX_LEAVES) + <usize>leaf) * LEAF_BYTES
  );
}

function nodeOf(ctx: usize, node: i32): usize {
  return field(ctx, NODES) + <usize>node * NODE_BYTES;
}

function splitOf(ctx: usize, side: i32, feature: i32): usize {
  return field(ctx, SPLITS) + <usize>(side * load<i32>(ctx + FEATURES) + feature) * SPLIT_BYTES;
}

function histogramBytes(ctx: usize): usize {
  return <usize>load<i32>(ctx + FEATURES) * BINS * CELL;
}

function stop(ctx: usize): void {
  wait(field(ctx, BARRIER), load<i32>(ctx + THREADS));
}

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

/** Softmax of all margins, before the round's first tree changes one of them. */
export function probabilities(ctx: usize, thread: i32): void {
  const rows = load<i32>(ctx + ROWS);
  const step = load<i32>(ctx + THREADS) * BLOCK;
  for (let from = thread * BLOCK; from < rows; from += step) {
    blockProbabilities(ctx, from, min(from + BLOCK, (rows + 3) & ~3));
  }
}

/** The scale of the gradients is known beforehand, as they have bounds. */
function isScaled(ctx: usize): bool {
  const objective = load<i32>(ctx + OBJECTIVE);
  return objective !== SQUARED_ERROR && objective !== POISSON;
}

function prepareGradients(ctx: usize, thread: i32): void {
  const rows = load<i32>(ctx + ROWS);
  const threads = load<i32>(ctx + THREADS);
  for (let from = thread * BLOCK; from < rows; from += threads * BLOCK) {
    blockGradients(ctx, from, min(from + BLOCK, (rows + 3) & ~3), false);
  }
  stop(ctx);
  if (thread === 0) chooseScale(ctx, rows);
  stop(ctx);
  for (let from = thread * BLOCK; from < rows; from += threads * BLOCK) {
    blockPack(ctx, from, min(from + BLOCK, (rows + 3) & ~3));
  }
}

/** The finest scale at which no sum can leave its 32 bits. */
function chooseScale(ctx: usize, rows: i32): void {
  const sums = field(ctx, BLOCK_SUMS);
  let g: f64 = 0;
  let h: f64 = 0;
  for (let block = 0; block * BLOCK < rows; block++) {
    g += load<f64>(sums + ((<usize>block) << 4));
    h += load<f64>(sums + ((<usize>block) << 4), 8);
  }
  const room: f64 = 2147000000 - 2 * <f64>rows;
  store<f64>(ctx + GRADIENT_SCALE, <f64>(<f32>(g > 0 ? room / g : 1)));
  store<f64>(ctx + HESSIAN_SCALE, <f64>(<f32>(h > 0 ? room / h : 1)));
}

function plantRoot(ctx: usize, thread: i32): void {
  const rows = load<i32>(ctx + ROWS);
  const threads = load<i32>(ctx + THREADS);
  const features = load<i32>(ctx + FEATURES);
  const limit = load<u32>(ctx + SAMPLE_LIMIT);
  const start = load<i32>(field(ctx, LIST_STARTS) + ((<usize>thread) << 2));
  const list = field(ctx, ROW_LISTS) + ((<usize>start) << 2);
  const target = ownHistogram(ctx, thread, 0);
  memory.fill(target, 0, histogramBytes(ctx));
  const scaled = isScaled(ctx);
  let end = list;
  for (let from = thread * BLOCK; from < rows; from += threads * BLOCK) {
    const to = min(from + BLOCK, rows);
    // while the block's rows are at hand
    if (scaled) blockGradients(ctx, from, min(from + BLOCK, (rows + 3) & ~3), true);
    if (limit !== 0) {
      end = sampleRows(end, from, to, load<i32>(ctx + SAMPLE_SEED), limit);
    } else {
      end = listRows(end, from, to);
      addBlock(ctx, from, to, target);
    }
  }
  const own = <i32>((end - list) >> 2);
  if (limit !== 0) addOwn(ctx, thread, list, own, target);
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

function listRows(list: usize, from: i32, to: i32): usize {
  for (let row = from; row < to; row++, list += 4) store<u32>(list, row);
  return list;
}

function addBlock(ctx: usize, from: i32, to: i32, target: usize): void {
  const stride = field(ctx, STRIDE);
  const bins = field(ctx, ROW_BINS);
  const gradients = field(ctx, GRADIENTS);
  const features = load<i32>(ctx + FEATURES);
  for (let row = from; row < to; row += 512) {
    addRows(
      bins + <usize>row * stride,
      stride,
      gradients + ((<usize>row) << 3),
      min(512, to - row),
      target,
      features,
    );
  }
}

function addOwn(ctx: usize, thread: i32, list: usize, count: i32, target: usize): void {
  const stage = field(ctx, THREAD_SCRATCH) + <usize>thread * field(ctx, THREAD_SCRATCH_BYTES);
  // in parts: a call that never ends would never be optimised
  for (let from = 0; from < count; from += 8192) {
    addList(
      list + ((<usize>from) << 2),
      min(8192, count - from),
      field(ctx, ROW_BINS),
      field(ctx, STRIDE),
      field(ctx, GRADIENTS),
      stage,
      target,
      load<i32>(ctx + FEATURES),
    );
  }
}

/** Thread 0 adds straight into the leaf's histogram, the others into their own. */
function ownHistogram(ctx: usize, thread: i32, slot: i32): usize {
  return thread === 0
    ? field(ctx, HISTOGRAMS) + <usize>slot * histogramBytes(ctx)
    : field(ctx, THREAD_HISTOGRAMS) + <usize>(thread - 1) * histogramBytes(ctx);
}

function firstOwnFeature(ctx: usize, thread: i32): i32 {
  return (load<i32>(ctx + FEATURES) * thread) / load<i32>(ctx + THREADS);
}

/** Adds the other threads' histograms to the leaf's, for this thread's share of the features. */
function merge(ctx: usize, thread: i32, histogram: usize): void {
  const from = <usize>firstOwnFeature(ctx, thread) * BINS * CELL;
  const to = <usize>firstOwnFeature(ctx, thread + 1) * BINS * CELL;
  for (let other = 1; other < load<i32>(ctx + THREADS); other++) {
    addCells(histogram + from, ownHistogram(ctx, other, 0) + from, to - from);
  }
}

function scanOwn(ctx: usize, thread: i32, side: i32, leaf: usize): void {
  const histogram =
    field(ctx, HISTOGRAMS) + <usize>load<i32>(leaf, LEAF_HISTOGRAM) * histogramBytes(ctx);
  const scratch =
    field(ctx, THREAD_SCRATCH) + <usize>thread * field(ctx, THREAD_SCRATCH_BYTES) + STAGE_BYTES;
  findSplits(
    ctx,
    histogram,
    firstOwnFeature(ctx, thread),
    firstOwnFeature(ctx, thread + 1),
    load<i64>(leaf, LEAF_TOTAL),
    load<i32>(leaf, LEAF_ROWS),
    load<i32>(leaf, LEAF_MIN_ROWS),
    load<f64>(leaf, LEAF_LOW),
    load<f64>(leaf, LEAF_HIGH),
    scratch,
    splitOf(ctx, side, 0),
  );
}

function canSplit(ctx: usize, leaf: usize): bool {
  return (
    load<i32>(leaf, LEAF_ROWS) >= 2 * load<i32>(ctx + MIN_ROWS) &&
    load<i32>(leaf, LEAF_DEPTH) < load<i32>(ctx + MAX_DEPTH)
  );
}

/** The best of all features' splits; of equal ones the first. */
function chooseSplit(ctx: usize, side: i32, leaf: usize, features: i32): void {
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
  const table = scratch + STAGE_BYTES + SCAN_BYTES - 256;
  fillTable(table, load<i32>(leaf, SPLIT_FLAGS), load<i32>(leaf, SPLIT_BIN), leaf + SPLIT_SET);
  const list = field(ctx, ROW_LISTS) + ((<usize>start) << 2);
  const ownLeft = partitionOwn(
    list,
    own,
    <usize>load<u32>(field(ctx, COLUMN_BINS) + ((<usize>feature) << 2)),
    table,
    field(ctx, ROW_SCRATCH) +
      ((<usize>load<i32>(field(ctx, LIST_STARTS) + ((<usize>thread) << 2))) << 2),
  );
  store<i32>(field(ctx, COUNTS) + ((<usize>thread) << 2), ownLeft);

  // a histogram is needed only where a child might be split again; the smaller one is added up, the other is the difference
  const needed =
    !isLast &&
    rows - minRows >= 2 * minRows &&
    load<i32>(leaf, LEAF_DEPTH) + 1 < load<i32>(ctx + MAX_DEPTH);
  const leftIsSmaller = (leftTotal & 0xffffffff) * 2 <= (total & 0xffffffff);
  if (needed) {
    const target = ownHistogram(ctx, thread, leaves);
    memory.fill(target, 0, histogramBytes(ctx));
    if (leftIsSmaller) addOwn(ctx, thread, list, ownLeft, target);
    else addOwn(ctx, thread, list + ((<usize>ownLeft) << 2), own - ownLeft, target);
  }
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
  if (!needed) {
    if (threads > 1) stop(ctx);
    return true;
  }

  const parentSlot = load<i32>(leaf, LEAF_HISTOGRAM);
  store<i32>(leftIsSmaller ? leaf : sibling, leaves, LEAF_HISTOGRAM);
  store<i32>(leftIsSmaller ? sibling : leaf, parentSlot, LEAF_HISTOGRAM);
  const bytes = histogramBytes(ctx);
  const small = field(ctx, HISTOGRAMS) + <usize>leaves * bytes;
  const large = field(ctx, HISTOGRAMS) + <usize>parentSlot * bytes;
  merge(ctx, thread, small);
  const from = <usize>firstOwnFeature(ctx, thread) * BINS * CELL;
  const to = <usize>firstOwnFeature(ctx, thread + 1) * BINS * CELL;
  subtractCells(large + from, small + from, to - from);
  const scanLeft = canSplit(ctx, leaf);
  const scanRight = canSplit(ctx, sibling);
  if (scanLeft) scanOwn(ctx, thread, 0, leaf);
  if (scanRight) scanOwn(ctx, thread, 1, sibling);
  stop(ctx);
  if (scanLeft) chooseSplit(ctx, 0, leaf, features);
  if (scanRight) chooseSplit(ctx, 1, sibling, features);
  return true;
}

/** In parts of 8,192 rows, each put in order within itself, then joined. */
function partitionOwn(list: usize, count: i32, bins: usize, table: usize, scratch: usize): i32 {
  let left = 0;
  let right = 0;
  for (let from = 0; from < count; from += 8192) {
    const size = min(8192, count - from);
    const part = list + ((<usize>from) << 2);
    const goes = partition(part, size, bins, table, scratch + ((<usize>right) << 2));
    // `partition` left its right-hand rows in the scratch as well: they are joined at the end
    if (from > 0) memory.copy(list + ((<usize>left) << 2), part, (<usize>goes) << 2);
    left += goes;
    right += size - goes;
  }
  if (count > 8192) memory.copy(list + ((<usize>left) << 2), scratch, (<usize>right) << 2);
  return left;
}

/** A split on a constrained feature bounds both sides by the middle of their outputs (LightGBM's "basic" method). */
function setBounds(ctx: usize, leaf: usize, sibling: usize, feature: i32): void {
  const flags = load<i32>(field(ctx, FEATURE_FLAGS) + ((<usize>feature) << 2));
  if (!(flags & (INCREASING | DECREASING))) return;
  const low = load<f64>(leaf, LEAF_LOW);
  const high = load<f64>(leaf, LEAF_HIGH);
  const middle = (leafOutput(ctx, leaf) + leafOutput(ctx, sibling)) * 0.5;
  store<f64>(flags & INCREASING ? leaf : sibling, min(high, middle), LEAF_HIGH);
  store<f64>(flags & INCREASING ? sibling : leaf, max(low, middle), LEAF_LOW);
}

function leafOutput(ctx: usize, leaf: usize): f64 {
  const total = load<i64>(leaf, LEAF_TOTAL);
  return output(
    <f64>(total >> 32) * (1 / load<f64>(ctx + GRADIENT_SCALE)),
    <f64>(total & 0xffffffff) * (1 / load<f64>(ctx + HESSIAN_SCALE)),
    load<f64>(ctx + L2),
    load<f64>(leaf, LEAF_LOW),
    load<f64>(leaf, LEAF_HIGH),
  );
}

function startNode(ctx: usize, index: i32, rows: i32): void {
  const node = nodeOf(ctx, index);
  memory.fill(node, 0, NODE_BYTES);
  store<i32>(node, -1, NODE_FEATURE);
  store<i32>(node, rows, NODE_ROWS);
}

function splitNode(ctx: usize, leaf: usize, first: i32, left: i32, right: i32): void {
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

function addToMargins(ctx: usize, thread: i32, leaves: i32): void {
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
export function leafValue(ctx: usize, row: i32): f64 {
  const bins = field(ctx, ROW_BINS) + <usize>row * field(ctx, STRIDE);
  let node = nodeOf(ctx, 0);
  while (load<i32>(node, NODE_FEATURE) >= 0) {
    const bin = load<u8>(bins + <usize>load<i32>(node, NODE_FEATURE));
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
