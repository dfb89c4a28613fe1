import type { Answer } from "../stand-in/answer.js";
import { type Call, routeObject } from "./call.js";
import type { FieldDefinition, ObjectDefinition } from "./schema.js";

/** What the user can see of an object: a field that permissions hide is simply not there. */
export function describeRoute(call: Call): Answer {
  const { org } = call;
  const definition = routeObject(call);
  return {
    status: 200,
    body: {
      ...summary(call, definition),
      fields: org.visibleFields(definition).map((field) => described(call, definition, field)),
      childRelationships: [],
      recordTypeInfos: [],
    },
  };
}

export function describeGlobalRoute(call: Call): Answer {
  const sobjects = [...call.org.objects.values()].map((definition) => summary(call, definition));
  return { status: 200, body: { encoding: "UTF-8", maxBatchSize: 200, sobjects } };
}

export function objectInfoRoute(call: Call): Answer {
  const definition = routeObject(call);
  return { status: 200, body: { objectDescribe: summary(call, definition), recentItems: [] } };
}

function summary(
  { base }: Call,
  { name, keyPrefix, createable, deletable, mergeable }: ObjectDefinition,
) {
  return {
    name,
    label: name,
    keyPrefix,
    custom: false,
    createable,
    updateable: createable,
    deletable,
    mergeable,
    queryable: true,
    retrieveable: true,
    replicateable: true,
    urls: { sobject: `${base}/sobjects/${name}`, describe: `${base}/sobjects/${name}/describe` },
  };
}

function described({ org }: Call, definition: ObjectDefinition, field: FieldDefinition) {
  const { values = [] } = field;
  const writable = org.access.edits(definition, field) && !field.calculated;
  return {
    name: field.name,
    label: field.label,
    type: field.type,
    custom: field.custom,
    length: field.length,
    precision: field.type === "double" || field.type === "currency" ? field.precision : 0,
    scale: field.type === "double" || field.type === "currency" ? field.scale : 0,
    createable: field.createable && writable,
    updateable: field.updateable && writable,
    nillable: field.nillable,
    calculated: field.calculated,
    externalId: field.externalId,
    filterable: field.type !== "textarea" || field.length <= 255,
    inlineHelpText: field.help ?? null,
    restrictedPicklist: field.restricted ?? false,
    picklistValues: values.map((value) => ({
      value,
      label: value,
      active: true,
      defaultValue: false,
    })),
    referenceTo: field.referenceTo === undefined ? [] : [field.referenceTo],
    relationshipName: field.relationship ?? null,
  };
}
