import { secret, type TokenStore } from "@inchworm/kit";
import { InchwormError, type Lane } from "@inchworm/spec";

export type LaneName = "standard" | "search";

/** What an OAuth app was given when the account installed it. */
export interface HubspotOauth {
  readonly clientId: string;
  readonly clientSecret: string;
  /** Defaults to what the token store holds. */
  readonly refreshToken?: string;
  /** Where tokens outlive the process, such as `tokenFile("hubspot.tokens.json")` of @inchworm/kit. Defaults to memory. */
  readonly tokens?: TokenStore;
}

export interface HubspotOptions {
  /** A private app's token or a service key. Defaults to the environment's HUBSPOT_TOKEN. */
  readonly accessToken?: string | undefined;
  /** An OAuth app, in place of a token: access tokens are renewed before they end, once for all who ask. */
  readonly oauth?: HubspotOauth;
  /** Defaults to "https://api.hubapi.com". */
  readonly baseUrl?: string;
  /**
   * Which family of paths to call; HubSpot supports v3 until September 2027 and dated ones after it. Defaults to "v3".
   * https://developers.hubspot.com/changelog/legacy-apis-and-legacy-apps-whats-going-unsupported-and-when
   */
  readonly apiVersion?: "v3" | "2026-03";
  /** Put before every field's name to make the property's name. Defaults to "inchworm_". */
  readonly prefix?: string;
  /** The property group that new properties stand in. Defaults to "inchworm". */
  readonly group?: string;
  /** A contact property that holds the shop's own customer number, so that orders find their people. */
  readonly customerIdProperty?: string;
  /**
   * A contact property by which people opt out of being scored. Empty, "false", "no", "off" and "0" mean that they have not; any
   * other value means that they have.
   */
  readonly profilingOptOutProperty?: string;
  /** How far back a first reading of e-mail events goes. Defaults to 365. */
  readonly eventDays?: number;
  /** Overrides of the account's pace, by lane. What HubSpot's headers tell replaces them as the work goes on. */
  readonly limits?: { readonly [K in LaneName]?: Partial<Lane> };
  /** How long one request may take, milliseconds. Defaults to 30,000. */
  readonly timeoutMs?: number;
  /** Tells several portals apart: "eu" makes the account "hubspot:eu". */
  readonly account?: string;
}

export interface Settings {
  readonly access: string | HubspotOauth;
  readonly baseUrl: string;
  readonly apiVersion: "v3" | "2026-03";
  readonly prefix: string;
  readonly group: string;
  readonly customerIdProperty: string | undefined;
  readonly profilingOptOutProperty: string | undefined;
  readonly eventDays: number;
  readonly lanes: Readonly<Record<LaneName, Lane>>;
  readonly timeoutMs: number;
  readonly system: string;
}

const defaults = {
  baseUrl: "https://api.hubapi.com",
  apiVersion: "v3",
  prefix: "inchworm_",
  group: "inchworm",
  eventDays: 365,
  timeoutMs: 30_000,
} as const;

/**
 * A private app of a Free or Starter account, and the search of any account.
 * https://developers.hubspot.com/docs/developer-tooling/platform/usage-guidelines
 */
const lanes: Readonly<Record<LaneName, Lane>> = {
  standard: { requests: 100, perMs: 10_000, concurrency: 10, daily: 250_000 },
  search: { requests: 5, perMs: 1000, concurrency: 4 },
};

/** An OAuth app has a window of its own, and its day is not told. */
const oauthLane: Lane = { requests: 110, perMs: 10_000, concurrency: 10 };

/** What to do about a token that is missing or of no use. */
export const tokenSource =
  "Copy the token from HubSpot (Development > Keys > Service keys, or your private app > Auth) into HUBSPOT_TOKEN.";

/** @throws InchwormError "auth" for a missing token, "config" for what is malformed */
export function settle(options: HubspotOptions): Settings {
  const given = { ...defaults, ...defined(options) };
  if (given.apiVersion !== "v3" && given.apiVersion !== "2026-03") {
    throw config('"apiVersion" must be "v3" or "2026-03".');
  }
  if (!(given.timeoutMs > 0 && given.timeoutMs < 2 ** 31)) {
    throw config('"timeoutMs" must be a number of milliseconds above 0.');
  }
  if (!(given.eventDays > 0 && given.eventDays < 36_500)) {
    throw config('"eventDays" must be a number of days above 0.');
  }
  for (const option of ["group", "customerIdProperty", "profilingOptOutProperty"] as const) {
    const name = given[option];
    if (name === undefined || /^[a-z0-9_]+$/.test(name)) continue;
    throw config(`"${option}" must be HubSpot's internal name: lower-case letters, digits and _.`);
  }
  if (given.account !== undefined && !/^[A-Za-z0-9_-]+$/.test(given.account)) {
    throw config('"account" may hold letters, digits, - and _ only.');
  }
  return {
    access: accessOf(options),
    baseUrl: address(given.baseUrl),
    apiVersion: given.apiVersion,
    prefix: given.prefix,
    group: given.group,
    customerIdProperty: given.customerIdProperty,
    profilingOptOutProperty: given.profilingOptOutProperty,
    eventDays: given.eventDays,
    lanes: {
      standard: {
        ...(options.oauth ? oauthLane : lanes.standard),
        ...defined(options.limits?.standard ?? {}),
      },
      search: { ...lanes.search, ...defined(options.limits?.search ?? {}) },
    },
    timeoutMs: given.timeoutMs,
    system: given.account === undefined ? "hubspot" : `hubspot:${given.account}`,
  };
}

function accessOf({ accessToken, oauth }: HubspotOptions): string | HubspotOauth {
  if (oauth === undefined)
    return secret({
      adapter: "hubspot",
      option: "accessToken",
      variable: "HUBSPOT_TOKEN",
      value: accessToken,
      source: tokenSource,
    });
  if (accessToken !== undefined) throw config('give "accessToken" or "oauth", not both.');
  for (const name of ["clientId", "clientSecret"] as const)
    if (!/^[\x21-\x7e]+$/.test(oauth[name] ?? ""))
      throw config(`"oauth.${name}" is missing, or holds what no app has.`);
  if (oauth.refreshToken === undefined && oauth.tokens === undefined)
    throw config('"oauth" needs a "refreshToken", or "tokens" that hold one.');
  return oauth;
}

function address(text: string): string {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url?.protocol !== "https:" && url?.protocol !== "http:") {
    throw config('"baseUrl" must be an address such as https://api.hubapi.com.');
  }
  if (url.username !== "" || url.password !== "" || url.search !== "") {
    throw config('"baseUrl" may hold a host and a path only.');
  }
  return url.href.replace(/\/+$/, "");
}

function config(message: string): InchwormError {
  return new InchwormError("config", `hubspot: ${message}`);
}

/** A caller's `{ baseUrl: undefined }` means the default, not nothing. */
function defined<T extends object>(options: T): T {
  return Object.fromEntries(
    Object.entries(options).filter(([, value]) => value !== undefined),
  ) as T;
}
