import type { LoggedRequest, Recording } from "../stand-in/journal.js";

/**
 * What goes wrong, and how often. Every share is of all requests, between 0 and 1; one request suffers at most one fault, so the
 * shares add up to at most 1. What is not named is off.
 */
export interface AccountEngagementFaults {
  /** Refused with code 66: too many requests at once. Nothing was done. */
  readonly rateLimit: number;
  /** Answered 500, 502 or 503. The first and last did nothing; half of the 502s did their work first. */
  readonly serverError: number;
  /** The connection is destroyed without an answer: for half of them before the work was done, for half after. */
  readonly dropped: number;
  /** The work is done, and the connection breaks in the middle of the answer's body. */
  readonly cut: number;
  /** Answered by the gateway: 502, 503 or 504 with an HTML page. Nothing was done. */
  readonly htmlErrors: number;
  /** The access token ends right before the request, which is answered 401; a new token is good. */
  readonly sessionEnds: number;
  /** Between the work and its answer. One number, or the ends of a range. */
  readonly latencyMs: number | readonly [number, number];
}

export const customFieldTypes = [
  "Text",
  "Radio Button",
  "Checkbox",
  "Dropdown",
  "Textarea",
  "Multi-Select",
  "Hidden",
  "Number",
  "Date",
  "CRM User",
] as const;
export type CustomFieldType = (typeof customFieldTypes)[number];

/** A custom field as the stand-in is told of it; its API name ends in "__c". */
export interface AccountEngagementFieldInput {
  readonly fieldId: string;
  readonly type: CustomFieldType;
  /** Defaults to `fieldId`. */
  readonly name?: string;
}

export interface AccountEngagementSandboxOptions {
  /** 0 takes a free one. Defaults to 0. */
  readonly port?: number;
  /** Ids, tokens and faults follow from it. Defaults to 1. */
  readonly seed?: number;
  readonly faults?: Partial<AccountEngagementFaults>;
  /** Requests a day, the account's day being UTC's. Defaults to 25,000. */
  readonly daily?: number;
  /** Requests at one time. Defaults to 5. */
  readonly concurrency?: number;
  /** How long reads go on giving what stood before a change. Defaults to 0; the real ones may take 60,000. */
  readonly staleMs?: number;
  /** Records of one chain of page tokens. Defaults to 100,000. */
  readonly chainRecords?: number;
  /** How long an import or export is worked on. Defaults to 0. */
  readonly jobMs?: number;
  /** Rows in one file of an export. Defaults to 1,000. */
  readonly exportFileRows?: number;
  /** Whether the user's role may see and make custom fields. Defaults to true. */
  readonly mayConfigureFields?: boolean;
  /** Whether the user's role may import prospects. Defaults to true. */
  readonly mayImport?: boolean;
  readonly customFields?: readonly AccountEngagementFieldInput[];
  /** Each refresh gives a new refresh token and ends the one before. Defaults to true. */
  readonly rotation?: boolean;
  /** Milliseconds since 1970. Defaults to `Date.now`. */
  readonly now?: () => number;
}

/** A prospect as it stands. */
export interface AccountEngagementProspect {
  readonly id: number;
  /** Every field with a value, but for the times. */
  readonly fields: Readonly<Record<string, string | number | boolean>>;
  readonly createdAt: number;
  readonly updatedAt: number;
  /** In the recycle bin. */
  readonly deleted: boolean;
}

/** One field that one request has changed, or cleared with "". */
export interface AccountEngagementWrite {
  readonly id: number;
  readonly name: string;
  readonly value: string | number | boolean;
}

export interface AccountEngagementActivityInput {
  /** Absent for somebody unknown. */
  readonly prospectId?: number;
  /** The number of what was done: 1 click, 2 view, 4 success, 6 sent, 11 open, 12 unsubscribe, 13 bounce, 14 complaint, 20 visit. */
  readonly type: number;
  /** What it was done with, such as "Email" or "Form". */
  readonly typeName: string;
  readonly at: number;
  readonly listEmailId?: number;
  readonly emailTemplateId?: number;
  readonly formId?: number;
  readonly formHandlerId?: number;
  readonly landingPageId?: number;
  readonly campaignId?: number;
  readonly details?: string;
}

