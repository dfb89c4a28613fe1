import type { LoggedRequest, Recording } from "../stand-in/journal.js";

export const memberStatuses = [
  "subscribed",
  "unsubscribed",
  "cleaned",
  "pending",
  "transactional",
  "archived",
] as const;
export type MailchimpStatus = (typeof memberStatuses)[number];

/**
 * What goes wrong, and how often. Every share is of all requests, between 0 and 1; one request suffers at most one fault, so the
 * shares add up to at most 1. What is not named is off.
 */
export interface MailchimpFaults {
  /** Answered 429 although no more than ten requests are under way. */
  readonly rateLimit: number;
  /** Answered 403 by the gateway, without a JSON body, as at extreme volume. */
  readonly forbidden403: number;
  /** Answered 500, 502 or 503. The first and last did nothing; half of the 502s did their work first. */
  readonly serverError: number;
  /** The connection is destroyed without an answer: for half of them before the work was done, for half after. */
  readonly dropped: number;
  /** The work is done, and the connection breaks in the middle of the answer's body. */
  readonly cut: number;
  /** Answered by the gateway: 502, 503 or 504 with an HTML page. Nothing was done. */
  readonly htmlErrors: number;
  /** No answer for `timeoutMs`, and none then: the work of half of them is done, and each holds its place all the while. */
  readonly stalled: number;
  /** Of the operations of batches: answered 429 or 500 in the results, and not done. */
  readonly operationError: number;
  /** Between the work and its answer. One number, or the ends of a range. */
  readonly latencyMs: number | readonly [number, number];
}

/** A merge field as the API's create call takes it. */
export interface MailchimpFieldInput {
  readonly tag: string;
  /** Defaults to the tag. */
  readonly name?: string;
  /** Defaults to "text". */
  readonly type?: string;
  readonly required?: boolean;
  readonly choices?: readonly string[];
}

export interface MailchimpSandboxOptions {
  /** 0 takes a free one. Defaults to 0. */
  readonly port?: number;
  /** The data centre, with which API keys end. Defaults to "us6". */
  readonly server?: string;
  /** The audience's id. Defaults to one made from the seed. */
  readonly audience?: string;
  /** Ids, keys and faults follow from it. Defaults to 1. */
  readonly seed?: number;
  readonly faults?: Partial<MailchimpFaults>;
  /** Requests under way at one time, over all keys. Defaults to 10. */
  readonly connections?: number;
  /** How long a stalled request holds its place. Defaults to 120,000. */
  readonly timeoutMs?: number;
  /** How long a batch of operations takes from its submission to its end. Defaults to between 50 and 150. */
  readonly batchMs?: number | readonly [number, number];
  /** Merge fields of an audience, the address not counted: 30, or 80 of Premium. Defaults to 30. */
  readonly mostFields?: number;
  /** Merge fields beside FNAME, LNAME, ADDRESS, PHONE and BIRTHDAY. */
  readonly mergeFields?: readonly MailchimpFieldInput[];
  /** Milliseconds since 1970. Defaults to `Date.now`. */
  readonly now?: () => number;
}

/** A member to add. What is not named is as of a subscriber of just now. */
export interface MailchimpMemberInput {
  readonly email: string;
  readonly status?: MailchimpStatus;
  readonly mergeFields?: Readonly<Record<string, unknown>>;
  readonly tags?: readonly string[];
  readonly language?: string;
  readonly timezone?: string;
  readonly countryCode?: string;
  /** Milliseconds since 1970. */
  readonly signedUpAt?: number;
  readonly changedAt?: number;
}

/** A member as it stands. */
export interface MailchimpMember {
  /** The contact's id, which outlives a change of address. */
  readonly contactId: string;
  /** MD5 of the lower-case address. */
  readonly hash: string;
  readonly email: string;
  readonly status: MailchimpStatus;
  /** Every merge field with a value. */
  readonly mergeFields: Readonly<Record<string, unknown>>;
  readonly tags: readonly string[];
  readonly language: string;
  readonly vip: boolean;
  /** Milliseconds since 1970, whole seconds. */
  readonly changedAt: number;
}

/** A campaign that was sent, and what came of it. */
export interface MailchimpCampaignInput {
  readonly id?: string;
  readonly title?: string;
  readonly subject: string;
  readonly preview?: string;
  readonly type?: "regular" | "plaintext" | "absplit" | "rss" | "variate";
  /** Defaults to "sent". */
  readonly status?: string;
  /** Milliseconds since 1970. */
  readonly sentAt: number;
  readonly sentTo: readonly MailchimpReceipt[];
}

