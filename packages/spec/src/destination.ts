import type { Account, CallContext, Identified } from "./account.js";

/** A value in a field; `null` means empty, and writing it clears the field. */
export type FieldValue = number | string | boolean | null;
export type FieldValues = Readonly<Record<string, FieldValue>>;

/** A field that a scorer publishes. */
export interface Field {
  /** Lower-case snake, such as "churn_probability". The destination adds its own prefix. */
  readonly name: string;
  readonly label: string;
  readonly description: string;
  readonly type: "number" | "text" | "category";
  /** Values are rounded to this many decimals before they are compared or written. Defaults to 0. */
  readonly decimals?: number;
  /** The values a category can take. */
  readonly options?: readonly string[];
}

/** What to write on one record. */
export interface WriteRow {
  /** The record's id in the destination's system. */
  readonly recordId: string;
  /** By `Field.name`. Nothing else is written. */
  readonly values: FieldValues;
}

/** What became of one row. A row's failure is data; a call's failure is thrown. */
export interface WriteOutcome {
  readonly recordId: string;
  readonly outcome: "updated" | "created" | "skipped" | "failed" | "unknown";
  /** The vendor's or our name of the reason, such as "merged" or "VALIDATION_ERROR". */
  readonly code?: string;
  /** Never holds a value or an address. */
  readonly message?: string;
  /** True when trying the row again can help. */
  readonly retryable?: boolean;
}

/** What `prepare` found or made. */
export interface Prepared {
  /** Vendor names of fields that were missing, and have been created unless it was a dry run. */
  readonly missing: readonly string[];
  /** Vendor names of fields that stand already and fit. */
  readonly present: readonly string[];
}

/** Lists of people that a destination made by the values of categories. */
export interface ListsMade {
  readonly created: readonly string[];
  /** Names of those that stood already. */
  readonly present: readonly string[];
}

/** One thing that can be written in an account. It updates known records, and creates none. */
export interface Destination extends Identified {
  /** Unique in a store, such as "hubspot:scores". */
  readonly name: string;
  readonly account: Account;
  /** Most rows in one `write` or `read` call; each call is one request when all goes well. */
  readonly batchSize: number;
  /** About how many requests a full call takes, where it is not one: work that is submitted, looked at and collected. */
  readonly requestsPerBatch?: number;
  /** The lane that writes go through. */
  readonly lane: string;

  /** Whether a field is wanted there at all: planning leaves out the others. Absent where every field is. */
  takes?(field: Field): boolean;

  /**
   * The value as a field there can hold it, such as a text cut to its length: that is what is planned, written and read back.
   * Absent where every value can be held.
   */
  fit?(field: Field, value: FieldValue): FieldValue;

  /**
   * Sees that the fields exist in the vendor's system; creates the missing ones unless `dryRun`. Never deletes one, and changes one
   * only by adding options that a category lacks, and by saying label and description anew where they have changed.
   *
   * @throws InchwormError "scope" naming the permission; "rejected" when a field of that name exists with another type
   */
  prepare(
    fields: readonly Field[],
    options: CallContext & { readonly dryRun?: boolean },
  ): Promise<Prepared>;

  /** Finds record ids by e-mail address, `undefined` where there is none. Same length and order as the input. */
  resolve(
    emails: readonly string[],
    context: CallContext,
  ): Promise<readonly (string | undefined)[]>;

  /**
   * Writes up to `batchSize` rows and gives one outcome per row, in order. Only fields given to `prepare` reach the wire.
   *
   * @throws InchwormError when the call as a whole failed
   */
  write(rows: readonly WriteRow[], context: CallContext): Promise<readonly WriteOutcome[]>;

  /**
   * Makes a list of people for each value of the categories among the fields, where the system has lists that follow a field by
   * themselves. One whose name stands already is left as it is.
   *
   * @throws InchwormError "scope" naming the permission
   */
  makeLists?(fields: readonly Field[], context: CallContext): Promise<ListsMade>;

  /**
   * Reads the fields back, in the field's own types. Same length and order as the ids; `undefined` for a record that is gone.
   */
  read(
    recordIds: readonly string[],
    fields: readonly Field[],
    context: CallContext,
  ): Promise<readonly (FieldValues | undefined)[]>;
}
