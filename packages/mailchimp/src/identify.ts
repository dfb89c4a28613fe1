import type { CallContext } from "@inchworm/spec";
import type { Connection } from "./connection.js";
import type { Settings } from "./options.js";
import { words } from "./values.js";

export type Identify = (context: CallContext) => Promise<string | undefined>;

/** Whose the key is and which audience is meant, asked once: contact ids of two audiences are different people. */
export function identify(settings: Settings, call: Connection): Identify {
  let known: Promise<string | undefined> | undefined;
  return (context) => {
    known ??= call(context, { method: "GET", path: "/", query: { fields: "account_id" } })
      .then(({ body }) => {
        const account = words(body.account_id);
        return account && `Mailchimp account ${account}, audience ${settings.audience}`;
      })
      .catch((error: unknown) => {
        known = undefined;
        throw error;
      });
    return known;
  };
}
