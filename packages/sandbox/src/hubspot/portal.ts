import { InchwormError } from "@inchworm/spec";
import { FaultDice } from "../stand-in/fault-dice.js";
import { random } from "../stand-in/random.js";
import { parseInstant } from "../stand-in/times.js";
import { ContactTable, keptProperties } from "./contact-table.js";
import { type FaultKind, faultKinds } from "./fault-kinds.js";
import { PortalJournal } from "./journal.js";
import { isPropertyName, PropertyBook } from "./property-book.js";
import { movesBack } from "./property-values.js";
import { RateLimits } from "./rate-limits.js";
import { SearchIndex } from "./search-index.js";
import { Shelf } from "./shelf.js";
import { Tokens } from "./tokens.js";
import type {
  HubspotContact,
  HubspotEmail,
  HubspotEmailEvent,
  HubspotList,
  HubspotObjectType,
  HubspotSandboxOptions,
} from "./types.js";

const defaults = { seed: 1, indexLagMs: 2_000, now: Date.now };

/** A portal's contacts, properties, tokens and limits, and what can be done with them without a request. */
export class Portal {
  readonly options: HubspotSandboxOptions;
  readonly now: () => number;
  readonly contacts: ContactTable;
  readonly properties: PropertyBook;
  readonly index: SearchIndex;
  readonly tokens: Tokens;
  readonly limits: RateLimits;
  readonly dice: FaultDice<FaultKind>;
  readonly journal = new PortalJournal();
  readonly shelves: Readonly<Record<HubspotObjectType, Shelf>>;
  /** By "from to", then by id. */
  readonly associations = new Map<string, Map<string, readonly string[]>>();
  readonly emailEvents: HubspotEmailEvent[] = [];
  readonly emails: HubspotEmail[] = [];
  readonly lists: HubspotList[] = [];
  /** E-mail addresses that were deleted for privacy: no contact can be made with one again. */
  readonly blocked = new Set<string>();
  /** The portal's number; it follows from the seed. */
  readonly hubId: number;

  constructor(options: HubspotSandboxOptions) {
    const { seed, indexLagMs, now } = { ...defaults, ...options };
    this.options = options;
    this.now = now;
    this.hubId = 1_000_000 + Math.floor(random(seed)() * 99_000_000);
    this.contacts = new ContactTable(seed);
    this.index = new SearchIndex(this.contacts, indexLagMs);
    this.shelves = {
      deals: new Shelf("deals", 9_999_999_800, seed, indexLagMs),
      line_items: new Shelf("line_items", 4_000_000_000, seed, indexLagMs),
      products: new Shelf("products", 500_000, seed, indexLagMs),
    };
    this.tokens = new Tokens(seed, options.token, options.scopes);
    this.limits = new RateLimits(options);
    this.dice = new FaultDice("hubspot sandbox", faultKinds, seed, options.faults);
    this.properties = new PropertyBook(now());
    for (const property of options.properties ?? []) this.#declare(property);
  }

  addContacts(rows: Iterable<Readonly<Record<string, string>>>): string[] {
    const ids: string[] = [];
    const now = this.now();
    for (const row of rows) {
      const email = row.email?.trim().toLowerCase();
      if (email && this.contacts.slotByValue("email", email) >= 0) {
        throw unusable(
          `row ${ids.length + 1} has the e-mail address of another contact`,
          "An address belongs to one contact; remove the duplicate.",
        );
      }
      const created = row.createdate ? instant(row.createdate, ids.length) : now;
      const modified = row.lastmodifieddate ? instant(row.lastmodifieddate, ids.length) : created;
      const slot = this.contacts.add(created, modified);
      for (const name in row) {
        if (name === "createdate" || name === "lastmodifieddate" || row[name] === "") continue;
        const { hasUniqueValue } = this.#known(name, row[name]);
        this.contacts.set(
          slot,
          name,
          name === "email" ? (email as string) : row[name],
          hasUniqueValue,
        );
      }
      ids.push(String(this.contacts.id(slot)));
    }
    return ids;
  }

  /** The values must have passed the checks. */
  createContact(values: ReadonlyMap<string, string>): number {
    const now = this.now();
    const slot = this.contacts.add(now, now);
    this.index.note(slot, now);
    this.#write(slot, values);
    this.journal.created.push(String(this.contacts.id(slot)));
    return slot;
  }

  /** The values must have passed the checks. Every update bumps the modified date, also one that changes nothing. */
  updateContact(slot: number, values: ReadonlyMap<string, string>): void {
    const now = this.now();
    this.index.note(slot, now, values.keys());
    this.#write(slot, values);
    this.contacts.touch(slot, now);
  }

