import type { Answer } from "../stand-in/answer.js";
import { matchPath } from "../stand-in/path-shape.js";
import * as account from "./account-routes.js";
import * as batch from "./batch-routes.js";
import type { Call } from "./call.js";
import * as contacts from "./contact-routes.js";
import * as properties from "./property-routes.js";
import { searchContacts } from "./search-route.js";

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
  area: "objects" | "properties" | "/",
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
  const area = crm ? (crm[1] ?? crm[2]) : "/";
  const prefix = crm ? crm[0] : "/";
  if (crm && !contactTypes.includes(crm[3])) return "no such type";
  const rest = path.slice(prefix.length).replace(/\/$/, "");
  let reason: "no such path" | "no such method" = "no such path";
  for (const [wanted, where, shape, scopes, kind, run] of entries) {
    if (where !== area) continue;
    const params = matchPath(shape, rest);
    if (!params) continue;
    if (wanted === method) {
      const name = `${prefix.replace(/\/$/, "")}/${shape}`.replace(/\/$/, "");
      return { route: { method, name, scopes, kind, run }, params };
    }
    reason = "no such method";
  }
  return reason;
}
