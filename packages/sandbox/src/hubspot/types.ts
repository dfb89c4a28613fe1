import type { LoggedRequest, Recording } from "../stand-in/journal.js";

/** Which limits the portal has: 100, 190 or 250 requests in ten seconds; 250,000, 625,000 or 1,000,000 a day. */
export type HubspotTier = "starter" | "professional" | "increased";

/**
 * What goes wrong, and how often. Every share is of all requests, between 0 and 1; one request suffers at most one fault, so the
 * shares add up to at most 1. What is not named is off.
 */
export interface HubspotFaults {
  /** Answered 429 although the limit is not reached. */
  readonly rateLimit: number;
  /** Answered 500, 502 or 503. The first and last did nothing; half of the 502s did their work first. */
  readonly serverError: number;
  /** The connection is destroyed without an answer: for half of them before the work was done, for half after. */
  readonly dropped: number;
  /** The work is done, and the connection breaks in the middle of the answer's body. */
  readonly cut: number;
  /** Answered 423. Only writes of contacts can be locked; other requests with this fault go through. */
  readonly locked423: number;
  /** Answered by the gateway: 502, 503, 504 or 521 to 524 with an HTML page. Nothing was done. */
  readonly htmlErrors: number;
  /** Answered 477 with a `Retry-After` of one second: the portal moves to another data centre. */
  readonly migration477: number;
  /** Between the work and its answer. One number, or the ends of a range. */
  readonly latencyMs: number | readonly [number, number];
}

/** A property as the API's create call takes it. */
export interface HubspotPropertyInput {
  readonly name: string;
  readonly label?: string;
  readonly description?: string;
  /** Defaults to "contactinformation". */
  readonly groupName?: string;
  readonly type: "string" | "number" | "date" | "datetime" | "enumeration" | "bool";
  readonly fieldType: string;
  readonly options?: readonly { readonly label: string; readonly value: string }[];
  readonly hasUniqueValue?: boolean;
}

export interface HubspotSandboxOptions {
  /** 0 takes a free one. Defaults to 0. */
  readonly port?: number;
  /** The access token of the private app. Defaults to one made from the seed. */
  readonly token?: string;
  /** Defaults to "professional". */
  readonly tier?: HubspotTier;
  /** Record ids, tokens and faults follow from it. Defaults to 1. */
  readonly seed?: number;
  /** How long a change stays invisible to the search endpoint. Defaults to 2,000. */
  readonly indexLagMs?: number;
  readonly faults?: Partial<HubspotFaults>;
  /** What the token may do. Defaults to reading and writing contacts and their properties. */
  readonly scopes?: readonly string[];
  /** Requests a day. Defaults to the tier's number. */
  readonly daily?: number;
  /** Requests in one window. Defaults to the tier's number. */
  readonly perWindow?: number;
  /** Length of the rolling window. Defaults to 10,000. */
  readonly windowMs?: number;
  /** Milliseconds since 1970. Defaults to `Date.now`. */
  readonly now?: () => number;
  /** Custom contact properties that exist from the start. */
  readonly properties?: readonly HubspotPropertyInput[];
  /**
   * What batch/update does with the id of a record that was merged into another: treat it like an unknown one, or leave it out of
   * the results without a word. Both have been reported. Defaults to "missing".
   */
  readonly mergedInBatch?: "missing" | "ignored";
  /** Whether a merge gives the surviving contact a new record id. Both have been reported. Defaults to false. */
  readonly mergeMakesNewId?: boolean;
}

/** A contact as it stands. */
export interface HubspotContact {
  readonly id: string;
  /** Every property with a value. */
  readonly properties: Readonly<Record<string, string>>;
  /** Milliseconds since 1970. */
  readonly createdAt: number;
  readonly updatedAt: number;
  readonly archived: boolean;
}

/** One property that one request has changed, or cleared with "". */
export interface PropertyWrite {
  readonly id: string;
  readonly name: string;
  readonly value: string;
}

/** The property writes so far, in order. */
export interface PropertyWrites extends Iterable<PropertyWrite> {
  readonly length: number;
  /** The writes from that position on. */
  from(position: number): Iterable<PropertyWrite>;
  clear(): void;
}

export interface RequestCounts {
  /** Every request to the API, whatever became of it. */
  readonly total: number;
  /** Requests inside the ten-second budget that the limits let through. */
  readonly accepted: number;
  /** Searches that the limit let through; they have a budget of their own. */
  readonly searches: number;
  /** By method, route and status, such as "POST /crm/v3/objects/contacts/batch/update 200". Status 0: no answer. */
  readonly byRoute: Readonly<Record<string, number>>;
  /** 429s that the limits caused, faults not counted. */
  readonly refused: {
    readonly tenSecondly: number;
    readonly secondly: number;
    readonly daily: number;
  };
  /** Faults that struck, by name. */
  readonly injected: Readonly<Record<string, number>>;
  /** Most accepted requests in any window. */
  readonly maxInWindow: number;
  readonly allowed: {
    readonly perWindow: number;
    readonly windowMs: number;
    readonly searchesPerSecond: number;
    readonly daily: number;
  };
  /** Requests counted against today's allowance. */
  readonly today: number;
  /** Arrival of the first and the last accepted request. */
  readonly firstAt: number | undefined;
  readonly lastAt: number | undefined;
  /** How often each property stood in a write request, refused ones too. */
  readonly propertiesSent: Readonly<Record<string, number>>;
}

