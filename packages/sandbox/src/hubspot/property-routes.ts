import type { Answer } from "../stand-in/answer.js";
import { batchAnswer } from "./batch-answer.js";
import { rawInputs } from "./batch-input.js";
import { type Call, flag, jsonObject } from "./call.js";
import { propertyBody, propertyNotFound } from "./property-book.js";
import { Refusal } from "./refusal.js";

export function listProperties({ portal, query }: Call): Answer {
  const properties = portal.properties.list(flag(query, "archived"));
  return { status: 200, body: { results: properties.map(propertyBody) } };
}

export function getProperty({ portal, params }: Call): Answer {
  const property = portal.properties.get(params.propertyName);
  if (!property) throw propertyNotFound(params.propertyName);
  return { status: 200, body: propertyBody(property) };
}

export function createProperty(call: Call): Answer {
  const { portal } = call;
  const property = portal.properties.create(jsonObject(call), portal.now());
  return { status: 201, body: propertyBody(property) };
}

export function updateProperty(call: Call): Answer {
  const { portal, params } = call;
  const property = portal.properties.update(params.propertyName, jsonObject(call), portal.now());
  return { status: 200, body: propertyBody(property) };
}

export function archiveProperty({ portal, params }: Call): Answer {
  portal.archiveProperty(params.propertyName);
  return { status: 204 };
}

/** Creates what it can; the rest are errors of a 207. */
export function createProperties(call: Call): Answer {
  const { portal } = call;
  const startedAt = portal.now();
  return each(call, 201, (input) => portal.properties.create(input, startedAt));
}

export function readProperties(call: Call): Answer {
  const { portal } = call;
  return each(call, 200, ({ name }) => {
    const property = portal.properties.get(String(name));
    if (!property) throw propertyNotFound(String(name));
    return property;
  });
}

export function listGroups({ portal }: Call): Answer {
  const results = [...portal.properties.groups.values()].map(groupBody);
  return { status: 200, body: { results } };
}

export function getGroup({ portal, params }: Call): Answer {
  const group = portal.properties.groups.get(params.groupName);
  if (!group) {
    throw new Refusal(404, "OBJECT_NOT_FOUND", `Property group ${params.groupName} does not exist`);
  }
  return { status: 200, body: groupBody(group) };
}

export function createGroup(call: Call): Answer {
  return { status: 201, body: groupBody(call.portal.properties.createGroup(jsonObject(call))) };
}

function groupBody(group: { name: string; label: string; displayOrder: number }) {
  return { ...group, archived: false };
}

function each(
  call: Call,
  status: number,
  act: (input: Record<string, unknown>) => Parameters<typeof propertyBody>[0],
): Answer {
  const results: unknown[] = [];
  const errors: Record<string, unknown>[] = [];
  for (const input of rawInputs(jsonObject(call))) {
    try {
      results.push(propertyBody(act(input)));
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      errors.push({
        errors: [],
        links: {},
        context: { name: [String(input.name)] },
        ...error.body,
      });
    }
  }
  return batchAnswer(status, call.portal.now(), results, errors);
}
