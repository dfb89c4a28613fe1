import type { Artifact } from "../types.js";

/**
 * Who had what. All arrays are as long as `users`; pairs that occur more than once count as one of their summed weight. Pairs that come
 * once each, by user and then by item, are not copied: a model of them keeps the arrays, which are not to be written to.
 */
export interface Interactions {
  /** Users are 0 … userCount − 1; one without any interaction is a newcomer. */
  readonly userCount: number;
  readonly itemCount: number;
  readonly users: Int32Array;
  readonly items: Int32Array;
  /** Confidence, > 0: more for an order than for a view. Defaults to 1. */
  readonly weights?: Float32Array;
  /** Any unit, rising; half-lives are in the same. */
  readonly times?: Float64Array;
  /** Segment of each user, 0 or more; -1 for none. As long as `userCount`. */
  readonly segments?: Int32Array;
  /** What items are like, a row for each, for kinds of model that can use it: then items that nobody had are in lists, too. */
  readonly itemFeatures?: SideFeatures;
  /** What users are like, a row for each; it draws what is learned of those with few interactions. */
  readonly userFeatures?: SideFeatures;
}

/** Numbers that describe users or items, row-major. */
export interface SideFeatures {
  readonly size: number;
  readonly values: Float32Array;
}

export interface RecommenderFitOptions {
  readonly signal?: AbortSignal;
  /** Share done, 0 to 1. */
  readonly onProgress?: (share: number) => void;
}

/** One user's past: of somebody new, or of somebody known who has since done more. */
export interface History {
  readonly items: ArrayLike<number>;
  readonly weights?: ArrayLike<number>;
  /** As those of the interactions. */
  readonly times?: ArrayLike<number>;
  readonly segment?: number;
}

export interface RecommendOptions {
  /** Items per user. Defaults to 10. */
  readonly k?: number;
  /** False for items that nobody is to be given: out of stock, of another region. Asked once per item. */
  readonly filter?: (item: number) => boolean;
  /** False for what this user is not to be given. Asked for the best items only, until `k` pass; `user` is the index passed. */
  readonly allow?: (item: number, user: number) => boolean;
  /** Items that this user is not to be given, in any order: bought elsewhere, sent lately. */
  readonly exclude?: (user: number) => ArrayLike<number>;
  /** Whether items of the user's own history may be given again; or for which items, such as goods bought repeatedly. Defaults to false. */
  readonly keepSeen?: boolean | ((item: number) => boolean);
  /** Weight of variety within a list against its scores, 0 to 1 (maximal marginal relevance). Defaults to 0. */
  readonly diversity?: number;
  /** 0 = as many threads as there are cores. Defaults to 0; the lists do not depend on it. */
  readonly threads?: number;
}

/** What to offer, `k` per user, best first. */
export interface Recommendations {
  readonly k: number;
  /** Row-major, users × k; -1 behind the last where there are fewer. */
  readonly items: Int32Array;
  /** Comparable within a list; the model's own scale. */
  readonly scores: Float32Array;
  /** How many of each list's items are popular ones, put behind because the model knew no more. */
  readonly popular: Int32Array;
}

/** Fitted and immutable, with the histories it was fitted on (or given when loaded). */
export interface RecommenderModel {
  readonly kind: string;
  readonly userCount: number;
  readonly itemCount: number;
  /** The best items of each user named by number. @throws LearnError "input" for a user or option that is none */
  recommend(users: ArrayLike<number>, options?: RecommendOptions): Promise<Recommendations>;
  /** The same for one history, which need not be that of a known user: in one solve, without fitting again. */
  foldIn(history: History, options?: RecommendOptions): Promise<Recommendations>;
  /** Gets ready to answer at once, for a model that is kept: `foldIn` is then as quick the first time as later. */
  prepare(): Promise<void>;
  /** Items that go with each item; none where the model knows no similarity. */
  similarItems(items: ArrayLike<number>, k?: number): Promise<Recommendations>;
  /** Holds items only: nobody's history. */
  save(): Artifact;
}

/** Settings only; fitting again forgets. */
export interface RecommenderEstimator<M extends RecommenderModel = RecommenderModel> {
  readonly kind: string;
  /** @throws LearnError "input" for interactions that cannot be used; "aborted" */
  fit(interactions: Interactions, options?: RecommenderFitOptions): Promise<M>;
  /**
   * The model with the histories of these interactions, perhaps newer than those it was fitted on.
   *
   * @throws LearnError "artifact" when it is foreign, truncated, of another kind or version, or hostile; "input" when the interactions
   * have another number of items
   */
  load(artifact: Artifact, interactions: Interactions): M;
}
