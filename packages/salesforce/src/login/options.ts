import { createPrivateKey, type KeyObject } from "node:crypto";
import type { TokenStore } from "@inchworm/kit";
import { InchwormError } from "@inchworm/spec";

/** How to log in. Which parts are given says by which flow; each defaults to the environment's variable. */
export interface LoginOptions {
  /**
   * Where to log in: your My Domain, such as "https://example.my.salesforce.com". Defaults to SALESFORCE_LOGIN_URL, then
   * "https://login.salesforce.com".
   */
  readonly loginUrl?: string | undefined;
  /** The app's consumer key. Defaults to SALESFORCE_CLIENT_ID. */
  readonly clientId?: string | undefined;
  /** The app's consumer secret: alone with the key for the client credentials flow. Defaults to SALESFORCE_CLIENT_SECRET. */
  readonly clientSecret?: string | undefined;
  /** For the JWT bearer flow: whose rights to use. Defaults to SALESFORCE_USERNAME. */
  readonly username?: string | undefined;
  /** For the JWT bearer flow: the PEM text of the key that the app's certificate goes with. Defaults to SALESFORCE_PRIVATE_KEY. */
  readonly privateKey?: string | undefined;
  /** For the refresh token flow. Defaults to SALESFORCE_REFRESH_TOKEN. */
  readonly refreshToken?: string | undefined;
  /** An access token from elsewhere, which cannot be renewed. Defaults to SALESFORCE_ACCESS_TOKEN. */
  readonly accessToken?: string | undefined;
  /** The organisation's own address, needed with an access token only. Defaults to SALESFORCE_INSTANCE_URL. */
  readonly instanceUrl?: string | undefined;
  /** Keeps tokens between processes. Needed where refresh tokens rotate: each is good once. Defaults to memory. */
  readonly tokens?: TokenStore | undefined;
}

export type Flow =
  | {
      readonly kind: "jwt";
      readonly clientId: string;
      readonly username: string;
      readonly key: KeyObject;
    }
  | { readonly kind: "client"; readonly clientId: string; readonly clientSecret: string }
  | {
      readonly kind: "refresh";
      readonly clientId: string;
      readonly clientSecret: string | undefined;
      readonly refreshToken: string;
    }
  | { readonly kind: "token"; readonly accessToken: string; readonly instanceUrl: string };

export interface LoginSettings {
  readonly loginUrl: string;
  readonly flow: Flow;
  readonly tokens: TokenStore | undefined;
  /** Texts that may stand in no message. */
  readonly secrets: readonly string[];
}

export const loginHint =
  "Make an External Client App in Salesforce (Setup > External Client App Manager) and set SALESFORCE_CLIENT_ID with SALESFORCE_CLIENT_SECRET, or with SALESFORCE_USERNAME and SALESFORCE_PRIVATE_KEY.";

const variables = {
  loginUrl: "SALESFORCE_LOGIN_URL",
  clientId: "SALESFORCE_CLIENT_ID",
  clientSecret: "SALESFORCE_CLIENT_SECRET",
  username: "SALESFORCE_USERNAME",
  privateKey: "SALESFORCE_PRIVATE_KEY",
  refreshToken: "SALESFORCE_REFRESH_TOKEN",
  accessToken: "SALESFORCE_ACCESS_TOKEN",
  instanceUrl: "SALESFORCE_INSTANCE_URL",
} as const;
type Part = keyof typeof variables;

/**
 * @throws InchwormError "auth" when nothing to log in with is given, or a part of it is missing; "config" for what is malformed. No
 *   message holds what was given
 */
export function settleLogin(options: LoginOptions): LoginSettings {
  // what is passed in code goes together: the environment does not complete another login than its own
  const passed = (Object.keys(variables) as Part[]).some(
    (part) => part !== "loginUrl" && options[part] !== undefined,
  );
  const get = (part: Part): string | undefined => {
    const value =
      options[part] ?? (passed && part !== "loginUrl" ? "" : process.env[variables[part]]);
    const text = (value ?? "").trim();
    if (text === "") return undefined;
    if (part === "privateKey" || /^[\x21-\x7e]+$/.test(text)) return text;
    throw new InchwormError(
      "config",
      `salesforce: "${part}" holds a space, a line break or a letter that it cannot have.`,
      { hint: `Copy it again, without quotes or line breaks, into ${variables[part]}.` },
    );
  };
  const loginUrl = address("loginUrl", get("loginUrl") ?? "https://login.salesforce.com");
  const flow = flowOf(get);
  const secrets = [
    get("clientSecret"),
    get("privateKey"),
    get("refreshToken"),
    get("accessToken"),
  ].filter((secret) => secret !== undefined);
  return { loginUrl, flow, tokens: options.tokens, secrets };
}

function flowOf(get: (part: Part) => string | undefined): Flow {
  const need = (part: Part, flow: string): string => {
    const value = get(part);
    if (value !== undefined) return value;
    throw new InchwormError(
      "auth",
      `salesforce: ${flow} needs "${part}". Set ${variables[part]}, or pass it in code.`,
      { hint: loginHint },
    );
  };
  if (get("privateKey") !== undefined) {
    const flow = "the JWT bearer flow";
    const clientId = need("clientId", flow);
    return {
      kind: "jwt",
      clientId,
      username: need("username", flow),
      key: privateKey(need("privateKey", flow)),
    };
  }
  const refreshToken = get("refreshToken");
  if (refreshToken !== undefined) {
    const clientId = need("clientId", "the refresh token flow");
    return { kind: "refresh", clientId, clientSecret: get("clientSecret"), refreshToken };
  }
  const accessToken = get("accessToken");
  if (accessToken !== undefined) {
    const instanceUrl = address("instanceUrl", need("instanceUrl", "an access token"));
    return { kind: "token", accessToken, instanceUrl };
  }
  if (get("clientId") === undefined && get("clientSecret") === undefined) {
    throw new InchwormError("auth", "salesforce: there is nothing to log in with.", {
      hint: loginHint,
    });
  }
  const flow = "the client credentials flow";
  return {
    kind: "client",
    clientId: need("clientId", flow),
    clientSecret: need("clientSecret", flow),
  };
}

function privateKey(text: string): KeyObject {
  try {
    // environment variables often hold the line ends as two letters
    const key = createPrivateKey(text.replaceAll("\\n", "\n"));
    if (key.asymmetricKeyType === "rsa") return key;
  } catch {
    // what the parser says may quote the key
  }
  throw new InchwormError("config", 'salesforce: "privateKey" is no RSA private key in PEM form.', {
    hint: "It begins with -----BEGIN PRIVATE KEY-----; pass the whole text, not the file's name.",
  });
}

/** @throws InchwormError "config" */
export function address(option: string, text: string): string {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  const local = url?.hostname === "127.0.0.1" || url?.hostname === "localhost";
  if (url?.protocol !== "https:" && !(url?.protocol === "http:" && local)) {
    throw new InchwormError(
      "config",
      `salesforce: "${option}" must be an address that begins with https://.`,
    );
  }
  if (url.username !== "" || url.password !== "" || url.search !== "" || url.pathname !== "/") {
    throw new InchwormError("config", `salesforce: "${option}" may hold a host only.`);
  }
  if (/\.lightning\.force\.com$/i.test(url.hostname)) {
    throw new InchwormError(
      "config",
      `salesforce: "${option}" is the address of the user interface.`,
      {
        hint: "Use the My Domain address, which ends in .my.salesforce.com.",
      },
    );
  }
  return url.origin;
}
