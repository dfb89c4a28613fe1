import { type CallContext, InchwormError } from "@inchworm/spec";
import type { Connection } from "./connection.js";
import type { Settings } from "./options.js";
import { paths } from "./paths.js";

export type Identify = (context: CallContext) => Promise<string | undefined>;

/**
 * Whose the token is, asked once. Some tokens may not ask: then nobody knows.
 * https://developers.hubspot.com/docs/api-reference/account-account-info-v3/details/get-account-info-v3-details
 */
export function identify(settings: Settings, call: Connection): Identify {
  const refused = ["scope", "not-found", "rejected"] as const;
  let known: Promise<string | undefined> | undefined;

  const ask: Identify = async (context) => {
    const path = paths(settings.apiVersion).account;
    try {
      const { body } = await call(context, { method: "GET", path, scope: "oauth" });
      return body.portalId === undefined ? undefined : `HubSpot portal ${String(body.portalId)}`;
    } catch (error) {
      if (refused.some((code) => InchwormError.is(error, code))) return undefined;
      throw error;
    }
  };

  return (context) => {
    known ??= ask(context).catch((error: unknown) => {
      known = undefined;
      throw error;
    });
    return known;
  };
}
