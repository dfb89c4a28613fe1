import type { EngagementType, Instant, ItemKind } from "@inchworm/spec";

export interface InteractionsOptions {
  readonly asOf: Instant;
  /** Nothing before it is looked at. Defaults to the beginning. */
  readonly since?: Instant;
  /** Items of this kind only. To an offer also counts what people did with the campaigns that made it. */
  readonly kind: ItemKind;
  /**
   * What each sort of event counts for, ≥ 0; others are not looked at. The n-th of a sort counts less: n of them 1 + ln n times. One
   * of weight 0 only has its time told.
   */
  readonly weights: Readonly<Partial<Record<"order" | EngagementType, number>>>;
  /** Only what this contact did. Defaults to everybody. */
  readonly contact?: number;
  /** See `FeatureOptions`. */
  readonly sample?: number;
  /** Events counted at a time, about: a part is of so many. Defaults to 8 million. */
  readonly atATime?: number;
  readonly signal?: AbortSignal;
}

/** Pairs of a contact and an item; the arrays from `rows` on have one value per pair. */
export interface Interactions {
  /** Who has any pair, ascending. */
  readonly contacts: Int32Array;
  /** Where each contact's pairs begin; one more than contacts. */
  readonly offsets: Int32Array;
  /** Ids of items in the order of their code points. */
  readonly ids: readonly string[];
  /** Place in `contacts`. */
  readonly rows: Int32Array;
  /** Place in `ids`. */
  readonly items: Int32Array;
  readonly weights: Float32Array;
  /** The last event, UTC milliseconds. */
  readonly times: Float64Array;
  /** How often it was bought, at most once a day; 0 where everything was returned. */
  readonly bought: Int32Array;
  /** Day of the last purchase, since 1970-01-01; 0 where `bought` is. */
  readonly boughtOn: Int32Array;
}

export interface BasketsOptions {
  readonly asOf: Instant;
  /** Nothing before it is looked at. Defaults to the beginning. */
  readonly since?: Instant;
  /** Only pairs that were together at least so often. Defaults to 3. */
  readonly least?: number;
  readonly signal?: AbortSignal;
}

export interface Baskets {
  /** Orders with any product. */
  readonly baskets: number;
  /** Products in the order of their code points, and in how many orders each was. */
  readonly ids: readonly string[];
  readonly counts: Int32Array;
  /** One entry per pair, ascending: places in `ids`, the first below the second, and in how many orders both were. */
  readonly first: Int32Array;
  readonly second: Int32Array;
  readonly together: Int32Array;
}

/** One value per item, unless said otherwise. */
export interface Items {
  readonly ids: readonly string[];
  /** The id, where there is no name. */
  readonly names: readonly string[];
  readonly kinds: readonly ItemKind[];
  /** Absent where not known. */
  readonly categories: readonly (string | undefined)[];
  readonly brands: readonly (string | undefined)[];
  /** The only country or region that can have it; absent where all can. */
  readonly regions: readonly (string | undefined)[];
  /** `NaN` where not known. */
  readonly prices: Float64Array;
  readonly margins: Float64Array;
  readonly costs: Float64Array;
  /** 1 = can be had today. */
  readonly available: Uint8Array;
}
