import type { Page } from "@inchworm/spec";

export const source = { name: "shop:orders", system: "shop" };
export const perPage = 25;

/** Page `page` of an endless source: people, orders and their lines, of which every page has `perPage`. */
export function pageOf(page: number): Page {
  const ids = Array.from({ length: perPage }, (_, row) => page * perPage + row);
  return {
    records: {
      contact: ids.map((id) => ({ id: `c${id}`, email: `person-${id}@example.com` })),
      orderLine: ids.map((id) => ({
        order: `o${id}`,
        contact: `c${id}`,
        at: Date.UTC(2024, 0, 1) + id * 1000,
        item: "mug",
        quantity: 1,
        unitPrice: 2,
      })),
    },
    cursor: { page },
  };
}
