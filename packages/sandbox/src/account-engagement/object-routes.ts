import type { Answer } from "../stand-in/answer.js";
import { askedFields, type Call, jsonObject, routeId } from "./call.js";
import { statNames } from "./fields.js";
import { badRequest, forbidden, notFound } from "./refusal.js";
import { type Row, type Shelf, seen, type Value } from "./shelf.js";
import { customFieldTypes } from "./types.js";
import { fitted, shown } from "./values.js";

const bin = { "Pardot-Warning": "201;Record In Recycle Bin" };

export function readRoute(shelfOf: (call: Call) => Shelf): (call: Call) => Answer {
  return (call) => {
    const shelf = shelfOf(call);
    const fields = askedFields(call, shelf);
    const row = shelf.get(routeId(call));
    const values = row && seen(row, call.unit.now());
    if (!values) throw notFound();
    return {
      status: 200,
      body: Object.fromEntries(
        fields.map((field) => [field.name, shown(field, values.get(field.name))]),
      ),
      ...(values.get("isDeleted") === true && { headers: bin }),
    };
  };
}

/** Everything is looked at before anything is changed. What stands in the recycle bin is not found. */
export function updateProspect(call: Call): Answer {
  const { unit } = call;
  const body = jsonObject(call);
  unit.journal.carried(Object.keys(body));
  const fields = askedFields(call, unit.prospects);
  const row = unit.prospects.get(routeId(call));
  if (!row || row.values.get("isDeleted") === true) throw notFound();
  writeProspect(call, row, body);
  return {
    status: 200,
    body: Object.fromEntries(
      fields.map((field) => [field.name, shown(field, row.values.get(field.name))]),
    ),
  };
}

/** @throws Refusal 400, nothing changed */
export function writeProspect(
  { unit }: Pick<Call, "unit">,
  row: Row,
  given: Readonly<Record<string, unknown>>,
): void {
  const values = new Map<string, Value | undefined>();
  for (const [name, value] of Object.entries(given)) {
    const field = unit.prospects.fields.get(name);
    if (!field?.editable) throw badRequest(`Field cannot be set: ${name}`);
    values.set(name, fitted(field, value));
  }
  unit.set(row, values);
  for (const [name, value = ""] of values) unit.journal.wrote({ id: row.id, name, value });
}

export function createCustomField(call: Call): Answer {
  const { unit } = call;
  if (!unit.settings.mayConfigureFields) throw forbidden();
  const { name, fieldId, type } = jsonObject(call);
  const fields = askedFields(call, unit.customFields);
  const kind = customFieldTypes.find((one) => one === type);
  if (typeof name !== "string" || name.trim() === "") throw badRequest("name is required.");
  if (typeof fieldId !== "string" || !/^[A-Za-z]\w{0,99}$/.test(fieldId)) {
    throw badRequest("fieldId is required, and holds letters, digits and underscores only.");
  }
  if (!kind) throw badRequest("type is invalid.");
  const twin = unit.customFields.rows.some(
    ({ values }) => String(values.get("fieldId")).toLowerCase() === fieldId.toLowerCase(),
  );
  if (twin) throw badRequest("A custom field with this fieldId exists already.");
  const { values } = unit.addField({ fieldId, type: kind, name: name.trim() });
  return {
    status: 201,
    body: Object.fromEntries(
      fields.map((field) => [field.name, shown(field, values.get(field.name))]),
    ),
  };
}

export function statsRoute(call: Call): Answer {
  const id = routeId(call);
  if (!call.unit.listEmails.get(id)) throw notFound();
  const counts = call.unit.stats.get(id) ?? {};
  return {
    status: 200,
    body: Object.fromEntries(statNames.map((name) => [name, counts[name] ?? 0])),
  };
}

/** Custom fields are seen by those who may configure them. */
export function customFieldShelf({ unit }: Call): Shelf {
  if (!unit.settings.mayConfigureFields) throw forbidden();
  return unit.customFields;
}
