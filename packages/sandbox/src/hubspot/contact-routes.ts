import type { Answer } from "../stand-in/answer.js";
import { type Call, flag, jsonObject, queryList, wholeNumber } from "./call.js";
import { contactBody, refuseHistory, shownProperties } from "./contact-body.js";
import type { Portal } from "./portal.js";
import { checkProperties, clash, readProperties } from "./property-checks.js";
import { contactNotFound, invalid, invalidProperties, Refusal } from "./refusal.js";

// https://developers.hubspot.com/docs/api-reference/legacy/crm/using-object-apis
const longestPage = 100;
const defaultPage = 10;

export function listContacts(call: Call): Answer {
  const { portal, query, path } = call;
  const { contacts } = portal;
  const limit = wholeNumber(query.get("limit") ?? String(defaultPage), "limit", 1, longestPage);
  const after = query.get("after");
  const archived = flag(query, "archived");
  refuseHistory(queryList(query, "propertiesWithHistory"));
  const names = shownProperties(portal, queryList(query, "properties"));
  const results: unknown[] = [];
  let slot = after ? contacts.firstFrom(wholeNumber(after, "after", 0, 1e15) + 1) : 0;
  let last = "";
  for (; slot < contacts.size; slot++) {
    if (archived ? !contacts.isArchived(slot) : !contacts.isLive(slot)) continue;
    if (results.length === limit) {
      const link = new URLSearchParams(query);
      link.set("after", last);
      const next = { after: last, link: `https://api.hubapi.com${path}?${link}` };
      return { status: 200, body: { results, paging: { next } } };
    }
    results.push(contactBody(portal, slot, names));
    last = String(contacts.id(slot));
  }
  return { status: 200, body: { results } };
}

export function getContact(call: Call): Answer {
  const { portal, query } = call;
  refuseHistory(queryList(query, "propertiesWithHistory"));
  const slot = findContact(call, flag(query, "archived"));
  const names = shownProperties(portal, queryList(query, "properties"));
  return { status: 200, body: contactBody(portal, slot, names) };
}

/** Takes the id of a record that was merged away, as batch/update does not. */
export function updateContact(call: Call): Answer {
  const { portal } = call;
  const sent = readProperties(jsonObject(call).properties);
  const { refused, unfit, values } = checkProperties(portal, sent);
  const slot = findContact(call, false);
  if (refused.length + unfit.length > 0) throw invalidProperties([...refused, ...unfit]);
  refuseClash(clash(portal, slot, values));
  portal.updateContact(slot, values);
  return {
    status: 200,
    body: contactBody(portal, slot, shownProperties(portal, [...sent.keys()])),
  };
}

export function createContact(call: Call): Answer {
  const { portal } = call;
  const sent = readProperties(jsonObject(call).properties);
  const { refused, unfit, values } = checkProperties(portal, sent);
  if (refused.length + unfit.length > 0) throw invalidProperties([...refused, ...unfit]);
  refuseClash(clash(portal, -1, values));
  refuseBlocked(portal, values);
  const slot = portal.createContact(values);
  return {
    status: 201,
    body: contactBody(portal, slot, shownProperties(portal, [...sent.keys()])),
  };
}

export function archiveContact(call: Call): Answer {
  const { portal, params } = call;
  const slot = portal.contacts.slotOf(params.contactId);
  if (slot < 0 || !portal.contacts.isLive(slot)) throw contactNotFound();
  portal.archiveContact(slot);
  return { status: 204 };
}

export function mergeContacts(call: Call): Answer {
  const { portal } = call;
  const { primaryObjectId, objectIdToMerge } = jsonObject(call);
  if (primaryObjectId === objectIdToMerge) throw invalid("A record cannot be merged with itself");
  const [primary, other] = [primaryObjectId, objectIdToMerge].map((id) => {
    const slot = portal.contacts.slotOf(String(id));
    if (slot < 0 || !portal.contacts.isLive(slot)) throw contactNotFound();
    return slot;
  });
  const survivor = portal.mergeContacts(primary, other);
  const names = shownProperties(portal, ["email", "hs_merged_object_ids", "hs_additional_emails"]);
  return { status: 200, body: contactBody(portal, survivor, names) };
}

/** Permanent. An address that nobody has is blocked for good. */
export function forgetContact(call: Call): Answer {
  const { portal } = call;
  const { objectId, idProperty } = jsonObject(call);
  const wanted = String(objectId);
  const byEmail = idProperty === "email";
  if (!byEmail && idProperty !== undefined) throw invalid("idProperty must be email or absent");
  const { contacts } = portal;
  const slot = byEmail ? contacts.slotByValue("email", wanted) : contacts.slotOf(wanted);
  if (slot >= 0 && (contacts.isLive(slot) || contacts.isArchived(slot))) {
    const email = contacts.value(slot, "email");
    if (email !== undefined) portal.blocked.add(email);
    contacts.purge(slot);
  } else if (byEmail) {
    portal.blocked.add(wanted.trim().toLowerCase());
  } else {
    throw contactNotFound();
  }
  return { status: 204 };
}

/** @throws Refusal 409 */
export function refuseClash(owner: string | undefined): void {
  if (owner !== undefined) throw new Refusal(409, "CONFLICT", conflictMessage(owner));
}

export function conflictMessage(owner: string): string {
  return `Contact already exists. Existing ID: ${owner}`;
}

/** @throws Refusal 400 */
export function refuseBlocked(portal: Portal, values: ReadonlyMap<string, string>): void {
  if (portal.blocked.has(values.get("email") ?? "")) {
    throw invalid("The email address was deleted for privacy and cannot be added again");
  }
}

function findContact({ portal, params, query }: Call, archived: boolean): number {
  const { contacts } = portal;
  const idProperty = query.get("idProperty") ?? "hs_object_id";
  if (idProperty !== "hs_object_id") {
    if (!portal.properties.get(idProperty)?.hasUniqueValue) {
      throw invalid(`Property ${idProperty} is not a unique property`, {
        idProperty: [idProperty],
      });
    }
    const slot = contacts.slotByValue(idProperty, params.contactId);
    if (slot < 0 || archived) throw contactNotFound();
    return slot;
  }
  const found = contacts.slotOf(params.contactId);
  const slot = found < 0 ? -1 : contacts.survivor(found);
  if (slot < 0 || (archived ? !contacts.isArchived(slot) : !contacts.isLive(slot))) {
    throw contactNotFound();
  }
  return slot;
}