export interface MailchimpReceipt {
  readonly email: string;
  readonly bounced?: "hard" | "soft";
  readonly activity?: readonly {
    readonly action: "open" | "click" | "bounce";
    readonly at: number;
    readonly url?: string;
  }[];
  readonly unsubscribedAt?: number;
}

/** An order as `addOrders` takes it. */
export interface MailchimpOrderInput {
  readonly id: string;
  readonly customer: { readonly id: string; readonly email: string };
  readonly at: number;
  readonly total: number;
  readonly cancelledAt?: number;
  readonly financialStatus?: string;
  readonly lines: readonly {
    readonly id: string;
    readonly product: string;
    readonly quantity: number;
    readonly price: number;
    readonly discount?: number;
  }[];
}

export interface MailchimpProductInput {
  readonly id: string;
  readonly title: string;
  readonly type?: string;
  readonly vendor?: string;
  readonly price?: number;
  readonly inventory?: number;
}

/** One merge field that one request has changed, or cleared with "". */
export interface MergeWrite {
  readonly contactId: string;
  readonly tag: string;
  readonly value: unknown;
}

export interface MailchimpRequests {
  /** Every request to the API, whatever became of it; the operations of batches are not among them. */
  readonly total: number;
  /** By method, route and status, such as "PATCH /lists/{list_id}/members/{subscriber_hash} 200". Status 0: no answer. */
  readonly byRoute: Readonly<Record<string, number>>;
  /** 429s for more requests under way than are allowed, faults not counted. */
  readonly refused: number;
  /** Most requests under way at one time. */
  readonly mostUnderWay: number;
  /** Faults that struck, by name. */
  readonly injected: Readonly<Record<string, number>>;
  /** Operations that batches held, by method and route. */
  readonly operations: Readonly<Record<string, number>>;
  /** How often each key stood in the body of a write of a member, in requests and operations, refused ones too. */
  readonly memberKeysSent: Readonly<Record<string, number>>;
  /** The same for each merge field. */
  readonly mergeFieldsSent: Readonly<Record<string, number>>;
}

/** An account with one audience that runs on this machine. */
export interface MailchimpSandbox {
  /** Such as "http://127.0.0.1:8585". The API stands below it at /3.0. */
  readonly url: string;
  readonly server: string;
  /** The API key that is good now. */
  readonly apiKey: string;
  /** An OAuth app's token. */
  readonly accessToken: string;
  readonly accountId: string;
  readonly audience: string;
  /**
   * Adds members without a request and gives their contact ids, in order.
   *
   * @throws InchwormError "input" when an address is none or is there already
   */
  addMembers(rows: Iterable<MailchimpMemberInput>): string[];
  /** By contact id, hash or address. */
  member(id: string): MailchimpMember | undefined;
  members(): Iterable<MailchimpMember>;
  /** What somebody at the account, or the member, does. */
  edit(id: string, mergeFields: Readonly<Record<string, unknown>>): void;
  setStatus(id: string, status: MailchimpStatus): void;
  /** Gives the new hash. */
  changeEmail(id: string, email: string): string;
  /** Deletes a member for good; the address cannot be brought back by the API. */
  forget(id: string): void;
  /** Tags of the audience's merge fields, in order. */
  readonly mergeFields: readonly string[];
  deleteMergeField(tag: string): void;
  /** Gives the campaign's id. */
  addCampaign(campaign: MailchimpCampaignInput): string;
  addReceipts(campaignId: string, receipts: readonly MailchimpReceipt[]): void;
  addStore(store: { readonly id: string; readonly currency?: string }): void;
  addOrders(storeId: string, orders: readonly MailchimpOrderInput[]): void;
  addProducts(storeId: string, products: readonly MailchimpProductInput[]): void;
  /** Replaces the faults; what is not named is off. */
  setFaults(faults: Partial<MailchimpFaults>): void;
  /** Every key and token is revoked from now on. Gives a new key, which `apiKey` then holds too. */
  revoke(): string;
  record(recording: Partial<Recording>): void;
  readonly requests: MailchimpRequests;
  /** Requests whose "METHOD route status" contains the text or matches the pattern. */
  count(pattern: string | RegExp): number;
  /** The latest requests, oldest first. */
  readonly log: readonly LoggedRequest[];
  /** The merge fields written so far, in order. */
  readonly writes: MergeWrite[];
  /** Tag changes by requests, in order, and whether automations were told to keep still. */
  readonly tagWrites: { contactId: string; tag: string; active: boolean; syncing: boolean }[];
  /** Contact ids of members that requests have created. */
  readonly created: readonly string[];
  /** Batches that were submitted, and how many of them have not ended. */
  readonly batches: { readonly submitted: number; readonly running: number };
  close(): Promise<void>;
}
