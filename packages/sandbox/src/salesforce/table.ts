import { idSeries } from "./ids.js";
import type { ObjectDefinition } from "./schema.js";

/** As JSON carries it; instants are milliseconds, days are "2026-05-01". */
export type Value = string | number | boolean;

export interface Row {
  readonly id: string;
  readonly values: Map<string, Value>;
  readonly createdAt: number;
  modifiedAt: number;
  deletedAt?: number;
  /** The record that this one was merged into. */
  master?: string;
}

/** The records of one object, in the order of their ids. */
export class Table {
  readonly definition: ObjectDefinition;
  readonly rows: Row[] = [];
  readonly #places = new Map<string, number>();
  readonly #next: () => string;

  constructor(definition: ObjectDefinition, instance: string) {
    this.definition = definition;
    this.#next = idSeries(definition.keyPrefix, instance);
  }

  add(values: Map<string, Value>, createdAt: number, modifiedAt: number): Row {
    const row: Row = { id: this.#next(), values, createdAt, modifiedAt };
    this.#places.set(row.id, this.rows.push(row) - 1);
    return row;
  }

  get(id: string): Row | undefined {
    return this.rows[this.#places.get(id) ?? -1];
  }

  erase(id: string): void {
    const place = this.#places.get(id);
    if (place === undefined) return;
    this.rows.splice(place, 1);
    this.#places.clear();
    for (const [at, row] of this.rows.entries()) this.#places.set(row.id, at);
  }

  /** The place of the first row whose id is greater, or equal. */
  from(id: string, inclusive: boolean): number {
    let low = 0;
    let high = this.rows.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      const other = this.rows[middle].id;
      if (other < id || (!inclusive && other === id)) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  get living(): number {
    return this.rows.reduce((count, row) => count + (row.deletedAt === undefined ? 1 : 0), 0);
  }
}
