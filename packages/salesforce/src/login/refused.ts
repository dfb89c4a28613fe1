import { redact } from "@inchworm/kit";
import { InchwormError } from "@inchworm/spec";
import { type Flow, loginHint } from "./options.js";

/** What to do about each refusal, by what Salesforce says of it. */
const hints: readonly (readonly [RegExp, string])[] = [
  [
    /approved this consumer/i,
    "Let the user in: in the app's policies choose “Admin approved users are pre-authorized”, and add the user's profile or a permission set to the app.",
  ],
  [
    /audience/i,
    "Set SALESFORCE_LOGIN_URL to your My Domain address, or to https://test.salesforce.com for a sandbox.",
  ],
  [
    /invalid assertion|expired authorization/i,
    "See that the certificate in the app belongs to the private key, and that this machine's clock is right.",
  ],
  [
    /expired access\/refresh token|inactive|revoked/i,
    "The refresh token was used, revoked or replaced: log in again and keep the new one.",
  ],
  [
    /client identifier|client credentials|client_id/i,
    "Copy the consumer key and secret from the app again.",
  ],
  [
    /no client credentials user|run as/i,
    "Name a “Run As” user in the app's client credentials flow.",
  ],
  [
    /ip restricted|restricted/i,
    "Relax the app's IP restrictions, or allow this machine's address.",
  ],
];

/**
 * Salesforce's refusal of a login, as the official client throws it: the name is the OAuth error, the message its description.
 * `undefined` when the error is none.
 */
export function loginError(error: unknown, flow: Flow["kind"]): InchwormError | undefined {
  const { name, message } = (error ?? {}) as { name?: unknown; message?: unknown };
  const said = "salesforce: POST /services/oauth2/token";
  if (!(error instanceof Error)) return undefined;
  // an error in other words than OAuth's has neither name nor description
  if (typeof name !== "string" || typeof message !== "string") {
    return new InchwormError("server", `${said}: Salesforce failed.`);
  }
  const status = Number(name.match(/^ERROR_HTTP_(\d+)$/)?.[1]);
  if (status >= 500 || status === 420) {
    return new InchwormError("server", `${said}: Salesforce failed (HTTP ${status}).`, {
      vendorCode: name,
    });
  }
  if (status === 429)
    return new InchwormError("rate-limit", `${said}: too many logins.`, { vendorCode: name });
  if (/^(server_error|temporarily_unavailable|unknown_error)$/.test(name)) {
    return new InchwormError("server", `${said}: Salesforce failed (${name}).`, {
      vendorCode: name,
    });
  }
  // "retry your request" comes for two logins of one user at one moment
  if (/retry/i.test(message) && name === "invalid_grant") {
    return new InchwormError("rate-limit", `${said}: asked to try again.`, { vendorCode: name });
  }
  // what the client throws of its own accord is no refusal
  if (Number.isNaN(status) && !/^[a-z_]+$/.test(name)) return undefined;
  const what = {
    jwt: "the assertion",
    client: "the client credentials",
    refresh: "the refresh token",
    token: "the token",
  }[flow];
  const reason = Number.isNaN(status) ? `: ${redact(message)}` : "";
  return new InchwormError(
    "auth",
    `salesforce: ${what} was not accepted (${redact(name)}${reason}).`,
    {
      hint: hints.find(([pattern]) => pattern.test(message))?.[1] ?? loginHint,
      vendorCode: redact(name),
    },
  );
}
