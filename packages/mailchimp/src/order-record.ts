import { objects } from "@inchworm/kit";
import type { Item, Order, OrderLine } from "@inchworm/spec";
import type { Store } from "./commerce.js";
import { amount, hashOf, instant, known, words } from "./values.js";

export const orderFields = [
  "id",
  "customer.id",
  "customer.email_address",
  "currency_code",
  "order_total",
  "financial_status",
  "processed_at_foreign",
  "cancelled_at_foreign",
  "updated_at_foreign",
  "lines.id",
  "lines.product_id",
  "lines.quantity",
  "lines.price",
  "lines.discount",
];

export const productFields = [
  "id",
  "title",
  "type",
  "vendor",
  "currency_code",
  "variants.price",
  "variants.inventory_quantity",
];

/** An order as records: its own, and that of its cancellation or refund, which takes all of it back. */
export function orderRecords(
  entry: Readonly<Record<string, unknown>>,
  store: Store,
): { readonly order: readonly Order[]; readonly orderLine: readonly OrderLine[] } {
  const id = words(entry.id);
  const at = instant(entry.processed_at_foreign) ?? instant(entry.updated_at_foreign);
  const total = amount(entry.order_total);
  if (id === undefined || at === undefined || total === undefined)
    return { order: [], orderLine: [] };
  const customer = (entry.customer ?? {}) as Record<string, unknown>;
  const email = words(customer.email_address);
  const contact = email?.includes("@") ? hashOf(email) : undefined;
  const currency = words(entry.currency_code) ?? store.currency;
  const lines = objects(entry, "lines").flatMap((line): OrderLine[] => {
    const item = words(line.product_id);
    const quantity = amount(line.quantity);
    const price = amount(line.price);
    if (item === undefined || quantity === undefined || quantity === 0 || price === undefined)
      return [];
    const unitPrice = price - (amount(line.discount) ?? 0) / quantity;
    const record = {
      order: id,
      line: words(line.id),
      contact,
      at,
      item,
      quantity,
      unitPrice,
      currency,
    };
    return [known<OrderLine>(record)];
  });
  const order = known<Order>({ id, contact, at, total, currency });
  const backAt =
    instant(entry.cancelled_at_foreign) ??
    (/^(refunded|cancelled|voided)$/i.test(String(entry.financial_status))
      ? (instant(entry.updated_at_foreign) ?? at)
      : undefined);
  if (backAt === undefined) return { order: [order], orderLine: lines };
  const back = `${id}:cancelled`;
  return {
    order: [order, { ...order, id: back, at: backAt, total: -total }],
    orderLine: [
      ...lines,
      ...lines.map((line) => ({ ...line, order: back, at: backAt, quantity: -line.quantity })),
    ],
  };
}

export function itemOf(entry: Readonly<Record<string, unknown>>): Item | undefined {
  const id = words(entry.id);
  if (id === undefined) return undefined;
  const variants = objects(entry, "variants");
  const prices = variants.flatMap(({ price }) => amount(price) ?? []);
  return known<Item>({
    id,
    name: words(entry.title),
    category: words(entry.type),
    brand: words(entry.vendor),
    price: prices.length > 0 ? Math.min(...prices) : undefined,
    currency: words(entry.currency_code),
    available: variants.some(({ inventory_quantity }) => amount(inventory_quantity) === 0)
      ? variants.some(({ inventory_quantity }) => (amount(inventory_quantity) ?? 1) > 0)
      : undefined,
  });
}
