import { breathe } from "../abort.js";
import { boosting } from "../kernels/boosting.wasm.js";
import { type Crew, withCrew } from "../kernels/crew.js";
import * as layout from "../kernels/layout.js";
import { family } from "../kernels/module.js";
import { threadsFor } from "../kernels/pool.js";
import { random } from "../random.js";
import type { Table } from "../types.js";
import { encode, type Feature } from "./encode.js";
import type { Tree } from "./forest.js";
import { byRank, leafRanks, permute } from "./leaf-order.js";
import { readTree } from "./read-tree.js";
import { binsOf, makeRecords, planRecords } from "./records.js";
import { scalesOf } from "./scales.js";

export const boostingKernels = family("boosting", boosting);

export interface GrowInput {
  readonly table: Table;
  /** The table's rows, those to learn from first; undefined = all of them, as they stand. */
  readonly order: Uint32Array | undefined;
  readonly rows: number;
  readonly trained: number;
  /** Per row of the table. */
  readonly labels: Float64Array;
  readonly weights: Float64Array | undefined;
  /** Subtracted from labels before they are divided by `scale`, a power of two. */
  readonly shift: number;
  readonly scale: number;
  /** Margin before any tree, per class. */
  readonly start: readonly number[];
  readonly objective: number;
  readonly bounds: { readonly gradient: number; readonly hessian: number };
  readonly quantile: number;
  /** 1 or -1 by index of the table's column. */
  readonly monotone: ReadonlyMap<number, number>;
  readonly trees: number;
  readonly learningRate: number;
  readonly leaves: number;
  readonly maxDepth: number;
  readonly minRows: number;
  readonly minHessian: number;
  readonly minGain: number;
  readonly l2: number;
  readonly bins: number;
  readonly rowSampling: number;
  readonly columnSampling: number;
  readonly seed: number;
  /** From so many rows on they are put in the order of the first tree's leaves: later trees ask much the same and find them together. */
  readonly reorderFrom: number;
  /** From so many rows on features of few bins share histograms, and gradients stand with the bins where 16 bits hold them. */
  readonly bundleFrom: number;
  readonly threads: number;
  readonly signal: AbortSignal | undefined;
  /** Called after each round with the margins of the validation rows, class by class; true ends the training. */
  readonly onRound: (round: number, margins: readonly Float32Array[]) => boolean;
}

export interface Grown {
  readonly features: readonly Feature[];
  /** Round by round, one tree per class. */
  readonly rounds: readonly (readonly Tree[])[];
}

/** Grows boosted trees. The number of threads changes the time it takes, never a bit of the result. */
export async function grow(input: GrowInput): Promise<Grown> {
  const threads = threadsFor(input.rows, input.threads);
  return withCrew(boostingKernels, threads, (crew) => growWith(crew, input));
}

