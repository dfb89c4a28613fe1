import { type CallContext, InchwormError } from "@inchworm/spec";
import { objectIn } from "./wire/bodies.js";
import type { Connection } from "./wire/connection.js";

export interface Identity {
  readonly organizationId: string;
  readonly userId: string;
}

/** Whose the session is. https://help.salesforce.com/s/articleView?id=xcloud.remoteaccess_using_userinfo_endpoint.htm */
export async function whoAmI(call: Connection, context: CallContext): Promise<Identity> {
  const path = "/services/oauth2/userinfo";
  const answer = await call(context, { method: "GET", path, needs: "the “api” scope of the app" });
  const { organization_id, user_id } = objectIn(answer, `GET ${path}`);
  if (typeof organization_id === "string" && typeof user_id === "string") {
    return { organizationId: organization_id, userId: user_id };
  }
  throw new InchwormError("server", `salesforce: GET ${path}: the answer names no organisation.`);
}

/** Asked once: equal ids mean other people in another organisation. */
export function identify(call: Connection): (context: CallContext) => Promise<string> {
  let known: Promise<string> | undefined;
  return (context) => {
    known ??= whoAmI(call, context)
      .then(({ organizationId }) => `Salesforce organization ${organizationId.slice(0, 15)}`)
      .catch((error: unknown) => {
        known = undefined;
        throw error;
      });
    return known;
  };
}