export interface AccountEngagementListEmailInput {
  readonly name: string;
  readonly subject: string;
  /** Absent for one that was not sent. */
  readonly sentAt?: number;
  readonly createdAt?: number;
  readonly isOperational?: boolean;
  /** Counts such as `delivered` and `uniqueOpens`; what is not named is 0. */
  readonly stats?: Readonly<Record<string, number>>;
}

export interface AccountEngagementRequestCounts {
  /** Every request, whatever became of it. */
  readonly total: number;
  /** By method, route and status, such as "PATCH objects/prospects/{id} 200". Status 0: no answer. */
  readonly byRoute: Readonly<Record<string, number>>;
  /** Faults that struck, by name. */
  readonly injected: Readonly<Record<string, number>>;
  /** Requests counted against the day, and how many there may be. */
  readonly today: number;
  readonly daily: number;
  /** Requests refused because too many were under way, and the most that ever were. */
  readonly concurrentRefusals: number;
  readonly mostUnderWay: number;
  /** How often each prospect field stood in a write, refused ones too. */
  readonly fieldsSent: Readonly<Record<string, number>>;
}

/** A business unit that runs on this machine, and the Salesforce organisation that it logs in by. */
export interface AccountEngagementSandbox {
  /** Such as "http://127.0.0.1:8587": where to log in, and the API's host. */
  readonly url: string;
  /** An access token that is good now. */
  readonly token: string;
  /** What the header `Pardot-Business-Unit-Id` must say. */
  readonly businessUnitId: string;
  /** What a connected app sends to `/services/oauth2/token`. The refresh token is the one that is good now. */
  readonly oauth: {
    readonly clientId: string;
    readonly clientSecret: string;
    readonly refreshToken: string;
  };
  /**
   * Adds prospects without a request and gives their ids, in order. `createdAt` and `updatedAt` may be given as milliseconds; fields
   * that nobody may write through the API may be given here.
   *
   * @throws InchwormError "input" for a field that is not there
   */
  addProspects(rows: Iterable<Readonly<Record<string, unknown>>>): number[];
  /** Changes a prospect without a request, as somebody at the screen does; a value of `null` clears. */
  change(id: number, values: Readonly<Record<string, unknown>>): void;
  prospect(id: number): AccountEngagementProspect | undefined;
  /** All of them, the recycle bin too, in the order of their ids. */
  prospects(): Iterable<AccountEngagementProspect>;
  /** Moves a prospect to the recycle bin. */
  delete(id: number): void;
  /** Takes it out of there again. */
  undelete(id: number): void;
  /** Makes it vanish without a trace. */
  erase(id: number): void;
  addActivities(rows: Iterable<AccountEngagementActivityInput>): number[];
  addListEmails(rows: Iterable<AccountEngagementListEmailInput>): number[];
  /** Renames a list e-mail. */
  renameListEmail(id: number, name: string): void;
  /** Makes a custom field, and gives its API name. */
  addField(field: AccountEngagementFieldInput): string;
  /** Somebody deletes a custom field, by its API name. */
  deleteField(name: string): void;
  /** API names and types of the custom fields. */
  readonly customFields: Readonly<Record<string, CustomFieldType>>;
  /** Replaces the faults; what is not named is off. */
  setFaults(faults: Partial<AccountEngagementFaults>): void;
  /** From now on the day has so many requests. */
  setDaily(requests: number): void;
  /** Every access token given so far is worthless from now on. Gives a new one, which `token` then holds too. */
  expireToken(): string;
  keep(recording: Partial<Recording>): void;
  readonly requests: AccountEngagementRequestCounts;
  /** Requests whose "METHOD route status" contains the text or matches the pattern. */
  count(pattern: string | RegExp): number;
  /** The latest requests, oldest first. */
  readonly log: readonly LoggedRequest[];
  readonly writes: readonly AccountEngagementWrite[];
  /** Ids of prospects that requests have created. */
  readonly created: readonly number[];
  close(): Promise<void>;
}
