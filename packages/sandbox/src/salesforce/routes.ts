import type { Answer } from "../stand-in/answer.js";
import { matchPath } from "../stand-in/path-shape.js";
import type { Call } from "./call.js";
import { createMany, deleteMany, readMany, updateMany, upsertMany } from "./collection-routes.js";
import { describeGlobalRoute, describeRoute, objectInfoRoute } from "./describe.js";
import {
  changeJob,
  createIngestJob,
  createQueryJob,
  deleteJob,
  ingestResults,
  listJobs,
  queryResults,
  readJob,
  uploadRoute,
} from "./job-routes.js";
import { limitsRoute } from "./limits.js";
import { moreRoute, queryRoute } from "./query-routes.js";
import {
  createRow,
  deletedRoute,
  deleteRow,
  readRow,
  updatedRoute,
  updateRow,
} from "./row-routes.js";
import {
  changeCustomField,
  createCustomField,
  readCustomField,
  toolingQuery,
} from "./tooling-routes.js";

export interface Route {
  readonly method: string;
  /** Behind "/services/data/v60.0/". */
  readonly shape: string;
  readonly run: (call: Call) => Answer;
  /** Writes records, so that a lock can stand in its way. */
  readonly writes?: boolean;
}

const route = (
  method: string,
  shape: string,
  run: (call: Call) => Answer,
  writes = false,
): Route => ({ method, shape, run, writes });

/** More particular shapes stand before those that would swallow them. */
const routes: readonly Route[] = [
  route("GET", "limits", limitsRoute),
  route("GET", "query", queryRoute),
  route("GET", "queryAll", queryRoute),
  route("GET", "query/{locator}", moreRoute),
  route("GET", "queryAll/{locator}", moreRoute),
  route("GET", "sobjects", describeGlobalRoute),
  route("GET", "sobjects/{object}", objectInfoRoute),
  route("POST", "sobjects/{object}", createRow, true),
  route("GET", "sobjects/{object}/describe", describeRoute),
  route("GET", "sobjects/{object}/deleted", deletedRoute),
  route("GET", "sobjects/{object}/updated", updatedRoute),
  route("GET", "sobjects/{object}/{id}", readRow),
  route("PATCH", "sobjects/{object}/{id}", updateRow, true),
  route("DELETE", "sobjects/{object}/{id}", deleteRow),
  route("POST", "composite/sobjects", createMany, true),
  route("PATCH", "composite/sobjects", updateMany, true),
  route("DELETE", "composite/sobjects", deleteMany),
  route("GET", "composite/sobjects/{object}", readMany),
  route("POST", "composite/sobjects/{object}", readMany),
  route("PATCH", "composite/sobjects/{object}/{field}", upsertMany, true),
  route("GET", "tooling/query", toolingQuery),
  route("POST", "tooling/sobjects/CustomField", createCustomField),
  route("GET", "tooling/sobjects/CustomField/{id}", readCustomField),
  route("PATCH", "tooling/sobjects/CustomField/{id}", changeCustomField),
  route("POST", "jobs/ingest", createIngestJob),
  route("POST", "jobs/query", createQueryJob),
  route("GET", "jobs/{kind}", listJobs),
  route("PUT", "jobs/ingest/{id}/batches", uploadRoute),
  route("GET", "jobs/query/{id}/results", queryResults),
  route("GET", "jobs/ingest/{id}/{results}", ingestResults),
  route("GET", "jobs/{kind}/{id}", readJob),
  route("PATCH", "jobs/{kind}/{id}", changeJob, true),
  route("DELETE", "jobs/{kind}/{id}", deleteJob),
];

export function findRoute(
  method: string,
  path: string,
):
  | { readonly route: Route; readonly params: Record<string, string> }
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
