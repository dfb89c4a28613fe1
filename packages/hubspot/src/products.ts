import type { Item, Source } from "@inchworm/spec";
import { changes } from "./changes.js";
import type { Connection } from "./connection.js";
import type { Settings } from "./options.js";
import { paths } from "./paths.js";
import { amount, propertiesOf, words } from "./values.js";

/** The product library, as items: a line item's product is known by the product's id. An archived one cannot be had any more. */
export function products(settings: Settings, call: Connection): Source {
  return changes(settings, call, {
    name: "products",
    path: paths(settings.apiVersion).products,
    scope: "crm.objects.products.read",
    properties: ["name", "price", "hs_price_currency", "hs_cost_of_goods_sold", "hs_product_type"],
    modified: "hs_lastmodifieddate",
    named: {},
    records: (entries, phase) => ({
      item: entries.flatMap((entry): Item[] => {
        const told = propertiesOf(entry);
        const id = words(entry.id);
        if (id === undefined) return [];
        const known = {
          name: words(told.name),
          category: words(told.hs_product_type),
          price: amount(told.price),
          currency: words(told.hs_price_currency),
          cost: amount(told.hs_cost_of_goods_sold),
          available: phase === "archived" ? false : undefined,
        };
        const entries = Object.entries(known).filter(([, value]) => value !== undefined);
        return [{ id, kind: "product", ...Object.fromEntries(entries) }];
      }),
    }),
  });
}
