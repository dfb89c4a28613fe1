import { randomUUID } from "node:crypto";
import type { Answer } from "../stand-in/answer.js";
import { askedFields, type Call } from "./call.js";
import { filter, ordering, type Test } from "./filters.js";
import { badRequest } from "./refusal.js";
import { type Row, type Shelf, seen, type Value } from "./shelf.js";
import { shown } from "./values.js";

const mostRows = 1_000;
const usualRows = 200;
const tokenMs = 4 * 3_600_000;

/** Pages of one query, one token after the other. */
interface Chain {
  readonly shelf: string;
  readonly tests: readonly Test[];
  readonly order: { readonly field: string; readonly down: boolean };
  readonly deleted: string;
  readonly limit: number;
  readonly served: number;
  readonly bornAt: number;
  /** Of a query by ascending id: where to go on. */
  readonly after: number;
}

const chains = new WeakMap<object, Map<string, Chain>>();

/**
 * A query: fields must be named, a page token goes with nothing but them, and a chain of tokens ends after 100,000 records.
 * https://developer.salesforce.com/docs/marketing/pardot/guide/version5overview.html
 */
export function queryRoute(shelfOf: (call: Call) => Shelf): (call: Call) => Answer {
  return (call) => {
    const { unit } = call;
    const shelf = shelfOf(call);
    const fields = askedFields(call, shelf).filter(({ unqueried }) => unqueried !== true);
    const known = chains.get(unit) ?? new Map<string, Chain>();
    chains.set(unit, known);
    const token = call.query.get("nextPageToken");
    const chain = token === null ? opened(call, shelf) : known.get(token);
    const now = unit.now();
    if (chain === undefined || chain.shelf !== shelf.name || now - chain.bornAt > tokenMs) {
      throw badRequest("The nextPageToken is invalid or expired.");
    }
    if (token !== null) {
      for (const name of call.query.keys()) {
        if (name === "fields" || name === "nextPageToken") continue;
        throw badRequest(`${name} cannot be used with nextPageToken.`);
      }
    }
    const { page, more } = pageOf(shelf, chain, now, unit.settings.chainRecords - chain.served);
    const values = page.map(({ values: record }) =>
      Object.fromEntries(fields.map((field) => [field.name, shown(field, record.get(field.name))])),
    );
    const served = chain.served + page.length;
    if (!more) return { status: 200, body: { nextPageToken: null, nextPageUrl: null, values } };
    if (served >= unit.settings.chainRecords) {
      const warning =
        "203;Record count for nextPageToken sequence has been exceeded. No page token returned.";
      return {
        status: 200,
        body: { nextPageToken: null, nextPageUrl: null, values },
        headers: { "Pardot-Warning": warning },
      };
    }
    const nextPageToken = randomUUID();
    known.set(nextPageToken, { ...chain, served, after: page.at(-1)?.id ?? chain.after });
    const asked = encodeURIComponent(call.query.get("fields") ?? "");
    const nextPageUrl = `${call.base}/objects/${shelf.name}?fields=${asked}&nextPageToken=${nextPageToken}`;
    return { status: 200, body: { nextPageToken, nextPageUrl, values } };
  };
}

function opened(call: Call, shelf: Shelf): Chain {
  const tests: Test[] = [];
  let limit = usualRows;
  let deleted = "false";
  let after = 0;
  for (const [name, text] of call.query) {
    if (name === "fields" || name === "orderBy") continue;
    if (name === "limit") {
      if (!/^\d{1,9}$/.test(text) || Number(text) < 1 || Number(text) > mostRows) {
        throw badRequest(`limit must be an integer between 1 and ${mostRows}.`);
      }
      limit = Number(text);
    } else if (name === "deleted") {
      if (!["true", "false", "all"].includes(text)) throw badRequest("deleted is invalid.");
      deleted = text;
    } else {
      tests.push(filter(shelf, name, text));
      if (name === "idGreaterThan") after = Number(text);
    }
  }
  const order = ordering(shelf, call.query.get("orderBy"));
  const bornAt = call.unit.now();
  return { shelf: shelf.name, tests, order, deleted, limit, served: 0, bornAt, after };
}

function pageOf(
  shelf: Shelf,
  chain: Chain,
  now: number,
  left: number,
): {
  readonly page: readonly { readonly id: number; readonly values: ReadonlyMap<string, Value> }[];
  readonly more: boolean;
} {
  const { tests, order, deleted, limit, served, after } = chain;
  const most = Math.min(limit, left);
  const matching = (row: Row) => {
    const values = seen(row, now);
    if (values === undefined) return undefined;
    const gone = values.get("isDeleted") === true;
    if (deleted !== "all" && gone !== (deleted === "true")) return undefined;
    return tests.every((test) => test(values)) ? { id: row.id, values } : undefined;
  };
  if (order.field === "id" && !order.down) {
    const page: { id: number; values: ReadonlyMap<string, Value> }[] = [];
    for (let at = shelf.above(after); at < shelf.rows.length; at++) {
      const found = matching(shelf.rows[at]);
      if (!found) continue;
      if (page.length === most) return { page, more: true };
      page.push(found);
    }
    return { page, more: false };
  }
  const sign = order.down ? -1 : 1;
  const all = shelf.rows
    .flatMap((row) => matching(row) ?? [])
    .sort((one, other) => sign * compare(one.values, other.values, order.field));
  return { page: all.slice(served, served + most), more: all.length > served + most };
}

function compare(
  one: ReadonlyMap<string, Value>,
  other: ReadonlyMap<string, Value>,
  field: string,
): number {
  const [left, right] = [one.get(field) ?? 0, other.get(field) ?? 0];
  if (left !== right) return left < right ? -1 : 1;
  return Number(one.get("id")) - Number(other.get("id"));
}
