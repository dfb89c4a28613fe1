import type { Instant, OnProgress, RecordKind } from "@inchworm/spec";

export type ImportKind =
  | "contacts"
  | "orders"
  | "engagements"
  | "consents"
  | "items"
  | "campaigns"
  | "contracts"
  /** What customers wrote. */
  | "messages"
  /** What people say became of somebody, for a scorer's training. Names people who are here; makes none. */
  | "labels";

export interface ImportOptions {
  /** Our field → the file's column, such as `{ customer: "Customer ID" }`. Unmapped fields are found by common names. */
  readonly map?: Readonly<Record<string, string>>;
  /** strptime format of dates, such as "%d/%m/%Y %H:%M". Defaults to ISO and the common unambiguous forms. */
  readonly dateFormat?: string;
  /** IANA zone of dates without an offset. Defaults to "UTC". */
  readonly timeZone?: string;
  /** Currency of amounts without one. */
  readonly currency?: string;
  /** Column separator of a CSV file. Defaults to what the file looks like. */
  readonly separator?: string;
  /** "." or ",". Defaults to ".". */
  readonly decimal?: "." | ",";
  /** Share of rejected rows above which nothing is kept, 0 to 1. Defaults to 0.05, and to 0.5 for labels, whose files are short. */
  readonly maxRejects?: number;
  /** Namespace of the customer ids. Defaults to "customer". */
  readonly system?: string;
  /** Of labels: the scorers that there are; a row for another is rejected. Defaults to taking any name. */
  readonly scorers?: readonly string[];
  readonly onProgress?: OnProgress;
  readonly signal?: AbortSignal;
}

export interface ImportResult {
  readonly file: string;
  readonly rows: number;
  /** Records that were not there before. */
  readonly added: number;
  readonly unchanged: number;
  readonly rejected: number;
  /** Records that were there and now say something else. */
  readonly updated: number;
  /** Rows of people who asked to be forgotten: dropped, and not named among the rejects. */
  readonly forgotten: number;
  /** Order lines without a customer: kept for items, counted for nobody. */
  readonly anonymous: number;
  readonly reasons: Readonly<Record<string, number>>;
  /** Which column served which field. */
  readonly columns: Readonly<Record<string, string>>;
}

/** Records of all kinds, people that orders and events merely mention among them. */
export interface IngestResult {
  readonly added: number;
  readonly updated: number;
  /** Records of people who asked to be forgotten: dropped. */
  readonly forgotten: number;
}

export interface Reject {
  readonly file: string;
  readonly line: number;
  readonly column: string;
  readonly reason: string;
}

export interface Summary {
  readonly contacts: number;
  readonly orders: number;
  readonly engagements: number;
  /** Orders, order lines and engagements together. */
  readonly events: number;
  readonly profilingDenied: number;
  /** Currencies that orders name, the most frequent first. */
  readonly currencies: readonly string[];
  /** First and last instant of any order, engagement or contract; `first` of contracts only where there is nothing else. */
  readonly first?: Instant;
  readonly last?: Instant;
  readonly rows: Readonly<Record<RecordKind, number>>;
}
