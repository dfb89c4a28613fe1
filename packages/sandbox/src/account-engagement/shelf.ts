import type { FieldDefinition } from "./fields.js";

export type Value = string | number | boolean;

/** A record: its values by field, times as milliseconds. */
export interface Row {
  readonly id: number;
  readonly values: Map<string, Value>;
  /** What reads go on giving until then: the row as it stood, or nothing where it was not there. */
  stale?: { readonly until: number; readonly values: ReadonlyMap<string, Value> | undefined };
}

/** All records of one object, in the order of their ids. */
export class Shelf {
  readonly name: string;
  readonly fields: Map<string, FieldDefinition>;
  readonly rows: Row[] = [];
  readonly #byId = new Map<number, Row>();
  #lastId: number;

  constructor(name: string, fields: Map<string, FieldDefinition>, firstId: number) {
    this.name = name;
    this.fields = fields;
    this.#lastId = firstId - 1;
  }

  add(values: ReadonlyMap<string, Value>): Row {
    const id = ++this.#lastId;
    const row: Row = { id, values: new Map(values).set("id", id) };
    this.rows.push(row);
    this.#byId.set(id, row);
    return row;
  }

  get(id: number): Row | undefined {
    return this.#byId.get(id);
  }

  erase(id: number): void {
    const row = this.#byId.get(id);
    if (!row) return;
    this.#byId.delete(id);
    this.rows.splice(this.rows.indexOf(row), 1);
  }

  /** Where the first row above an id stands. */
  above(id: number): number {
    let low = 0;
    let high = this.rows.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.rows[middle].id > id) high = middle;
      else low = middle + 1;
    }
    return low;
  }
}

/** A row as a read sees it now; undefined when it does not see it yet. */
export function seen(row: Row, now: number): ReadonlyMap<string, Value> | undefined {
  if (row.stale === undefined) return row.values;
  if (row.stale.until > now) return row.stale.values;
  delete row.stale;
  return row.values;
}
