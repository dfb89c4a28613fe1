import { objects } from "@inchworm/kit";
import { type CallContext, InchwormError } from "@inchworm/spec";
import type { Connection } from "./connection.js";
import type { Settings } from "./options.js";
import { paths } from "./paths.js";

export const propertyHint =
  "Take the internal name from Settings > Properties, or create the property there.";

/**
 * Sees that contacts have the properties that the user named. HubSpot leaves out names it does not know without a word, so a
 * misspelt opt-out would be nobody's.
 *
 * @param named by option
 * @throws InchwormError "config" naming those that are missing
 */
export async function requireProperties(
  settings: Settings,
  call: Connection,
  named: Readonly<Record<string, string>>,
  context: CallContext,
): Promise<void> {
  if (Object.keys(named).length === 0) return;
  const { body } = await call(context, {
    method: "GET",
    path: paths(settings.apiVersion).properties,
    scope: "crm.schemas.contacts.read",
  });
  const standing = new Set(objects(body, "results").map(({ name }) => name));
  const missing = Object.entries(named).filter(([, name]) => !standing.has(name));
  if (missing.length === 0) return;
  const what = missing.map(([option, name]) => `"${name}" (${option})`).join(" and no ");
  throw new InchwormError("config", `hubspot: contacts have no property ${what}.`, {
    hint: propertyHint,
  });
}
