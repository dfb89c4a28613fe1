import { batches, objects } from "@inchworm/kit";
import {
  InchwormError,
  type Order,
  type OrderLine,
  type ReadOptions,
  type RecordBatch,
  type Source,
} from "@inchworm/spec";
import { associated } from "./associated.js";
import { changes, type Phase } from "./changes.js";
import type { Connection } from "./connection.js";
import type { Settings } from "./options.js";
import { paths } from "./paths.js";
import { amount, instant, propertiesOf, words } from "./values.js";

const properties = [
  "amount",
  "closedate",
  "deal_currency_code",
  "hs_is_closed_won",
  "hs_lastmodifieddate",
];
const lineProperties = [
  "name",
  "quantity",
  "price",
  "amount",
  "hs_product_id",
  "hs_sku",
  "hs_line_item_currency_code",
];
const scope = "crm.objects.deals.read";
const lineScope = "crm.objects.line_items.read";
const mostInputs = 100;

/**
 * Deals that are won, as orders of the first contact they belong to, with their line items as order lines where the token may read
 * those. A deal that is won no longer, or is archived, is told with a total of 0, which takes it back. That somebody else belongs to
 * a deal by now shows only when the deal itself changes.
 */
export function orders(settings: Settings, call: Connection): Source {
  const at = paths(settings.apiVersion);

  async function records(
    entries: readonly Readonly<Record<string, unknown>>[],
    phase: Phase,
    options: ReadOptions,
  ): Promise<RecordBatch> {
    const deals = entries
      .map((entry) => dealOf(entry, phase))
      .filter((deal) => deal !== undefined)
      // the first reading has nothing to take back
      .filter((deal) => deal.total > 0 || phase !== "all");
    if (deals.length === 0) return {};
    const ids = deals.map(({ id }) => id);
    const people = await associated(settings, call, "deals", "contacts", scope, ids, options);
    const won = deals.filter(({ total }) => total > 0);
    const lines = await linesOf(
      won.map(({ id }) => id),
      options,
    );
    const contactOf = (id: string) => people.get(id)?.[0];
    return {
      order: deals.map((deal) => clean<Order>({ ...deal, contact: contactOf(deal.id) })),
      orderLine: won.flatMap(({ id, at, currency }) =>
        (lines.get(id) ?? []).map((line) =>
          clean<OrderLine>({ currency, ...line, order: id, at, contact: contactOf(id) }),
        ),
      ),
    };
  }

  async function linesOf(
    deals: readonly string[],
    options: ReadOptions,
  ): Promise<ReadonlyMap<string, readonly Omit<OrderLine, "order" | "at">[]>> {
    const found = new Map<string, Omit<OrderLine, "order" | "at">[]>();
    if (deals.length === 0) return found;
    try {
      const links = await associated(
        settings,
        call,
        "deals",
        "line_items",
        lineScope,
        deals,
        options,
      );
      const dealOfLine = new Map(
        [...links].flatMap(([deal, ids]) => ids.map((id) => [id, deal] as const)),
      );
      for (const batch of batches([...dealOfLine.keys()], mostInputs)) {
        const { body } = await call(options, {
          method: "POST",
          path: `${at.lineItems}/batch/read`,
          scope: lineScope,
          expect: [404],
          body: {
            properties: lineProperties,
            propertiesWithHistory: [],
            inputs: batch.map((id) => ({ id })),
          },
        });
        for (const entry of objects(body, "results")) {
          const line = lineOf(entry);
          const deal = dealOfLine.get(line?.line ?? "");
          if (line && deal !== undefined) found.set(deal, [...(found.get(deal) ?? []), line]);
        }
      }
    } catch (error) {
      if (!InchwormError.is(error, "scope")) throw error;
    }
    return found;
  }

  return changes(settings, call, {
    name: "orders",
    path: at.deals,
    scope,
    properties,
    modified: "hs_lastmodifieddate",
    named: {},
    records,
  });
}

function dealOf(
  entry: Readonly<Record<string, unknown>>,
  phase: Phase,
): (Pick<Order, "id" | "at" | "total"> & { currency: string | undefined }) | undefined {
  const told = propertiesOf(entry);
  const id = words(entry.id);
  const at = instant(told.closedate);
  const total = amount(told.amount);
  if (id === undefined || at === undefined) return undefined;
  const stands = phase !== "archived" && told.hs_is_closed_won === "true" && (total ?? 0) > 0;
  return { id, at, total: stands ? (total ?? 0) : 0, currency: words(told.deal_currency_code) };
}

function lineOf(
  entry: Readonly<Record<string, unknown>>,
): Omit<OrderLine, "order" | "at"> | undefined {
  const told = propertiesOf(entry);
  const line = words(entry.id);
  const item = words(told.hs_product_id) ?? words(told.hs_sku) ?? words(told.name);
  const quantity = amount(told.quantity) ?? 1;
  const sum = amount(told.amount);
  const unitPrice = sum === undefined || quantity === 0 ? amount(told.price) : sum / quantity;
  if (line === undefined || item === undefined || unitPrice === undefined) return undefined;
  const currency = words(told.hs_line_item_currency_code);
  return { line, item, quantity, unitPrice, ...(currency !== undefined && { currency }) };
}

/** Without what is not known. */
function clean<T extends object>(record: { [K in keyof T]: T[K] | undefined }): T {
  return Object.fromEntries(
    Object.entries(record).filter(([, value]) => value !== undefined),
  ) as unknown as T;
}
