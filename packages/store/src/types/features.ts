import type { EngagementType, Instant } from "@inchworm/spec";

export interface FeatureOptions {
  readonly asOf: Instant;
  /** Only contacts with an order (of positive total) in `[orderedSince, asOf)`. */
  readonly orderedSince?: Instant;
  /** Only these columns. Defaults to all. */
  readonly columns?: readonly string[];
  /** Only about this share of the contacts, 0 to 1, the same ones every time. Defaults to all of them. */
  readonly sample?: number;
  /** Of those, only so many, again the same ones as long as the rest is the same. Far quicker than to compute all and leave some out. */
  readonly atMost?: number;
  readonly signal?: AbortSignal;
}

/** Structurally a `Table` of `@inchworm/learn`, with the contact of every row. */
export interface FeatureTable {
  readonly rows: number;
  readonly contacts: Int32Array;
  readonly columns: readonly {
    readonly name: string;
    readonly kind: "number";
    readonly values: Float32Array;
  }[];
}

export interface OrderCounts {
  readonly contacts: Int32Array;
  readonly orders: Int32Array;
  readonly spend: Float64Array;
}

export interface OrderDaysOptions {
  readonly asOf: Instant;
  /** Nothing before it is looked at. Defaults to the beginning. */
  readonly from?: Instant;
  /** See `FeatureOptions`. */
  readonly sample?: number;
  readonly signal?: AbortSignal;
}

/** Several orders on one UTC day are one day with an order. */
export interface OrderDays {
  readonly contacts: Int32Array;
  /** Where each contact's days begin; one more than contacts. */
  readonly offsets: Int32Array;
  /** Days since 1970-01-01, ascending within a contact. */
  readonly days: Int32Array;
  /** Spent on each of the days, returns not taken off. */
  readonly spend: Float64Array;
}

/** Something a person can do. All that is given must hold. */
export interface EventRule {
  /** "order": one with a positive total. A machine's opens and clicks never count. */
  readonly type: "order" | EngagementType;
  /** Of an engagement: its campaign, or the form that was submitted. */
  readonly campaign?: string;
  /** An item's id: ordered, viewed, put into a cart. */
  readonly item?: string;
  /** The category of the item. */
  readonly category?: string;
  /** Of an order: a total of at least so much. */
  readonly minTotal?: number;
}

export interface ReachedOptions {
  readonly events: readonly EventRule[];
  readonly from: Instant;
  readonly to: Instant;
  readonly signal?: AbortSignal;
}

export interface Reached {
  readonly contacts: Int32Array;
  /** The first instant in the span at which each contact did any of it. */
  readonly first: Float64Array;
}
