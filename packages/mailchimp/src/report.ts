import { createHash } from "node:crypto";
import { objects } from "@inchworm/kit";
import type { Engagement, EngagementType } from "@inchworm/spec";
import type { SentCampaign } from "./campaigns.js";
import { timeText } from "./paging.js";
import { instant, words } from "./values.js";

/** The parts of a campaign's report that say who did what, in the order in which they are read. */
export const reportParts = ["sent-to", "email-activity", "unsubscribed"] as const;
export type ReportPart = (typeof reportParts)[number];

/** What to ask for. `since` leaves out what was done earlier, where the part knows a time. */
export function reportList(part: ReportPart, campaign: string, since: number | undefined) {
  const path = `/reports/{campaign_id}/${part}`;
  const params = { campaign_id: campaign };
  // a report may be gone, or not yet made
  const expect = [404];
  switch (part) {
    case "sent-to":
      return { path, params, expect, key: "sent_to", fields: ["email_id", "status"] };
    case "email-activity":
      return {
        path,
        params,
        expect,
        key: "emails",
        fields: ["email_id", "activity"],
        query: since === undefined ? {} : { since: timeText(since) },
      };
    case "unsubscribed":
      return { path, params, expect, key: "unsubscribes", fields: ["email_id", "timestamp"] };
  }
}

/** What a part's entries tell, each event with an id of its own, the same whenever it is read. */
export function engagementsOf(
  part: ReportPart,
  campaign: SentCampaign,
  entries: readonly Record<string, unknown>[],
): Engagement[] {
  return entries.flatMap((entry) => {
    const contact = words(entry.email_id);
    if (contact === undefined) return [];
    const event = (type: EngagementType, at: number | undefined, mark = ""): Engagement[] =>
      at === undefined
        ? []
        : [
            {
              id: eventId(campaign.id, contact, type, at, mark),
              contact,
              type,
              at,
              campaign: campaign.id,
            },
          ];
    if (part === "sent-to") return event("sent", campaign.sentAt);
    if (part === "unsubscribed") return event("unsubscribe", instant(entry.timestamp));
    return objects(entry, "activity").flatMap(({ action, timestamp, url, type }) => {
      const kind =
        action === "open" || action === "click" || action === "bounce" ? action : undefined;
      return kind === undefined
        ? []
        : event(kind, instant(timestamp), words(url) ?? words(type) ?? "");
    });
  });
}

/** Mailchimp gives events no ids. */
function eventId(...parts: readonly (string | number)[]): string {
  return createHash("sha256").update(parts.join("\n")).digest("base64url").slice(0, 20);
}
