import type { Instant } from "@inchworm/spec";

export const profileColumns = [
  "country",
  "region",
  "city",
  "postalCode",
  "timeZone",
  "language",
  /** "+" and the first six digits of a number written with its country's code; enough for the country and most areas. */
  "phonePrefix",
] as const;
export type ProfileColumn = (typeof profileColumns)[number];

/** Structurally a `Table` of `@inchworm/learn`, with the contact of every row. */
export interface Profiles {
  readonly rows: number;
  readonly contacts: Int32Array;
  readonly columns: readonly {
    readonly name: ProfileColumn;
    readonly kind: "category";
    /** -1 = not known. */
    readonly codes: Int32Array;
    /** In the order of their code points. */
    readonly levels: readonly string[];
  }[];
}

/**
 * Outcomes that a person corrected or added, such as "this one did not churn": one entry per contact and day, ascending by contact
 * and day. A training row whose window holds the day takes the label in place of what was observed.
 */
export interface Labels {
  readonly contacts: Int32Array;
  /** Start of the UTC day that the outcome is of. */
  readonly at: Float64Array;
  /** 1 = the outcome that the scorer foretells came, 0 = it did not. */
  readonly labels: Uint8Array;
  /** Where they come from → how many. */
  readonly origins: Readonly<Record<string, number>>;
}

export interface FoundContact {
  readonly contact: number;
  readonly identities: readonly { readonly system: string; readonly id: string }[];
  readonly profiling: "granted" | "denied" | "unknown";
}

export interface StoredContact {
  readonly contact: number;
  readonly email?: string;
  readonly firstName?: string;
  readonly lastName?: string;
  readonly country?: string;
  readonly timeZone?: string;
  readonly createdAt?: Instant;
  readonly identities: readonly { readonly system: string; readonly id: string }[];
  readonly profiling: "granted" | "denied" | "unknown";
}

/**
 * One person by the store's rule, an address in common, who stands several times in one system: duplicates there, or people who
 * share an address. Each of the records is written to.
 */
export interface SharedName {
  /** Such as "salesforce", or "customer". */
  readonly system: string;
  readonly people: number;
  /** The first five of them, with their record ids there. */
  readonly examples: readonly { readonly contact: number; readonly ids: readonly string[] }[];
}

export interface ForgetResult {
  /** Rows removed, by table. */
  readonly removed: Readonly<Record<string, number>>;
  /** Models that had this person in their training data. */
  readonly models: readonly { readonly id: string; readonly scorer: string }[];
}
