import type { Answer } from "../stand-in/answer.js";
import { type Call, jsonObject } from "./call.js";
import { Refusal } from "./refusal.js";
import { accessTokenSeconds } from "./tokens.js";

/** Gives an OAuth app its next access token. The form stands in the body: secrets in the query are refused. */
export function refreshToken({ portal, query, headers, text }: Call): Answer {
  const { tokens } = portal;
  if ([...query.keys()].length > 0) {
    throw oauthRefusal("BAD_REQUEST", "invalid_request", "parameters belong in the body");
  }
  if (!String(headers["content-type"]).startsWith("application/x-www-form-urlencoded")) {
    throw oauthRefusal("BAD_REQUEST", "invalid_request", "the body must be a form");
  }
  const form = new URLSearchParams(text);
  if (form.get("grant_type") !== "refresh_token") {
    throw oauthRefusal("BAD_GRANT_TYPE", "unsupported_grant_type", "unknown grant type");
  }
  if (form.get("client_id") !== tokens.oauth.clientId) {
    throw oauthRefusal("BAD_CLIENT_ID", "invalid_client", "missing or invalid client id");
  }
  if (form.get("client_secret") !== tokens.oauth.clientSecret) {
    throw oauthRefusal("BAD_CLIENT_SECRET", "invalid_client", "missing or invalid client secret");
  }
  if (form.get("refresh_token") !== tokens.oauth.refreshToken) {
    throw oauthRefusal(
      "BAD_REFRESH_TOKEN",
      "invalid_grant",
      "refresh token is invalid, expired or revoked",
    );
  }
  return {
    status: 200,
    body: {
      token_type: "bearer",
      access_token: tokens.issue(portal.now()),
      refresh_token: tokens.oauth.refreshToken,
      expires_in: accessTokenSeconds,
    },
  };
}

/** What an OAuth access token may do, and for how long. */
export function tokenInfo({ portal, params }: Call): Answer {
  const access = portal.tokens.get(params.token);
  if (access?.kind !== "oauth" || access.expiresAt <= portal.now()) {
    throw new Refusal(404, "OBJECT_NOT_FOUND", "access token is invalid or expired");
  }
  return {
    status: 200,
    body: {
      token: params.token,
      token_type: "access",
      hub_id: portal.hubId,
      hub_domain: "sandbox.example.com",
      user: "operator@example.com",
      user_id: 1,
      app_id: 1,
      scopes: portal.tokens.scopes,
      expires_in: Math.floor((access.expiresAt - portal.now()) / 1_000),
    },
  };
}

/** What a private app's token may do. From general knowledge: it stands in no specification at hand. */
export function privateTokenInfo(call: Call): Answer {
  const { portal } = call;
  const access = portal.tokens.get(String(jsonObject(call).tokenKey));
  if (access?.kind !== "private") {
    throw new Refusal(404, "OBJECT_NOT_FOUND", "access token is unknown");
  }
  return {
    status: 200,
    body: { hubId: portal.hubId, userId: 1, appId: 1, scopes: portal.tokens.scopes },
  };
}

/** From general knowledge: it stands in no specification at hand. */
export function accountDetails({ portal }: Call): Answer {
  return {
    status: 200,
    body: {
      portalId: portal.hubId,
      accountType: "STANDARD",
      timeZone: "UTC",
      companyCurrency: "EUR",
      additionalCurrencies: [],
      utcOffset: "+00:00",
      utcOffsetMilliseconds: 0,
      uiDomain: "app.hubspot.com",
      dataHostingLocation: "na1",
    },
  };
}

/** The older form of the account's details. From general knowledge. */
export function me({ portal }: Call): Answer {
  return {
    status: 200,
    body: {
      portalId: portal.hubId,
      timeZone: "UTC",
      currency: "EUR",
      utcOffset: "+00:00",
      utcOffsetMilliseconds: 0,
    },
  };
}

function oauthRefusal(status: string, error: string, message: string): Refusal {
  return new Refusal(400, status, message, { status, error, error_description: message });
}
