import {
  BINS,
  BUNDLE_TABLE,
  BUNDLED,
  BUNDLES,
  CELL,
  GRADIENTS,
  HISTOGRAMS,
  JOINT_CELLS,
  JOINTS,
  PART,
  RECORD_BYTES,
  RECORD_START,
  ROW_BINS,
  SLOT_STARTS,
  STAGE,
  STRIDE,
  THREAD_HISTOGRAMS,
  THREAD_SCRATCH,
  THREAD_SCRATCH_BYTES,
  THREADS,
} from "../src/kernels/layout";
import { field, histogramBytes } from "./context";
import { addCells, addRows, subtractCells } from "./histogram";
import { addJoints, spreadJoints } from "./joint";

/** Thread 0 adds straight into the leaf's histogram, the others into their own. */
function ownHistogram(ctx: usize, thread: i32, slot: i32): usize {
  return thread === 0
    ? field(ctx, HISTOGRAMS) + <usize>slot * histogramBytes(ctx)
    : field(ctx, THREAD_HISTOGRAMS) + <usize>(thread - 1) * histogramBytes(ctx);
}

function ownJoint(ctx: usize, thread: i32): usize {
  return field(ctx, JOINTS) + <usize>thread * field(ctx, BUNDLES) * JOINT_CELLS * CELL;
}

/** Where the gradients of STAGE rows go: among those of all rows, or only for the moment where records hold them too. */
export function stageTarget(ctx: usize, thread: i32, from: i32): usize {
  const place = load<i32>(ctx + RECORD_START) !== 0 ? thread * STAGE : from;
  return field(ctx, GRADIENTS) + ((<usize>place) << 3);
}

/** Begins this thread's part of the histogram of a slot. */
export function clearOwn(ctx: usize, thread: i32, slot: i32): void {
  memory.fill(ownHistogram(ctx, thread, slot), 0, histogramBytes(ctx));
  memory.fill(ownJoint(ctx, thread), 0, field(ctx, BUNDLES) * JOINT_CELLS * CELL);
}

/** Ends it. */
export function finishOwn(ctx: usize, thread: i32, slot: i32): void {
  spreadJoints(
    field(ctx, BUNDLE_TABLE),
    load<i32>(ctx + BUNDLES),
    ownJoint(ctx, thread),
    ownHistogram(ctx, thread, slot),
  );
}

/** Adds up to STAGE rows from row `from` on, whose gradients have just been made. */
export function addStage(ctx: usize, thread: i32, from: i32, count: i32): void {
  addRecords(
    ctx,
    thread,
    field(ctx, ROW_BINS) + <usize>from * field(ctx, STRIDE),
    stageTarget(ctx, thread, from),
    count,
    ownHistogram(ctx, thread, 0),
  );
}

/** Adds rows whose records stand side by side. */
function addRecords(
  ctx: usize,
  thread: i32,
  records: usize,
  gradients: usize,
  count: i32,
  histogram: usize,
): void {
  const stride = field(ctx, STRIDE);
  const bytes = load<i32>(ctx + RECORD_BYTES);
  for (let from = 0; from < bytes; from += PART) {
    addPart(
      ctx,
      thread,
      from,
      min(from + PART, bytes),
      records + <usize>from,
      stride,
      gradients,
      count,
      histogram,
    );
  }
}

/** Adds the bytes [from, to) of records, which stand at `bins`. */
function addPart(
  ctx: usize,
  thread: i32,
  from: i32,
  to: i32,
  bins: usize,
  stride: usize,
  gradients: usize,
  count: i32,
  histogram: usize,
): void {
  const start = load<i32>(ctx + RECORD_START);
  const singles = start + 2 * load<i32>(ctx + BUNDLES);
  const first = max(from, start);
  const middle = min(to, max(from, singles));
  if (first < middle) {
    const target = ownJoint(ctx, thread) + <usize>((first - start) >> 1) * JOINT_CELLS * CELL;
    const own = bins + <usize>(first - from);
    addJoints(own, stride, gradients, count, target, (middle - first) >> 1);
  }
  if (middle < to) {
    const slot = <usize>(load<i32>(ctx + BUNDLED) + middle - singles);
    const target = histogram + slot * BINS * CELL;
    addRows(bins + <usize>(middle - from), stride, gradients, count, target, to - middle);
  }
}

/** Adds the rows of a list. */
export function addOwn(ctx: usize, thread: i32, list: usize, count: i32, slot: i32): void {
  const histogram = ownHistogram(ctx, thread, slot);
  for (let from = 0; from < count; from += STAGE) {
    const part = list + ((<usize>from) << 2);
    addList(ctx, thread, part, min(STAGE, count - from), histogram);
  }
}

