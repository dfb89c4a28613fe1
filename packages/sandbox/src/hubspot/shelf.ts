import { InchwormError } from "@inchworm/spec";
import { random } from "../stand-in/random.js";
import type { HubspotObject, HubspotObjectType } from "./types.js";

interface Version {
  readonly at: number;
  readonly properties: Readonly<Record<string, string>>;
}

interface ShelfRecord {
  readonly id: string;
  readonly createdAt: number;
  /** Oldest first; those that no search sees any more are dropped. */
  versions: Version[];
  archivedAt: number | undefined;
}

/** Records of a type other than contacts: few, and read only through the API. Slots are in the order of the ids. */
export class Shelf {
  readonly type: HubspotObjectType;
  readonly records: ShelfRecord[] = [];
  readonly #lagMs: number;
  readonly #slots = new Map<string, number>();
  readonly #next: () => number;
  #lastId: number;

  constructor(type: HubspotObjectType, firstId: number, seed: number, lagMs: number) {
    this.type = type;
    this.#lagMs = lagMs;
    this.#lastId = firstId;
    this.#next = random(seed + firstId);
  }

  add(properties: Readonly<Record<string, string>>, at: number, isKnown: boolean): string {
    this.#lastId += 1 + Math.floor(this.#next() * 40);
    const id = String(this.#lastId);
    this.#slots.set(id, this.records.length);
    const first = { at: isKnown ? at - this.#lagMs : at, properties };
    this.records.push({ id, createdAt: at, versions: [first], archivedAt: undefined });
    return id;
  }

  update(id: string, properties: Readonly<Record<string, string>>, now: number): void {
    const record = this.#living(id);
    const last = record.versions[record.versions.length - 1];
    const seen = this.seen(this.slot(id), now);
    record.versions = [
      ...(seen && seen !== last ? [seen] : []),
      last,
      { at: now, properties: { ...last.properties, ...properties } },
    ];
  }

  archive(id: string, now: number): void {
    this.#living(id).archivedAt = now;
  }

  /** -1 for an id that was never given. */
  slot(id: string): number {
    return this.#slots.get(id) ?? -1;
  }

  /** What a search sees of the record. */
  seen(slot: number, now: number): Version | undefined {
    return this.records[slot].versions.findLast(({ at }) => at + this.#lagMs <= now);
  }

  current(slot: number): Version {
    const { versions } = this.records[slot];
    return versions[versions.length - 1];
  }

  object(id: string): HubspotObject | undefined {
    const slot = this.slot(id);
    if (slot < 0) return undefined;
    const { createdAt, archivedAt } = this.records[slot];
    const { at, properties } = this.current(slot);
    return { id, properties, createdAt, updatedAt: at, archived: archivedAt !== undefined };
  }

  #living(id: string): ShelfRecord {
    const record = this.records[this.slot(id)];
    if (record && record.archivedAt === undefined) return record;
    throw new InchwormError("not-found", `hubspot sandbox: there is no ${this.type} record ${id}.`);
  }
}
