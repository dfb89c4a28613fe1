import { batches, objects } from "@inchworm/kit";
import type { CallContext } from "@inchworm/spec";
import type { Connection } from "./connection.js";
import type { Settings } from "./options.js";
import { associationPath } from "./paths.js";

/** https://developers.hubspot.com/docs/api-reference/legacy/crm/associations/associations-v4/guide */
const mostInputs = 1_000;

/** Ids of records of another type that belong to each of these, in the order that HubSpot gives. Those with none are absent. */
export async function associated(
  settings: Settings,
  call: Connection,
  from: string,
  to: string,
  scope: string,
  ids: readonly string[],
  context: CallContext,
): Promise<ReadonlyMap<string, readonly string[]>> {
  const path = associationPath(settings.apiVersion, from, to);
  const found = new Map<string, string[]>();
  for (const batch of batches(ids, mostInputs)) {
    let inputs: readonly { id: string; after?: string }[] = batch.map((id) => ({ id }));
    while (inputs.length > 0) {
      const { body } = await call(context, { method: "POST", path, scope, body: { inputs } });
      const more: { id: string; after: string }[] = [];
      for (const { from: owner, to: others, paging } of objects(body, "results")) {
        const id = String((owner as { id?: unknown } | undefined)?.id ?? "");
        const known = found.get(id) ?? [];
        for (const { toObjectId } of (Array.isArray(others) ? others : []) as {
          toObjectId?: unknown;
        }[])
          if (toObjectId !== undefined) known.push(String(toObjectId));
        found.set(id, known);
        const after = (paging as { next?: { after?: unknown } } | undefined)?.next?.after;
        if (typeof after === "string" && after !== "") more.push({ id, after });
      }
      inputs = more;
    }
  }
  return found;
}
