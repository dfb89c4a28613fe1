import type { Answer } from "../stand-in/answer.js";
import { instantText, parseInstant } from "../stand-in/times.js";
import { batchAnswer, missingError } from "./batch-answer.js";
import { rawInputs } from "./batch-input.js";
import { type Call, flag, jsonObject, queryList, textList, wholeNumber } from "./call.js";
import type { Portal } from "./portal.js";
import { type Key, type SearchFields, searchTest } from "./search-filters.js";
import { searchPage, sortOrder } from "./search-route.js";
import type { Shelf } from "./shelf.js";
import type { HubspotObjectType } from "./types.js";

const longestPage = 100;

type Type = "string" | "number" | "datetime" | "bool";
const kept: Readonly<Record<string, Type>> = {
  hs_object_id: "number",
  createdate: "datetime",
  hs_createdate: "datetime",
  hs_lastmodifieddate: "datetime",
};

/** The properties that the stand-in knows of each type. https://developers.hubspot.com/docs/api-reference/legacy/crm/objects/deals/guide */
const known: Readonly<Record<HubspotObjectType, Readonly<Record<string, Type>>>> = {
  deals: {
    ...kept,
    dealname: "string",
    amount: "number",
    closedate: "datetime",
    dealstage: "string",
    pipeline: "string",
    deal_currency_code: "string",
    hs_is_closed_won: "bool",
  },
  line_items: {
    ...kept,
    name: "string",
    quantity: "number",
    price: "number",
    amount: "number",
    hs_product_id: "string",
    hs_sku: "string",
    hs_line_item_currency_code: "string",
  },
  products: {
    ...kept,
    name: "string",
    price: "number",
    hs_sku: "string",
    hs_price_currency: "string",
    hs_cost_of_goods_sold: "number",
    hs_product_type: "string",
  },
};

export function shelfOf({ portal, params }: Call): Shelf {
  return portal.shelves[params.type as HubspotObjectType];
}

export function listObjects(call: Call): Answer {
  const { query, path } = call;
  const shelf = shelfOf(call);
  const limit = wholeNumber(query.get("limit") ?? "10", "limit", 1, longestPage);
  const after = wholeNumber(query.get("after") ?? "0", "after", 0, 1e15);
  const archived = flag(query, "archived");
  const names = queryList(query, "properties");
  const results: unknown[] = [];
  for (const [slot, record] of shelf.records.entries()) {
    if (Number(record.id) <= after || (record.archivedAt !== undefined) !== archived) continue;
    if (results.length === limit) {
      const last = (results[limit - 1] as { id: string }).id;
      const link = new URLSearchParams(query);
      link.set("after", last);
      const next = { after: last, link: `https://api.hubapi.com${path}?${link}` };
      return { status: 200, body: { results, paging: { next } } };
    }
    results.push(objectBody(shelf, slot, names));
  }
  return { status: 200, body: { results } };
}

export function searchObjects(call: Call): Answer {
  const { portal } = call;
  const shelf = shelfOf(call);
  const now = portal.now();
  const body = jsonObject(call);
  const { limit, after } = searchPage(body);
  const names = textList(body.properties, "properties");
  const fields = shelfFields(portal, shelf);
  const matches = searchTest(fields, body.filterGroups);
  const order = sortOrder(fields, body.sorts);
  const slots = [...shelf.records.keys()].filter(
    (slot) =>
      shelf.records[slot].archivedAt === undefined &&
      shelf.seen(slot, now) !== undefined &&
      matches(slot),
  );
  if (order) slots.sort(order);
  const page = slots.slice(after, after + limit);
  const end = after + page.length;
  return {
    status: 200,
    body: {
      total: slots.length,
      results: page.map((slot) => objectBody(shelf, slot, names, shelf.seen(slot, now))),
      ...(end < slots.length && { paging: { next: { after: String(end) } } }),
    },
  };
}

export function readObjects(call: Call): Answer {
  const shelf = shelfOf(call);
  const body = jsonObject(call);
  const names = textList(body.properties, "properties");
  const inputs = rawInputs(body);
  const ids = [...new Set(inputs.map(({ id }) => String(id)))];
  const found = ids.filter((id) => shelf.object(id)?.archived === false);
  const missing = ids.filter((id) => !found.includes(id));
  return batchAnswer(
    200,
    call.portal.now(),
    found.reverse().map((id) => objectBody(shelf, shelf.slot(id), names)),
    missing.length > 0 ? [missingError(missing)] : [],
  );
}

function objectBody(
  shelf: Shelf,
  slot: number,
  names: readonly string[] | undefined,
  version = shelf.current(slot),
) {
  const { id, createdAt, archivedAt } = shelf.records[slot];
  const created = instantText(createdAt);
  const updated = instantText(version.at);
  const shown = names && names.length > 0 ? names : Object.keys(known[shelf.type]).slice(0, 7);
  const properties: Record<string, string | null> = {
    hs_object_id: id,
    createdate: created,
    hs_lastmodifieddate: updated,
  };
  for (const name of shown)
    if (name in known[shelf.type]) properties[name] ??= version.properties[name] ?? null;
  return {
    id,
    properties,
    createdAt: created,
    updatedAt: updated,
    archived: archivedAt !== undefined,
    ...(archivedAt !== undefined && { archivedAt: instantText(archivedAt) }),
  };
}

function shelfFields(portal: Portal, shelf: Shelf): SearchFields {
  const now = portal.now();
  return {
    property: (name) => {
      const type = known[shelf.type][name];
      return type && { name, type };
    },
    reader: ({ name, type }) => {
      const text = (slot: number) => shelf.seen(slot, now)?.properties[name];
      if (name === "hs_object_id") return (slot) => Number(shelf.records[slot].id);
      if (name === "hs_lastmodifieddate") return (slot) => shelf.seen(slot, now)?.at;
      if (/createdate$/.test(name)) return (slot) => shelf.records[slot].createdAt;
      return (slot): Key | undefined => {
        const value = text(slot);
        if (value === undefined || value === "") return undefined;
        if (type === "number") return Number(value);
        return type === "datetime" ? parseInstant(value) : value.toLowerCase();
      };
    },
  };
}
