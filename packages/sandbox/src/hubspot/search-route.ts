import type { Answer } from "../stand-in/answer.js";
import { type Call, jsonObject, textList, wholeNumber } from "./call.js";
import { contactBody, shownProperties } from "./contact-body.js";
import type { Portal } from "./portal.js";
import { invalid } from "./refusal.js";
import { contactFields, type SearchFields, searchTest, type Test } from "./search-filters.js";

// https://developers.hubspot.com/docs/api-reference/legacy/crm/search-the-crm
const longestPage = 200;
const defaultPage = 10;
const mostResults = 10_000;
const longestQuery = 3_000;
const queried = ["email", "firstname", "lastname", "phone", "company", "hs_additional_emails"];

/** Sees every contact as it was before the index lag, never archived ones, and never past the 10,000th result. */
export function searchContacts(call: Call): Answer {
  const { portal } = call;
  const { contacts, index } = portal;
  const body = jsonObject(call);
  const { limit, after } = searchPage(body);
  const names = shownProperties(portal, textList(body.properties, "properties"));
  const fields = contactFields(portal);
  index.refresh(portal.now());
  const matches = [searchTest(fields, body.filterGroups), queryTest(portal, body.query)];
  const order = sortOrder(fields, body.sorts);
  const slots: number[] = [];
  let total = 0;
  for (let slot = 0; slot < contacts.size; slot++) {
    if (!contacts.isLive(slot) || !index.knows(slot)) continue;
    if (!matches.every((test) => test(slot))) continue;
    if (order || (total >= after && total < after + limit)) slots.push(slot);
    total++;
  }
  const page = order ? slots.sort(order).slice(after, after + limit) : slots;
  const end = after + page.length;
  return {
    status: 200,
    body: {
      total,
      results: page.map((slot) => contactBody(portal, slot, names, index)),
      ...(end < total && { paging: { next: { after: String(end) } } }),
    },
  };
}

/** @throws Refusal 400 for a page that no search gives */
export function searchPage(body: Readonly<Record<string, unknown>>): {
  readonly limit: number;
  readonly after: number;
} {
  const limit = wholeNumber(String(body.limit ?? defaultPage), "limit", 1, longestPage);
  const after = wholeNumber(String(body.after ?? 0), "after", 0, 1e15);
  if (after + limit > mostResults) {
    throw invalid(`after and limit reach past the ${mostResults} results that a search can give`, {
      after: [String(after)],
    });
  }
  return { limit, after };
}

function queryTest({ index }: Portal, query: unknown): Test {
  if (query === undefined || query === "") return () => true;
  if (typeof query !== "string" || query.length > longestQuery) {
    throw invalid(`query must be text of at most ${longestQuery} characters`);
  }
  const words = query.toLowerCase().split(/\s+/).filter(Boolean);
  return (slot) => {
    const text = queried
      .map((name) => index.value(slot, name) ?? "")
      .join(" ")
      .toLowerCase();
    return words.every((word) => text.includes(word));
  };
}

/** Undefined for the order of the record ids, which is that of creation. */
export function sortOrder(fields: SearchFields, sorts: unknown) {
  if (sorts === undefined || (Array.isArray(sorts) && sorts.length === 0)) return undefined;
  if (!Array.isArray(sorts) || sorts.length > 1) throw invalid("There can be one sort");
  const { name, descending } = readSort(sorts[0]);
  const property = fields.property(name);
  if (!property) throw invalid(`Property ${name} does not exist`, { propertyName: [name] });
  if (name === "hs_object_id" && !descending) return undefined;
  const read = fields.reader(property);
  return (left: number, right: number) => {
    const [a, b] = descending ? [read(right), read(left)] : [read(left), read(right)];
    if (a === b) return left - right;
    if (a === undefined) return -1;
    return b === undefined || a > b ? 1 : -1;
  };
}

// "createdate", "-createdate", an object, or the object as JSON text: the official client's readme shows all of them
function readSort(sort: unknown): { name: string; descending: boolean } {
  if (typeof sort === "string" && !sort.startsWith("{")) {
    return { name: sort.replace(/^-/, ""), descending: sort.startsWith("-") };
  }
  let given = sort;
  try {
    if (typeof sort === "string") given = JSON.parse(sort);
  } catch {
    given = undefined;
  }
  const { propertyName, direction = "ASCENDING" } = (given ?? {}) as Record<string, unknown>;
  if (direction !== "ASCENDING" && direction !== "DESCENDING") {
    throw invalid("The direction of a sort is ASCENDING or DESCENDING");
  }
  return { name: String(propertyName), descending: direction === "DESCENDING" };
}
