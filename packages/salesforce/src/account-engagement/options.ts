import { InchwormError, type Lane } from "@inchworm/spec";
import { type Login, openLogin } from "../login/login.js";
import { address, type LoginOptions, settleLogin } from "../login/options.js";
import { defined } from "../options.js";

export type AccountEngagementLane = "standard" | "poll" | "login";

export interface AccountEngagementOptions extends LoginOptions {
  /** The business unit's id, which begins with 0Uv. Defaults to ACCOUNT_ENGAGEMENT_BUSINESS_UNIT_ID. */
  readonly businessUnitId?: string | undefined;
  /** The login of `salesforce()`, in place of the login options: two adapters on one refresh token would end each other's. */
  readonly login?: Login | undefined;
  /**
   * The API's address: "https://pi.demo.pardot.com" for sandboxes and developer organisations. Defaults to ACCOUNT_ENGAGEMENT_URL, then
   * "https://pi.pardot.com".
   */
  readonly baseUrl?: string | undefined;
  /** Put before every field's name to make the custom field's name. Defaults to "inchworm_". */
  readonly prefix?: string;
  /** A custom field of prospects that holds the shop's own customer number, by its API name. */
  readonly customerIdField?: string;
  /**
   * A custom field of prospects by which people opt out of being scored, by its API name: of one value, for those of several are left
   * out of queries. Empty, "false", "no", "off" and "0" mean that they have not; any other value means that they have.
   */
  readonly profilingOptOutField?: string;
  /** The name of the Salesforce account whose contacts and leads the prospects are. Defaults to "salesforce". */
  readonly salesforceSystem?: string;
  /**
   * How everything is read the first time: page by page, or by exports of a year each, which take fewer requests and longer. Defaults to
   * "query".
   */
  readonly backfill?: "query" | "export";
  /** Records of one page of a query, 1 to 1,000. Defaults to 1,000. */
  readonly pageSize?: number;
  /** Most rows written at one time. Defaults to 10,000. */
  readonly batchSize?: number;
  /** Up to so many rows are written by a request each, more of them by an import. Defaults to 10. */
  readonly directAtMost?: number;
  /** How long an import or export is waited for, milliseconds. Defaults to 3,600,000. */
  readonly jobWaitMs?: number;
  /** Overrides of the account's pace, by lane. */
  readonly limits?: { readonly [K in AccountEngagementLane]?: Partial<Lane> };
  /** How long one request may take, milliseconds. Defaults to 60,000. */
  readonly timeoutMs?: number;
  /** Tells several business units apart: "eu" makes the account "account-engagement:eu". */
  readonly account?: string;
}

export interface Settings {
  readonly login: Login;
  readonly businessUnitId: string;
  readonly baseUrl: string;
  readonly prefix: string;
  readonly customerIdField: string | undefined;
  readonly profilingOptOutField: string | undefined;
  readonly salesforceSystem: string;
  readonly backfill: "query" | "export";
  readonly pageSize: number;
  readonly batchSize: number;
  readonly directAtMost: number;
  readonly jobWaitMs: number;
  readonly lanes: Readonly<Record<AccountEngagementLane, Lane>>;
  readonly timeoutMs: number;
  readonly system: string;
}

const defaults = {
  prefix: "inchworm_",
  salesforceSystem: "salesforce",
  backfill: "query",
  pageSize: 1_000,
  batchSize: 10_000,
  directAtMost: 10,
  jobWaitMs: 3_600_000,
  timeoutMs: 60_000,
} as const;

/**
 * Five requests at one time, whatever they are for, and the day of the smallest edition; seconds are not limited. Imports and exports
 * take minutes, and looking after them counts like any other request.
 * https://developer.salesforce.com/docs/marketing/pardot/guide/overview.html
 */
const lanes: Readonly<Record<AccountEngagementLane, Lane>> = {
  standard: { requests: 100, perMs: 10_000, concurrency: 4, daily: 25_000 },
  poll: { requests: 1, perMs: 10_000, concurrency: 1 },
  login: { requests: 10, perMs: 60_000, concurrency: 1 },
};

const unitHint =
  "Find it in Salesforce under Setup > Business Unit Setup, and put it into ACCOUNT_ENGAGEMENT_BUSINESS_UNIT_ID.";

/** @throws InchwormError "auth" for a login that is missing or lacks a part, "config" for what is malformed */
export function settle(options: AccountEngagementOptions): Settings {
  const given = { ...defaults, ...defined(options) };
  const businessUnitId = (
    options.businessUnitId ??
    process.env.ACCOUNT_ENGAGEMENT_BUSINESS_UNIT_ID ??
    ""
  ).trim();
  if (!/^0Uv[A-Za-z0-9]{15}$/.test(businessUnitId)) {
    throw config(
      '"businessUnitId" must be the 18 letters and digits of a business unit\'s id, which begin with 0Uv.',
      unitHint,
    );
  }
  for (const option of ["pageSize", "batchSize", "timeoutMs"] as const) {
    if (given[option] >= 1 && given[option] < 2 ** 31) continue;
    throw config(`"${option}" must be a number of at least 1.`);
  }
  for (const option of ["directAtMost", "jobWaitMs"] as const) {
    if (!(given[option] >= 0)) throw config(`"${option}" must be a number of at least 0.`);
  }
  if (!/^[a-z][a-z0-9_]*$/.test(given.prefix)) {
    throw config('"prefix" must be lower-case letters, digits and _, and begin with a letter.');
  }
  if (given.backfill !== "query" && given.backfill !== "export") {
    throw config('"backfill" must be "query" or "export".');
  }
  for (const option of ["customerIdField", "profilingOptOutField"] as const) {
    const name = given[option];
    if (name === undefined || /^[A-Za-z]\w*__c$/.test(name)) continue;
    throw config(`"${option}" must be a custom field's API name, such as Customer_Number__c.`);
  }
  if (given.account !== undefined && !/^[A-Za-z0-9_-]+$/.test(given.account)) {
    throw config('"account" may hold letters, digits, - and _ only.');
  }
  const baseUrl =
    options.baseUrl ?? (process.env.ACCOUNT_ENGAGEMENT_URL || "https://pi.pardot.com");
  const lane = (name: AccountEngagementLane): Lane => ({
    ...lanes[name],
    ...defined(options.limits?.[name] ?? {}),
  });
  return {
    login: options.login ?? openLogin(settleLogin(options), given.timeoutMs),
    businessUnitId,
    baseUrl: address("baseUrl", baseUrl),
    prefix: given.prefix,
    customerIdField: given.customerIdField,
    profilingOptOutField: given.profilingOptOutField,
    salesforceSystem: given.salesforceSystem,
    backfill: given.backfill,
    pageSize: Math.min(defaults.pageSize, Math.floor(given.pageSize)),
    batchSize: Math.floor(given.batchSize),
    directAtMost: Math.floor(given.directAtMost),
    jobWaitMs: given.jobWaitMs,
    lanes: { standard: lane("standard"), poll: lane("poll"), login: lane("login") },
    timeoutMs: given.timeoutMs,
    system:
      given.account === undefined ? "account-engagement" : `account-engagement:${given.account}`,
  };
}

export function config(message: string, hint?: string): InchwormError {
  return new InchwormError(
    "config",
    `account-engagement: ${message}`,
    hint === undefined ? {} : { hint },
  );
}
