import { type FieldGuard, objects } from "@inchworm/kit";
import { type CallContext, InchwormError, type WriteOutcome } from "@inchworm/spec";
import type { Connection } from "./connection.js";
import type { LostRecords } from "./lost.js";
import { type Refusal, refusal } from "./refusal.js";

/** One record to write, in HubSpot's words. */
export interface Update {
  readonly id: string;
  readonly properties: Readonly<Record<string, string>>;
}

const scope = "crm.objects.contacts.write";
const passing = new Set(["RATE_LIMITS", "INTERNAL_ERROR", "SERVICE_UNAVAILABLE", "LOCKED"]);

/**
 * Updates records with different ids in as few requests as HubSpot allows. It refuses a whole batch for one bad row unless every
 * row carries a trace id, and in some cases even then: rows it names are set aside, else the batch is halved until they are found.
 * https://developers.hubspot.com/docs/api-reference/error-handling
 *
 * @returns the outcomes by record id
 */
export async function updateRecords(
  call: Connection,
  contactsPath: string,
  guard: FieldGuard,
  lost: LostRecords,
  updates: readonly Update[],
  context: CallContext,
): Promise<ReadonlyMap<string, WriteOutcome>> {
  const outcomes = new Map<string, WriteOutcome>();
  const missing = new Set<string>();
  const waiting: (readonly Update[])[] = updates.length > 0 ? [updates] : [];
  for (let batch = waiting.pop(); batch !== undefined; batch = waiting.pop()) {
    const { status, body } = await call(context, {
      method: "POST",
      path: `${contactsPath}/batch/update`,
      scope,
      expect: [400, 404, 409],
      // Nothing but prepared properties leaves the house: no consent, no status, no owner.
      body: {
        inputs: batch.map(({ id, properties }) => ({
          id,
          properties: guard.pass(properties),
          objectWriteTraceId: id,
        })),
      },
    });
    const problem = refusal(body);
    if (status < 300) {
      settleAnswered(batch, body);
    } else if (unknownProperty(problem) || (problem.category ?? problem.message) === "") {
      throw new InchwormError(
        "rejected",
        `hubspot: the update was refused as a whole (${problem.code ?? `HTTP ${status}`}).`,
        {
          hint: "A property was deleted or changed meanwhile; push again, which prepares the properties first.",
          ...(problem.code === undefined ? {} : { vendorCode: problem.code }),
        },
      );
    } else if (batch.length === 1) {
      for (const { id } of batch) fail(id, problem);
    } else {
      const named = namedIn(body, batch);
      const bad = batch.filter(({ id }) => named.has(id));
      const rest = batch.filter(({ id }) => !named.has(id));
      if (bad.length > 0 && rest.length > 0) {
        for (const { id } of bad) fail(id, problem);
        waiting.push(rest);
      } else {
        const middle = batch.length >> 1;
        waiting.push(batch.slice(middle), batch.slice(0, middle));
      }
    }
  }
  if (missing.size > 0) {
    for (const [id, outcome] of await lost.find([...missing], context)) outcomes.set(id, outcome);
  }
  return outcomes;

  function settleAnswered(batch: readonly Update[], body: Record<string, unknown>): void {
    const written = new Set(objects(body, "results").map((result) => String(result.id)));
    for (const error of objects(body, "errors")) {
      for (const id of namedIn(error, batch)) {
        if (!written.has(id)) fail(id, refusal(error));
      }
    }
    for (const { id } of batch) {
      if (outcomes.has(id) || missing.has(id)) continue;
      // An id that was merged away is sometimes left out without a word.
      if (written.has(id)) outcomes.set(id, { recordId: id, outcome: "updated" });
      else missing.add(id);
    }
  }

  function fail(id: string, problem: Refusal): void {
    if (/NOT_FOUND/.test(`${problem.category} ${problem.code}`)) {
      missing.add(id);
      return;
    }
    const code = problem.code ?? "REFUSED";
    const what = problem.properties.length > 0 ? problem.properties.join(", ") : "the record";
    outcomes.set(id, {
      recordId: id,
      outcome: "failed",
      code,
      message: `HubSpot refused ${what} (${code}).`,
      retryable: passing.has(problem.category ?? ""),
    });
  }
}

/** Records of the batch that an error points at, by trace id or id. */
function namedIn(error: Record<string, unknown>, batch: readonly Update[]): ReadonlySet<string> {
  const ids = new Set(batch.map(({ id }) => id));
  const found = new Set<string>();
  for (const part of [error, ...objects(error, "errors")]) {
    for (const [key, value] of Object.entries((part.context ?? {}) as Record<string, unknown>)) {
      if (!/^(objectWriteTraceId|ids?)$/i.test(key)) continue;
      for (const id of Array.isArray(value) ? value : [value]) {
        if (ids.has(String(id))) found.add(String(id));
      }
    }
  }
  return found;
}

function unknownProperty(problem: Refusal): boolean {
  return /PROPERTY_(DOESNT|DOES_NOT)_EXIST|PropertyDoesNotExist|READ_ONLY_VALUE/i.test(
    `${problem.code} ${problem.message}`,
  );
}
