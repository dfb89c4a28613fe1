import type { RecordBatch } from "@inchworm/spec";
import { type Described, sees } from "../describe.js";
import type { Row } from "../row.js";
import type { Step } from "./steps.js";

/** Whose sale it is: the contact that it names, else the account where that is a person. */
export function buyer(row: Row, contact: string | undefined, way = ""): string | undefined {
  if (contact !== undefined) return contact;
  return row.flag(`${way}Account.IsPersonAccount`) === true
    ? row.text(`${way}AccountId`)
    : undefined;
}

export function buyerFields(account: Described | undefined, way = ""): readonly string[] {
  return sees(account, "IsPersonAccount")
    ? [`${way}AccountId`, `${way}Account.IsPersonAccount`]
    : [];
}

/** A currency on every record, where the organisation has several. */
export function currencyField(described: Described): readonly string[] {
  return sees(described, "CurrencyIsoCode") ? ["CurrencyIsoCode"] : [];
}

export function currency(row: Row): { readonly currency?: string } {
  const code = row.text("CurrencyIsoCode");
  return code === undefined ? {} : { currency: code };
}

export function contactOf(contact: string | undefined): { readonly contact?: string } {
  return contact === undefined ? {} : { contact };
}

/** What is sold. */
export function productStep(): Step {
  return {
    object: "Product2",
    fields: ["Name", "Family", "IsActive"],
    records: (rows): RecordBatch => ({
      item: rows.flatMap((row) => {
        const id = row.text("Id");
        const name = row.text("Name");
        const category = row.text("Family");
        const available = row.flag("IsActive");
        return id === undefined
          ? []
          : {
              id,
              ...(name === undefined ? {} : { name }),
              ...(category === undefined ? {} : { category }),
              ...(available === undefined ? {} : { available }),
            };
      }),
    }),
  };
}
