import type { Answer } from "../stand-in/answer.js";
import { matchPath } from "../stand-in/path-shape.js";
import * as account from "./account-routes.js";
import * as batch from "./batch-routes.js";
import type { Call } from "./call.js";
import * as contacts from "./contact-routes.js";
import * as history from "./history-routes.js";
import * as lists from "./list-routes.js";
import * as properties from "./property-routes.js";
import { searchContacts } from "./search-route.js";
import * as shelves from "./shelf-routes.js";

export interface Route {
  readonly method: string;
  /** As asked for, with what varies in braces. */
  readonly name: string;
  /** Each is enough; none means that the endpoint needs no token. */
  readonly scopes: readonly string[] | "open";
  /** Searches have a limit of their own, and only writes of contacts can be locked. */
  readonly kind: "read" | "write" | "search";
  readonly run: (call: Call) => Answer;
}

type Scopes = Route["scopes"];
type Kind = Route["kind"];
type Entry = readonly [
  method: string,
  area: "objects" | "properties" | "shelves" | "/",
  path: string,
  Scopes,
  Kind,
  (call: Call) => Answer,
];

const reading = ["crm.objects.contacts.read"];
const writing = ["crm.objects.contacts.write"];
const schemas = [
  "crm.schemas.contacts.read",
  "crm.schemas.contacts.write",
  "crm.objects.contacts.read",
];
const shaping = ["crm.schemas.contacts.write"];
const any: readonly string[] = [];
/** Each type has its own permission. */
const ofType = any;
const mail = ["content"];

// What is fixed stands before what is in braces.
const entries: readonly Entry[] = [
  ["GET", "objects", "", reading, "read", contacts.listContacts],
  ["POST", "objects", "", writing, "write", contacts.createContact],
  ["POST", "objects", "search", reading, "search", searchContacts],
  ["POST", "objects", "merge", writing, "write", contacts.mergeContacts],
  ["POST", "objects", "gdpr-delete", writing, "write", contacts.forgetContact],
  ["POST", "objects", "batch/read", reading, "read", batch.readContacts],
  ["POST", "objects", "batch/update", writing, "write", batch.updateContacts],
  ["POST", "objects", "batch/upsert", writing, "write", batch.upsertContacts],
  ["POST", "objects", "batch/create", writing, "write", batch.createContacts],
  ["POST", "objects", "batch/archive", writing, "write", batch.archiveContacts],
  ["GET", "objects", "{contactId}", reading, "read", contacts.getContact],
  ["PATCH", "objects", "{contactId}", writing, "write", contacts.updateContact],
  ["DELETE", "objects", "{contactId}", writing, "write", contacts.archiveContact],
  ["GET", "properties", "", schemas, "read", properties.listProperties],
  ["POST", "properties", "", shaping, "read", properties.createProperty],
  ["POST", "properties", "batch/create", shaping, "read", properties.createProperties],
  ["POST", "properties", "batch/read", schemas, "read", properties.readProperties],
  ["GET", "properties", "groups", schemas, "read", properties.listGroups],
  ["POST", "properties", "groups", shaping, "read", properties.createGroup],
  ["GET", "properties", "groups/{groupName}", schemas, "read", properties.getGroup],
  ["GET", "properties", "{propertyName}", schemas, "read", properties.getProperty],
  ["PATCH", "properties", "{propertyName}", shaping, "read", properties.updateProperty],
  ["DELETE", "properties", "{propertyName}", shaping, "read", properties.archiveProperty],
  ["GET", "shelves", "", ofType, "read", shelves.listObjects],
  ["POST", "shelves", "search", ofType, "search", shelves.searchObjects],
  ["POST", "shelves", "batch/read", ofType, "read", shelves.readObjects],
  [
    "POST",
    "/",
    "crm/v4/associations/{from}/{to}/batch/read",
    any,
    "read",
    history.readAssociations,
  ],
  [
    "POST",
    "/",
    "crm/associations/2026-03/{from}/{to}/batch/read",
    any,
    "read",
    history.readAssociations,
  ],
  ["GET", "/", "email/public/v1/events", mail, "read", history.emailEvents],
  ["GET", "/", "marketing/v3/emails", mail, "read", history.listEmails],
  ["GET", "/", "marketing/emails/2026-03", mail, "read", history.listEmails],
  ["POST", "/", "crm/v3/lists", ["crm.lists.write"], "read", lists.createList],
  ["POST", "/", "crm/lists/2026-03", ["crm.lists.write"], "read", lists.createList],
  [
    "GET",
    "/",
    "crm/v3/lists/object-type-id/{objectTypeId}/name/{listName}",
    ["crm.lists.read"],
    "read",
    lists.listByName,
  ],
  [
    "GET",
    "/",
    "crm/lists/2026-03/object-type-id/{objectTypeId}/name/{listName}",
    ["crm.lists.read"],
    "read",
    lists.listByName,
  ],
  ["GET", "/", "account-info/v3/details", any, "read", account.accountDetails],
  ["GET", "/", "integrations/v1/me", any, "read", account.me],
  ["POST", "/", "oauth/v3/token", "open", "read", account.refreshToken],
  ["POST", "/", "oauth/v1/token", "open", "read", account.refreshToken],
  ["GET", "/", "oauth/v1/access-tokens/{token}", "open", "read", account.tokenInfo],
  [
    "POST",
    "/",
    "oauth/v2/private-apps/get/access-token-info",
    "open",
    "read",
    account.privateTokenInfo,
  ],
];

// Numbered paths, and the date-versioned ones that replace them:
// https://developers.hubspot.com/docs/api-reference/2026-03/overview
const crmPath =
  /^\/crm\/(?:v3\/(objects|properties)|(objects|properties)\/2026-03)\/([^/]+)(?:\/|$)/;
const contactTypes = ["contacts", "contact", "0-1"];
/** What reading records of the other types needs; each is enough. */
const shelfScopes: Readonly<Record<string, readonly string[]>> = {
  deals: ["crm.objects.deals.read"],
  line_items: ["crm.objects.line_items.read", "e-commerce"],
  products: ["crm.objects.products.read", "e-commerce"],
};

/** A route with what stands in its braces; the reason when there is none. */
export function findRoute(
  method: string,
  path: string,
):
  | { readonly route: Route; readonly params: Record<string, string> }
  | "no such path"
  | "no such method"
  | "no such type" {
  const crm = crmPath.exec(path);
  const shelf = crm && (crm[1] ?? crm[2]) === "objects" ? shelfScopes[crm[3]] : undefined;
  const area = shelf ? "shelves" : crm ? (crm[1] ?? crm[2]) : "/";
  const prefix = crm ? crm[0] : "/";
  if (crm && !shelf && !contactTypes.includes(crm[3])) return "no such type";
  const rest = path.slice(prefix.length).replace(/\/$/, "");
  let reason: "no such path" | "no such method" = "no such path";
  for (const [wanted, where, shape, scopes, kind, run] of entries) {
    if (where !== area) continue;
    const params = matchPath(shape, rest);
    if (!params) continue;
    if (wanted === method) {
      const name = `${prefix.replace(/\/$/, "")}/${shape}`.replace(/\/$/, "");
      if (!shelf || !crm) return { route: { method, name, scopes, kind, run }, params };
      const ofShelf = { ...params, type: crm[3] };
      return { route: { method, name, scopes: shelf, kind, run }, params: ofShelf };
    }
    reason = "no such method";
  }
  return reason;
}
