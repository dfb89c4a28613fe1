import type { Account, CallContext, Identified } from "./account.js";
import type { RecordKind, Records } from "./records.js";

/** Where a source stands: plain JSON, opaque to everybody but the source that wrote it. */
export type Cursor = Readonly<Record<string, unknown>>;

/** Records of any kinds, in the words of this library. */
export type RecordBatch = { readonly [K in RecordKind]?: readonly Records[K][] };

/** Some records and the place to go on from once they are stored. */
export interface Page {
  readonly records: RecordBatch;
  /**
   * Stored in the same transaction as the records. Reading again from it repeats some records rather than lose one:
   * after a whole run it is `min(start of the run, latest modified time seen) − overlap`.
   */
  readonly cursor: Cursor;
  /** How many records the run will give in all, where the system tells. */
  readonly total?: number;
}

/** One thing that can be read from an account. */
export interface Source extends Identified {
  /** Unique in a store, such as "hubspot:contacts". */
  readonly name: string;
  readonly account: Account;
  /**
   * Pages from `cursor` on, or everything without one. Records may repeat (they are keyed); none may be missing. Deleted
   * records come as `archived`, merged ones as identities of the survivor.
   *
   * @throws InchwormError through the gate; a run goes on from the last stored cursor
   */
  read(options: ReadOptions): AsyncIterable<Page>;
}

export interface ReadOptions extends CallContext {
  readonly cursor?: Cursor;
  /** When the run began, UTC milliseconds: the clock is the caller's. */
  readonly now: number;
}
