import { instantText } from "../stand-in/times.js";
import { keptProperties } from "./contact-table.js";
import type { Portal } from "./portal.js";
import { invalid } from "./refusal.js";

const defaultProperties = ["email", "firstname", "lastname"];

/** Where a contact's values are read: the contacts themselves, or what the search endpoint knows of them. */
export interface ContactReader {
  value(slot: number, name: string): string | undefined;
  modifiedAt(slot: number): number;
}

/** What an answer shows: the wanted properties that exist, or the default ones, and always the three that the portal keeps. */
export function shownProperties(portal: Portal, wanted: readonly string[] | undefined): string[] {
  const names = wanted && wanted.length > 0 ? wanted : defaultProperties;
  const shown = new Set<string>(keptProperties);
  for (const name of names) if (portal.properties.get(name)) shown.add(name);
  return [...shown];
}

/** The stand-in keeps no history. @throws Refusal 400 when some is asked for */
export function refuseHistory(names: readonly string[] | undefined): void {
  if (names && names.length > 0) {
    throw invalid("propertiesWithHistory: this stand-in keeps no history of values");
  }
}

export function contactBody(
  portal: Portal,
  slot: number,
  names: readonly string[],
  reader: ContactReader = portal.contacts,
) {
  const { contacts } = portal;
  const createdAt = instantText(contacts.createdAt(slot));
  const updatedAt = instantText(reader.modifiedAt(slot));
  const id = String(contacts.id(slot));
  const properties: Record<string, string | null> = {};
  for (const name of names) {
    if (name === "createdate") properties.createdate = createdAt;
    else if (name === "lastmodifieddate") properties.lastmodifieddate = updatedAt;
    else if (name === "hs_object_id") properties.hs_object_id = id;
    else properties[name] = reader.value(slot, name) ?? null;
  }
  const archivedAt = contacts.archivedAt(slot);
  return {
    id,
    properties,
    createdAt,
    updatedAt,
    archived: contacts.isArchived(slot),
    ...(archivedAt !== undefined && { archivedAt: instantText(archivedAt) }),
  };
}
