import type { Order, OrderLine, Source } from "@inchworm/spec";
import { describe, requireFields } from "../describe.js";
import type { Settings } from "../options.js";
import type { Row } from "../row.js";
import type { Connection } from "../wire/connection.js";
import { buyer, buyerFields, contactOf, currency, currencyField, productStep } from "./sales.js";
import { source } from "./source.js";
import type { Step } from "./steps.js";

const activated = "Activated";

/**
 * Activated orders with their products as lines, of the contact that is billed. Read these or the opportunities: many organisations
 * keep one sale as both.
 */
export function orders(settings: Settings, call: Connection): Source {
  return source(settings, call, {
    name: "orders",
    async steps(options) {
      const order = await requireFields(
        call,
        "Order",
        ["EffectiveDate", "TotalAmount", "StatusCode", "BillToContactId"],
        options,
      );
      const account = await describe(call, "Account", options);
      const item = await describe(call, "OrderItem", options);
      const fields = [
        "EffectiveDate",
        "TotalAmount",
        "StatusCode",
        "BillToContactId",
        ...buyerFields(account),
        ...currencyField(order),
      ];
      const read: Step = {
        object: "Order",
        fields,
        where: `StatusCode = '${activated}'`,
        records: (rows) => ({
          order: rows.flatMap((row) => orderOf(row, row.number("TotalAmount") ?? 0)),
        }),
      };
      const steps: Step[] = [
        read,
        {
          ...read,
          deleted: true,
          runs: "later",
          records: (rows) => ({ order: rows.flatMap((row) => orderOf(row, 0)) }),
        },
      ];
      if (item !== undefined) steps.push(productStep(), lineStep(buyerFields(account, "Order.")));
      return { steps };
    },
  });
}

function orderOf(row: Row, total: number): Order[] {
  const id = row.text("Id");
  const at = row.instant("EffectiveDate");
  if (id === undefined || at === undefined) return [];
  return [
    { id, ...contactOf(buyer(row, row.text("BillToContactId"))), at, total, ...currency(row) },
  ];
}

function lineStep(who: readonly string[]): Step {
  return {
    object: "OrderItem",
    fields: [
      "OrderId",
      "Product2Id",
      "Quantity",
      "UnitPrice",
      "Order.EffectiveDate",
      "Order.BillToContactId",
      ...who,
    ],
    where: `Order.StatusCode = '${activated}' AND Product2Id != null`,
    changed: (since) => `SystemModstamp >= ${since} OR Order.SystemModstamp >= ${since}`,
    records: (rows) => ({
      orderLine: rows.flatMap((row): OrderLine[] => {
        const [line, order, item] = ["Id", "OrderId", "Product2Id"].map((name) => row.text(name));
        const at = row.instant("Order.EffectiveDate");
        if (line === undefined || order === undefined || item === undefined || at === undefined)
          return [];
        const quantity = row.number("Quantity") ?? 0;
        const unitPrice = row.number("UnitPrice") ?? 0;
        const contact = contactOf(buyer(row, row.text("Order.BillToContactId"), "Order."));
        return [{ order, line, ...contact, at, item, quantity, unitPrice }];
      }),
    }),
  };
}
