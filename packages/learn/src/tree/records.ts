import type { Crew } from "../kernels/crew.js";
import * as layout from "../kernels/layout.js";
import type { Encoded, Feature } from "./encode.js";

/** Less than 2¹⁵ by more than rounding can add. */
const largestHalf = 32_700;

/**
 * How a row's bins lie side by side: two bytes for each bundle, the number of its members' combination of bins, and a byte for every
 * other feature. Before them stands perhaps the row's gradient, so that a row is found in one place.
 */
export interface RecordPlan {
  /** The feature of each histogram: those in bundles first. */
  readonly slots: readonly number[];
  /** Bundle by bundle the cells of each member: its bins and one for "missing". */
  readonly bundles: readonly (readonly number[])[];
  readonly bundled: number;
  /** Bytes before the bins: 4 with the gradient, 0 where gradients are too large for it or rows too few. */
  readonly start: number;
  readonly bytes: number;
  readonly stride: number;
}

export const binsOf = (feature: Feature): number =>
  feature.kind === "number" ? feature.thresholds.length + 1 : feature.levels.length;

/** `largest` is a bound of the gradients as whole numbers; Infinity = none is known. */
export function planRecords(
  features: readonly Feature[],
  isMany: boolean,
  largest: number,
): RecordPlan {
  const shared = isMany ? findBundles(features) : [];
  const bundled = new Set(shared.flat());
  const slots = [...bundled, ...[...features.keys()].filter((index) => !bundled.has(index))];
  const start = isMany && largest < largestHalf ? 4 : 0;
  const bytes = start + 2 * shared.length + features.length - bundled.size;
  return {
    slots,
    bundles: shared.map((members) => members.map((index) => binsOf(features[index]) + 1)),
    bundled: bundled.size,
    start,
    bytes,
    stride: Math.ceil(bytes / 16) * 16,
  };
}

/** Features whose combinations of bins, and "missing", have room in one joint histogram: the largest first, where it first fits. */
function findBundles(features: readonly Feature[]): number[][] {
  const bundles: { cells: number; members: number[] }[] = [];
  const indices = [...features.keys()].sort(
    (one, other) => binsOf(features[other]) - binsOf(features[one]),
  );
  for (const index of indices) {
    const cells = binsOf(features[index]) + 1;
    const room = bundles.find((bundle) => bundle.cells * cells <= layout.JOINT_CELLS);
    if (room) {
      room.cells *= cells;
      room.members.push(index);
    } else bundles.push({ cells, members: [index] });
  }
  return bundles.map(({ members }) => members).filter((members) => members.length > 1);
}

/** Where the records and the tables that describe them lie. */
export interface Records extends RecordPlan {
  readonly address: number;
  readonly slotFeatures: number;
  readonly slotStarts: number;
  readonly bundleTable: number;
  readonly joints: number;
  /** Fills the records from the columns' bins. */
  pack(): Promise<void>;
}

export function makeRecords(
  { arena, threads, call }: Crew,
  { features, columnBins }: Encoded,
  plan: RecordPlan,
  rows: number,
): Records {
  const padded = Math.ceil(rows / 16) * 16;
  const { slots, bundles, bundled, start, bytes, stride } = plan;
  const table = bundles.flatMap((members) => [
    members.reduce((product, cells) => product * cells, 1),
    members.length,
    ...members,
  ]);
  const address = arena.take(padded * stride);
  const slotFeatures = arena.take(4 * slots.length);
  const slotColumns = arena.take(4 * slots.length + 16);
  const slotStarts = arena.take(4 * (threads + 1));
  const bundleTable = arena.take(4 * table.length);
  const joints = arena.take(threads * bundles.length * layout.JOINT_CELLS * layout.CELL);
  const scratchBytes = 4 * bytes + 16 + 2 * layout.STAGE * bundles.length;
  const scratch = arena.take(threads * scratchBytes);
  const columns = arena.words(columnBins, slots.length);
  arena.words(slotFeatures, slots.length).set(slots);
  arena.words(slotColumns, slots.length).set(slots.map((feature) => columns[feature]));
  arena.words(slotStarts, threads + 1).set(shares(features, slots, threads));
  arena.words(bundleTable, table.length).set(table);
  return {
    ...plan,
    address,
    slotFeatures,
    slotStarts,
    bundleTable,
    joints,
    pack: () =>
      call("packRecords", (thread) => [
        slotColumns,
        bundleTable,
        bundles.length,
        bundled,
        start,
        bytes,
        address,
        stride,
        padded,
        scratch + thread * scratchBytes,
        thread,
        threads,
      ]),
  };
}

/** Shares slots out so that every thread has about as many bins to look through. */
function shares(features: readonly Feature[], slots: readonly number[], threads: number): number[] {
  const costs = slots.map((index) => binsOf(features[index]) + 32);
  const all = costs.reduce((sum, cost) => sum + cost, 0);
  const starts = [0];
  let cost = 0;
  costs.forEach((own, slot) => {
    cost += own;
    while (starts.length < threads && cost >= (all * starts.length) / threads)
      starts.push(slot + 1);
  });
  while (starts.length <= threads) starts.push(slots.length);
  return starts;
}
