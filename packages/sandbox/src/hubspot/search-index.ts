import { instantText } from "../stand-in/times.js";
import type { ContactTable } from "./contact-table.js";

interface Change {
  readonly slot: number;
  readonly at: number;
  /** Undefined when the contact did not exist before. */
  readonly before:
    | { readonly modified: number; readonly values: ReadonlyMap<string, string | undefined> }
    | undefined;
}

/** What the search endpoint knows: every contact as it was a while ago. */
export class SearchIndex {
  readonly #table: ContactTable;
  readonly #lagMs: number;
  #changes: Change[] = [];
  #indexed = 0;
  readonly #bySlot = new Map<number, Change[]>();

  constructor(table: ContactTable, lagMs: number) {
    this.#table = table;
    this.#lagMs = lagMs;
  }

  /** Notes that a contact is about to be created, or that the named properties of it are about to change. */
  note(slot: number, now: number, changing?: Iterable<string>): void {
    if (this.#lagMs <= 0) return;
    this.refresh(now);
    let before: Change["before"];
    if (changing) {
      const values = new Map<string, string | undefined>();
      for (const name of changing) values.set(name, this.#table.value(slot, name));
      before = { modified: this.#table.modifiedAt(slot), values };
    }
    const change = { slot, at: now, before };
    this.#changes.push(change);
    const earlier = this.#bySlot.get(slot);
    if (earlier) earlier.push(change);
    else this.#bySlot.set(slot, [change]);
  }

  /** Takes in every change that is old enough. */
  refresh(now: number): void {
    const changes = this.#changes;
    while (this.#indexed < changes.length && changes[this.#indexed].at + this.#lagMs <= now) {
      const { slot } = changes[this.#indexed++];
      const waiting = this.#bySlot.get(slot) as Change[];
      if (waiting.length === 1) this.#bySlot.delete(slot);
      else waiting.shift();
    }
    if (this.#indexed > 10_000 && this.#indexed * 2 > changes.length) {
      this.#changes = changes.slice(this.#indexed);
      this.#indexed = 0;
    }
  }

  knows(slot: number): boolean {
    const first = this.#first(slot);
    return first === undefined || first.before !== undefined;
  }

  modifiedAt(slot: number): number {
    const first = this.#first(slot);
    return first?.before ? first.before.modified : this.#table.modifiedAt(slot);
  }

  value(slot: number, name: string): string | undefined {
    if (name === "lastmodifieddate") return instantText(this.modifiedAt(slot));
    if (this.#first(slot)) {
      for (const { before } of this.#bySlot.get(slot) as Change[]) {
        if (before?.values.has(name)) return before.values.get(name);
      }
    }
    return this.#table.value(slot, name);
  }

  #first(slot: number): Change | undefined {
    return this.#bySlot.size === 0 ? undefined : this.#bySlot.get(slot)?.[0];
  }
}
