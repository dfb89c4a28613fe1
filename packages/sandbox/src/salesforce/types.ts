import type { LoggedRequest, Recording } from "../stand-in/journal.js";
import type { Features } from "./standard-objects.js";

/**
 * What goes wrong, and how often. Every share is of all requests, between 0 and 1; one request suffers at most one fault, so the
 * shares add up to at most 1. What is not named is off.
 */
export interface SalesforceFaults {
  /** Answered 403 `REQUEST_LIMIT_EXCEEDED`: too many requests at once. Nothing was done. */
  readonly rateLimit: number;
  /** Answered 500, 502 or 503. The first and last did nothing; half of the 502s did their work first. */
  readonly serverError: number;
  /** The connection is destroyed without an answer: for half of them before the work was done, for half after. */
  readonly dropped: number;
  /** The work is done, and the connection breaks in the middle of the answer's body. */
  readonly cut: number;
  /** Every third record of a write is refused with `UNABLE_TO_LOCK_ROW`; requests that write no records go through. */
  readonly lockedRows: number;
  /** Answered by the gateway: 502, 503 or 504 with an HTML page. Nothing was done. */
  readonly htmlErrors: number;
  /** The session ends right before the request, which is answered 401; a new token is good. */
  readonly sessionEnds: number;
  /** Between the work and its answer. One number, or the ends of a range. */
  readonly latencyMs: number | readonly [number, number];
}

export interface SalesforceSandboxOptions extends Features {
  /** 0 takes a free one. Defaults to 0. */
  readonly port?: number;
  /** Ids, tokens and faults follow from it. Defaults to 1. */
  readonly seed?: number;
  readonly faults?: Partial<SalesforceFaults>;
  /** Requests a day. Defaults to 100,000. */
  readonly daily?: number;
  /** Most rows in one page of a query. Defaults to 2,000. */
  readonly queryRows?: number;
  /** How long a bulk job is worked on. Defaults to 0. */
  readonly jobMs?: number;
  /** Whether the user may change the setup: make fields and permission sets. Defaults to true. */
  readonly mayCustomize?: boolean;
  /** Fields that the user's permissions hide, such as "Contact.HasOptedOutOfEmail". */
  readonly hiddenFields?: readonly string[];
  /** Fields that the user may read and not change. */
  readonly readOnlyFields?: readonly string[];
  /** Each refresh gives a new refresh token and ends the one before. Defaults to true. */
  readonly rotation?: boolean;
  /** Milliseconds since 1970. Defaults to `Date.now`. */
  readonly now?: () => number;
}

/** A record as it stands. */
export interface SalesforceRecord {
  readonly id: string;
  /** Every field with a value; instants as milliseconds. */
  readonly fields: Readonly<Record<string, string | number | boolean>>;
  readonly createdAt: number;
  /** `SystemModstamp`. */
  readonly modifiedAt: number;
  readonly deleted: boolean;
  readonly masterId?: string;
}

/** One field that one request has changed, or cleared with "". */
export interface SalesforceWrite {
  readonly object: string;
  readonly id: string;
  readonly name: string;
  readonly value: string | number | boolean;
}

export interface SalesforceRequestCounts {
  /** Every request, whatever became of it. */
  readonly total: number;
  /** By method, route and status, such as "PATCH composite/sobjects 200". Status 0: no answer. */
  readonly byRoute: Readonly<Record<string, number>>;
  /** Faults that struck, by name. */
  readonly injected: Readonly<Record<string, number>>;
  /** Requests counted against the last 24 hours, and how many there may be. */
  readonly today: number;
  readonly daily: number;
  /** Requests refused because the day's are used up. */
  readonly limitRefusals: number;
  /** How often each field stood in a write request, refused ones too. */
  readonly fieldsSent: Readonly<Record<string, number>>;
}

/** A field as the stand-in is told of it. */
export interface SalesforceFieldInput {
  readonly object: string;
  /** With "__c". */
  readonly name: string;
  readonly type: "string" | "textarea" | "double" | "boolean" | "picklist" | "date";
  readonly values?: readonly string[];
  /** Computed, so that nobody can write it. Defaults to false. */
  readonly formula?: boolean;
}

/** An organisation that runs on this machine. */
export interface SalesforceSandbox {
  /** Such as "http://127.0.0.1:8586": where to log in, and the instance. */
  readonly url: string;
  /** An access token that is good now. */
  readonly token: string;
  readonly organizationId: string;
  readonly userId: string;
  /** What a connected app sends to `/services/oauth2/token`. The refresh token is the one that is good now. */
  readonly oauth: {
    readonly clientId: string;
    readonly clientSecret: string;
    readonly refreshToken: string;
  };
  /** What the same app signs its assertions with: the user and a private key, made when first asked for. */
  readonly jwt: {
    readonly clientId: string;
    readonly username: string;
    readonly privateKey: string;
  };
  /**
   * Adds records of an object without a request and gives their ids, in order. `CreatedDate` and `SystemModstamp` may be given as
   * milliseconds. An account with a `LastName` is a person, where the organisation has such accounts. Fields that nobody may write
   * through the API may be given here.
   *
   * @throws InchwormError "input" for an unknown object or field
   */
  addRecords(object: string, rows: Iterable<Readonly<Record<string, unknown>>>): string[];
  /** Changes a record without a request, as somebody in the organisation does; a value of `null` clears. */
  change(id: string, values: Readonly<Record<string, unknown>>): void;
  /** The same in a transaction that began now and is committed `ms` later: seen only then, with the earlier time. */
  changeSlowly(id: string, values: Readonly<Record<string, unknown>>, ms: number): void;
  record(id: string): SalesforceRecord | undefined;
  /** All records of an object, deleted ones too, in the order of their ids. */
  records(object: string): Iterable<SalesforceRecord>;
  /** Moves a record to the recycle bin. */
  delete(id: string): void;
  /** Takes it out of there again. */
  undelete(id: string): void;
  /** Makes it vanish without a trace. */
  erase(id: string): void;
  /** Merges the second record into the first. */
  merge(masterId: string, otherId: string): void;
  /** Converts a lead, and gives the contact's id. */
  convert(leadId: string): string;
  /** Makes a custom field that the user sees. */
  addField(field: SalesforceFieldInput): void;
  /** Somebody deletes a custom field. */
  deleteField(object: string, name: string): void;
  /** Replaces the faults; what is not named is off. */
  setFaults(faults: Partial<SalesforceFaults>): void;
  /** Every access token given so far is worthless from now on. Gives a new one, which `token` then holds too. */
  expireToken(): string;
  keep(recording: Partial<Recording>): void;
  readonly requests: SalesforceRequestCounts;
  /** Requests whose "METHOD route status" contains the text or matches the pattern. */
  count(pattern: string | RegExp): number;
  /** The latest requests, oldest first. */
  readonly log: readonly LoggedRequest[];
  readonly writes: readonly SalesforceWrite[];
  /** Ids of records that requests have created, setup aside. */
  readonly created: readonly string[];
  close(): Promise<void>;
}
