import type { Answer } from "../stand-in/answer.js";
import { type Call, jsonObject, routeObject } from "./call.js";
import { type Prepared, prepareInsert, prepareUpdate, remove } from "./dml.js";
import { notFound, Refusal } from "./refusal.js";
import { renderer } from "./soql/render.js";
import type { Row } from "./table.js";

/** A record's fields in a body, without what says of which object it is. */
export function givenFields(
  record: Readonly<Record<string, unknown>>,
  leave: readonly string[] = [],
) {
  const names = Object.keys(record).filter(
    (name) => name !== "attributes" && !leave.includes(name),
  );
  return new Map(names.map((name) => [name, record[name]]));
}

export function createRow(call: Call): Answer {
  const given = givenFields(jsonObject(call));
  call.org.journal.carried(given.keys());
  const written = done(prepareInsert(call.org, routeObject(call), given));
  return { status: 201, body: { id: written, success: true, errors: [] } };
}

export function readRow(call: Call): Answer {
  const definition = routeObject(call);
  const row = living(call);
  const names = call.query.get("fields")?.split(",").filter(Boolean);
  const fields = names ?? call.org.visibleFields(definition).map(({ name }) => name);
  const render = renderer(call.org, definition, { fields, subqueries: [] }, call.base, false);
  return { status: 200, body: render(row) };
}

export function updateRow(call: Call): Answer {
  const given = givenFields(jsonObject(call));
  call.org.journal.carried(given.keys());
  if (given.has("Id")) {
    throw new Refusal(
      400,
      "INVALID_FIELD",
      "The Id field should not be specified in the sobject data.",
    );
  }
  if (call.locked)
    throw new Refusal(
      400,
      "UNABLE_TO_LOCK_ROW",
      "unable to obtain exclusive access to this record",
    );
  done(prepareUpdate(call.org, routeObject(call), call.params.id, given));
  return { status: 204 };
}

export function deleteRow(call: Call): Answer {
  remove(living(call), call.org.now());
  return { status: 204 };
}

/** Changed records by the time of their change, for replication: half a minute at most behind. */
export function updatedRoute(call: Call): Answer {
  const { start, end, rows } = inPeriod(call);
  const ids = rows
    .filter(
      ({ deletedAt, modifiedAt }) =>
        deletedAt === undefined && modifiedAt >= start && modifiedAt < end,
    )
    .map(({ id }) => id);
  return { status: 200, body: { ids, latestDateCovered: covered(end) } };
}

export function deletedRoute(call: Call): Answer {
  const { start, end, rows } = inPeriod(call);
  const deletedRecords = rows.flatMap(({ id, deletedAt }) =>
    deletedAt !== undefined && deletedAt >= start && deletedAt < end
      ? { id, deletedDate: covered(deletedAt) }
      : [],
  );
  const earliestDateAvailable = covered(call.org.now() - 30 * 86_400_000);
  return {
    status: 200,
    body: { deletedRecords, earliestDateAvailable, latestDateCovered: covered(end) },
  };
}

function inPeriod(call: Call): { start: number; end: number; rows: readonly Row[] } {
  const [start, end] = ["start", "end"].map((name) => Date.parse(call.query.get(name) ?? ""));
  if (!(end > start))
    throw new Refusal(400, "INVALID_REPLICATION_DATE", "start must be before end");
  if (start < call.org.now() - 30 * 86_400_000) {
    throw new Refusal(
      400,
      "INVALID_REPLICATION_DATE",
      "startDate before org replication enabled date",
    );
  }
  return { start, end, rows: call.org.table(routeObject(call).name).rows };
}

function covered(time: number): string {
  return new Date(Math.floor(time / 60_000) * 60_000).toISOString().replace("Z", "+0000");
}

function living(call: Call): Row {
  const found = call.org.find(call.params.id);
  if (!found || found.table.definition !== routeObject(call)) throw notFound();
  if (found.row.deletedAt !== undefined)
    throw new Refusal(404, "ENTITY_IS_DELETED", "entity is deleted");
  return found.row;
}

/** A single write throws what a collection tells of its record. */
function done(prepared: Prepared): string {
  const written = "errors" in prepared ? prepared : prepared.apply();
  if ("errors" in written) {
    const [{ statusCode, message, fields }] = written.errors;
    const gone = statusCode === "ENTITY_IS_DELETED" || statusCode === "INVALID_CROSS_REFERENCE_KEY";
    throw new Refusal(
      gone ? 404 : 400,
      statusCode === "INVALID_CROSS_REFERENCE_KEY" ? "NOT_FOUND" : statusCode,
      message,
      fields,
    );
  }
  return written.id;
}
