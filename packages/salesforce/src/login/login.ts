import {
  networkError,
  type OauthTokens,
  oauthTokens,
  seeThrough,
  withDeadline,
} from "@inchworm/kit";
import { type CallContext, InchwormError } from "@inchworm/spec";
import { assertion } from "./assertion.js";
import { address, type LoginSettings } from "./options.js";
import { loginError } from "./refused.js";

/** What a request needs of a login. */
export interface Session {
  readonly accessToken: string;
  /** The organisation's own address. */
  readonly instanceUrl: string;
  /** Ids of the organisation and the user, where the login told. */
  readonly organizationId?: string;
  readonly userId?: string;
}

/**
 * One login, shared by all that talk to the organisation: Salesforce itself and Account Engagement. Its requests go through the
 * caller's gate on a lane named "login".
 */
export interface Login {
  readonly settings: LoginSettings;
  /** A session that is good as far as is known. */
  current(context: CallContext): Promise<Session>;
  /** Another than the one that was just refused; `undefined` where there is no way to one. */
  renew(refused: Session, context: CallContext): Promise<Session | undefined>;
}

const jwtBearer = "urn:ietf:params:oauth:grant-type:jwt-bearer";

/** Logs in when first asked to, once for all who ask at one time, and keeps refresh tokens that rotate. */
export function openLogin(settings: LoginSettings, timeoutMs: number): Login {
  const { flow, loginUrl } = settings;
  if (flow.kind === "token") {
    const { accessToken, instanceUrl } = flow;
    const session = { accessToken, instanceUrl };
    return { settings, current: async () => session, renew: async () => undefined };
  }

  const parameters = (
    known: OauthTokens | undefined,
  ): { readonly grant_type: string; readonly [name: string]: string } => {
    switch (flow.kind) {
      case "jwt": {
        const { clientId, username, key } = flow;
        const claims = { clientId, username, audience: audienceOf(loginUrl) };
        return { grant_type: jwtBearer, assertion: assertion(claims, key, Date.now()) };
      }
      case "client":
        return { grant_type: "client_credentials" };
      case "refresh":
        return {
          grant_type: "refresh_token",
          refresh_token: known?.refreshToken ?? flow.refreshToken,
        };
    }
  };

  const label = "POST /services/oauth2/token";
  const said = `salesforce: ${label}`;
  const ask = async (known: OauthTokens | undefined): Promise<OauthTokens> => {
    const { OAuth2 } = await import("jsforce");
    const oauth2 = new OAuth2({
      loginUrl,
      ...(flow.kind === "jwt" ? {} : { clientId: flow.clientId }),
      ...(flow.kind !== "jwt" && flow.clientSecret !== undefined
        ? { clientSecret: flow.clientSecret }
        : {}),
    });
    const answer = await oauth2.requestToken(parameters(known)).catch((error: unknown) => {
      throw loginError(error, flow.kind) ?? networkError(error, said, loginUrl);
    });
    const { access_token, refresh_token, instance_url, id } = (answer ?? {}) as Partial<
      Record<string, unknown>
    >;
    if (typeof access_token !== "string" || typeof instance_url !== "string") {
      throw new InchwormError("server", `${said}: the answer holds no token.`);
    }
    return {
      accessToken: access_token,
      ...(typeof refresh_token === "string" ? { refreshToken: refresh_token } : {}),
      extra: { instanceUrl: instance_url, ...(typeof id === "string" ? { id } : {}) },
    };
  };

  const tokens = oauthTokens({
    adapter: "salesforce",
    store: settings.tokens,
    grant: (known, { gate, signal }) =>
      // a refresh token that rotates is good once: sent again after a lost answer, it can end the whole login
      gate.request(
        { lane: "login", repeatable: flow.kind !== "refresh", label, ...(signal && { signal }) },
        (within) =>
          withDeadline({ label: said, timeoutMs, signals: [within, signal] }, (until) =>
            seeThrough(
              until,
              () => ask(known),
              () => new InchwormError("server", `${said}: the answer was cut short.`),
            ),
          ),
      ),
  });

  return {
    settings,
    current: async (context) => sessionOf(await tokens.current(context)),
    renew: async ({ accessToken }, context) => sessionOf(await tokens.renew(accessToken, context)),
  };
}

/** @throws InchwormError "config" when the answer, or the token store, names an address that no token may be sent to */
function sessionOf({ accessToken, extra }: OauthTokens): Session {
  const [organizationId, userId] = (extra?.id ?? "").split("/").slice(-2);
  return {
    accessToken,
    instanceUrl: address("instanceUrl", extra?.instanceUrl ?? ""),
    ...(organizationId?.startsWith("00D") && userId !== undefined
      ? { organizationId, userId }
      : {}),
  };
}

/** An assertion names the place that all organisations, or all sandboxes, share; a site has its own. */
function audienceOf(loginUrl: string): string {
  const { hostname } = new URL(loginUrl);
  if (!hostname.endsWith(".salesforce.com")) return loginUrl;
  const trial = hostname === "test.salesforce.com" || hostname.includes(".sandbox.");
  return trial ? "https://test.salesforce.com" : "https://login.salesforce.com";
}
