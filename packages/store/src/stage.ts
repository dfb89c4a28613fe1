import {
  campaignKinds,
  engagementTypes,
  InchwormError,
  itemKinds,
  type RecordBatch,
  type RecordKind,
} from "@inchworm/spec";
import type { Values } from "./append.js";
import type { StagingTable } from "./merge/staging.js";

export type Staged = ReadonlyMap<StagingTable, Readonly<Record<string, Values>>>;

type Take = readonly [
  column: string,
  field: string,
  is: Kind | readonly string[],
  need?: "required",
];
type Kind = "text" | "number" | "instant" | "flag";
type Row = Readonly<Record<string, unknown>>;

const contactColumns: readonly Take[] = [
  ["first_name", "firstName", "text"],
  ["last_name", "lastName", "text"],
  ["phone", "phone", "text"],
  ["country", "country", "text"],
  ["region", "region", "text"],
  ["city", "city", "text"],
  ["postal_code", "postalCode", "text"],
  ["time_zone", "timeZone", "text"],
  ["language", "language", "text"],
  ["created_at", "createdAt", "instant"],
  ["modified_at", "modifiedAt", "instant"],
];

const others: Readonly<
  Record<Exclude<RecordKind, "contact">, readonly [StagingTable, ...(readonly Take[])]>
> = {
  consent: [
    "in_consent",
    ["who_id", "contact", "text", "required"],
    ["purpose", "purpose", ["profiling", "email"], "required"],
    ["status", "status", ["granted", "denied", "unknown"], "required"],
    ["occurred_at", "at", "instant", "required"],
  ],
  item: [
    "in_item",
    ["item_id", "id", "text", "required"],
    ["name", "name", "text"],
    ["category", "category", "text"],
    ["price", "price", "number"],
    ["currency", "currency", "text"],
    ["kind", "kind", itemKinds],
    ["available", "available", "flag"],
    ["region", "region", "text"],
    ["margin", "margin", "number"],
    ["cost", "cost", "number"],
    ["brand", "brand", "text"],
  ],
  order: [
    "in_order",
    ["order_id", "id", "text", "required"],
    ["who_id", "contact", "text"],
    ["occurred_at", "at", "instant", "required"],
    ["total", "total", "number", "required"],
    ["currency", "currency", "text"],
  ],
  orderLine: [
    "in_order_line",
    ["order_id", "order", "text", "required"],
    ["line", "line", "text"],
    ["who_id", "contact", "text"],
    ["occurred_at", "at", "instant", "required"],
    ["item_id", "item", "text", "required"],
    ["quantity", "quantity", "number", "required"],
    ["unit_price", "unitPrice", "number", "required"],
    ["currency", "currency", "text"],
  ],
  engagement: [
    "in_engagement",
    ["id", "id", "text"],
    ["who_id", "contact", "text", "required"],
    ["type", "type", engagementTypes, "required"],
    ["occurred_at", "at", "instant", "required"],
    ["campaign_id", "campaign", "text"],
    ["item_id", "item", "text"],
    ["machine", "machine", "flag"],
  ],
  contract: [
    "in_contract",
    ["contract_id", "id", "text", "required"],
    ["who_id", "contact", "text", "required"],
    ["start_at", "start", "instant", "required"],
    ["renewed_at", "renewedAt", "instant"],
    ["end_at", "end", "instant"],
    ["cancelled_at", "cancelledAt", "instant"],
    ["plan", "plan", "text"],
    ["price", "price", "number"],
    ["currency", "currency", "text"],
  ],
  campaign: [
    "in_campaign",
    ["campaign_id", "id", "text", "required"],
    ["channel", "channel", ["email", "sms", "push", "ad", "other"], "required"],
    ["name", "name", "text"],
    ["subject", "subject", "text"],
    ["preview", "preview", "text"],
    ["body", "body", "text"],
    ["media_type", "mediaType", "text"],
    ["color", "color", "text"],
    ["form", "form", "text"],
    ["offer", "offer", "text"],
    ["sent_at", "sentAt", "instant"],
    ["kind", "kind", campaignKinds],
  ],
  message: [
    "in_message",
    ["message_id", "id", "text", "required"],
    ["who_id", "contact", "text", "required"],
    ["occurred_at", "at", "instant", "required"],
    ["channel", "channel", "text"],
    ["text", "text", "text", "required"],
  ],
};

