import { InchwormError, type Lane } from "@inchworm/spec";
import { type LoginOptions, type LoginSettings, settleLogin } from "./login/options.js";

export type LaneName = "rest" | "bulk" | "poll" | "login";

export interface SalesforceOptions extends LoginOptions {
  /** The API version to call. Defaults to "60.0". */
  readonly apiVersion?: string;
  /** Put before every field's name to make the custom field's name. Defaults to "inchworm_". */
  readonly prefix?: string;
  /** Name of the permission set that shows our fields. Defaults to "Inchworm". */
  readonly permissionSet?: string;
  /** Whether leads are scored beside contacts. Defaults to true. */
  readonly leads?: boolean;
  /** A field of contacts that holds the shop's own customer number, so that orders find their people. */
  readonly customerIdField?: string;
  /**
   * A field of contacts and leads by which people opt out of being scored, beside the privacy choices of their Individual record.
   * Empty, "false", "no", "off" and "0" mean that they have not; any other value means that they have.
   */
  readonly profilingOptOutField?: string;
  /**
   * How scores are written: 200 records a request, or 10,000 in a Bulk API 2.0 job, which takes fewer requests for many people and
   * longer for few. Defaults to "collections".
   */
  readonly writing?: "collections" | "bulk";
  /**
   * Most rows of one job that writes. Salesforce works jobs off in lots of 10,000, and runs the organisation's own automation on 200 at
   * a time. Defaults to 10,000.
   */
  readonly jobRows?: number;
  /** Rows from which something is read by a Bulk API 2.0 query job instead of page by page. Defaults to 10,000. */
  readonly bulkFrom?: number;
  /** Rows of one page of a query, 1 to 2,000. Defaults to 2,000. */
  readonly pageSize?: number;
  /** Overrides of the account's pace, by lane. */
  readonly limits?: { readonly [K in LaneName]?: Partial<Lane> };
  /** How long one request may take, milliseconds. Defaults to 60,000. */
  readonly timeoutMs?: number;
  /** Tells several organisations apart: "eu" makes the account "salesforce:eu". */
  readonly account?: string;
}

export interface Settings {
  readonly login: LoginSettings;
  readonly apiVersion: string;
  readonly prefix: string;
  readonly permissionSet: string;
  readonly leads: boolean;
  readonly customerIdField: string | undefined;
  readonly profilingOptOutField: string | undefined;
  readonly writing: "collections" | "bulk";
  readonly jobRows: number;
  readonly bulkFrom: number;
  readonly pageSize: number;
  readonly lanes: Readonly<Record<LaneName, Lane>>;
  readonly timeoutMs: number;
  readonly system: string;
}

const defaults = {
  apiVersion: "60.0",
  prefix: "inchworm_",
  permissionSet: "Inchworm",
  leads: true,
  writing: "collections",
  jobRows: 10_000,
  bulkFrom: 10_000,
  pageSize: 2_000,
  timeoutMs: 60_000,
} as const;

/**
 * Salesforce limits a day and long requests at once, not seconds; the pace keeps an organisation usable for its people. Looking after
 * a job is a lane of its own, so that nobody asks more often than every two seconds. The day is that of the smallest paid edition.
 * https://developer.salesforce.com/docs/atlas.en-us.salesforce_app_limits_cheatsheet.meta/salesforce_app_limits_cheatsheet/salesforce_app_limits_platform_api.htm
 */
const lanes: Readonly<Record<LaneName, Lane>> = {
  rest: { requests: 100, perMs: 10_000, concurrency: 8, daily: 100_000 },
  bulk: { requests: 50, perMs: 10_000, concurrency: 2, daily: 100_000 },
  poll: { requests: 1, perMs: 2_000, concurrency: 1 },
  login: { requests: 10, perMs: 60_000, concurrency: 1 },
};

/** @throws InchwormError "auth" for a login that is missing or lacks a part, "config" for what is malformed */
export function settle(options: SalesforceOptions): Settings {
  const given = { ...defaults, ...defined(options) };
  if (!/^\d{2,3}\.0$/.test(given.apiVersion) || Number(given.apiVersion) < 52) {
    throw config('"apiVersion" must be "52.0" or later, such as "60.0".');
  }
  if (!(given.timeoutMs > 0 && given.timeoutMs < 2 ** 31)) {
    throw config('"timeoutMs" must be a number of milliseconds above 0.');
  }
  if (!/^[a-z][a-z0-9]*(_[a-z0-9]+)*_?$/.test(given.prefix)) {
    throw config(
      '"prefix" must be lower-case words with single _ between them, such as "inchworm_".',
    );
  }
  if (!/^[A-Za-z][A-Za-z0-9]*(_[A-Za-z0-9]+)*$/.test(given.permissionSet)) {
    throw config('"permissionSet" must be an API name: letters, digits and single _.');
  }
  if (given.writing !== "collections" && given.writing !== "bulk") {
    throw config('"writing" must be "collections" or "bulk".');
  }
  if (!(Number.isInteger(given.pageSize) && given.pageSize >= 1 && given.pageSize <= 2_000)) {
    throw config('"pageSize" must be a whole number from 1 to 2,000.');
  }
  if (!(Number.isInteger(given.jobRows) && given.jobRows > 200 && given.jobRows <= 10_000)) {
    throw config('"jobRows" must be a whole number from 201 to 10,000.');
  }
  if (!(given.bulkFrom >= 0)) throw config('"bulkFrom" must be a number of rows.');
  for (const option of ["customerIdField", "profilingOptOutField"] as const) {
    const name = given[option];
    if (name === undefined || /^[A-Za-z]\w*$/.test(name)) continue;
    throw config(`"${option}" must be the field's API name, such as Customer_Number__c.`);
  }
  if (given.account !== undefined && !/^[A-Za-z0-9_-]+$/.test(given.account)) {
    throw config('"account" may hold letters, digits, - and _ only.');
  }
  const lane = (name: LaneName): Lane => ({
    ...lanes[name],
    ...defined(options.limits?.[name] ?? {}),
  });
  return {
    login: settleLogin(options),
    apiVersion: given.apiVersion,
    prefix: given.prefix,
    permissionSet: given.permissionSet,
    leads: given.leads,
    customerIdField: given.customerIdField,
    profilingOptOutField: given.profilingOptOutField,
    writing: given.writing,
    jobRows: given.jobRows,
    bulkFrom: given.bulkFrom,
    pageSize: given.pageSize,
    lanes: { rest: lane("rest"), bulk: lane("bulk"), poll: lane("poll"), login: lane("login") },
    timeoutMs: given.timeoutMs,
    system: given.account === undefined ? "salesforce" : `salesforce:${given.account}`,
  };
}

export function config(message: string): InchwormError {
  return new InchwormError("config", `salesforce: ${message}`);
}

/** A caller's `{ loginUrl: undefined }` means the default, not nothing. */
export function defined<T extends object>(options: T): T {
  return Object.fromEntries(
    Object.entries(options).filter(([, value]) => value !== undefined),
  ) as T;
}
