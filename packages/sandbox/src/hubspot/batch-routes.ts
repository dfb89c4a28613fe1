import type { Answer } from "../stand-in/answer.js";
import {
  batchAnswer,
  batchError,
  batchRefusal,
  type Failure,
  missingError,
  unordered,
} from "./batch-answer.js";
import { type BatchInput, rawInputs, readInputs, refuseDuplicates } from "./batch-input.js";
import { type Call, flag, jsonObject, textList } from "./call.js";
import { contactBody, refuseHistory, shownProperties } from "./contact-body.js";
import { conflictMessage, refuseBlocked } from "./contact-routes.js";
import type { Portal } from "./portal.js";
import { type CheckedProperties, checkProperties, clash } from "./property-checks.js";
import { invalid, invalidProperties, type PropertyProblem } from "./refusal.js";

/** Finds by record id or by a unique property, also by additional e-mail addresses; never by an id that was merged away. */
export function readContacts(call: Call): Answer {
  const { portal, query } = call;
  const { contacts } = portal;
  const body = jsonObject(call);
  const archived = flag(query, "archived");
  refuseHistory(textList(body.propertiesWithHistory, "propertiesWithHistory"));
  const names = shownProperties(portal, textList(body.properties, "properties"));
  const idProperty = body.idProperty ?? "hs_object_id";
  refuseNotUnique(portal, idProperty);
  const found = new Set<number>();
  const missing = new Set<string>();
  for (const { id } of readInputs(body, { id: true, properties: false })) {
    const slot =
      idProperty === "hs_object_id"
        ? contacts.slotOf(id)
        : contacts.slotByValue(String(idProperty), id);
    const fits = slot >= 0 && (archived ? contacts.isArchived(slot) : contacts.isLive(slot));
    if (fits) found.add(slot);
    else missing.add(id);
  }
  const slots = unordered([...found], (slot) => slot);
  return batchAnswer(
    200,
    portal.now(),
    slots.map((slot) => contactBody(portal, slot, names)),
    missing.size > 0 ? [missingError([...missing])] : [],
  );
}

/** By record id alone. Without an `objectWriteTraceId` in every input, one bad input fails the whole request. */
export function updateContacts(call: Call): Answer {
  const { portal } = call;
  const { contacts } = portal;
  const inputs = readInputs(jsonObject(call), { id: true, properties: true });
  for (const { idProperty } of inputs) {
    if (idProperty !== undefined && idProperty !== "hs_object_id") throw notUnique(idProperty);
  }
  refuseDuplicates(inputs.map(({ id }) => id));
  const silent = portal.options.mergedInBatch === "ignored";
  return carryOut(portal, inputs, { status: 200, partial: true }, ({ id }) => {
    const slot = contacts.slotOf(id);
    if (slot >= 0 && contacts.isLive(slot)) return slot;
    return slot >= 0 && silent && contacts.wasMerged(slot) ? "leave out" : "missing";
  });
}

/** Creates what it does not find. With `email` as the id property there are no partial failures. */
export function upsertContacts(call: Call): Answer {
  const { portal } = call;
  const inputs = readInputs(jsonObject(call), { id: true, properties: true });
  for (const { idProperty } of inputs) refuseNotUnique(portal, idProperty);
  refuseDuplicates(
    inputs.map(({ id, idProperty }) => (idProperty === "email" ? id.toLowerCase() : id)),
  );
  const partial = !inputs.some(({ idProperty }) => idProperty === "email");
  const withKey = inputs.map((input) => ({
    ...input,
    properties: new Map([[String(input.idProperty), input.id], ...input.properties]),
  }));
  const upsert = { status: 200, partial, tellsNew: true };
  return carryOut(portal, withKey, upsert, ({ id, idProperty }) => {
    const slot = portal.contacts.slotByValue(String(idProperty), id);
    return slot < 0 ? "create" : slot;
  });
}

export function createContacts(call: Call): Answer {
  const inputs = readInputs(jsonObject(call), { id: false, properties: true });
  return carryOut(call.portal, inputs, { status: 201, partial: true }, () => "create");
}

