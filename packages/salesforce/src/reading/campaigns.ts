import type { Campaign, Engagement, Source } from "@inchworm/spec";
import { requireFields } from "../describe.js";
import type { Settings } from "../options.js";
import type { Connection } from "../wire/connection.js";
import { source } from "./source.js";

/**
 * Campaigns, and who was in them: a member was sent it, one who responded replied. Members that are taken out are deleted for good
 * and leave no trace.
 */
export function campaigns(settings: Settings, call: Connection): Source {
  return source(settings, call, {
    name: "campaigns",
    async steps(options) {
      await requireFields(call, "Campaign", ["Name", "Type", "StartDate"], options);
      await requireFields(
        call,
        "CampaignMember",
        ["CampaignId", "ContactId", "LeadId", "HasResponded"],
        options,
      );
      return {
        steps: [
          {
            object: "Campaign",
            fields: ["Name", "Type", "StartDate", "CreatedDate"],
            records: (rows) => ({
              campaign: rows.flatMap((row): Campaign[] => {
                const id = row.text("Id");
                const name = row.text("Name");
                const sentAt = row.instant("StartDate");
                if (id === undefined) return [];
                return [
                  {
                    id,
                    channel: channelOf(row.text("Type")),
                    ...(name === undefined ? {} : { name }),
                    ...(sentAt === undefined ? {} : { sentAt }),
                  },
                ];
              }),
            }),
          },
          {
            object: "CampaignMember",
            fields: [
              "CampaignId",
              "ContactId",
              "LeadId",
              "HasResponded",
              "FirstRespondedDate",
              "CreatedDate",
            ],
            records: (rows) => ({
              engagement: rows.flatMap((row): Engagement[] => {
                const id = row.text("Id");
                const contact = row.text("ContactId") ?? row.text("LeadId");
                const campaign = row.text("CampaignId");
                const sent = row.instant("CreatedDate");
                if (
                  id === undefined ||
                  contact === undefined ||
                  campaign === undefined ||
                  sent === undefined
                )
                  return [];
                const was: Engagement = {
                  id: `${id}:sent`,
                  contact,
                  type: "sent",
                  at: sent,
                  campaign,
                };
                if (row.flag("HasResponded") !== true) return [was];
                // a day without a time, which may begin before the member was made
                const at = Math.max(row.instant("FirstRespondedDate") ?? sent, sent);
                return [was, { id: `${id}:reply`, contact, type: "reply", at, campaign }];
              }),
            }),
          },
        ],
      };
    },
  });
}

function channelOf(type: string | undefined): Campaign["channel"] {
  if (type === undefined) return "other";
  if (/e-?mail|newsletter/i.test(type)) return "email";
  if (/sms|text message/i.test(type)) return "sms";
  if (/push/i.test(type)) return "push";
  return /advert|banner|\bads?\b/i.test(type) ? "ad" : "other";
}
