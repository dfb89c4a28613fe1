import type { RecordBatch } from "@inchworm/spec";
import { afterEach, beforeEach } from "vitest";
import type { TestedStore, TestStoreOptions } from "./tested-store.js";

export const crm = { name: "crm:contacts", system: "crm" };
export const shop = { name: "shop:orders", system: "shop" };
export const day = (n: number): number => Date.UTC(2024, 0, n);

/** Six weeks of five people under the names of two systems, a few records a page. */
export const history: readonly (readonly [source: typeof crm, records: RecordBatch])[] = [
  [
    crm,
    {
      contact: [
        {
          id: "1",
          email: "ada@example.com",
          firstName: "Ada",
          createdAt: day(1),
          modifiedAt: day(1),
        },
        { id: "2", email: "grace@example.com", createdAt: day(1), modifiedAt: day(1) },
        { id: "3", email: "mary@example.com", createdAt: day(2), modifiedAt: day(2) },
      ],
      consent: [{ contact: "3", purpose: "profiling", status: "denied", at: day(3) }],
    },
  ],
  [
    shop,
    {
      contact: [
        { id: "a", identities: [{ system: "email", id: "Ada@example.com" }], modifiedAt: day(4) },
        { id: "g", identities: [{ system: "crm", id: "2" }], modifiedAt: day(4) },
        { id: "j", email: "joan@example.com", createdAt: day(4), modifiedAt: day(4) },
      ],
      order: [
        { id: "o1", contact: "a", at: day(5), total: 20 },
        { id: "o2", contact: "a", at: day(12), total: 30.5 },
        { id: "o3", contact: "g", at: day(12), total: 7 },
        { id: "o4", at: day(12), total: 99 },
      ],
    },
  ],
  [
    crm,
    {
      engagement: [
        { contact: "1", type: "sent", at: day(13) },
        { contact: "1", type: "open", at: day(14) },
        { contact: "1", type: "open", at: day(14) },
        { id: "e1", contact: "2", type: "click", at: day(15) },
      ],
    },
  ],
  [
    shop,
    {
      order: [
        { id: "o5", contact: "j", at: day(20), total: 12 },
        { id: "o6", contact: "a", at: day(21), total: -30.5 },
        { id: "o7", contact: "new", at: day(30), total: 5 },
      ],
      orderLine: [
        { order: "o8", contact: "g", at: day(22), item: "mug", quantity: 2, unitPrice: 4.25 },
        { order: "o8", contact: "g", at: day(22), item: "mug", quantity: 2, unitPrice: 4.25 },
      ],
    },
  ],
];

const persons = ["crm:1", "crm:2", "crm:3", "shop:j", "shop:new"];

/** The store under test, one of its own for every case, and what cases do with it. */
export interface Bench {
  readonly store: TestedStore;
  readonly give: (records: RecordBatch, source?: typeof crm, at?: number) => Promise<unknown>;
  readonly tell: (pages: typeof history) => Promise<void>;
  readonly people: () => Promise<string[][]>;
  /** What is known at a day, contacts by one of their names, since numbers depend on the order of arrival. */
  readonly known: (asOf: number) => Promise<Record<string, Record<string, number>>>;
  /** Closes the store and opens it again. */
  readonly reopen: () => Promise<void>;
  /** Closes the store and opens an empty one. */
  readonly another: () => Promise<void>;
}

/** Registers the opening and closing of a store around every case. */
export function benchOf(options: TestStoreOptions): Bench {
  let store: TestedStore;
  let name: string;
  let count = 0;
  const fresh = async () => {
    name = `conformance-${++count}`;
    store = await options.open(name);
  };
  beforeEach(fresh);
  afterEach(() => store.close());

  const give: Bench["give"] = (records, source = crm, at = 0) =>
    store.ingest(source, { records, cursor: { at } });
  return {
    get store() {
      return store;
    },
    give,
    async tell(pages) {
      for (const [source, records] of pages) await give(records, source);
    },
    async people() {
      const known: string[][] = [];
      for (const person of persons) {
        const found = await store.find(person);
        known.push((found?.identities ?? []).map(({ system, id }) => `${system}:${id}`).sort());
      }
      return known;
    },
    async known(asOf) {
      const { contacts, columns } = await store.features({ asOf });
      const numbers = new Map<number, string>();
      for (const person of persons) {
        const found = await store.find(person);
        if (found !== undefined) numbers.set(found.contact, person);
      }
      return Object.fromEntries(
        Array.from(contacts, (contact, row) => [
          numbers.get(contact),
          Object.fromEntries(columns.map((column) => [column.name, column.values[row]])),
        ]),
      );
    },
    async reopen() {
      await store.close();
      store = await options.open(name);
    },
    async another() {
      await store.close();
      await fresh();
    },
  };
}
