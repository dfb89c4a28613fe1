import type { Engagement, Order, OrderLine } from "@inchworm/spec";
import type { ShopContact } from "../contact.js";
import { madeUpShop, type Shop, type ShopOptions } from "../shop.js";
import type { ShopTruth } from "../truth.js";

export const day = 86_400_000;

export const flat = <T>(batches: Iterable<readonly T[]>): T[] => [...batches].flat();

/** A shop with all its records in memory; contacts and truth by customer number. */
export interface WholeShop {
  readonly shop: Shop;
  readonly contacts: ReadonlyMap<string, ShopContact>;
  readonly truth: ReadonlyMap<string, ShopTruth>;
  readonly orders: readonly Order[];
  readonly lines: readonly OrderLine[];
  readonly engagements: readonly Engagement[];
}

export function wholeShop(options: ShopOptions): WholeShop {
  const shop = madeUpShop(options);
  const batches = [...shop.history()];
  return {
    shop,
    contacts: new Map(flat(shop.contacts()).map((contact) => [contact.customer, contact])),
    truth: new Map(flat(shop.truth()).map((truth) => [truth.customer, truth])),
    orders: batches.flatMap(({ order = [] }) => order),
    lines: batches.flatMap(({ orderLine = [] }) => orderLine),
    engagements: batches.flatMap(({ engagement = [] }) => engagement),
  };
}

/** Records by customer number, those of nobody left out. */
export function byContact<T extends { readonly contact?: string }>(
  records: readonly T[],
): Map<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const record of records) {
    if (record.contact === undefined) continue;
    const group = groups.get(record.contact);
    if (group === undefined) groups.set(record.contact, [record]);
    else group.push(record);
  }
  return groups;
}
