import { Journal } from "../stand-in/journal.js";
import type { PropertyWrite, PropertyWrites } from "./types.js";

/** Property writes in parallel lists: tens of bytes each, most of them shared with the contacts' own values. */
class WriteList implements PropertyWrites {
  length = 0;
  #ids = new Float64Array(1_024);
  readonly #names: string[] = [];
  readonly #values: string[] = [];

  add(id: number, name: string, value: string): void {
    if (this.length === this.#ids.length) {
      const grown = new Float64Array(this.length * 2);
      grown.set(this.#ids);
      this.#ids = grown;
    }
    this.#ids[this.length++] = id;
    this.#names.push(name);
    this.#values.push(value);
  }

  *from(position: number): Iterable<PropertyWrite> {
    for (let index = Math.max(0, position); index < this.length; index++) {
      yield {
        id: String(this.#ids[index]),
        name: this.#names[index],
        value: this.#values[index],
      };
    }
  }

  [Symbol.iterator](): Iterator<PropertyWrite> {
    return this.from(0)[Symbol.iterator]();
  }

  clear(): void {
    this.length = 0;
    this.#names.length = 0;
    this.#values.length = 0;
  }
}

/** What the portal remembers of its requests. */
export class PortalJournal extends Journal {
  readonly propertiesSent = new Map<string, number>();
  readonly writes = new WriteList();
  readonly created: string[] = [];

  /** Counts the properties that a write request carries, whatever becomes of it. */
  carried(body: unknown): void {
    const { inputs, properties } = (body ?? {}) as Record<string, unknown>;
    for (const input of Array.isArray(inputs) ? inputs : [{ properties }]) {
      for (const name of Object.keys(input?.properties ?? {})) {
        this.propertiesSent.set(name, (this.propertiesSent.get(name) ?? 0) + 1);
      }
    }
  }

  wrote(id: number, name: string, value: string): void {
    if (this.recording.writes) this.writes.add(id, name, value);
  }
}
