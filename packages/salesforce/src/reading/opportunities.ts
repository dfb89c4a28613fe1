import type { Order, OrderLine, Source } from "@inchworm/spec";
import { describe, requireFields } from "../describe.js";
import type { Settings } from "../options.js";
import type { Row } from "../row.js";
import type { Connection } from "../wire/connection.js";
import { buyer, buyerFields, contactOf, currency, currencyField, productStep } from "./sales.js";
import { source } from "./source.js";
import type { Step } from "./steps.js";

const roles = "OpportunityContactRoles";

/**
 * Won opportunities as orders of their primary contact, on their close date, with their products as lines. One that is deleted after
 * it was read comes again with nothing in it; one that is reopened stays as it was until it is won again.
 */
export function opportunities(settings: Settings, call: Connection): Source {
  return source(settings, call, {
    name: "opportunities",
    async steps(options) {
      const won = await requireFields(
        call,
        "Opportunity",
        ["Amount", "CloseDate", "IsWon"],
        options,
      );
      const account = await describe(call, "Account", options);
      const role = await describe(call, "OpportunityContactRole", options);
      const line = await describe(call, "OpportunityLineItem", options);
      const fields = [
        "Amount",
        "CloseDate",
        "IsWon",
        ...buyerFields(account),
        ...currencyField(won),
      ];
      const children =
        role === undefined
          ? []
          : [`(SELECT ContactId FROM ${roles} WHERE IsPrimary = true LIMIT 1)`];
      const orders: Step = {
        object: "Opportunity",
        fields,
        ...(children.length > 0 ? { children } : {}),
        where: "IsWon = true",
        records: (rows) => ({
          order: rows.flatMap((row) => orderOf(row, row.number("Amount") ?? 0)),
        }),
      };
      const steps: Step[] = [orders];
      if (role !== undefined) {
        // a role changes on its own, and leaves the opportunity's time alone
        const changed = (since: string) =>
          `Id IN (SELECT OpportunityId FROM OpportunityContactRole WHERE SystemModstamp >= ${since})`;
        steps.push({ ...orders, changed, runs: "later" });
      }
      steps.push({
        object: "Opportunity",
        fields,
        where: "IsWon = true",
        deleted: true,
        runs: "later",
        records: (rows) => ({ order: rows.flatMap((row) => orderOf(row, 0)) }),
      });
      if (line !== undefined)
        steps.push(
          productStep(),
          lineStep(buyerFields(account, "Opportunity."), currencyField(line)),
        );
      return { steps };
    },
  });
}

function orderOf(row: Row, total: number): Order[] {
  const id = row.text("Id");
  const at = row.instant("CloseDate");
  if (id === undefined || at === undefined) return [];
  return [
    {
      id,
      ...contactOf(buyer(row, row.child(roles)?.text("ContactId"))),
      at,
      total,
      ...currency(row),
    },
  ];
}

function lineStep(who: readonly string[], more: readonly string[]): Step {
  return {
    object: "OpportunityLineItem",
    fields: [
      "OpportunityId",
      "Product2Id",
      "Quantity",
      "UnitPrice",
      "Opportunity.CloseDate",
      ...who,
      ...more,
    ],
    where: "Opportunity.IsWon = true AND Product2Id != null",
    changed: (since) => `SystemModstamp >= ${since} OR Opportunity.SystemModstamp >= ${since}`,
    records: (rows) => ({
      orderLine: rows.flatMap((row): OrderLine[] => {
        const [line, order, item] = ["Id", "OpportunityId", "Product2Id"].map((name) =>
          row.text(name),
        );
        const at = row.instant("Opportunity.CloseDate");
        if (line === undefined || order === undefined || item === undefined || at === undefined)
          return [];
        const quantity = row.number("Quantity") ?? 0;
        const unitPrice = row.number("UnitPrice") ?? 0;
        const contact = contactOf(buyer(row, undefined, "Opportunity."));
        return [{ order, line, ...contact, at, item, quantity, unitPrice, ...currency(row) }];
      }),
    }),
  };
}
