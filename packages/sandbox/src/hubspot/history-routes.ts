import type { Answer } from "../stand-in/answer.js";
import { instantText } from "../stand-in/times.js";
import { batchAnswer } from "./batch-answer.js";
import { rawInputs } from "./batch-input.js";
import { type Call, flag, jsonObject, wholeNumber } from "./call.js";
import { invalid } from "./refusal.js";

const mostAssociated = 1_000;

/** Who belongs to what. Records without an association are left out of the results. */
export function readAssociations(call: Call): Answer {
  const { portal, params } = call;
  const inputs = rawInputs(jsonObject(call), mostAssociated);
  const links = portal.associations.get(`${params.from} ${params.to}`);
  const results = inputs.flatMap((input) => {
    const id = String(input.id);
    const to = links?.get(id) ?? [];
    if (to.length === 0) return [];
    const associationTypes = [{ category: "HUBSPOT_DEFINED", typeId: 3, label: null }];
    const current = params.to === "contacts" ? to.map((one) => portal.survivorId(one)) : to;
    return [
      {
        from: { id },
        to: [...new Set(current)].map((one) => ({ toObjectId: one, associationTypes })),
      },
    ];
  });
  return batchAnswer(200, portal.now(), results);
}

/** https://developers.hubspot.com/docs/api-reference/legacy/email-analytics-v1/guide */
export function emailEvents({ portal, query }: Call): Answer {
  const limit = wholeNumber(query.get("limit") ?? "10", "limit", 1, 1_000);
  const from = wholeNumber(query.get("startTimestamp") ?? "0", "startTimestamp", 0, 1e15);
  const until = wholeNumber(
    query.get("endTimestamp") ?? "999999999999999",
    "endTimestamp",
    0,
    1e15,
  );
  const skipped = wholeNumber(query.get("offset") || "0", "offset", 0, 1e15);
  const type = query.get("eventType");
  // newest first, as the endpoint gives them
  const all = portal.emailEvents
    .filter(({ created }) => created >= from && created < until)
    .filter((event) => type === null || event.type === type)
    .sort((one, other) => other.created - one.created || (one.id < other.id ? -1 : 1));
  const end = skipped + limit;
  return {
    status: 200,
    body: {
      hasMore: end < all.length,
      offset: String(Math.min(end, all.length)),
      events: all.slice(skipped, end).map((event) => ({ ...event, portalId: portal.hubId })),
    },
  };
}

export function listEmails({ portal, query }: Call): Answer {
  const limit = wholeNumber(query.get("limit") ?? "10", "limit", 1, 100);
  const after = wholeNumber(query.get("after") ?? "0", "after", 0, 1e15);
  const archived = flag(query, "archived");
  const updatedAfter = query.get("updatedAfter");
  const since = updatedAfter === null ? 0 : Date.parse(updatedAfter);
  if (Number.isNaN(since)) throw invalid("updatedAfter is no time");
  const all = archived
    ? []
    : portal.emails.filter(({ updatedAt }) => updatedAfter === null || updatedAt > since);
  const page = all.slice(after, after + limit);
  const end = after + page.length;
  return {
    status: 200,
    body: {
      total: all.length,
      results: page.map(
        ({
          id,
          name,
          subject,
          previewText,
          publishedAt,
          updatedAt,
          campaignIds,
          isTransactional,
        }) => ({
          id,
          name,
          subject,
          state: publishedAt === undefined ? "DRAFT" : "PUBLISHED",
          type: isTransactional ? "SINGLE_SEND_API" : "BATCH_EMAIL",
          subcategory: isTransactional ? "single_send_api" : "batch",
          isPublished: publishedAt !== undefined,
          isTransactional,
          sendOnPublish: true,
          archived: false,
          content: { widgets: { preview_text: { body: { value: previewText ?? "" } } } },
          from: {},
          to: {},
          allEmailCampaignIds: campaignIds,
          updatedAt: instantText(updatedAt),
          ...(publishedAt !== undefined && {
            publishDate: instantText(publishedAt),
            publishedAt: instantText(publishedAt),
          }),
        }),
      ),
      ...(end < all.length && { paging: { next: { after: String(end) } } }),
    },
  };
}
