import { oauthTokens } from "@inchworm/kit";
import { type CallContext, InchwormError } from "@inchworm/spec";
import type { HubspotOauth, Settings } from "./options.js";
import { lenient, refusal } from "./refusal.js";

/** The token that calls carry. */
export interface Access {
  current(context: CallContext): Promise<string>;
  /** Another token than the one just refused; `undefined` where there is none to be had. */
  renew(refused: string, context: CallContext): Promise<string | undefined>;
  /** What must stand in no message. */
  readonly secrets: readonly string[];
}

export function access(settings: Settings): Access {
  const token = settings.access;
  if (typeof token !== "string") return renewed(token, settings);
  return { current: async () => token, renew: async () => undefined, secrets: [token] };
}

/** Tokens live for 30 minutes. https://developers.hubspot.com/docs/api-reference/legacy/authentication/manage-oauth-tokens */
function renewed(app: HubspotOauth, settings: Settings): Access {
  const given = [app.clientSecret, ...(app.refreshToken === undefined ? [] : [app.refreshToken])];
  let latest: readonly string[] = [];
  const tokens = oauthTokens({
    adapter: "hubspot",
    store: app.tokens,
    grant: async (known, context) => {
      const refreshToken = known?.refreshToken ?? app.refreshToken;
      if (refreshToken === undefined)
        throw new InchwormError("auth", "hubspot: the token store holds no refresh token.", {
          hint: "Pass the one that HubSpot gave when the app was installed.",
        });
      const granted = await askForTokens(app, refreshToken, settings, context);
      latest = [granted.accessToken, granted.refreshToken];
      return granted;
    },
  });
  return {
    current: async (context) => (await tokens.current(context)).accessToken,
    renew: async (refused, context) => (await tokens.renew(refused, context)).accessToken,
    get secrets() {
      return [...given, ...latest];
    },
  };
}

async function askForTokens(
  { clientId, clientSecret }: HubspotOauth,
  refreshToken: string,
  { baseUrl, timeoutMs }: Settings,
  { gate, signal }: CallContext,
) {
  const path = "/oauth/v3/token";
  const label = `POST ${path}`;
  return gate.request(
    { lane: "standard", repeatable: true, label, ...(signal && { signal }) },
    async (within) => {
      const limit = AbortSignal.any([within, AbortSignal.timeout(timeoutMs)]);
      let status: number;
      let text: string;
      try {
        const response = await fetch(`${baseUrl}${path}`, {
          method: "POST",
          body: new URLSearchParams({
            grant_type: "refresh_token",
            client_id: clientId,
            client_secret: clientSecret,
            refresh_token: refreshToken,
          }),
          signal: limit,
        });
        status = response.status;
        text = await response.text();
      } catch {
        within.throwIfAborted();
        // what fetch throws may hold the form
        throw new InchwormError("network", `hubspot: ${label}: no answer.`);
      }
      const body = lenient(text);
      const { access_token: accessToken, refresh_token: next, expires_in: seconds } = body;
      if (status === 200 && typeof accessToken === "string" && accessToken !== "")
        return {
          accessToken,
          refreshToken: typeof next === "string" && next !== "" ? next : refreshToken,
          ...(typeof seconds === "number" && { expiresAt: Date.now() + seconds * 1000 }),
        };
      const vendorCode = refusal(body).code ?? `HTTP_${status}`;
      if (status === 429)
        throw new InchwormError("rate-limit", `hubspot: ${label}: too many requests.`, {
          vendorCode,
        });
      if (status >= 500 || status === 200)
        throw new InchwormError("server", `hubspot: ${label}: HubSpot failed (HTTP ${status}).`, {
          vendorCode,
        });
      throw new InchwormError("auth", `hubspot: ${label}: refused (${vendorCode}).`, {
        hint: "See whether client id and secret are the app's, and whether the account still has it installed; install it again for a new refresh token.",
        vendorCode,
      });
    },
  );
}