/** Types of records besides contacts. */
export type HubspotObjectType = "deals" | "line_items" | "products";

/** A record as it stands now. */
export interface HubspotObject {
  readonly id: string;
  readonly properties: Readonly<Record<string, string>>;
  readonly createdAt: number;
  readonly updatedAt: number;
  readonly archived: boolean;
}

/** Something that happened to a message, as the legacy endpoint tells it. */
export interface HubspotEmailEvent {
  readonly id: string;
  /** UTC milliseconds. */
  readonly created: number;
  readonly type: string;
  readonly recipient: string;
  readonly emailCampaignId?: number;
  readonly subject?: string;
  /** True for what a filter of the portal takes for a machine's. */
  readonly filteredEvent?: boolean;
  readonly userAgent?: string;
  readonly url?: string;
}

/** A marketing e-mail. */
export interface HubspotEmail {
  readonly id: string;
  readonly name: string;
  readonly subject: string;
  readonly previewText?: string;
  /** Absent for a draft. */
  readonly publishedAt?: number;
  readonly updatedAt: number;
  readonly isTransactional: boolean;
  /** What events know it by. */
  readonly campaignIds: readonly string[];
}

export interface HubspotList {
  readonly listId: string;
  readonly name: string;
  readonly processingType: string;
  readonly filterBranch: unknown;
  readonly createdAt: number;
}

/** A portal that runs on this machine. */
export interface HubspotSandbox {
  /** Such as "http://127.0.0.1:8585". Give it to the adapter as the API's address. */
  readonly url: string;
  /** The private app's access token that is good now. */
  readonly token: string;
  /** What an OAuth app sends to `/oauth/v3/token` to receive an access token that lives 30 minutes. */
  readonly oauth: {
    readonly clientId: string;
    readonly clientSecret: string;
    readonly refreshToken: string;
  };
  /**
   * Adds contacts without a request and gives their record ids, in order. Unknown properties are declared as text, or as bool when
   * the first value is "true" or "false". `createdate` and `lastmodifieddate` may be given as ISO times or milliseconds. Search sees
   * these contacts at once.
   *
   * @throws InchwormError "input" when two contacts have the same e-mail address, or a property's name is none
   */
  addContacts(rows: Iterable<Readonly<Record<string, string>>>): string[];
  /** By record id, also by one that was merged away. */
  contact(id: string): HubspotContact | undefined;
  /** All contacts, archived ones too, in the order of their ids. */
  contacts(): Iterable<HubspotContact>;
  /** Merges the second contact into the first, and gives the survivor's id. */
  merge(primaryId: string, mergedId: string): string;
  archive(id: string): void;
  /** Sets properties that exist, or clears them with "", without a request, as somebody at the portal does. */
  edit(id: string, properties: Readonly<Record<string, string>>): void;
  /**
   * Adds a record of another type without a request and gives its id. `links` are ids of contacts (of a deal) or of line items, by
   * type. Search sees it at once.
   */
  addObject(
    type: HubspotObjectType,
    properties: Readonly<Record<string, string>>,
    links?: Readonly<Record<string, readonly string[]>>,
  ): string;
  updateObject(
    type: HubspotObjectType,
    id: string,
    properties: Readonly<Record<string, string>>,
  ): void;
  archiveObject(type: HubspotObjectType, id: string): void;
  object(type: HubspotObjectType, id: string): HubspotObject | undefined;
  readonly emailEvents: HubspotEmailEvent[];
  readonly emails: HubspotEmail[];
  readonly lists: readonly HubspotList[];
  /** Somebody at the portal deletes a property. */
  archiveProperty(name: string): void;
  /** Replaces the faults; what is not named is off. */
  setFaults(faults: Partial<HubspotFaults>): void;
  /** Every access token given so far is expired from now on. Gives the private app's new one, which `token` then holds too. */
  expireToken(): string;
  record(recording: Partial<Recording>): void;
  readonly requests: RequestCounts;
  /** Requests whose "METHOD route status" contains the text or matches the pattern. */
  count(pattern: string | RegExp): number;
  /** The latest requests, oldest first. */
  readonly log: readonly LoggedRequest[];
  readonly writes: PropertyWrites;
  /** Ids of contacts that requests have created. */
  readonly created: readonly string[];
  close(): Promise<void>;
}
