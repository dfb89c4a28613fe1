/** A column of a table. Every column of a table has `rows` entries. */
export type Column =
  | {
      readonly name: string;
      readonly kind: "number";
      /** `NaN` = missing. */
      readonly values: Float32Array;
    }
  | {
      readonly name: string;
      readonly kind: "category";
      /** Index into `levels`; -1 = missing. */
      readonly codes: Int32Array;
      readonly levels: readonly string[];
    };

/** Columnar data: what every estimator learns from and every model scores. */
export interface Table {
  readonly rows: number;
  readonly columns: readonly Column[];
}

/** A saved model: plain JSON data, versioned, safe to load from a stranger. */
export interface Artifact {
  readonly format: "inchworm";
  /** Which estimator made it, such as "logistic-regression". */
  readonly kind: string;
  readonly version: number;
  readonly data: unknown;
}

/** Exact contributions in log-odds (or the model's own margin): `base + Σ contributions of a row = margin of that row`. */
export interface Explanation {
  readonly base: number;
  /** Names of the table's columns, in the order of the contributions. */
  readonly columns: readonly string[];
  /** Row-major, `rows × columns.length`. */
  readonly contributions: Float64Array;
}

/** Fitted and immutable. `fit` returns one, so "not fitted" cannot happen. */
export interface Model {
  /** One number per row; a probability for a classifier. Columns are found by name; an unknown category is missing. */
  predict(table: Table): Float64Array;
  explain(table: Table): Explanation;
  save(): Artifact;
}

export interface FitOptions {
  /** One weight per row, ≥ 0. Defaults to 1 for all. */
  readonly weights?: Float64Array;
  readonly signal?: AbortSignal;
  /** Share done, 0 to 1. */
  readonly onProgress?: (share: number) => void;
}

/** Settings only; data come with `fit`, and fitting again forgets. */
export interface Estimator<M extends Model = Model> {
  readonly kind: string;
  /** @throws LearnError when table, labels or weights cannot be used, naming the column and what to do */
  fit(table: Table, labels: Float64Array, options?: FitOptions): Promise<M>;
  /** @throws LearnError "artifact" when it is foreign, truncated, of another kind or version, or hostile */
  load(artifact: Artifact): M;
}
