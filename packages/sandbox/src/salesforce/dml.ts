import { InchwormError } from "@inchworm/spec";
import { anyId } from "./ids.js";
import type { Org } from "./org.js";
import { type RecordError, Refusal, recordError } from "./refusal.js";
import type { FieldDefinition, ObjectDefinition } from "./schema.js";
import type { Row, Value } from "./table.js";
import { type Checked, checkJson } from "./values.js";

/** What became of one record of a write. */
export type Written =
  | { readonly id: string; readonly created: boolean }
  | { readonly errors: readonly RecordError[] };

/** A write that was checked and only needs to be done. */
export type Prepared =
  | { readonly apply: () => Written }
  | { readonly errors: readonly RecordError[] };

type Check = (field: FieldDefinition, given: unknown) => Checked;

const setup = new Set(["PermissionSet", "FieldPermissions", "PermissionSetAssignment"]);

/**
 * Checks an update of one record.
 *
 * @throws Refusal 400 for a field that the object does not have, as far as the user can see
 */
export function prepareUpdate(
  org: Org,
  definition: ObjectDefinition,
  id: string,
  given: ReadonlyMap<string, unknown>,
  check: Check = checkJson,
): Prepared {
  const values = new Map<string, Value | undefined>();
  const errors = checkValues(org, definition, given, "updateable", values, check);
  const long = anyId(id);
  if (long === undefined || org.objectOf(long) !== definition) {
    return {
      errors: [
        recordError("MALFORMED_ID", `${definition.name} ID: id value of incorrect type: ${id}`, [
          "Id",
        ]),
      ],
    };
  }
  const row = org.table(definition.name).get(long);
  if (!row)
    return { errors: [recordError("INVALID_CROSS_REFERENCE_KEY", "invalid cross reference id")] };
  if (row.deletedAt !== undefined)
    return { errors: [recordError("ENTITY_IS_DELETED", "entity is deleted")] };
  if (definition.name === "Lead" && row.values.get("IsConverted") === true) {
    const message = "cannot reference converted lead";
    return { errors: [recordError("CANNOT_UPDATE_CONVERTED_LEAD", message)] };
  }
  if (definition.name === "Contact" && row.values.get("IsPersonAccount") === true) {
    const message = "cannot reference person contact";
    return { errors: [recordError("INVALID_PERSON_ACCOUNT_OPERATION", message)] };
  }
  if (errors.length > 0) return { errors };
  return {
    apply: () => {
      update(org, definition, row, values, org.now());
      if (!setup.has(definition.name)) {
        for (const [name, value] of values) {
          org.journal.wrote({ object: definition.name, id: row.id, name, value: value ?? "" });
        }
      }
      return { id: row.id, created: false };
    },
  };
}

/** @throws Refusal 400 for a field that the object does not have, as far as the user can see */
export function prepareInsert(
  org: Org,
  definition: ObjectDefinition,
  given: ReadonlyMap<string, unknown>,
  check: Check = checkJson,
): Prepared {
  if (!definition.createable || (setup.has(definition.name) && !org.mayCustomize)) {
    const message = `entity type cannot be inserted: ${definition.name}`;
    return { errors: [recordError("CANNOT_INSERT_UPDATE_ACTIVATE_ENTITY", message)] };
  }
  const values = new Map<string, Value | undefined>();
  const errors = checkValues(org, definition, given, "createable", values, check);
  const missing = [...definition.fields.values()]
    .filter(
      (field) =>
        field.createable && !field.nillable && field.type !== "boolean" && !values.has(field.name),
    )
    .map(({ name }) => name);
  if (missing.length > 0) {
    const message = `Required fields are missing: [${missing.join(", ")}]`;
    errors.push(recordError("REQUIRED_FIELD_MISSING", message, missing));
  }
  const twin = errors.length === 0 ? duplicate(org, definition, values) : undefined;
  if (twin !== undefined) errors.push(twin);
  if (errors.length > 0) return { errors };
  return {
    apply: () => {
      const time = org.now();
      const { id } = insert(org, definition, values, time, time);
      if (!setup.has(definition.name)) org.journal.created.push(id);
      return { id, created: true };
    },
  };
}

function checkValues(
  org: Org,
  definition: ObjectDefinition,
  given: ReadonlyMap<string, unknown>,
  right: "createable" | "updateable",
  into: Map<string, Value | undefined>,
  check: Check,
): RecordError[] {
  const errors: RecordError[] = [];
  for (const [name, value] of given) {
    const found = org.visible(definition, name);
    if (!found) {
      const message = `No such column '${name}' on sobject of type ${definition.name}`;
      throw new Refusal(400, "INVALID_FIELD", message);
    }
    if (!found[right] || found.calculated || !org.access.edits(definition, found)) {
      const message = `Unable to create/update fields: ${found.name}. Please check the security settings of this field and verify that it is read/write for your profile or permission set.`;
      errors.push(recordError("INVALID_FIELD_FOR_INSERT_UPDATE", message, [found.name]));
      continue;
    }
    const checked = check(found, value);
    if ("error" in checked) errors.push(checked.error);
    else into.set(found.name, checked.value);
  }
  return errors;
}

function duplicate(
  org: Org,
  { name }: ObjectDefinition,
  values: ReadonlyMap<string, Value | undefined>,
): RecordError | undefined {
  const keys = {
    PermissionSet: ["Name"],
    FieldPermissions: ["ParentId", "Field"],
    PermissionSetAssignment: ["AssigneeId", "PermissionSetId"],
  }[name];
  if (!keys) return undefined;
  const twin = org
    .table(name)
    .rows.find((row) => keys.every((key) => row.values.get(key) === values.get(key)));
  return (
    twin &&
    recordError(
      "DUPLICATE_VALUE",
      `duplicate value found: duplicates value on record with id: ${twin.id}`,
    )
  );
}

