import { secret } from "@inchworm/kit";
import { InchwormError, type Lane } from "@inchworm/spec";

export type LaneName = "standard" | "looks" | "files";

export interface MailchimpOptions {
  /** An API key, which ends in its data centre. Defaults to the environment's MAILCHIMP_API_KEY, unless there is an access token. */
  readonly apiKey?: string | undefined;
  /** An OAuth app's token in place of a key; needs `server`. It lasts until it is revoked. */
  readonly accessToken?: string | undefined;
  /** The data centre, such as "us6". Defaults to what the key ends in. */
  readonly server?: string | undefined;
  /** The audience's id (Audience > Settings > Audience name and defaults). Defaults to the environment's MAILCHIMP_AUDIENCE. */
  readonly audience?: string | undefined;
  /** Defaults to the data centre's address. */
  readonly baseUrl?: string;
  /** Put before every field's name to make the merge tag: at most 5 capital letters, digits and _. Defaults to "IW_". */
  readonly prefix?: string;
  /** Names of the fields that are written, of all that are published: an audience has few merge fields. Defaults to all. */
  readonly fields?: readonly string[];
  /** Merge tags of your own for some fields, by field name, such as `{ churn_band: "CHURN" }`. */
  readonly mergeTags?: Readonly<Record<string, string>>;
  /** Merge fields the audience may have in all; a Premium plan has 80. Defaults to 30. */
  readonly mostMergeFields?: number;
  /** The merge tag that holds the shop's own customer number, so that orders find their people. */
  readonly customerIdField?: string;
  /**
   * A merge tag by which people opt out of being scored. Empty, "false", "no", "off" and "0" mean that they have not; any other value
   * means that they have.
   */
  readonly profilingOptOutField?: string;
  /** Ids of the e-commerce stores to read. Defaults to those of the audience. */
  readonly stores?: readonly string[];
  /** Days after its sending for which a campaign's report is read again. Defaults to 60. */
  readonly reportDays?: number;
  /** Entries of one page of a list, at most 1,000. Defaults to 1,000. */
  readonly pageSize?: number;
  /** Records of one write, each an operation of one batch. Defaults to 500. */
  readonly batchSize?: number;
  /** Up to so many records are written one by one, which takes seconds where a batch takes minutes. Defaults to 10. */
  readonly directAtMost?: number;
  /** A batch that has not ended after so long is given up, its records unknown. Defaults to 12 hours, milliseconds. */
  readonly batchWaitMs?: number;
  /** Overrides of the account's pace, by lane. */
  readonly limits?: { readonly [K in LaneName]?: Partial<Lane> };
  /** How long one request may take, milliseconds. Defaults to 60,000; Mailchimp itself gives up after 120,000. */
  readonly timeoutMs?: number;
  /** Tells several accounts or audiences apart: "eu" makes the account "mailchimp:eu". */
  readonly account?: string;
}

export interface Settings {
  readonly key: { readonly apiKey: string } | { readonly accessToken: string };
  readonly secrets: readonly string[];
  readonly audience: string;
  readonly baseUrl: string;
  readonly prefix: string;
  readonly fields: ReadonlySet<string> | undefined;
  readonly mergeTags: Readonly<Record<string, string>>;
  readonly mostMergeFields: number;
  readonly customerIdField: string | undefined;
  readonly profilingOptOutField: string | undefined;
  readonly stores: readonly string[] | undefined;
  readonly reportDays: number;
  readonly pageSize: number;
  readonly batchSize: number;
  readonly directAtMost: number;
  readonly batchWaitMs: number;
  readonly lanes: Readonly<Record<LaneName, Lane>>;
  readonly timeoutMs: number;
  readonly system: string;
}

const defaults = {
  prefix: "IW_",
  mostMergeFields: 30,
  reportDays: 60,
  // https://mailchimp.com/developer/marketing/docs/methods-parameters/#pagination
  pageSize: 1_000,
  batchSize: 500,
  directAtMost: 10,
  batchWaitMs: 12 * 3_600_000,
  timeoutMs: 60_000,
} as const;

/**
 * Mailchimp counts connections, not requests: ten at one time over all keys and apps of a user. Half of them are left to others, for
 * a request that was given up holds its place there until its 120 seconds are over. Looks at batches under way have a lane of their
 * own, whose pace is what is waited between two looks.
 * https://mailchimp.com/developer/marketing/docs/fundamentals/#api-limits
 */
const lanes: Readonly<Record<LaneName, Lane>> = {
  standard: { requests: 100, perMs: 1_000, concurrency: 4 },
  looks: { requests: 1, perMs: 1_000, concurrency: 1 },
  // the results of batches stand on another host
  files: { requests: 20, perMs: 1_000, concurrency: 2 },
};

/** What to do about a key that is missing or of no use. */
export const keySource =
  "Make a key in Mailchimp (Profile > Extras > API keys) and put it into MAILCHIMP_API_KEY.";

const dataCentre = /^[a-z]{2,}\d{1,3}$/;
const mergeTag = /^[A-Z][A-Z0-9_]{0,9}$/;

