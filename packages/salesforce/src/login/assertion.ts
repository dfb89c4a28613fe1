import { type KeyObject, sign } from "node:crypto";

/** Seconds until an assertion ends; Salesforce takes no more than three minutes. */
const lifetime = 150;

/**
 * What the JWT bearer flow sends instead of a password: good for minutes, for one app, one user, one place.
 * https://help.salesforce.com/s/articleView?id=xcloud.remoteaccess_oauth_jwt_flow.htm
 */
export function assertion(
  claims: { readonly clientId: string; readonly username: string; readonly audience: string },
  key: KeyObject,
  now: number,
): string {
  const encode = (part: object) => Buffer.from(JSON.stringify(part)).toString("base64url");
  const head = encode({ alg: "RS256", typ: "JWT" });
  const body = encode({
    iss: claims.clientId,
    sub: claims.username,
    aud: claims.audience,
    // in seconds: milliseconds are refused as too far ahead
    exp: Math.floor(now / 1000) + lifetime,
  });
  const signature = sign("RSA-SHA256", Buffer.from(`${head}.${body}`), key).toString("base64url");
  return `${head}.${body}.${signature}`;
}
