import type { Artifact, Table } from "../types.js";

/** Groups of rows, numbered from 0, the largest first. */
export interface ClusterModel {
  readonly kind: string;
  readonly columns: readonly string[];
  readonly clusters: number;
  /** Row-major, clusters × columns, in the columns' units. */
  readonly centers: Float64Array;
  /** Share of the training rows. */
  readonly shares: Float64Array;
  /** Number of the cluster of each row. Columns are found by name; a missing value counts as the column's mean. */
  assign(table: Table): Int32Array;
  save(): Artifact;
}

export interface ClusterFitOptions {
  readonly signal?: AbortSignal;
  /** Share done, 0 to 1. */
  readonly onProgress?: (share: number) => void;
}

/** Settings only; fitting again forgets. */
export interface ClusterEstimator<M extends ClusterModel> {
  readonly kind: string;
  /** @throws LearnError "input" for a category, an infinity, or fewer different rows than clusters; "aborted" */
  fit(table: Table, options?: ClusterFitOptions): Promise<M>;
  /** @throws LearnError "artifact" */
  load(artifact: Artifact): M;
}