/** WebAssembly cannot prefetch: copying the records of STAGE rows first keeps many cache misses in flight. */
function addList(ctx: usize, thread: i32, list: usize, count: i32, histogram: usize): void {
  const stage = field(ctx, THREAD_SCRATCH) + <usize>thread * field(ctx, THREAD_SCRATCH_BYTES);
  const staged = stage + STAGE * PART;
  const stride = field(ctx, STRIDE);
  const records = field(ctx, ROW_BINS);
  const halves = load<i32>(ctx + RECORD_START) !== 0;
  const gradients = field(ctx, GRADIENTS);
  const first = <usize>load<u32>(list);
  // a list rises: such rows lie side by side as they are
  if (<i32>(load<u32>(list + ((<usize>(count - 1)) << 2)) - <u32>first) === count - 1) {
    const own = records + first * stride;
    if (halves) unpackRows(own, stride, staged, count);
    addRecords(ctx, thread, own, halves ? staged : gradients + (first << 3), count, histogram);
    return;
  }
  const bytes = load<i32>(ctx + RECORD_BYTES);
  for (let from = 0; from < bytes; from += PART) {
    const to = min(from + PART, bytes);
    stagePart(list, count, records + <usize>from, stride, stage, to - from);
    if (from === 0) {
      if (halves) unpackRows(stage, PART, staged, count);
      else stageGradients(list, gradients, staged, count);
    }
    addPart(ctx, thread, from, to, stage, PART, staged, count, histogram);
  }
}

function stageGradients(list: usize, gradients: usize, staged: usize, count: i32): void {
  for (const end = list + ((<usize>count) << 2); list < end; list += 4, staged += 8) {
    store<i64>(staged, load<i64>(gradients + ((<usize>load<u32>(list)) << 3)));
  }
}

/** Gradients of two halves, at the start of records, as the cells of histograms want them; by fours, up to three too many. */
function unpackRows(records: usize, stride: usize, staged: usize, count: i32): void {
  for (const end = staged + ((<usize>count) << 3); staged < end; staged += 32) {
    let halves = v128.load32_zero(records);
    halves = v128.load32_lane(records + stride, halves, 1);
    halves = v128.load32_lane(records + 2 * stride, halves, 2);
    halves = v128.load32_lane(records + 3 * stride, halves, 3);
    const g = i32x4.shr_s(halves, 16);
    const h = v128.and(halves, i32x4.splat(0xffff));
    v128.store(staged, i32x4.shuffle(h, g, 0, 4, 1, 5));
    v128.store(staged, i32x4.shuffle(h, g, 2, 6, 3, 7), 16);
    records += 4 * stride;
  }
}

function stagePart(
  list: usize,
  count: i32,
  records: usize,
  stride: usize,
  stage: usize,
  bytes: i32,
): void {
  const end = list + ((<usize>count) << 2);
  if (bytes <= 16) {
    for (; list < end; list += 4, stage += PART) {
      v128.store(stage, v128.load(records + <usize>load<u32>(list) * stride));
    }
    return;
  }
  for (; list < end; list += 4, stage += PART) {
    const from = records + <usize>load<u32>(list) * stride;
    v128.store(stage, v128.load(from));
    v128.store(stage, v128.load(from, 16), 16);
  }
}

/** The first slot of a thread's share: slots are shared out by what their bins cost. */
export function firstSlot(ctx: usize, thread: i32): i32 {
  return load<i32>(field(ctx, SLOT_STARTS) + ((<usize>thread) << 2));
}

/** Adds the other threads' histograms to the leaf's, for this thread's share of the slots. */
export function merge(ctx: usize, thread: i32, histogram: usize): void {
  const from = <usize>firstSlot(ctx, thread) * BINS * CELL;
  const to = <usize>firstSlot(ctx, thread + 1) * BINS * CELL;
  for (let other = 1; other < load<i32>(ctx + THREADS); other++) {
    addCells(histogram + from, ownHistogram(ctx, other, 0) + from, to - from);
  }
}

/** Takes one child's histogram from its parent's, which becomes the other child's. */
export function subtract(ctx: usize, thread: i32, histogram: usize, child: usize): void {
  const from = <usize>firstSlot(ctx, thread) * BINS * CELL;
  const to = <usize>firstSlot(ctx, thread + 1) * BINS * CELL;
  subtractCells(histogram + from, child + from, to - from);
}
