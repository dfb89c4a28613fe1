import { Column } from "../stand-in/column.js";
import { random } from "../stand-in/random.js";
import { instantText } from "../stand-in/times.js";

// Past 2^32, and just below a further digit: ids kept as 32-bit numbers or compared as text go wrong with few contacts.
const firstId = 99_999_999_900;
const widestGap = 48;

const live = 0;
const archived = 1;
const gone = 2;

/** The properties that are columns of numbers here, not of text. */
export const keptProperties = ["createdate", "hs_object_id", "lastmodifieddate"] as const;

/** Every contact that a portal ever had, by slot: 0, 1, 2… in the order of their record ids. About 300 bytes a contact. */
export class ContactTable {
  size = 0;
  live = 0;
  archived = 0;
  readonly columns = new Map<string, Column>();
  #ids = new Float64Array(1_024);
  #created = new Float64Array(1_024);
  #modified = new Float64Array(1_024);
  #states = new Uint8Array(1_024);
  readonly #archivedAt = new Map<number, number>();
  readonly #mergedInto = new Map<number, number>();
  /** By unique property, then by value. Additional e-mail addresses count as `email`. */
  readonly #unique = new Map<string, Map<string, number>>([["email", new Map()]]);
  readonly #next: () => number;
  #lastId = firstId;

  constructor(seed: number) {
    this.#next = random(seed + 0x1d);
  }

  add(createdAt: number, modifiedAt: number): number {
    const slot = this.size++;
    if (slot === this.#ids.length) this.#grow();
    this.#lastId += 1 + Math.floor(this.#next() * widestGap);
    this.#ids[slot] = this.#lastId;
    this.#created[slot] = createdAt;
    this.#modified[slot] = modifiedAt;
    this.live++;
    return slot;
  }

  id(slot: number): number {
    return this.#ids[slot];
  }

  /** Milliseconds since 1970. */
  createdAt(slot: number): number {
    return this.#created[slot];
  }

  modifiedAt(slot: number): number {
    return this.#modified[slot];
  }

  touch(slot: number, now: number): void {
    this.#modified[slot] = now;
  }

  isLive(slot: number): boolean {
    return this.#states[slot] === live;
  }

  isArchived(slot: number): boolean {
    return this.#states[slot] === archived;
  }

  archivedAt(slot: number): number | undefined {
    return this.#archivedAt.get(slot);
  }

  /** The slot that once had that record id, whatever became of it; -1 for none. */
  slotOf(id: string): number {
    const wanted = Number(id);
    const slot = this.firstFrom(wanted);
    return slot < this.size && String(this.#ids[slot]) === id ? slot : -1;
  }

  /** The first slot whose record id is at least the given one. */
  firstFrom(id: number): number {
    let low = 0;
    let high = this.size;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (this.#ids[middle] < id) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  /** The slot itself, or the one it was merged into. */
  survivor(slot: number): number {
    let current = slot;
    for (;;) {
      const next = this.#mergedInto.get(current);
      if (next === undefined) return current;
      current = next;
    }
  }

  wasMerged(slot: number): boolean {
    return this.#mergedInto.has(slot);
  }

  /** A live slot by the value of a unique property; -1 for none. */
  slotByValue(property: string, value: string): number {
    const key = property === "email" ? value.trim().toLowerCase() : value;
    return this.#uniqueValues(property).get(key) ?? -1;
  }

  value(slot: number, name: string): string | undefined {
    switch (name) {
      case "hs_object_id":
        return String(this.#ids[slot]);
      case "createdate":
        return instantText(this.#created[slot]);
      case "lastmodifieddate":
        return instantText(this.#modified[slot]);
      default:
        return this.columns.get(name)?.get(slot);
    }
  }

  /** Sets or clears ("") one property. The caller sees that a unique value is free. */
  set(slot: number, name: string, value: string, isUnique: boolean): void {
    let column = this.columns.get(name);
    if (!column) {
      column = new Column();
      this.columns.set(name, column);
    }
    if (isUnique) {
      const values = this.#uniqueValues(name);
      const old = column.get(slot);
      if (old !== undefined) values.delete(old);
      if (value !== "") values.set(value, slot);
    }
    column.set(slot, value);
  }

  archive(slot: number, now: number): void {
    this.#archivedAt.set(slot, now);
    this.#leave(slot, archived);
    this.archived++;
  }

  /** The slot's record is part of another from now on, and its additional addresses lead there. */
  merge(slot: number, into: number): void {
    const addresses = this.#addresses(slot);
    this.#leave(slot, gone);
    this.#mergedInto.set(slot, into);
    for (const email of addresses) this.#uniqueValues("email").set(email, into);
  }

  /** Nothing of the contact is left. */
  purge(slot: number): void {
    if (this.isArchived(slot)) {
      this.archived--;
      this.#archivedAt.delete(slot);
      this.#states[slot] = gone;
    } else {
      this.#leave(slot, gone);
    }
    for (const column of this.columns.values()) {
      if (column.get(slot) !== undefined) column.set(slot, undefined);
    }
  }

  /** Forgets a property's values. */
  drop(name: string): void {
    this.columns.delete(name);
    this.#unique.delete(name);
  }

  #leave(slot: number, state: number): void {
    for (const email of this.#addresses(slot)) this.#uniqueValues("email").delete(email);
    for (const [name, values] of this.#unique) {
      const value = this.columns.get(name)?.get(slot);
      if (value !== undefined && values.get(value) === slot) values.delete(value);
    }
    this.#states[slot] = state;
    this.live--;
  }

  #addresses(slot: number): string[] {
    const email = this.value(slot, "email");
    const others = this.value(slot, "hs_additional_emails")?.split(";") ?? [];
    return email === undefined ? others : [email, ...others];
  }

  #uniqueValues(property: string): Map<string, number> {
    let values = this.#unique.get(property);
    if (!values) {
      values = new Map();
      this.#unique.set(property, values);
    }
    return values;
  }

  #grow(): void {
    const grown = <T extends Float64Array | Uint8Array>(old: T, empty: T): T => {
      empty.set(old);
      return empty;
    };
    const length = this.#ids.length * 2;
    this.#ids = grown(this.#ids, new Float64Array(length));
    this.#created = grown(this.#created, new Float64Array(length));
    this.#modified = grown(this.#modified, new Float64Array(length));
    this.#states = grown(this.#states, new Uint8Array(length));
  }
}