async function growWith(crew: Crew, input: GrowInput): Promise<Grown> {
  const { arena, threads } = crew;
  const { rows, trained } = input;
  const padded = Math.ceil(rows / 16) * 16;
  const classes = input.start.length;
  const context = arena.take(layout.CONTEXT_BYTES);

  // gradients, row lists and their scratch; before they are needed, columns on their way into bins lie here
  const slotBytes = 4 * padded + 64;
  const work = arena.take(Math.max(16 * padded + 128, 2 * threads * slotBytes));
  const encoded = await encode({ ...input, ...crew, slots: work, slotBytes });
  const features = encoded.features.length;
  if (features === 0) return { features: [], rounds: [] };
  const scales = scalesOf(input);
  const records = makeRecords(
    crew,
    encoded,
    planRecords(encoded.features, trained >= input.bundleFrom, scales.largest),
    rows,
  );
  await records.pack();

  const maxLeaves = Math.max(
    2,
    Math.min(input.leaves, Math.floor(trained / Math.max(1, input.minRows))),
  );
  const histogramBytes = features * layout.BINS * layout.CELL;
  const threadScratch = layout.STAGE_BYTES + layout.SCAN_BYTES + layout.SORT_BYTES;
  const isQuantile = input.objective === layout.QUANTILE;
  const isMulticlass = input.objective === layout.MULTICLASS;
  const blocks = Math.ceil(padded / layout.BLOCK);
  const at = {
    labels: arena.take(4 * padded),
    weights: input.weights ? arena.take(4 * padded) : 0,
    margins: arena.take(4 * padded * classes),
    probabilities: isMulticlass ? arena.take(4 * padded * classes) : 0,
    gradients: work,
    rowLists: work + 8 * padded + 64,
    rowScratch: work + 12 * padded + 128,
    histograms: arena.take(maxLeaves * histogramBytes),
    threadHistograms: threads > 1 ? arena.take((threads - 1) * histogramBytes) : 0,
    binCounts: arena.take(4 * features),
    featureFlags: arena.take(4 * features),
    splits: arena.take(2 * features * layout.SPLIT_BYTES),
    leaves: arena.take(threads * maxLeaves * layout.LEAF_BYTES),
    nodes: arena.take((2 * maxLeaves + 1) * layout.NODE_BYTES),
    threadScratch: arena.take(threads * threadScratch),
    blockSums: arena.take(16 * blocks),
    counts: arena.take(4 * threads),
    listStarts: arena.take(4 * threads),
    sortScratch: isQuantile ? arena.take(16 * padded) : 0,
  };

  // views are made only now that nothing more is taken
  const words = arena.words(context, layout.CONTEXT_BYTES / 4);
  const doubles = arena.doubles(context, layout.CONTEXT_BYTES / 8);
  const set = (offset: number, value: number): void => {
    words[offset / 4] = value;
  };
  const setDouble = (offset: number, value: number): void => {
    doubles[offset / 8] = value;
  };
  const labels = arena.floats(at.labels, padded).fill(0);
  const weights = input.weights ? arena.floats(at.weights, padded).fill(0) : undefined;
  for (let place = 0; place < rows; place++) {
    const row = input.order ? input.order[place] : place;
    labels[place] = (input.labels[row] - input.shift) / input.scale;
    if (weights && input.weights) weights[place] = input.weights[row];
  }
  for (let k = 0; k < classes; k++)
    arena.floats(at.margins + 4 * padded * k, padded).fill(input.start[k]);
  const margins = input.start.map((_, k) =>
    arena.floats(at.margins + 4 * (padded * k + trained), rows - trained),
  );
  const binCounts = arena.words(at.binCounts, features);
  const flags = encoded.features.map((feature, index) => {
    binCounts[index] = binsOf(feature);
    const direction = input.monotone.get(feature.column) ?? 0;
    const limit = direction > 0 ? layout.INCREASING : direction < 0 ? layout.DECREASING : 0;
    return feature.kind === "category" ? layout.CATEGORY : limit;
  });
  const listStarts = arena.words(at.listStarts, threads).fill(0);
  for (let block = 0, thread = 0; thread < threads - 1; thread++) {
    let own = 0;
    for (block = thread; block * layout.BLOCK < trained; block += threads)
      own += Math.min(layout.BLOCK, trained - block * layout.BLOCK);
    listStarts[thread + 1] = listStarts[thread] + own;
  }

  set(layout.ROWS, trained);
  set(layout.TOTAL_ROWS, rows);
  set(layout.FEATURES, features);
  set(layout.STRIDE, records.stride);
  set(layout.ROW_BINS, records.address);
  set(layout.RECORD_BYTES, records.bytes);
  set(layout.RECORD_START, records.start);
  set(layout.BUNDLES, records.bundles.length);
  set(layout.BUNDLE_TABLE, records.bundleTable);
  set(layout.BUNDLED, records.bundled);
  set(layout.JOINTS, records.joints);
  set(layout.SLOT_FEATURES, records.slotFeatures);
  set(layout.SLOT_STARTS, records.slotStarts);
  set(layout.COLUMN_BINS, encoded.columnBins);
  set(layout.LABELS, at.labels);
  set(layout.WEIGHTS, at.weights);
  set(layout.MARGINS, at.margins);
  set(layout.GRADIENTS, at.gradients);
  set(layout.ROW_LISTS, at.rowLists);
  set(layout.ROW_SCRATCH, at.rowScratch);
  set(layout.HISTOGRAMS, at.histograms);
  set(layout.THREAD_HISTOGRAMS, at.threadHistograms);
  set(layout.BIN_COUNTS, at.binCounts);
  set(layout.FEATURE_FLAGS, at.featureFlags);
  set(layout.SPLITS, at.splits);
  set(layout.LEAVES, at.leaves);
  set(layout.NODES, at.nodes);
  set(layout.THREADS, threads);
  set(layout.MAX_LEAVES, maxLeaves);
  set(layout.MAX_DEPTH, input.maxDepth);
  set(layout.MIN_ROWS, input.minRows);
  set(layout.OBJECTIVE, input.objective);
  set(layout.CLASSES, classes);
  set(layout.CLASS_STRIDE, padded);
  set(layout.BARRIER, crew.barrier);
  set(layout.THREAD_SCRATCH, at.threadScratch);
  set(layout.THREAD_SCRATCH_BYTES, threadScratch);
  set(layout.BLOCK_SUMS, at.blockSums);
  set(layout.COUNTS, at.counts);
  set(layout.LIST_STARTS, at.listStarts);
  set(layout.PROBABILITIES, at.probabilities);
  set(layout.SORT_SCRATCH, at.sortScratch);
  setDouble(layout.L2, input.l2);
  setDouble(layout.MIN_HESSIAN, input.minHessian);
  setDouble(layout.MIN_GAIN, input.minGain / (input.scale * input.scale));
  setDouble(layout.RATE, input.learningRate);
  setDouble(layout.LEVEL, input.quantile);
  setDouble(layout.LARGEST_WEIGHT, scales.largestWeight);
  setDouble(layout.GRADIENT_SCALE, scales.gradient);
  setDouble(layout.HESSIAN_SCALE, scales.hessian);

  const featureFlags = arena.words(at.featureFlags, features);
  const chosen = Math.max(1, Math.ceil(input.columnSampling * features));
  const isSampling = input.rowSampling < 1 || input.columnSampling < 1;
  const rounds: Tree[][] = [];
  for (let round = 0; round < input.trees; round++) {
    if (round % 8 === 0 || rows * features > 50_000) await breathe(input.signal);
    if (isMulticlass) await crew.call("probabilities", (thread) => [context, thread]);
    const grown: Tree[] = [];
    for (let k = 0; k < classes; k++) {
      const draw = random(input.seed, 1 + round * classes + k);
      set(layout.CLASS, k);
      set(layout.DITHER_SEED, draw.uint32());
      set(layout.SAMPLE_SEED, draw.uint32());
      set(
        layout.SAMPLE_LIMIT,
        input.rowSampling < 1 ? Math.max(1, Math.floor(input.rowSampling * 2 ** 32)) : 0,
      );
      featureFlags.set(flags);
      if (chosen < features) {
        const deck = draw.shuffle(Uint32Array.from({ length: features }, (_, index) => index));
        for (let place = chosen; place < features; place++)
          featureFlags[deck[place]] |= layout.UNUSED;
      }
      await crew.call("growTree", (thread) => [context, thread]);
      grown.push(
        readTree(
          arena.bytes(at.nodes, words[layout.NODE_COUNT / 4] * layout.NODE_BYTES),
          encoded.features,
          input.scale,
        ),
      );
    }
    if (round === 0 && trained >= input.reorderFrom && !isSampling)
      await reorder(grown[classes - 1]);
    // no split was worth it, and the next round would see the same
    if (!isSampling && grown.every((tree) => tree.feature.length === 1)) break;
    rounds.push(grown);
    if (input.onRound(round, margins)) break;
  }
  return { features: encoded.features, rounds };

  /** `tree` is the last one grown: the row lists are still in its order. */
  async function reorder(tree: Tree): Promise<void> {
    const ranks = leafRanks(tree);
    const rankOf = new Uint16Array(trained);
    const lists = arena.words(at.rowLists, padded);
    for (let thread = 0; thread < threads; thread++)
      for (let leaf = 0; leaf < (tree.left.length + 1) / 2; leaf++) {
        const place = at.leaves + (thread * maxLeaves + leaf) * layout.LEAF_BYTES;
        const fields = arena.words(place, layout.LEAF_BYTES / 4);
        const from = fields[layout.LEAF_START / 4];
        const end = from + fields[layout.LEAF_OWN / 4];
        const rank = ranks[fields[layout.LEAF_NODE / 4]];
        for (let index = from; index < end; index++) rankOf[lists[index]] = rank;
      }
    const order = byRank(rankOf);
    // between trees the work memory is free
    const shared = work + threads * padded;
    arena.words(shared, trained).set(order);
    const scratch = (thread: number): number => work + thread * padded;
    await crew.call("permuteColumns", (thread) => [
      encoded.columnBins,
      features,
      shared,
      trained,
      scratch(thread),
      thread,
      threads,
    ]);
    await records.pack();
    permute(labels, order);
    if (weights) permute(weights, order);
    for (let k = 0; k < classes; k++)
      permute(arena.floats(at.margins + 4 * padded * k, trained), order);
  }
}
