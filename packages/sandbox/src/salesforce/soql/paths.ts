import type { Org } from "../org.js";
import { Refusal } from "../refusal.js";
import type { FieldDefinition, ObjectDefinition } from "../schema.js";
import type { Row, Value } from "../table.js";

export interface Path {
  readonly field: FieldDefinition;
  readonly get: (row: Row) => Value | undefined;
  /** The ways over references before the field, as the query spells them. */
  readonly steps: readonly string[];
}

/** What a record holds in one field, system fields included. */
export function getter(org: Org, { name, type }: FieldDefinition): (row: Row) => Value | undefined {
  switch (name) {
    case "Id":
      return (row) => row.id;
    case "IsDeleted":
      return (row) => row.deletedAt !== undefined;
    case "CreatedDate":
      return (row) => row.createdAt;
    case "LastModifiedDate":
    case "SystemModstamp":
      return (row) => row.modifiedAt;
    case "MasterRecordId":
      return (row) => row.master;
    case "CreatedById":
    case "LastModifiedById":
      return () => org.userId;
    default:
      return type === "boolean"
        ? (row) => row.values.get(name) ?? false
        : (row) => row.values.get(name);
  }
}

/**
 * A field, or one of a record that is referred to, such as `Individual.HasOptedOutProfiling`.
 *
 * @throws Refusal 400 INVALID_FIELD for one that is not there, or that the user may not see: the API does not tell which
 */
export function resolvePath(org: Org, definition: ObjectDefinition, path: string): Path {
  const steps = path.split(".");
  const last = steps.pop() as string;
  let at = definition;
  const walk: ((row: Row) => Row | undefined)[] = [];
  for (const step of steps) {
    const found = org
      .visibleFields(at)
      .find((field) => field.relationship?.toLowerCase() === step.toLowerCase());
    const next = found?.referenceTo === undefined ? undefined : org.object(found.referenceTo);
    if (!found || !next) {
      const message = `Didn't understand relationship '${step}' in field path. If you are attempting to use a custom relationship, be sure to append the '__r' after the custom relationship name.`;
      throw new Refusal(400, "INVALID_FIELD", message);
    }
    const get = getter(org, found);
    const table = org.table(next.name);
    walk.push((row) => {
      const id = get(row);
      return id === undefined ? undefined : table.get(String(id));
    });
    at = next;
  }
  const field = org.visible(at, last);
  if (!field) {
    const message = `\n${path}\n^\nERROR at Row:1:Column:1\nNo such column '${last}' on entity '${at.name}'. If you are attempting to use a custom field, be sure to append the '__c' after the custom field name. Please reference your WSDL or the describe call for the appropriate names.`;
    throw new Refusal(400, "INVALID_FIELD", message);
  }
  const own = getter(org, field);
  const get =
    walk.length === 0
      ? own
      : (row: Row) => {
          let here: Row | undefined = row;
          for (const step of walk) here = here && step(here);
          return here && own(here);
        };
  return { field, get, steps };
}
