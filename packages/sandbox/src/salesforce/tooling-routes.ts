import type { Answer } from "../stand-in/answer.js";
import { type Call, jsonObject } from "./call.js";
import { notFound, Refusal } from "./refusal.js";
import type { FieldDefinition, FieldType, ObjectDefinition } from "./schema.js";
import { type Condition, malformed, parseSoql } from "./soql/parse.js";

const types: Readonly<Record<string, FieldType>> = {
  Number: "double",
  Text: "string",
  LongTextArea: "textarea",
  Picklist: "picklist",
  Checkbox: "boolean",
};

interface Metadata {
  readonly type?: string;
  readonly label?: string;
  readonly description?: string;
  readonly inlineHelpText?: string;
  readonly length?: number;
  readonly visibleLines?: number;
  readonly precision?: number;
  readonly scale?: number;
  readonly externalId?: boolean;
  readonly valueSet?: {
    readonly restricted?: boolean;
    readonly valueSetDefinition?: { readonly value?: readonly { readonly fullName?: string }[] };
  };
}

/** Makes a custom field. Nobody sees it until a permission set grants it. */
export function createCustomField(call: Call): Answer {
  mayCustomize(call);
  const { FullName, Metadata } = jsonObject(call) as { FullName?: unknown; Metadata?: Metadata };
  const [object = "", name = "", ...rest] = String(FullName ?? "").split(".");
  const definition = call.org.object(object);
  if (!definition || rest.length > 0)
    throw new Refusal(400, "INVALID_TYPE", `Cannot find the object of ${String(FullName)}`);
  if (!/^[A-Za-z](?:_?[A-Za-z0-9])*__c$/.test(name) || name.length > 43) {
    throw new Refusal(
      400,
      "FIELD_INTEGRITY_EXCEPTION",
      "The Custom Field Name can only contain alphanumeric characters, must begin with a letter, cannot end with an underscore or contain two consecutive underscores, and must be unique.",
      ["FullName"],
    );
  }
  if (definition.fields.has(name.toLowerCase())) {
    throw new Refusal(
      400,
      "DUPLICATE_DEVELOPER_NAME",
      `There is already a field named ${name.replace(/__c$/, "")} on ${object}.`,
      ["FullName"],
    );
  }
  const id = call.org.addCustomField(definition, fieldOf(name, Metadata ?? {}));
  return { status: 201, body: { id, success: true, errors: [], warnings: [], infos: [] } };
}

export function changeCustomField(call: Call): Answer {
  mayCustomize(call);
  const { definition, field } = byId(call);
  const { Metadata } = jsonObject(call) as { Metadata?: Metadata };
  const next = fieldOf(field.name, Metadata ?? {});
  if (next.type !== field.type)
    throw new Refusal(400, "FIELD_INTEGRITY_EXCEPTION", "Cannot change the type of the field");
  definition.fields.set(field.name.toLowerCase(), next);
  return { status: 204 };
}

export function readCustomField(call: Call): Answer {
  mayCustomize(call);
  const { definition, field } = byId(call);
  return { status: 200, body: record(call, definition, field) };
}

/** Queries of CustomField by object and name, as tools use them; nothing else is queried here. */
export function toolingQuery(call: Call): Answer {
  mayCustomize(call);
  const query = parseSoql(call.query.get("q") ?? "");
  if (query.from.toLowerCase() !== "customfield") {
    throw new Refusal(400, "INVALID_TYPE", `sObject type '${query.from}' is not supported.`);
  }
  const records = [...call.org.customFields.keys()]
    .map((key) => {
      const [object, name] = key.split(".");
      const definition = call.org.object(object) as ObjectDefinition;
      return record(call, definition, definition.fields.get(name) as FieldDefinition);
    })
    .filter((one) => holds(one, query.where));
  if (query.fields.includes("Metadata") && records.length > 1) {
    throw malformed(
      "When retrieving results with Metadata or FullName fields, the query qualifications must specify no more than one row for retrieval.",
    );
  }
  return {
    status: 200,
    body: {
      size: records.length,
      totalSize: records.length,
      done: true,
      queryLocator: null,
      entityTypeName: "CustomField",
      records: records.map((one) =>
        Object.fromEntries([
          ["attributes", one.attributes],
          ...query.fields.map((name) => [name, one[name] ?? null]),
        ]),
      ),
    },
  };
}

