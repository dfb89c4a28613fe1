import { timingSafeEqual } from "node:crypto";
import type { Answer } from "../stand-in/answer.js";
import type { Request } from "../stand-in/server.js";
import { header } from "./call.js";
import type { Org } from "./org.js";

const jwtBearer = "urn:ietf:params:oauth:grant-type:jwt-bearer";

/** Where apps get their tokens: form bodies only. */
export function tokenRoute(org: Org, request: Request): Answer {
  const { logins } = org;
  const form = new URLSearchParams(request.text);
  const get = (name: string) => form.get(name) ?? "";
  const url = `http://${header(request, "host") ?? "127.0.0.1"}`;
  if (request.method !== "POST") return refused("invalid_request", "must use HTTP POST");
  if (!header(request, "content-type")?.startsWith("application/x-www-form-urlencoded")) {
    return refused("invalid_request", "the body must be form encoded");
  }
  const grant = get("grant_type");
  switch (grant) {
    case jwtBearer: {
      const audiences = [url, "https://login.salesforce.com", "https://test.salesforce.com"];
      const flaw = logins.assertionFlaw(get("assertion"), audiences, org.now());
      return flaw === undefined ? given() : refused("invalid_grant", flaw);
    }
    case "client_credentials": {
      if (get("client_id") !== logins.clientId)
        return refused("invalid_client_id", "client identifier invalid");
      if (!same(get("client_secret"), logins.clientSecret)) {
        return refused("invalid_client", "invalid client credentials");
      }
      return given();
    }
    case "refresh_token": {
      if (get("client_id") !== logins.clientId)
        return refused("invalid_client_id", "client identifier invalid");
      const secret = form.get("client_secret");
      if (secret !== null && !same(secret, logins.clientSecret)) {
        return refused("invalid_client", "invalid client credentials");
      }
      if (!same(get("refresh_token"), logins.refreshToken)) {
        return refused("invalid_grant", "expired access/refresh token");
      }
      const refreshToken = logins.rotate();
      return given(logins.rotates ? { refresh_token: refreshToken } : {});
    }
    default:
      return refused("unsupported_grant_type", "grant type not supported");
  }

  function given(more: Readonly<Record<string, string>> = {}): Answer {
    return {
      status: 200,
      body: {
        access_token: logins.give(),
        ...more,
        signature: "c2lnbmVk",
        scope: "api refresh_token",
        instance_url: url,
        id: `${url}/id/${org.organizationId}/${org.userId}`,
        token_type: "Bearer",
        issued_at: String(org.now()),
      },
    };
  }
}

/** Whose token it is. */
export function userInfo(org: Org): Answer {
  return {
    status: 200,
    body: {
      sub: `https://login.salesforce.com/id/${org.organizationId}/${org.userId}`,
      user_id: org.userId,
      organization_id: org.organizationId,
      preferred_username: org.logins.username,
      name: "Inchworm",
      active: true,
      user_type: "STANDARD",
    },
  };
}

function refused(error: string, description: string): Answer {
  return { status: 400, body: { error, error_description: description } };
}

function same(left: string, right: string): boolean {
  const one = Buffer.from(left);
  const other = Buffer.from(right);
  return one.length === other.length && timingSafeEqual(one, other);
}
