import { objects } from "@inchworm/kit";
import type { Cursor, Page, ReadOptions, RecordBatch, Source } from "@inchworm/spec";
import type { Connection } from "./connection.js";
import type { Settings } from "./options.js";
import { itemOf, orderFields, orderRecords, productFields } from "./order-record.js";
import { type Place, readPage } from "./paging.js";
import { words } from "./values.js";

interface Standing {
  readonly run?: { readonly start: number; readonly store: string; readonly place: Place };
}

/**
 * Orders of the audience's e-commerce stores, with their lines. Mailchimp cannot be asked for the new ones alone, so every run reads
 * all of them; a cancelled order is told as it was placed, and once more with a negative total on the day of its cancellation.
 */
export function orders(settings: Settings, call: Connection): Source {
  return ofStores(settings, call, "orders", orderFields, (entries, store) => {
    const found = entries.map((entry) => orderRecords(entry, store));
    return {
      order: found.flatMap(({ order }) => order),
      orderLine: found.flatMap(({ orderLine }) => orderLine),
    };
  });
}

/** Products of the audience's e-commerce stores, as items. Every run reads all of them. */
export function products(settings: Settings, call: Connection): Source {
  return ofStores(settings, call, "products", productFields, (entries) => ({
    item: entries.flatMap((entry) => itemOf(entry) ?? []),
  }));
}

/** A store that is read: its id and its currency. */
export interface Store {
  readonly id: string;
  readonly currency: string | undefined;
}

function ofStores(
  settings: Settings,
  call: Connection,
  kind: "orders" | "products",
  fields: readonly string[],
  recordsOf: (entries: readonly Record<string, unknown>[], store: Store) => RecordBatch,
): Source {
  async function stores(options: ReadOptions): Promise<Store[]> {
    const { body } = await call(options, {
      method: "GET",
      path: "/ecommerce/stores",
      query: { count: "1000", fields: "stores.id,stores.list_id,stores.currency_code" },
    });
    const wanted = settings.stores && new Set(settings.stores);
    return objects(body, "stores")
      .filter(({ id, list_id }) =>
        wanted ? wanted.has(String(id)) : list_id === settings.audience,
      )
      .map(({ id, currency_code }) => ({ id: String(id), currency: words(currency_code) }))
      .sort((left, right) => (left.id < right.id ? -1 : 1));
  }

  async function* read(options: ReadOptions): AsyncGenerator<Page> {
    const { run } = (options.cursor ?? {}) as Standing;
    const start = run?.start ?? options.now;
    for (const store of await stores(options)) {
      if (run !== undefined && store.id < run.store) continue;
      const path = `/ecommerce/stores/{store_id}/${kind}`;
      const list = { path, params: { store_id: store.id }, key: kind, fields };
      let place: Place | undefined = store.id === run?.store ? run.place : { offset: 0 };
      while (place !== undefined) {
        const page = await readPage(call, options, settings.pageSize, list, place);
        const at = page.next ?? { offset: place.offset + page.entries.length };
        place = page.next;
        const total = page.total === undefined ? {} : { total: page.total };
        const cursor: Cursor = { run: { start, store: store.id, place: at } };
        yield { records: recordsOf(page.entries, store), cursor, ...total };
      }
    }
    yield { records: {}, cursor: { since: start } };
  }

  return {
    name: `${settings.system}:${kind}`,
    account: { system: settings.system, lanes: settings.lanes },
    read,
  };
}
