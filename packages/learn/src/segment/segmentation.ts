import { breathe } from "../abort.js";
import { bestRun, iterate, withAssigner } from "../cluster/iterate.js";
import { modelOfRun } from "../cluster/kmeans.js";
import { modelOfMixture } from "../cluster/mixture.js";
import type { ClusterEstimator, ClusterFitOptions } from "../cluster/model.js";
import { type Axis, makeAxes, type Points, toPoints } from "../cluster/points.js";
import { type Constraints, checkOptions } from "../options.js";
import { random } from "../random.js";
import { takeRows } from "../table.js";
import type { Table } from "../types.js";
import { type Choice, choose, distinct } from "./choose.js";
import { describe } from "./describe.js";
import { widenedFrom } from "./family.js";
import { earlierCenters, identities } from "./identity.js";
import { spreadSteps } from "./jitter.js";
import { kind, loadSegmentation, type SegmentationModel, segmentationModel } from "./model.js";
import { makeShapes, shaped } from "./shape.js";
import { ward } from "./ward.js";
import { numbered, type Words } from "./words.js";

export interface SegmentationOptions {
  readonly seed: number;
  /** So many segments, whatever the data say. Defaults to as many as the data bear. */
  readonly segments?: number;
  /** The most that are looked for. Defaults to 50. */
  readonly most?: number;
  /** How people speak of the columns, for names and descriptions. */
  readonly words?: Words;
}

export interface SegmentationFitOptions extends ClusterFitOptions {
  /** An earlier fit, whose ids and names live on. */
  readonly previous?: SegmentationModel | undefined;
}

export interface SegmentationEstimator extends ClusterEstimator<SegmentationModel> {
  fit(table: Table, options?: SegmentationFitOptions): Promise<SegmentationModel>;
}

const defaults = { most: 50, words: {} };
export const segmentationConstraints: Constraints = {
  seed: { min: 0, integer: true },
  most: { min: 1, max: 200, integer: true },
};
/** Rows that the number of segments is chosen on, that centres are fitted on, and that words are taken from. */
const sample = { choosing: 5000, fitting: 50_000, describing: 20_000 };
const starts = 6;
/** A segment that is looked for has at least this many rows in the mean. */
const leastRows = 8;

/**
 * Segments that are in the data: as many as refits on bootstrap samples agree on (adjusted Rand ≥ 0.8) and a likelihood supports,
 * round or of different width, whichever is better borne out; one when nothing separates the rows. Each is named and described
 * by what sets it apart, and keeps both from one fit to the next.
 */
export function segmentation(options: SegmentationOptions): SegmentationEstimator {
  const settings = { ...defaults, ...options };
  checkOptions(kind, settings, segmentationConstraints);
  const { segments, seed, most, words } = settings;
  if (segments !== undefined)
    checkOptions(kind, { segments }, { segments: { min: 1, max: 1000, integer: true } });
  return {
    kind,
    async fit(table, { previous, signal, onProgress } = {}) {
      const varied = makeShapes(kind, table).filter(({ low, high }) => low < high);
      const shapes = varied.length > 0 ? varied : makeShapes(kind, table).slice(0, 1);
      const tamed = shaped(kind, shapes, table);
      const axes = makeAxes(kind, tamed);
      await breathe(signal);
      const order = drawn(table.rows, seed);
      const some = (rows: number): Points =>
        toPoints(
          kind,
          axes,
          order.length > rows ? takeRows(tamed, order.subarray(0, rows)) : tamed,
        );
      const fitting = some(sample.fitting);
      const earlier = earlierCenters(previous, { shapes, axes });
      const bearable = Math.max(1, Math.min(most, Math.floor(table.rows / leastRows)));
      const choice = await choose(spreadSteps(some(sample.choosing), seed), {
        seed,
        starts,
        most: bearable,
        clusters: segments,
        previous:
          previous && earlier
            ? { family: previous.groups.kind, means: Float64Array.from(earlier.values) }
            : undefined,
        signal,
        onProgress: (share) => onProgress?.(0.8 * share),
      });
      await breathe(signal);
      const groups = await settle(axes, fitting, choice, signal);
      onProgress?.(0.9);
      const { identities: who, nextId } = identities(
        previous,
        earlier,
        groups.standardCenters,
        groups.clusters,
      );
      const base = segmentationModel({
        shapes,
        groups,
        segments: who.map(({ id }) => ({
          id,
          name: "",
          size: 0,
          description: "",
          differences: [],
        })),
        nextId,
        stability: choice.stability,
        because: choice.because,
        fidelity: 1,
        tree: ward(groups.standardCenters, groups.shares),
      });
      const labels = base.assign(table);
      await breathe(signal);
      const shown =
        order.length > sample.describing ? order.subarray(0, sample.describing) : undefined;
      const told = describe(
        kind,
        shapes,
        shown ? takeRows(table, shown) : table,
        shown ? Int32Array.from(shown, (row) => labels[row]) : labels,
        groups.clusters,
        words,
      );
      const sizes = new Int32Array(groups.clusters);
      for (const label of labels) sizes[label]++;
      const kept = who.flatMap(({ name }) => (name === undefined ? [] : [name]));
      const named = who.map(({ id, name }, segment) => {
        const own = name ?? numbered(told.names[segment], kept);
        if (name === undefined) kept.push(own);
        return {
          id,
          name: own,
          size: sizes[segment],
          description: told.descriptions[segment],
          differences: told.differences[segment],
        };
      });
      onProgress?.(1);
      return segmentationModel({ ...base, segments: named, fidelity: told.fidelity });
    },
    load: loadSegmentation,
  };
}

/** The chosen groups on all rows for fitting, counts and such taken for what they are. */
async function settle(
  axes: readonly Axis[],
  points: Points,
  { family, grouping }: Choice,
  signal: AbortSignal | undefined,
) {
  const clusters = Math.min(grouping.clusters, distinct(points, grouping.clusters));
  if (family === "gaussian-mixture")
    return modelOfMixture(axes, points, widenedFrom(points, grouping.mixture));
  const run = { clusters, iterations: 100, tolerance: 1e-4 };
  return modelOfRun(
    axes,
    points.rows,
    clusters < grouping.clusters
      ? await bestRun(kind, points, { ...run, seed: 0, starts: 3 }, signal)
      : await withAssigner(points, clusters, (assigner) =>
          iterate(points, assigner(), grouping.mixture.means, run, signal),
        ),
  );
}

/** All rows in an order drawn by the seed. */
function drawn(rows: number, seed: number): Int32Array {
  const order = Int32Array.from({ length: rows }, (_, row) => row);
  return rows > sample.choosing ? random(seed, 9).shuffle(order) : order;
}
