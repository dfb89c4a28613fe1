import { batches, objects } from "@inchworm/kit";
import type { CallContext } from "@inchworm/spec";
import { jsonRow, type Row } from "../row.js";
import { all, listed } from "../soql.js";
import { objectIn } from "../wire/bodies.js";
import type { Connection } from "../wire/connection.js";
import { type PersonFields, personSelect } from "./people.js";

/** Ids that fit into one query's address beside its fields: https://developer.salesforce.com limits it to 16,384 bytes. */
const most = 300;

/** Living people by the ids in a field of theirs. */
export async function findPeople(
  call: Connection,
  fields: PersonFields,
  by: string,
  ids: readonly string[],
  context: CallContext,
  where?: string,
): Promise<readonly Row[]> {
  const found: Row[] = [];
  const select = ["Id", ...personSelect(fields), "SystemModstamp"].join(", ");
  for (const some of batches([...new Set(ids)], most)) {
    const q = `SELECT ${select} FROM ${fields.object}${all(`${by} IN ${listed(some)}`, where)}`;
    const needs = `the right to read ${fields.object} records`;
    const answer = await call(context, { method: "GET", path: "/query", query: { q }, needs });
    found.push(...objects(objectIn(answer, "GET /query"), "records").map(jsonRow));
  }
  return found;
}