function record(
  { org, base }: Call,
  definition: ObjectDefinition,
  field: FieldDefinition,
): Record<string, unknown> {
  const id = org.customFields.get(`${definition.name}.${field.name}`.toLowerCase());
  return {
    attributes: { type: "CustomField", url: `${base}/tooling/sobjects/CustomField/${id}` },
    Id: id,
    DeveloperName: field.name.replace(/__c$/, ""),
    TableEnumOrId: definition.name,
    FullName: `${definition.name}.${field.name}`,
    Metadata: {
      type: Object.keys(types).find((name) => types[name] === field.type),
      label: field.label,
      inlineHelpText: field.help ?? null,
      description: field.help ?? null,
      ...(field.type === "double" && { precision: field.precision, scale: field.scale }),
      ...(field.type === "string" || field.type === "textarea" ? { length: field.length } : {}),
      ...(field.type === "textarea" && { visibleLines: 3 }),
      ...(field.type === "picklist" && {
        valueSet: {
          restricted: field.restricted ?? false,
          valueSetDefinition: {
            sorted: false,
            value: (field.values ?? []).map((value) => ({
              valueName: value,
              fullName: value,
              label: value,
              default: false,
            })),
          },
        },
      }),
    },
  };
}

function fieldOf(name: string, given: Metadata): FieldDefinition {
  const type = types[given.type ?? ""];
  const lacking = (what: string) =>
    new Refusal(
      400,
      "FIELD_INTEGRITY_EXCEPTION",
      `Must specify '${what}' for a CustomField of type ${given.type}`,
      [what],
    );
  if (!type)
    throw new Refusal(400, "INVALID_TYPE", `field type ${String(given.type)} is not known here`);
  if (!given.label) throw lacking("label");
  if (given.label.length > 40)
    throw new Refusal(400, "STRING_TOO_LONG", "Label: data value too large (max length=40)", [
      "label",
    ]);
  if ((given.inlineHelpText ?? "").length > 510)
    throw new Refusal(400, "STRING_TOO_LONG", "Help Text: data value too large (max length=510)", [
      "inlineHelpText",
    ]);
  if (type === "double" && (given.precision === undefined || given.scale === undefined))
    throw lacking("precision and scale");
  if (
    type === "double" &&
    ((given.precision ?? 0) > 18 || (given.scale ?? 0) >= (given.precision ?? 0))
  )
    throw lacking("a precision of at most 18 above the scale");
  if ((type === "string" || type === "textarea") && given.length === undefined)
    throw lacking("length");
  if (type === "textarea" && given.visibleLines === undefined) throw lacking("visibleLines");
  const values = given.valueSet?.valueSetDefinition?.value?.map(({ fullName }) => String(fullName));
  if (type === "picklist" && values === undefined) throw lacking("valueSet");
  return {
    name,
    type,
    label: given.label,
    custom: true,
    length: given.length ?? 255,
    precision: given.precision ?? 18,
    scale: given.scale ?? 0,
    createable: true,
    updateable: true,
    nillable: type !== "boolean",
    calculated: false,
    externalId: given.externalId ?? false,
    ...(given.inlineHelpText !== undefined && { help: given.inlineHelpText }),
    ...(type === "picklist" && {
      values: values ?? [],
      restricted: given.valueSet?.restricted ?? false,
    }),
  };
}

function byId(call: Call): { definition: ObjectDefinition; field: FieldDefinition } {
  for (const [key, id] of call.org.customFields) {
    if (id !== call.params.id) continue;
    const [object, name] = key.split(".");
    const definition = call.org.object(object) as ObjectDefinition;
    return { definition, field: definition.fields.get(name) as FieldDefinition };
  }
  throw notFound();
}

function holds(one: Readonly<Record<string, unknown>>, where: Condition | undefined): boolean {
  if (!where) return true;
  if (where.kind === "and") return where.parts.every((part) => holds(one, part));
  if (where.kind === "or") return where.parts.some((part) => holds(one, part));
  const same = (path: string, value: { readonly kind: string; readonly value?: unknown }) =>
    String(one[path]).toLowerCase() === String(value.value).toLowerCase();
  if (where.kind === "compare" && where.operator === "=") return same(where.path, where.value);
  if (where.kind === "in" && !where.not)
    return where.values.some((value) => same(where.path, value));
  throw malformed("only = and IN are known here");
}

function mayCustomize({ org }: Call): void {
  if (org.mayCustomize) return;
  throw new Refusal(403, "INSUFFICIENT_ACCESS", "insufficient access rights on cross-reference id");
}