export function archiveContacts(call: Call): Answer {
  const { contacts } = call.portal;
  for (const { id } of rawInputs(jsonObject(call))) {
    const slot = contacts.slotOf(String(id));
    if (slot >= 0 && contacts.isLive(slot)) call.portal.archiveContact(slot);
  }
  return { status: 204 };
}

type Target = number | "create" | "missing" | "leave out";

interface Manner {
  /** When every input went well. */
  readonly status: number;
  /** Whether inputs with trace ids can fail one by one. */
  readonly partial: boolean;
  /** Whether results say if they were created, and leave empty properties out. */
  readonly tellsNew?: boolean;
}

function carryOut(
  portal: Portal,
  inputs: readonly BatchInput[],
  { status, partial, tellsNew = false }: Manner,
  find: (input: BatchInput) => Target,
): Answer {
  const startedAt = portal.now();
  const checked = inputs.map(({ properties }) => checkProperties(portal, properties));
  refuseWhole(checked, inputs);
  const claimed = new Set<string>();
  const targets = inputs.map(find);
  const failures = inputs.map((input, index): Failure | undefined => {
    const { unfit, values } = checked[index];
    const target = targets[index];
    const id = input.id || String(index);
    if (unfit.length > 0) return { kind: "unfit", id, problems: unfit };
    if (target === "missing") return { kind: "missing", id };
    if (target === "leave out") return undefined;
    const owner = clash(portal, target === "create" ? -1 : target, values, claimed);
    if (target === "create" && owner === undefined) refuseBlocked(portal, values);
    return owner === undefined
      ? undefined
      : { kind: "conflict", id, message: conflictMessage(owner) };
  });
  const failed = failures.filter((failure) => failure !== undefined);
  const traced = partial && inputs.every(({ traceId }) => traceId !== undefined);
  if (failed.length > 0 && !traced) throw batchRefusal(failed);

  const errors: Record<string, unknown>[] = [];
  const results: { slot: number; body: unknown }[] = [];
  for (const [index, input] of inputs.entries()) {
    const failure = failures[index];
    const target = targets[index];
    if (failure) errors.push(batchError(failure, input.traceId as string));
    else if (typeof target === "number" || target === "create") {
      const { values } = checked[index];
      if (typeof target === "number") portal.updateContact(target, values);
      const slot = target === "create" ? portal.createContact(values) : target;
      const shown = shownProperties(portal, [...input.properties.keys()]);
      const names = tellsNew
        ? shown.filter((name) => portal.contacts.value(slot, name) !== undefined)
        : shown;
      const body = {
        ...contactBody(portal, slot, names),
        ...(input.traceId !== undefined && { objectWriteTraceId: input.traceId }),
        ...(tellsNew && { new: target === "create" }),
      };
      results.push({ slot, body });
    }
  }
  const bodies = unordered(results, ({ slot }) => slot).map(({ body }) => body);
  return batchAnswer(status, startedAt, bodies, errors);
}

/** An unknown or read-only property anywhere fails the request, trace ids or not. */
function refuseWhole(checked: readonly CheckedProperties[], inputs: readonly BatchInput[]): void {
  const problems = new Map<string, PropertyProblem>();
  const ids: string[] = [];
  for (const [index, { refused }] of checked.entries()) {
    if (refused.length > 0) ids.push(inputs[index].id || String(index));
    for (const problem of refused) problems.set(problem.name, problem);
  }
  if (ids.length > 0) throw invalidProperties([...problems.values()], { ids });
}

function refuseNotUnique(portal: Portal, idProperty: unknown): void {
  const name = String(idProperty);
  if (name === "hs_object_id" || portal.properties.get(name)?.hasUniqueValue) return;
  throw notUnique(name);
}

function notUnique(name: string) {
  return invalid(`Unable to perform update/upsert by non-unique 0-1 property ${name}`, {
    idProperty: [name],
  });
}
