import type { Cursor, EngagementType, FieldValue, Ledger, Page } from "@inchworm/spec";

/** What the suite asks of a store; `Store` of @inchworm/store is one. */
export interface TestedStore extends Ledger {
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
