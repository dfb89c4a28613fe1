import type { Cursor, EngagementType, FieldValue, ItemKind, Ledger, Page } from "@inchworm/spec";
import type { SendingStore } from "./sending-store.js";

/** What the suite asks of a store; `Store` of @inchworm/store is one. */
export interface TestedStore extends Ledger, SendingStore {
  ingest(source: { readonly name: string; readonly system: string }, page: Page): Promise<unknown>;
  cursor(source: string): Promise<Cursor | undefined>;
  summary(): Promise<StoreCounts>;
  features(options: { readonly asOf: number }): Promise<StoreFeatures>;
  ordersBetween(
    from: number,
    to: number,
  ): Promise<{
    readonly contacts: Int32Array;
    readonly orders: Int32Array;
    readonly spend: Float64Array;
  }>;
  orderDays(options: { readonly asOf: number; readonly from?: number }): Promise<{
    readonly contacts: Int32Array;
    readonly offsets: Int32Array;
    readonly days: Int32Array;
    readonly spend: Float64Array;
  }>;
  reached(options: {
    readonly events: readonly { readonly type: "order" | EngagementType; readonly item?: string }[];
    readonly from: number;
    readonly to: number;
  }): Promise<{ readonly contacts: Int32Array; readonly first: Float64Array }>;
  profiles(options: { readonly columns: readonly "country"[] }): Promise<{
    readonly contacts: Int32Array;
    readonly columns: readonly { readonly codes: Int32Array; readonly levels: readonly string[] }[];
  }>;
  interactions(options: StorePairOptions): Promise<StorePairs>;
  interactionParts(
    options: StorePairOptions & { readonly atATime?: number },
  ): AsyncIterable<StorePairs>;
  baskets(options: { readonly asOf: number; readonly least?: number }): Promise<StoreBaskets>;
  items(): Promise<StoreItems>;
  saveScores(scores: StoreScores): Promise<unknown>;
  keepScores(scores: StorePastScores): Promise<unknown>;
  pastScores(scorer: string, by: number): Promise<StorePastScores | undefined>;
  contracts(options: { readonly asOf: number }): Promise<{
    readonly contacts: Int32Array;
    readonly contracts: Int32Array;
    readonly start: Float64Array;
    readonly from: Float64Array;
    readonly to: Float64Array;
    readonly left: Float64Array;
    readonly plan: Int32Array;
    readonly plans: readonly string[];
    readonly price: Float32Array;
  }>;
  labels(scorer: string): Promise<{ readonly contacts: Int32Array }>;
  scoresOf(
    contact: number,
  ): Promise<readonly { readonly values: Readonly<Record<string, FieldValue>> }[]>;
  find(person: string): Promise<StorePerson | undefined>;
  forget(contact: number): Promise<unknown>;
  contacts(options?: {
    readonly batch?: number;
  }): AsyncIterable<
    readonly { readonly contact: number; readonly firstName?: string; readonly lastName?: string }[]
  >;
  close(): Promise<unknown>;
}

export interface StoreCounts {
  readonly contacts: number;
  readonly orders: number;
  readonly engagements: number;
  readonly profilingDenied: number;
}

export interface StoreFeatures {
  readonly rows: number;
  readonly contacts: Int32Array;
  readonly columns: readonly { readonly name: string; readonly values: Float32Array }[];
}

export interface StorePairOptions {
  readonly asOf: number;
  readonly since?: number;
  readonly kind: ItemKind;
  readonly weights: Readonly<Partial<Record<"order" | EngagementType, number>>>;
}

export interface StorePairs {
  readonly contacts: Int32Array;
  readonly offsets: Int32Array;
  readonly ids: readonly string[];
  readonly rows: Int32Array;
  readonly items: Int32Array;
  readonly weights: Float32Array;
  readonly times: Float64Array;
  readonly bought: Int32Array;
}

export interface StoreBaskets {
  readonly baskets: number;
  readonly ids: readonly string[];
  readonly counts: Int32Array;
  readonly first: Int32Array;
  readonly second: Int32Array;
  readonly together: Int32Array;
}

export interface StoreItems {
  readonly ids: readonly string[];
  readonly names: readonly string[];
  readonly kinds: readonly ItemKind[];
  readonly categories: readonly (string | undefined)[];
  readonly brands: readonly (string | undefined)[];
  readonly regions: readonly (string | undefined)[];
  readonly prices: Float64Array;
  readonly margins: Float64Array;
  readonly costs: Float64Array;
  readonly available: Uint8Array;
}

export interface StoreScores {
  readonly scorer: string;
  readonly modelId: string;
  readonly asOf: number;
  readonly contacts: Int32Array;
  readonly fields: Readonly<Record<string, readonly FieldValue[]>>;
  readonly reasons: readonly (readonly string[])[];
  readonly abstained: readonly (string | undefined)[];
}

export interface StorePastScores {
  readonly scorer: string;
  readonly modelId: string;
  readonly asOf: number;
  readonly until: number;
  readonly contacts: Int32Array;
  readonly values: Float64Array;
}

export interface StorePerson {
  readonly contact: number;
  readonly identities: readonly { readonly system: string; readonly id: string }[];
}

export interface TestStoreOptions {
  readonly name: string;
  /** The store of that name, made when it is not there: the same name after `close` is the same store. */
  readonly open: (name: string) => Promise<TestedStore>;
}
