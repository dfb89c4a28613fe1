import type { Answer } from "../stand-in/answer.js";
import { matchPath } from "../stand-in/path-shape.js";
import type { Call } from "./call.js";
import {
  changeImport,
  createExport,
  createImport,
  exportResults,
  importBatch,
  importErrors,
  importShelf,
  readExport,
} from "./job-routes.js";
import {
  createCustomField,
  customFieldShelf,
  readRoute,
  statsRoute,
  updateProspect,
} from "./object-routes.js";
import { queryRoute } from "./query.js";
import type { Shelf } from "./shelf.js";

export interface Route {
  readonly method: string;
  /** Behind "/api/v5/". */
  readonly shape: string;
  readonly run: (call: Call) => Answer;
}

const prospects = ({ unit }: Call): Shelf => unit.prospects;
const activities = ({ unit }: Call): Shelf => unit.activities;
const listEmails = ({ unit }: Call): Shelf => unit.listEmails;

const route = (method: string, shape: string, run: (call: Call) => Answer): Route => ({
  method,
  shape,
  run,
});

const routes: readonly Route[] = [
  route("GET", "objects/prospects", queryRoute(prospects)),
  route("GET", "objects/prospects/{id}", readRoute(prospects)),
  route("PATCH", "objects/prospects/{id}", updateProspect),
  route("GET", "objects/visitor-activities", queryRoute(activities)),
  route("GET", "objects/visitor-activities/{id}", readRoute(activities)),
  route("GET", "objects/list-emails", queryRoute(listEmails)),
  route("GET", "objects/list-emails/{id}", readRoute(listEmails)),
  route("GET", "objects/list-emails/{id}/stats", statsRoute),
  route("GET", "objects/custom-fields", queryRoute(customFieldShelf)),
  route("POST", "objects/custom-fields", createCustomField),
  route("GET", "objects/custom-fields/{id}", readRoute(customFieldShelf)),
  route("GET", "imports", queryRoute(importShelf)),
  route("POST", "imports", createImport),
  route("GET", "imports/{id}", readRoute(importShelf)),
  route("PATCH", "imports/{id}", changeImport),
  route("POST", "imports/{id}/batches", importBatch),
  route("GET", "imports/{id}/errors", importErrors),
  route("POST", "exports", createExport),
  route("GET", "exports/{id}", readExport),
  route("GET", "exports/{id}/results/{file}", exportResults),
];

export function findRoute(
  method: string,
  path: string,
):
  | { readonly route: Route; readonly params: Readonly<Record<string, string>> }
  | "no such path"
  | "no such method" {
  let known = false;
  for (const one of routes) {
    const params = matchPath(one.shape, path);
    if (!params) continue;
    known = true;
    if (one.method === method) return { route: one, params };
  }
  return known ? "no such method" : "no such path";
}