/** Amounts that fit the tables' decimals; instants of the years that a timestamp can be read back from. */
const largestNumber = 1e12;
const largestInstant = Date.UTC(9999, 0);

/** The value as the tables take it, `undefined` when it is absent or of no use. */
function usable(value: unknown, is: Take[2]): string | number | boolean | undefined {
  if (is === "number") {
    return typeof value === "number" && Math.abs(value) < largestNumber ? value : undefined;
  }
  if (is === "instant") {
    return typeof value === "number" && Math.abs(value) < largestInstant ? value : undefined;
  }
  if (is === "flag") return typeof value === "boolean" ? value : undefined;
  if (typeof value !== "string") return undefined;
  const text = value.trim();
  return text !== "" && (is === "text" || is.includes(text)) ? text : undefined;
}

/** An address that can name one person: "n/a" or "none" in many records must not make them one. */
const address = (value: unknown): string | undefined =>
  typeof value === "string" && /^[^\s@]+@[^\s@]+$/.test(value.trim())
    ? value.trim().toLowerCase()
    : undefined;

/**
 * A page's records as columns of the staging tables. Places in the batch count over all kinds, so that contacts come first.
 *
 * @throws InchwormError "internal" when a record lacks what its kind requires: a fault of the source
 */
export function stageRecords(
  source: { readonly name: string; readonly system: string },
  records: RecordBatch,
): Staged {
  const staged = new Map<StagingTable, Readonly<Record<string, Values>>>();
  let seq = 0;
  const columnsOf = (kind: RecordKind, rows: readonly Row[], takes: readonly Take[]) => {
    const columns: Record<string, Values> = { seq: rows.map(() => ++seq) };
    for (const [column, field, is, need] of takes) {
      columns[column] = rows.map((row) => {
        const value = usable(row[field], is);
        if (value !== undefined || need === undefined) return value;
        throw new InchwormError(
          "internal",
          `${source.name} gave a record of kind "${kind}" without a usable "${field}".`,
        );
      });
    }
    return columns;
  };

  const contacts = records.contact ?? [];
  if (contacts.length > 0) {
    const columns = columnsOf("contact", contacts as unknown as Row[], contactColumns);
    const emails = contacts.map((contact) => address(contact.email));
    staged.set("in_contact", { ...columns, email: emails });
    const names: { seq: number; system: string; id: string; state?: string; at?: number }[] = [];
    for (const [index, contact] of contacts.entries()) {
      const place = index + 1;
      const at = contact.modifiedAt;
      const state = contact.archived ? "archived" : "current";
      const id = usable(contact.id, "text");
      if (id === undefined)
        throw new InchwormError(
          "internal",
          `${source.name} gave a record of kind "contact" without a usable "id".`,
        );
      const version = at === undefined ? {} : { at };
      names.push({ seq: place, system: source.system, id: String(id), state, ...version });
      const email = emails[index];
      if (email !== undefined) names.push({ seq: place, system: "email", id: email });
      for (const other of contact.identities ?? []) {
        const name = other.system === "email" ? address(other.id) : usable(other.id, "text");
        if (name === undefined) continue;
        // another id in the record's own system is one that was merged into it
        const merged = other.system === source.system && name !== id;
        names.push({
          seq: place,
          system: other.system,
          id: String(name),
          ...(merged ? { state: "merged", ...version } : {}),
        });
      }
    }
    staged.set("in_name", {
      seq: names.map((name) => name.seq),
      system: names.map((name) => name.system),
      external_id: names.map((name) => name.id),
      state: names.map((name) => name.state),
      modified_at: names.map((name) => name.at),
    });
  }

  for (const [kind, [table, ...takes]] of Object.entries(others)) {
    const rows = (records[kind as RecordKind] ?? []) as unknown as Row[];
    if (rows.length === 0) continue;
    const columns = columnsOf(kind as RecordKind, rows, takes);
    if (columns.who_id !== undefined) columns.who_system = rows.map(() => source.system);
    staged.set(table, columns);
  }
  return staged;
}
