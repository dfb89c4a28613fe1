import { type ArtifactReader, badArtifact, makeArtifact, openArtifact } from "../artifact.js";
import { type KmeansModel, kmeans } from "../cluster/kmeans.js";
import { type GaussianMixtureModel, gaussianMixture } from "../cluster/mixture.js";
import type { ClusterModel } from "../cluster/model.js";
import { takeRows } from "../table.js";
import type { Artifact, Table } from "../types.js";
import { readShapes, type Shape, shaped, unshaped } from "./shape.js";
import { cut, type Merge } from "./ward.js";

/** A group of rows as people speak of it. */
export interface Segment {
  /** Stays with the segment when the model is fitted again from this one; a new segment gets a number that none ever had. */
  readonly id: number;
  readonly name: string;
  /** Training rows. */
  readonly size: number;
  /** What sets it apart, in a sentence or two. */
  readonly description: string;
  /** Up to three clauses, strongest first, such as "spend much higher than the rest (320 against 41)". */
  readonly differences: readonly string[];
}

export const kind = "segmentation";
const version = 1;

/** What a fit settled, and an artifact keeps. */
export interface Settled {
  readonly shapes: readonly Shape[];
  /** The groups on tamed columns. */
  readonly groups: KmeansModel | GaussianMixtureModel;
  /** In the order of the groups: the largest first. */
  readonly segments: readonly Segment[];
  /** The lowest number that no segment has had yet. */
  readonly nextId: number;
  /** Mean adjusted Rand index between refits on bootstrap samples; 1 for a single segment. */
  readonly stability: number;
  /** Why there are so many segments, in a sentence. */
  readonly because: string;
  /** Share of rows that a tree of a few leaves puts into their own segment. */
  readonly fidelity: number;
  /** The tree over the segments: cut anywhere, it is a coarser segmentation. */
  readonly tree: readonly Merge[];
}

/** `centers` are typical values: on the logarithm's scale for a skewed column. */
export interface SegmentationModel extends ClusterModel, Settled {
  readonly kind: typeof kind;
  /** The id of each row's segment. */
  ids(table: Table): Int32Array;
  /** For each segment its branch when the tree is cut into `branches`, numbered from 0. */
  level(branches: number): Int32Array;
}

/** Rows assigned at a time. */
const chunk = 65_536;

export function segmentationModel(settled: Settled): SegmentationModel {
  const { shapes, groups, segments, tree } = settled;
  const assign = (table: Table): Int32Array => {
    const labels = new Int32Array(table.rows);
    const own = shaped(kind, shapes, table);
    for (let from = 0; from < table.rows; from += chunk) {
      const rows = Math.min(chunk, table.rows - from);
      const part =
        rows === table.rows
          ? own
          : takeRows(
              own,
              Int32Array.from({ length: rows }, (_, row) => from + row),
            );
      labels.set(groups.assign(part), from);
    }
    return labels;
  };
  return {
    ...settled,
    kind,
    columns: shapes.map(({ name }) => name),
    clusters: segments.length,
    centers: groups.centers.map((coordinate, at) =>
      unshaped(shapes[at % shapes.length], coordinate),
    ),
    shares: groups.shares,
    assign,
    ids: (table) => assign(table).map((segment) => segments[segment].id),
    level: (branches) => cut(tree, branches),
    save: () =>
      makeArtifact(kind, version, {
        shapes: shapes.map((shape) => ({ ...shape })),
        groups: groups.save(),
        segments: segments.map((segment) => ({
          ...segment,
          differences: [...segment.differences],
        })),
        nextId: settled.nextId,
        stability: settled.stability,
        because: settled.because,
        fidelity: settled.fidelity,
        tree: tree.map((merge) => ({ ...merge })),
      }),
  };
}

/** @throws LearnError "artifact" */
export function loadSegmentation(artifact: Artifact): SegmentationModel {
  const data = openArtifact(artifact, kind, version);
  const shapes = readShapes(kind, data);
  const saved = data.artifact("groups") as Artifact;
  const groups =
    (saved as { kind?: unknown } | null)?.kind === "gaussian-mixture"
      ? gaussianMixture({ clusters: 1, seed: 0 }).load(saved)
      : kmeans({ clusters: 1, seed: 0 }).load(saved);
  if (groups.columns.join("\n") !== shapes.map(({ name }) => name).join("\n"))
    throw badArtifact(kind, "its groups are of other columns");
  const nextId = data.number("nextId", { min: 1, integer: true });
  const segments = data.objects("segments").map((segment) => ({
    id: segment.number("id", { min: 1, max: nextId - 1, integer: true }),
    name: segment.text("name"),
    size: segment.number("size", { min: 0, integer: true }),
    description: segment.text("description"),
    differences: segment.texts("differences"),
  }));
  if (segments.length !== groups.clusters)
    throw badArtifact(kind, `it has ${segments.length} segments and ${groups.clusters} groups`);
  if (new Set(segments.map(({ id }) => id)).size !== segments.length)
    throw badArtifact(kind, "two segments have one id");
  return segmentationModel({
    shapes,
    groups,
    segments,
    nextId,
    stability: data.number("stability", { min: -1, max: 1 }),
    because: data.text("because"),
    fidelity: data.number("fidelity", { min: 0, max: 1 }),
    tree: readTree(data, segments.length),
  });
}

function readTree(data: ArtifactReader, leaves: number): Merge[] {
  const joined = new Set<number>();
  const tree = data.objects("tree").map((merge, step) => {
    const branch = (key: string): number => {
      const node = merge.number(key, { min: 0, max: leaves + step - 1, integer: true });
      if (joined.has(node)) throw badArtifact(kind, "its tree joins a branch twice");
      joined.add(node);
      return node;
    };
    return {
      left: branch("left"),
      right: branch("right"),
      height: merge.number("height", { min: 0 }),
    };
  });
  if (tree.length !== leaves - 1) throw badArtifact(kind, "its tree does not fit its segments");
  return tree;
}