/** @throws InchwormError "auth" for a missing key, "config" for what is malformed */
export function settle(options: MailchimpOptions): Settings {
  const given = { ...defaults, ...defined(options) };
  const key = keyOf(options);
  const secrets = Object.values(key);
  const audience = (given.audience || process.env.MAILCHIMP_AUDIENCE || "").trim();
  if (!/^[A-Za-z0-9]{1,64}$/.test(audience)) {
    throw config(
      '"audience" must be the id of an audience.',
      "Find it in Mailchimp (Audience > Settings > Audience name and defaults), and put it into MAILCHIMP_AUDIENCE.",
    );
  }
  if (!/^[A-Z][A-Z0-9_]{0,4}$/.test(given.prefix)) {
    throw config(
      '"prefix" must be up to 5 capital letters, digits and _, and begin with a letter.',
    );
  }
  for (const [option, tag] of [
    ["customerIdField", given.customerIdField],
    ["profilingOptOutField", given.profilingOptOutField],
    ...Object.entries(given.mergeTags ?? {}).map(([name, tag]) => [`mergeTags.${name}`, tag]),
  ]) {
    if (tag === undefined || mergeTag.test(tag)) continue;
    throw config(`"${option}" must be a merge tag: up to 10 capital letters, digits and _.`);
  }
  for (const option of [
    "mostMergeFields",
    "pageSize",
    "batchSize",
    "reportDays",
    "timeoutMs",
  ] as const) {
    if (given[option] >= 1 && given[option] < 2 ** 31) continue;
    throw config(`"${option}" must be a number of at least 1.`);
  }
  for (const option of ["directAtMost", "batchWaitMs"] as const) {
    if (!(given[option] >= 0)) throw config(`"${option}" must be a number of at least 0.`);
  }
  if (given.account !== undefined && !/^[A-Za-z0-9_-]+$/.test(given.account)) {
    throw config('"account" may hold letters, digits, - and _ only.');
  }
  return {
    key,
    secrets,
    audience,
    baseUrl: given.baseUrl === undefined ? hostOf(key, given.server) : address(given.baseUrl),
    prefix: given.prefix,
    fields: given.fields && new Set(given.fields),
    mergeTags: given.mergeTags ?? {},
    mostMergeFields: given.mostMergeFields,
    customerIdField: given.customerIdField,
    profilingOptOutField: given.profilingOptOutField,
    stores: given.stores,
    reportDays: given.reportDays,
    pageSize: Math.min(defaults.pageSize, Math.floor(given.pageSize)),
    batchSize: Math.floor(given.batchSize),
    directAtMost: given.directAtMost,
    batchWaitMs: given.batchWaitMs,
    lanes: {
      standard: { ...lanes.standard, ...defined(options.limits?.standard ?? {}) },
      looks: { ...lanes.looks, ...defined(options.limits?.looks ?? {}) },
      files: { ...lanes.files, ...defined(options.limits?.files ?? {}) },
    },
    timeoutMs: given.timeoutMs,
    system: given.account === undefined ? "mailchimp" : `mailchimp:${given.account}`,
  };
}

function keyOf({ apiKey, accessToken }: MailchimpOptions): Settings["key"] {
  const setting = { adapter: "mailchimp", source: keySource };
  if (accessToken) {
    const variable = "MAILCHIMP_ACCESS_TOKEN";
    return {
      accessToken: secret({ ...setting, option: "accessToken", variable, value: accessToken }),
    };
  }
  const variable = "MAILCHIMP_API_KEY";
  return { apiKey: secret({ ...setting, option: "apiKey", variable, value: apiKey }) };
}

/** The name goes into the host: what is no data centre would send the key elsewhere. */
function hostOf(key: Settings["key"], given: string | undefined): string {
  const own = "apiKey" in key ? /-([^-]*)$/.exec(key.apiKey)?.[1] : undefined;
  const server = given ?? own;
  if (server === undefined || !dataCentre.test(server)) {
    throw config(
      given === undefined && "apiKey" in key
        ? "the API key does not end in a data centre, such as -us6."
        : '"server" must be a data centre, such as "us6".',
      "It is the first part of Mailchimp's address when you are logged in.",
    );
  }
  if (own !== undefined && dataCentre.test(own) && own !== server) {
    throw config(
      '"server" is not the data centre that the API key ends in.',
      'Leave "server" out.',
    );
  }
  return `https://${server}.api.mailchimp.com`;
}

function address(text: string): string {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url?.protocol !== "https:" && url?.protocol !== "http:") {
    throw config('"baseUrl" must be an address such as https://us6.api.mailchimp.com.');
  }
  if (url.username !== "" || url.password !== "" || url.search !== "") {
    throw config('"baseUrl" may hold a host and a path only.');
  }
  return url.href.replace(/\/+$/, "");
}

function config(message: string, hint?: string): InchwormError {
  return new InchwormError("config", `mailchimp: ${message}`, hint === undefined ? {} : { hint });
}

/** A caller's `{ baseUrl: undefined }` means the default, not nothing. */
function defined<T extends object>(options: T): T {
  return Object.fromEntries(
    Object.entries(options).filter(([, value]) => value !== undefined),
  ) as T;
}
