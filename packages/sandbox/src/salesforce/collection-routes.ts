import type { Answer } from "../stand-in/answer.js";
import { type Call, jsonObject, routeObject } from "./call.js";
import { type Prepared, prepareInsert, prepareUpdate, remove, type Written } from "./dml.js";
import { anyId } from "./ids.js";
import { malformed, notFound, Refusal, recordError } from "./refusal.js";
import { givenFields } from "./row-routes.js";
import type { ObjectDefinition } from "./schema.js";
import { renderer } from "./soql/render.js";

const mostWritten = 200;
const mostRead = 2_000;
const mostChunks = 10;
const locked = recordError(
  "UNABLE_TO_LOCK_ROW",
  "unable to obtain exclusive access to this record",
);
const rolledBack = recordError(
  "ALL_OR_NONE_OPERATION_ROLLED_BACK",
  "Record rolled back because not all records were valid and the request was using AllOrNone header",
);

interface Given {
  readonly definition: ObjectDefinition;
  readonly record: Readonly<Record<string, unknown>>;
}

export function createMany(call: Call): Answer {
  return write(call, ({ definition, record }) =>
    prepareInsert(call.org, definition, givenFields(record)),
  );
}

/** By record id; records of up to ten objects, each one's side by side. */
export function updateMany(call: Call): Answer {
  return write(call, ({ definition, record }, twice) => {
    const id = String(record.Id ?? record.id ?? "");
    const prepared = prepareUpdate(call.org, definition, id, givenFields(record, ["Id", "id"]));
    return twice
      ? { errors: [recordError("DUPLICATE_VALUE", "duplicate id in the list of records")] }
      : prepared;
  });
}

export function upsertMany(call: Call): Answer {
  const definition = routeObject(call);
  const key = call.org.visible(definition, call.params.field);
  if (!key?.externalId && key?.name !== "Id") {
    const message = `Field name provided, ${call.params.field} is not an External ID or indexed field for ${definition.name}`;
    throw new Refusal(400, "INVALID_FIELD", message);
  }
  return write(call, ({ record }) => {
    const value = record[key.name];
    const fields = givenFields(record, [key.name]);
    const standing = call.org
      .table(definition.name)
      .rows.filter(
        (row) =>
          row.deletedAt === undefined &&
          (key.name === "Id" ? row.id : row.values.get(key.name)) === value,
      );
    if (standing.length > 1) {
      return {
        errors: [
          recordError("DUPLICATE_EXTERNAL_ID", "more than one record has this value", [key.name]),
        ],
      };
    }
    if (standing.length === 1) return prepareUpdate(call.org, definition, standing[0].id, fields);
    return prepareInsert(call.org, definition, new Map([...fields, [key.name, value]]));
  });
}

export function deleteMany(call: Call): Answer {
  const ids = call.query.get("ids")?.split(",").filter(Boolean) ?? [];
  if (ids.length > mostWritten) throw tooMany(mostWritten);
  return {
    status: 200,
    body: ids.map((id) => {
      const found = call.org.find(id);
      if (!found)
        return failure([recordError("INVALID_CROSS_REFERENCE_KEY", "invalid cross reference id")]);
      if (found.row.deletedAt !== undefined)
        return failure([recordError("ENTITY_IS_DELETED", "entity is deleted")]);
      remove(found.row, call.org.now());
      return { id: found.row.id, success: true, errors: [] };
    }),
  };
}

/** Records by their ids, `null` for one that is not there; the same for GET with a query and POST with a body. */
export function readMany(call: Call): Answer {
  const definition = routeObject(call);
  const { ids, fields } =
    call.method === "GET"
      ? {
          ids: call.query.get("ids")?.split(",") ?? [],
          fields: call.query.get("fields")?.split(",") ?? [],
        }
      : (jsonObject(call) as { ids?: unknown; fields?: unknown });
  if (!Array.isArray(ids) || !Array.isArray(fields) || fields.length === 0) {
    throw malformed("ids and fields are required");
  }
  if (ids.length > mostRead) throw tooMany(mostRead);
  const render = renderer(
    call.org,
    definition,
    { fields: ["Id", ...fields.map(String).filter((name) => name !== "Id")], subqueries: [] },
    call.base,
    false,
  );
  const table = call.org.table(definition.name);
  return {
    status: 200,
    body: ids.map((id) => {
      const long = anyId(String(id));
      if (long === undefined) throw new Refusal(400, "MALFORMED_ID", `malformed id ${String(id)}`);
      const row = table.get(long);
      return row && row.deletedAt === undefined ? render(row) : null;
    }),
  };
}

/** @param twice whether a record before it has the same id */
type Prepare = (given: Given, twice: boolean) => Prepared;

function write(call: Call, prepare: Prepare): Answer {
  const body = jsonObject(call);
  if (!Array.isArray(body.records)) throw malformed("records is required");
  if (body.records.length > mostWritten) throw tooMany(mostWritten);
  const records = body.records.map((record: Readonly<Record<string, unknown>>) => ({
    definition: typeOf(call, record),
    record,
  }));
  for (const { record } of records)
    call.org.journal.carried(givenFields(record, ["Id", "id"]).keys());
  const chunks = records.filter(
    ({ definition }, index) => definition !== records[index - 1]?.definition,
  ).length;
  if (chunks > mostChunks) {
    throw new Refusal(
      400,
      "LIMIT_EXCEEDED",
      `a request holds at most ${mostChunks} chunks of objects of one type`,
    );
  }
  const ids = records.map(({ record }) => anyId(String(record.Id ?? record.id)));
  const firstOf = new Map(ids.map((id, index) => [id, index] as const).reverse());
  const lockedAt = (index: number) => call.locked && index % 3 === 0;
  const checked = (given: Given, index: number): Prepared =>
    lockedAt(index)
      ? { errors: [locked] }
      : prepare(given, ids[index] !== undefined && firstOf.get(ids[index]) !== index);
  // what the API cannot read refuses the whole request, before anything of it is done
  const prepared = records.map(checked);
  const failed = prepared.some((one) => "errors" in one);
  const results = records.map((given, index): Written => {
    if (body.allOrNone !== true) {
      // one after the other: a record can be the twin of one before it
      const one = checked(given, index);
      return "errors" in one ? one : one.apply();
    }
    const one = prepared[index];
    if ("errors" in one) return one;
    return failed ? { errors: [rolledBack] } : one.apply();
  });
  const upsert = call.params.field !== undefined;
  return {
    status: 200,
    body: results.map((result) =>
      "errors" in result
        ? failure(result.errors)
        : { id: result.id, success: true, errors: [], ...(upsert && { created: result.created }) },
    ),
  };
}

function typeOf(call: Call, record: Readonly<Record<string, unknown>>): ObjectDefinition {
  const { type } = (record?.attributes ?? {}) as { type?: unknown };
  if (call.params.object !== undefined && type === undefined) return routeObject(call);
  const found = typeof type === "string" ? call.org.object(type) : undefined;
  if (found) return found;
  if (type === undefined) throw malformed("every record needs attributes with its type");
  throw notFound();
}

function failure(errors: readonly unknown[]) {
  return { success: false, errors };
}

function tooMany(most: number): Refusal {
  const message = `record limit reached. cannot submit more than ${most} records in this call`;
  return new Refusal(400, "EXCEEDED_ID_LIMIT", message);
}