/** Adds a record whose values were checked. */
export function insert(
  org: Org,
  definition: ObjectDefinition,
  given: ReadonlyMap<string, Value | undefined>,
  createdAt: number,
  modifiedAt: number,
): Row {
  const values = new Map<string, Value>();
  for (const { name, type } of definition.fields.values()) {
    if (type === "boolean" && name !== "IsDeleted") values.set(name, false);
  }
  for (const [name, value] of given) if (value !== undefined) values.set(name, value);
  derive(definition.name, values);
  const row = org.table(definition.name).add(values, createdAt, modifiedAt);
  if (definition.name === "Account" && org.options.personAccounts && values.has("LastName")) {
    const contact = org.object("Contact") as ObjectDefinition;
    values.set("IsPersonAccount", true);
    values.set("Name", [values.get("FirstName"), values.get("LastName")].filter(Boolean).join(" "));
    const mirrored = new Map<string, Value>([
      ["IsPersonAccount", true],
      ["AccountId", row.id],
    ]);
    const person = insert(org, contact, mirrored, createdAt, modifiedAt);
    values.set("PersonContactId", person.id);
    mirror(org, row);
  }
  return row;
}

/** Changes a record by values that were checked. */
export function update(
  org: Org,
  definition: ObjectDefinition,
  row: Row,
  values: ReadonlyMap<string, Value | undefined>,
  at: number,
): void {
  for (const [name, value] of values) {
    if (value === undefined) row.values.delete(name);
    else row.values.set(name, value);
  }
  derive(definition.name, row.values);
  row.modifiedAt = Math.max(row.modifiedAt, at);
  if (row.values.get("IsPersonAccount") === true && definition.name === "Account") mirror(org, row);
}

/** What a person account's contact shows is what stands on the account. */
function mirror(org: Org, account: Row): void {
  const contact = org.table("Contact").get(String(account.values.get("PersonContactId")));
  if (!contact) return;
  for (const [name, value] of account.values) {
    const own = /^(FirstName|LastName|Phone)$/.test(name)
      ? name
      : name.endsWith("__pc")
        ? name.replace(/__pc$/, "__c")
        : /^Person(Email|MobilePhone|HasOptedOutOfEmail|IndividualId|Mailing\w+)$/.test(name)
          ? name.slice("Person".length)
          : undefined;
    if (own !== undefined) contact.values.set(own, value);
  }
  contact.modifiedAt = Math.max(contact.modifiedAt, account.modifiedAt);
}

/** Fields that follow from others. */
function derive(name: string, values: Map<string, Value>): void {
  if (name === "Opportunity") {
    const stage = String(values.get("StageName") ?? "");
    values.set("IsWon", stage === "Closed Won");
    values.set("IsClosed", stage.startsWith("Closed"));
  }
  if (name === "Order")
    values.set("StatusCode", values.get("Status") === "Activated" ? "Activated" : "Draft");
  if (name === "CampaignMember") values.set("HasResponded", values.get("Status") === "Responded");
  if (name === "EmailMessageRelation") {
    const kind = { "003": "Contact", "00Q": "Lead", "005": "User" }[
      String(values.get("RelationId")).slice(0, 3)
    ];
    if (kind !== undefined) values.set("RelationObjectType", kind);
  }
}

export function remove(row: Row, at: number): void {
  row.deletedAt = at;
  row.modifiedAt = at;
}

/** Merges the second record into the first: what the first lacks comes from the other, and what pointed at the other points at it. */
export function merge(org: Org, definition: ObjectDefinition, master: Row, other: Row): void {
  if (!definition.mergeable) {
    throw new InchwormError(
      "input",
      `salesforce sandbox: ${definition.name} records cannot be merged.`,
    );
  }
  const at = org.now();
  for (const [name, value] of other.values)
    if (!master.values.has(name)) master.values.set(name, value);
  master.modifiedAt = at;
  remove(other, at);
  other.master = master.id;
  for (const { name, fields } of org.objects.values()) {
    const pointing = [...fields.values()].filter(
      (one) => one.referenceTo === definition.name && !/^(MasterRecordId|Converted)/.test(one.name),
    );
    if (pointing.length === 0 || name === definition.name) continue;
    for (const row of org.table(name).rows) {
      for (const one of pointing) {
        if (row.values.get(one.name) !== other.id) continue;
        row.values.set(one.name, master.id);
        row.modifiedAt = at;
      }
    }
  }
}

/** Makes a contact and an account of a lead. */
export function convert(org: Org, lead: Row): string {
  const at = org.now();
  const get = (name: string) => lead.values.get(name);
  const account = insert(
    org,
    org.object("Account") as ObjectDefinition,
    new Map([["Name", get("Company")]]),
    at,
    at,
  );
  const taken = ["FirstName", "LastName", "Email", "Phone", "HasOptedOutOfEmail", "IndividualId"];
  const values = new Map(taken.map((name) => [name, get(name)]));
  values.set("AccountId", account.id);
  const contact = insert(org, org.object("Contact") as ObjectDefinition, values, at, at);
  lead.values.set("IsConverted", true);
  lead.values.set("ConvertedDate", new Date(at).toISOString().slice(0, 10));
  lead.values.set("ConvertedContactId", contact.id);
  lead.values.set("ConvertedAccountId", account.id);
  lead.modifiedAt = at;
  return contact.id;
}