  /** Gives the survivor's slot. Where both have a value, the primary's stays; the other address becomes an additional one. */
  mergeContacts(primary: number, other: number): number {
    const { contacts } = this;
    const now = this.now();
    const created = Math.min(contacts.createdAt(primary), contacts.createdAt(other));
    const makesNew = this.options.mergeMakesNewId ?? false;
    const values = new Map<string, string>();
    for (const name of contacts.columns.keys()) {
      const value = contacts.value(primary, name) ?? contacts.value(other, name);
      if (value !== undefined) values.set(name, value);
    }
    const list = (slot: number, name: string) => contacts.value(slot, name)?.split(";") ?? [];
    const both = (name: string) => [...list(primary, name), ...list(other, name)];
    const mergedIds = [...both("hs_merged_object_ids"), String(contacts.id(other))];
    if (makesNew) mergedIds.push(String(contacts.id(primary)));
    const addresses = new Set([...both("email"), ...both("hs_additional_emails")]);
    addresses.delete(values.get("email") ?? "");
    values.set("hs_merged_object_ids", mergedIds.join(";"));
    values.set("hs_additional_emails", [...addresses].join(";"));

    const survivor = makesNew ? contacts.add(created, now) : primary;
    this.index.note(survivor, now, makesNew ? undefined : values.keys());
    contacts.merge(other, survivor);
    if (makesNew) contacts.merge(primary, survivor);
    for (const [name, value] of values) this.#set(survivor, name, value);
    contacts.touch(survivor, now);
    return survivor;
  }

  addObject(
    type: HubspotObjectType,
    properties: Readonly<Record<string, string>>,
    links: Readonly<Record<string, readonly string[]>>,
  ): string {
    const id = this.shelves[type].add(properties, this.now(), true);
    for (const [to, ids] of Object.entries(links)) {
      const key = `${type} ${to}`;
      const known = this.associations.get(key) ?? new Map<string, readonly string[]>();
      this.associations.set(key, known.set(id, ids));
    }
    return id;
  }

  /** The record that a contact's id leads to by now. */
  survivorId(id: string): string {
    const slot = this.contacts.slotOf(id);
    return slot < 0 ? id : String(this.contacts.id(this.contacts.survivor(slot)));
  }

  archiveContact(slot: number): void {
    this.contacts.archive(slot, this.now());
  }

  archiveProperty(name: string): void {
    this.properties.archive(name, this.now());
    this.contacts.drop(name);
  }

  contact(slot: number): HubspotContact {
    const properties: Record<string, string> = {};
    for (const name of [...keptProperties, ...this.contacts.columns.keys()]) {
      const value = this.contacts.value(slot, name);
      if (value !== undefined) properties[name] = value;
    }
    return {
      id: String(this.contacts.id(slot)),
      properties,
      createdAt: this.contacts.createdAt(slot),
      updatedAt: this.contacts.modifiedAt(slot),
      archived: this.contacts.isArchived(slot),
    };
  }

  #write(slot: number, values: ReadonlyMap<string, string>): void {
    for (const [name, value] of values) {
      if (name === "lifecyclestage" && movesBack(this.contacts.value(slot, name), value)) continue;
      this.#set(slot, name, value);
      this.journal.wrote(this.contacts.id(slot), name, value);
    }
  }

  #set(slot: number, name: string, value: string): void {
    this.contacts.set(slot, name, value, this.properties.get(name)?.hasUniqueValue ?? false);
  }

  #known(name: string, value: string) {
    const property = this.properties.get(name);
    if (property && name !== "hs_object_id") return property;
    if (property || !isPropertyName(name)) {
      throw unusable(
        `a contact cannot be given the property "${name}"`,
        "Use lower-case names such as customer_id; record ids are given by the stand-in.",
      );
    }
    const isFlag = value === "true" || value === "false";
    return this.#declare({
      name,
      type: isFlag ? "bool" : "string",
      fieldType: isFlag ? "booleancheckbox" : "text",
    });
  }

  #declare(property: NonNullable<HubspotSandboxOptions["properties"]>[number]) {
    const complete = { label: property.name, groupName: "contactinformation", ...property };
    return this.properties.create(complete, this.now());
  }
}

function instant(text: string, row: number): number {
  const time = parseInstant(text);
  if (Number.isFinite(time)) return time;
  throw unusable(
    `row ${row + 1} has a date that is none`,
    "Write 2026-05-01T12:00:00Z or milliseconds.",
  );
}

function unusable(what: string, hint: string): InchwormError {
  return new InchwormError("input", `hubspot sandbox: ${what}.`, { hint });
}
