import type { Answer } from "../stand-in/answer.js";
import { matchPath } from "../stand-in/path-shape.js";
import * as batches from "./batch-routes.js";
import type { Call } from "./call.js";
import * as commerce from "./commerce-routes.js";
import * as lists from "./list-routes.js";
import * as members from "./member-routes.js";
import * as reports from "./report-routes.js";

export interface Route {
  readonly method: string;
  /** Below /3.0, with what varies in braces. */
  readonly shape: string;
  readonly run: (call: Call) => Answer;
}

const list = "lists/{list_id}";
const member = `${list}/members/{subscriber_hash}`;
const report = "reports/{campaign_id}";
const store = "ecommerce/stores/{store_id}";

const entries: readonly (readonly [string, string, (call: Call) => Answer])[] = [
  ["GET", "", lists.root],
  ["GET", "ping", lists.ping],
  ["GET", "lists", lists.listLists],
  ["GET", list, lists.getList],
  ["GET", `${list}/members`, members.listMembers],
  ["POST", `${list}/members`, members.addMember],
  ["GET", member, members.getMember],
  ["PATCH", member, members.updateMember],
  ["PUT", member, members.putMember],
  ["DELETE", member, members.archiveMember],
  ["POST", `${member}/actions/delete-permanent`, members.forgetMember],
  ["GET", `${member}/tags`, lists.memberTags],
  ["POST", `${member}/tags`, lists.changeMemberTags],
  ["GET", `${list}/merge-fields`, lists.listMergeFields],
  ["POST", `${list}/merge-fields`, lists.createMergeField],
  ["GET", `${list}/merge-fields/{merge_id}`, lists.getMergeField],
  ["PATCH", `${list}/merge-fields/{merge_id}`, lists.updateMergeField],
  ["DELETE", `${list}/merge-fields/{merge_id}`, lists.deleteMergeField],
  ["GET", `${list}/tag-search`, lists.searchTags],
  ["GET", "campaigns", reports.listCampaigns],
  ["GET", "campaigns/{campaign_id}", reports.getCampaign],
  ["GET", `${report}/email-activity`, reports.emailActivity],
  ["GET", `${report}/sent-to`, reports.sentTo],
  ["GET", `${report}/open-details`, reports.openDetails],
  ["GET", `${report}/unsubscribed`, reports.unsubscribed],
  ["GET", "ecommerce/stores", commerce.listStores],
  ["GET", store, commerce.getStore],
  ["GET", `${store}/orders`, commerce.listOrders],
  ["GET", `${store}/orders/{order_id}`, commerce.getOrder],
  ["GET", `${store}/products`, commerce.listProducts],
  ["GET", `${store}/customers`, commerce.listCustomers],
  ["GET", "batches", batches.listBatches],
  ["POST", "batches", batches.submitBatch],
  ["GET", "batches/{batch_id}", batches.getBatch],
  ["DELETE", "batches/{batch_id}", batches.deleteBatch],
];

/** A route with what stands in its braces; the reason when there is none. `path` is what stands below /3.0. */
export function findRoute(
  method: string,
  path: string,
  audience: string,
):
  | { readonly route: Route; readonly params: Record<string, string> }
  | "no such path"
  | "no such method" {
  const rest = path.replace(/^\/+|\/+$/g, "");
  let reason: "no such path" | "no such method" = "no such path";
  for (const [wanted, shape, run] of entries) {
    const params = matchPath(shape, rest);
    if (!params || (params.list_id !== undefined && params.list_id !== audience)) continue;
    if (wanted === method) return { route: { method, shape: `/${shape}`, run }, params };
    reason = "no such method";
  }
  return reason;
}
