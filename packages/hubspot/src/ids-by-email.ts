import { batches, objects } from "@inchworm/kit";
import type { CallContext } from "@inchworm/spec";
import type { Connection } from "./connection.js";

/** Inputs of one batch request. https://developers.hubspot.com/docs/api-reference/legacy/crm/objects/contacts/guide */
const batchSize = 100;

/** Record ids of contacts by first or additional address, `undefined` where there is none. Same length and order as the input. */
export async function idsByEmail(
  call: Connection,
  contactsPath: string,
  emails: readonly string[],
  context: CallContext,
): Promise<readonly (string | undefined)[]> {
  const wanted = emails.map((email) => email.trim().toLowerCase());
  const ids = new Map<string, string>();
  // One malformed address makes HubSpot refuse the whole batch.
  const plausible = new Set(wanted.filter((email) => /^[^\s@,;]+@[^\s@,;]+$/.test(email)));
  const waiting = [...batches([...plausible], batchSize)];
  for (let batch = waiting.pop(); batch !== undefined; batch = waiting.pop()) {
    const { status, body } = await call(context, {
      method: "POST",
      path: `${contactsPath}/batch/read`,
      scope: "crm.objects.contacts.read",
      expect: [400, 404],
      body: {
        properties: ["email", "hs_additional_emails"],
        propertiesWithHistory: [],
        inputs: batch.map((id) => ({ id })),
        idProperty: "email",
      },
    });
    if (status === 400 && batch.length > 1) {
      const middle = batch.length >> 1;
      waiting.push(batch.slice(middle), batch.slice(0, middle));
      continue;
    }
    for (const { id, properties } of objects(body, "results")) {
      const { email, hs_additional_emails: more } = (properties ?? {}) as Record<string, unknown>;
      for (const address of [...split(more), ...split(email)]) ids.set(address, String(id));
    }
  }
  return wanted.map((email) => ids.get(email));
}

function split(emails: unknown): string[] {
  return (typeof emails === "string" ? emails : "")
    .split(";")
    .map((email) => email.trim().toLowerCase())
    .filter((email) => email !== "");
}
