import type { Answer } from "../stand-in/answer.js";
import { type Call, pageOf, timeText } from "./call.js";
import type { Shop } from "./commerce.js";
import { ok } from "./member-routes.js";
import { notFound } from "./problem.js";
import type { MailchimpOrderInput, MailchimpProductInput } from "./types.js";

export function listStores(call: Call): Answer {
  const { page, total_items } = pageOf(call.account.commerce.list(), call.query);
  return ok(call, { stores: page.map((shop) => shopBody(call, shop)), total_items });
}

export function getStore(call: Call): Answer {
  return ok(call, shopBody(call, shopOf(call)));
}

/** There is no way to ask for the new ones alone. */
export function listOrders(call: Call): Answer {
  const shop = shopOf(call);
  const { page, total_items } = pageOf([...shop.orders.values()], call.query);
  const orders = page.map((order) => orderBody(shop, order));
  return ok(call, { store_id: shop.id, orders, total_items });
}

export function getOrder(call: Call): Answer {
  const shop = shopOf(call);
  const order = shop.orders.get(call.params.order_id);
  if (!order) throw notFound();
  return ok(call, orderBody(shop, order));
}

export function listProducts(call: Call): Answer {
  const shop = shopOf(call);
  const { page, total_items } = pageOf([...shop.products.values()], call.query);
  const products = page.map((product) => productBody(shop, product));
  return ok(call, { store_id: shop.id, products, total_items });
}

export function listCustomers(call: Call): Answer {
  const shop = shopOf(call);
  const customers = new Map(
    [...shop.orders.values()].map(({ customer }) => [customer.id, customer]),
  );
  const { page, total_items } = pageOf([...customers.values()], call.query);
  return ok(call, { store_id: shop.id, customers: page.map(customerBody), total_items });
}

function shopBody({ account }: Call, shop: Shop): Record<string, unknown> {
  return {
    id: shop.id,
    list_id: account.audience,
    name: shop.id,
    platform: "",
    domain: "shop.example.com",
    is_syncing: false,
    email_address: "shop@example.com",
    currency_code: shop.currency,
    list_is_active: true,
    created_at: "2020-01-01T00:00:00+00:00",
    updated_at: "2020-01-01T00:00:00+00:00",
  };
}

function orderBody(shop: Shop, order: MailchimpOrderInput): Record<string, unknown> {
  return {
    id: order.id,
    customer: customerBody(order.customer),
    store_id: shop.id,
    financial_status: order.financialStatus ?? "paid",
    fulfillment_status: "",
    currency_code: shop.currency,
    order_total: order.total,
    processed_at_foreign: timeText(order.at),
    ...(order.cancelledAt !== undefined && { cancelled_at_foreign: timeText(order.cancelledAt) }),
    updated_at_foreign: timeText(order.cancelledAt ?? order.at),
    lines: order.lines.map((line) => ({
      id: line.id,
      product_id: line.product,
      product_title: shop.products.get(line.product)?.title ?? "",
      product_variant_id: line.product,
      quantity: line.quantity,
      price: line.price,
      discount: line.discount ?? 0,
    })),
  };
}

function customerBody({ id, email }: MailchimpOrderInput["customer"]): Record<string, unknown> {
  return {
    id,
    email_address: email,
    opt_in_status: false,
    company: "",
    first_name: "",
    last_name: "",
  };
}

function productBody(shop: Shop, product: MailchimpProductInput): Record<string, unknown> {
  return {
    id: product.id,
    currency_code: shop.currency,
    title: product.title,
    type: product.type ?? "",
    vendor: product.vendor ?? "",
    variants: [
      {
        id: product.id,
        title: product.title,
        price: product.price ?? 0,
        inventory_quantity: product.inventory ?? 1,
      },
    ],
  };
}

function shopOf({ account, params }: Call): Shop {
  const shop = account.commerce.get(params.store_id);
  if (shop) return shop;
  throw notFound();
}
