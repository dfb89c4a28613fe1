import { objects } from "@inchworm/kit";
import type { CallContext, WriteOutcome } from "@inchworm/spec";
import type { Connection } from "./connection.js";

/** Single reads that may come to nothing: enough to notice merges, too few to pay for a portal that was cleaned up. */
const vainReads = 20;

/** What became of records that an update did not find. */
export interface LostRecords {
  /** One request for all of them; a further one for each that may have been merged, as long as such reads find merges. */
  find(ids: readonly string[], context: CallContext): Promise<ReadonlyMap<string, WriteOutcome>>;
  /** A new push: single reads may be tried again. */
  renew(): void;
}

/**
 * A batch read tells which records are there. An id that was merged away it answers with the survivor or not at all; a single read
 * always knows the old id. Past 20 single reads in vain, a record that is not there is taken for gone.
 */
export function lostRecords(call: Connection, contactsPath: string): LostRecords {
  const scope = "crm.objects.contacts.read";
  let left = vainReads;

  async function readAll(
    ids: readonly string[],
    context: CallContext,
  ): Promise<ReadonlyMap<string, WriteOutcome>> {
    const { body } = await call(context, {
      method: "POST",
      path: `${contactsPath}/batch/read`,
      scope,
      expect: [404],
      body: {
        properties: ["hs_merged_object_ids"],
        propertiesWithHistory: [],
        inputs: ids.map((id) => ({ id })),
      },
    });
    const asked = new Set(ids);
    const found = new Map<string, WriteOutcome>();
    for (const { id, properties } of objects(body, "results")) {
      if (asked.has(String(id))) found.set(String(id), notMentioned(String(id)));
      const { hs_merged_object_ids: names } = (properties ?? {}) as Record<string, unknown>;
      for (const name of typeof names === "string" ? names.split(/[;,]/) : []) {
        const old = name.trim();
        if (asked.has(old) && !found.has(old)) found.set(old, merged(old));
      }
    }
    return found;
  }

  async function readOne(id: string, context: CallContext): Promise<WriteOutcome> {
    const { status, body } = await call(context, {
      method: "GET",
      path: `${contactsPath}/${encodeURIComponent(id)}`,
      query: { properties: "hs_object_id" },
      scope,
      expect: [404],
    });
    if (status === 404) return gone(id);
    return String(body.id) === id ? notMentioned(id) : merged(id);
  }

  return {
    async find(ids, context) {
      const outcomes = new Map<string, WriteOutcome>();
      if (ids.length > 1 || left <= 0) {
        for (const [id, outcome] of await readAll(ids, context)) outcomes.set(id, outcome);
      }
      for (const id of ids) {
        if (outcomes.has(id)) continue;
        if (left <= 0) {
          outcomes.set(id, gone(id));
          continue;
        }
        left--;
        const outcome = await readOne(id, context);
        if (outcome.code !== "gone") left++;
        outcomes.set(id, outcome);
      }
      return outcomes;
    },
    renew() {
      left = vainReads;
    },
  };
}

function gone(recordId: string): WriteOutcome {
  return {
    recordId,
    outcome: "failed",
    code: "gone",
    message: "The record no longer exists in HubSpot.",
    retryable: false,
  };
}

function merged(recordId: string): WriteOutcome {
  return {
    recordId,
    outcome: "skipped",
    code: "merged",
    message: "The record was merged into another one; pull first.",
    retryable: false,
  };
}

function notMentioned(recordId: string): WriteOutcome {
  return {
    recordId,
    outcome: "unknown",
    code: "not-mentioned",
    message: "HubSpot has the record, and its answer to the update says nothing of it.",
    retryable: true,
  };
}
