import { batches, type FieldGuard, objects } from "@inchworm/kit";
import { type CallContext, InchwormError, type WriteOutcome } from "@inchworm/spec";
import type { LaneName } from "../options.js";
import { listed } from "../soql.js";
import { listIn, objectIn } from "../wire/bodies.js";
import type { Connection } from "../wire/connection.js";
import { complaints } from "../wire/refusal.js";
import type { WrittenObject } from "./names.js";
import { merged, refused, unmentioned, updated } from "./outcomes.js";

/** One record to write, in Salesforce's words. */
export interface Update {
  readonly object: WrittenObject;
  readonly id: string;
  readonly values: Readonly<Record<string, string | number | null>>;
}

export const needs = "the right to edit the records and our fields";

/**
 * What else a write could set off: lead assignment rules, which give leads another owner, are left out; alerts of duplicate rules do
 * not keep a score from a record that was there before.
 */
const headers = {
  "Sforce-Auto-Assign": "FALSE",
  "Sforce-Duplicate-Rule-Header": "allowSave=true",
};

/**
 * Updates up to 200 records with different ids in one request. An answer of 200 tells of each record on its own, in order.
 * https://developer.salesforce.com/docs/atlas.en-us.api_rest.meta/api_rest/resources_composite_sobjects_collections_update.htm
 *
 * @returns the outcomes by record id
 */
export async function updateRecords(
  call: Connection,
  guard: FieldGuard,
  updates: readonly Update[],
  lane: LaneName,
  context: CallContext,
): Promise<ReadonlyMap<string, WriteOutcome>> {
  const outcomes = new Map<string, WriteOutcome>();
  if (updates.length === 0) return outcomes;
  // a request takes ten runs of one object: sorted, there are three at most
  const sorted = [...updates].sort((one, other) =>
    one.object < other.object ? -1 : one.object > other.object ? 1 : 0,
  );
  const path = "/composite/sobjects";
  const answer = await call(context, {
    method: "PATCH",
    path,
    lane,
    needs,
    headers,
    body: {
      allOrNone: false,
      // nothing but prepared fields leaves the house: no consent, no status, no owner
      records: sorted.map(({ object, id, values }) => ({
        attributes: { type: object },
        id,
        ...guard.pass(values),
      })),
    },
    expect: [400],
  });
  if (answer.status === 400) throw refusedAsAWhole(answer.text);
  const results = listIn(answer, `PATCH ${path}`);
  const lost: Update[] = [];
  for (const [index, update] of sorted.entries()) {
    const { id } = update;
    const result = results[index];
    if (results.length !== sorted.length || result === null || result === undefined) {
      outcomes.set(id, unmentioned(id));
      continue;
    }
    if (result.success === true) {
      outcomes.set(id, updated(id));
      continue;
    }
    const [complaint = { code: "REFUSED", message: "", fields: [] }] = complaints(result.errors);
    if (complaint.code === "ENTITY_IS_DELETED") lost.push(update);
    outcomes.set(id, refused(id, complaint));
  }
  for (const id of await mergedAway(call, lost, context)) outcomes.set(id, merged(id));
  return outcomes;
}

/** A field that is gone or hidden, most likely: every record has the same ones. */
function refusedAsAWhole(text: string): InchwormError {
  let body: unknown;
  try {
    body = JSON.parse(text);
  } catch {
    body = undefined;
  }
  const [complaint] = complaints(body);
  const code = complaint?.code ?? "HTTP_400";
  if (code === "UNABLE_TO_LOCK_ROW" || code === "QUERY_TIMEOUT") {
    return new InchwormError("server", `salesforce: the update failed (${code}).`, {
      vendorCode: code,
    });
  }
  return new InchwormError("rejected", `salesforce: the update was refused as a whole (${code}).`, {
    hint: "A field was deleted or hidden meanwhile; push again, which prepares the fields first.",
    vendorCode: code,
  });
}

/** Ids of those that were merged into others; the rest was deleted. */
export async function mergedAway(
  call: Connection,
  lost: readonly Pick<Update, "object" | "id">[],
  context: CallContext,
): Promise<readonly string[]> {
  const found: string[] = [];
  for (const object of new Set(lost.map((one) => one.object))) {
    const ids = lost.filter((one) => one.object === object).map(({ id }) => id);
    for (const some of batches(ids, 300)) {
      const q = `SELECT Id FROM ${object} WHERE MasterRecordId != null AND Id IN ${listed(some)}`;
      const answer = await call(context, { method: "GET", path: "/queryAll", query: { q }, needs });
      const long = new Set(
        objects(objectIn(answer, "GET /queryAll"), "records").map(({ Id }) => String(Id)),
      );
      found.push(...some.filter((id) => long.has(id)));
    }
  }
  return found;
}
