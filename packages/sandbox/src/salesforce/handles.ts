import { InchwormError } from "@inchworm/spec";
import { insert, update } from "./dml.js";
import type { Org } from "./org.js";
import type { FieldDefinition, ObjectDefinition } from "./schema.js";
import { field } from "./schema.js";
import type { Row, Table, Value } from "./table.js";
import type { SalesforceFieldInput, SalesforceRecord } from "./types.js";

/** Adds records as they are given: read-only fields too, and nothing is counted as a request's write. */
export function addRecords(
  org: Org,
  object: string,
  rows: Iterable<Readonly<Record<string, unknown>>>,
): string[] {
  const { definition } = org.table(object);
  const ids: string[] = [];
  const now = org.now();
  for (const row of rows) {
    const { CreatedDate, SystemModstamp, ...rest } = row;
    const created = typeof CreatedDate === "number" ? CreatedDate : now;
    const modified = typeof SystemModstamp === "number" ? SystemModstamp : created;
    ids.push(insert(org, definition, usable(org, definition, rest), created, modified).id);
  }
  return ids;
}

export function change(
  org: Org,
  id: string,
  values: Readonly<Record<string, unknown>>,
  at: number,
): void {
  const { table, row } = living(org, id);
  update(org, table.definition, row, usable(org, table.definition, values), at);
}

/** Sees that the change can be made, later. */
export function changed(org: Org, id: string, values: Readonly<Record<string, unknown>>): void {
  usable(org, living(org, id).table.definition, values);
}

export function living(org: Org, id: unknown): { readonly table: Table; readonly row: Row } {
  const found = org.find(String(id));
  if (found && found.row.deletedAt === undefined) return found;
  throw new InchwormError(
    "not-found",
    `salesforce sandbox: there is no living record ${String(id)}.`,
  );
}

export function erase(org: Org, id: string): void {
  const found = org.find(id);
  if (!found) throw new InchwormError("not-found", `salesforce sandbox: there is no record ${id}.`);
  found.table.erase(found.row.id);
}

export function addField(org: Org, given: SalesforceFieldInput): void {
  const { definition } = org.table(given.object);
  const kind = given.type === "string" ? "string(255)" : given.type;
  const made = field(`${given.name} ${kind}${given.values ? ` =${given.values.join("|")}` : ""}`);
  org.addCustomField(definition, { ...made, calculated: given.formula ?? false });
  org.access.grant(definition.name, given.name);
}

export function shown({
  id,
  values,
  createdAt,
  modifiedAt,
  deletedAt,
  master,
}: Row): SalesforceRecord {
  return {
    id,
    fields: Object.fromEntries(values),
    createdAt,
    modifiedAt,
    deleted: deletedAt !== undefined,
    ...(master !== undefined && { masterId: master }),
  };
}

function usable(
  org: Org,
  definition: ObjectDefinition,
  values: Readonly<Record<string, unknown>>,
): Map<string, Value | undefined> {
  const found = new Map<string, Value | undefined>();
  for (const [name, value] of Object.entries(values)) {
    const known: FieldDefinition | undefined = org.field(definition, name);
    if (!known) {
      throw new InchwormError(
        "input",
        `salesforce sandbox: ${definition.name} has no field "${name}".`,
        {
          hint: "Make it with addField first.",
        },
      );
    }
    const time = known.type === "datetime" && typeof value === "string" ? Date.parse(value) : value;
    found.set(known.name, time === null || time === "" ? undefined : (time as Value));
  }
  return found;
}
