import type { Answer } from "../stand-in/answer.js";
import { type Call, hashOf, instantOf, oneOf, pageOf, timeText } from "./call.js";
import type { Campaign } from "./campaigns.js";
import { ok } from "./member-routes.js";
import { notFound } from "./problem.js";
import type { MailchimpReceipt } from "./types.js";

export function listCampaigns(call: Call): Answer {
  const { account, query } = call;
  const since = instantOf(query, "since_send_time") ?? Number.NEGATIVE_INFINITY;
  const before = instantOf(query, "before_send_time") ?? Number.POSITIVE_INFINITY;
  const status = query.get("status");
  const list = query.get("list_id");
  const sort = oneOf(query, "sort_field", ["create_time", "send_time"]);
  const descending = oneOf(query, "sort_dir", ["ASC", "DESC"]) !== "ASC";
  const found = account.campaigns
    .list()
    .filter(
      (campaign) =>
        campaign.sentAt > since &&
        campaign.sentAt < before &&
        (status === null || (campaign.status ?? "sent") === status) &&
        (list === null || list === account.audience),
    );
  if (sort) found.sort((left, right) => left.sentAt - right.sentAt);
  if (sort && descending) found.reverse();
  const { page, total_items } = pageOf(found, query);
  const campaigns = page.map((campaign) => campaignBody(call, campaign));
  return ok(call, { campaigns, total_items });
}

export function getCampaign(call: Call): Answer {
  return ok(call, campaignBody(call, campaignOf(call)));
}

function campaignBody({ account }: Call, campaign: Campaign): Record<string, unknown> {
  const sentAt = timeText(campaign.sentAt);
  return {
    id: campaign.id,
    web_id: campaign.webId,
    type: campaign.type ?? "regular",
    create_time: sentAt,
    status: campaign.status ?? "sent",
    emails_sent: campaign.receipts.length,
    send_time: sentAt,
    content_type: "template",
    recipients: {
      list_id: account.audience,
      list_is_active: true,
      list_name: "Sandbox",
      segment_text: "",
      recipient_count: campaign.receipts.length,
    },
    settings: {
      subject_line: campaign.subject,
      preview_text: campaign.preview ?? "",
      title: campaign.title ?? campaign.subject,
      from_name: "Sandbox",
      reply_to: "shop@example.com",
    },
  };
}

export function emailActivity(call: Call): Answer {
  const { account, query } = call;
  const campaign = campaignOf(call);
  const since = instantOf(query, "since") ?? Number.NEGATIVE_INFINITY;
  const limited = query.has("since");
  const emails = campaign.receipts.flatMap((receipt) => {
    const activity = (receipt.activity ?? []).filter(({ at }) => at > since);
    if (limited && activity.length === 0) return [];
    const told = activity.map(({ action, at, url }) => ({
      action,
      ...(action === "bounce" && { type: receipt.bounced ?? "soft" }),
      timestamp: timeText(at),
      ...(url !== undefined && { url }),
      ...(action !== "bounce" && { ip: "203.0.113.7" }),
    }));
    const list = { list_id: account.audience, list_is_active: true };
    return [{ campaign_id: campaign.id, ...list, ...personOf(receipt), activity: told }];
  });
  const { page, total_items } = pageOf(emails, query);
  return ok(call, { emails: page, campaign_id: campaign.id, total_items });
}

export function sentTo(call: Call): Answer {
  const campaign = campaignOf(call);
  const { page, total_items } = pageOf(campaign.receipts, call.query);
  const sent_to = page.map((receipt) => ({
    ...personOf(receipt),
    merge_fields: {},
    vip: false,
    status: receipt.bounced ?? "sent",
    open_count: opens(receipt).length,
    ...(opens(receipt).length > 0 && { last_open: timeText(opens(receipt).at(-1)?.at ?? 0) }),
    campaign_id: campaign.id,
    list_id: call.account.audience,
    list_is_active: true,
  }));
  return ok(call, { sent_to, campaign_id: campaign.id, total_items });
}

export function openDetails(call: Call): Answer {
  const campaign = campaignOf(call);
  const since = instantOf(call.query, "since") ?? Number.NEGATIVE_INFINITY;
  const openers = campaign.receipts.filter((receipt) =>
    opens(receipt).some(({ at }) => at > since),
  );
  const { page, total_items } = pageOf(openers, call.query);
  const members = page.map((receipt) => ({
    campaign_id: campaign.id,
    list_id: call.account.audience,
    list_is_active: true,
    contact_status: call.account.members.find(hashOf(receipt.email))?.status ?? "",
    ...personOf(receipt),
    merge_fields: {},
    vip: false,
    opens_count: opens(receipt).length,
    opens: opens(receipt).map(({ at }) => ({ timestamp: timeText(at) })),
  }));
  const total_opens = openers.reduce((sum, receipt) => sum + opens(receipt).length, 0);
  return ok(call, { members, campaign_id: campaign.id, total_opens, total_items });
}

export function unsubscribed(call: Call): Answer {
  const campaign = campaignOf(call);
  const leavers = campaign.receipts.filter(({ unsubscribedAt }) => unsubscribedAt !== undefined);
  const { page, total_items } = pageOf(leavers, call.query);
  const unsubscribes = page.map((receipt) => ({
    ...personOf(receipt),
    merge_fields: {},
    vip: false,
    timestamp: timeText(receipt.unsubscribedAt ?? 0),
    reason: "None given",
    campaign_id: campaign.id,
    list_id: call.account.audience,
    list_is_active: true,
  }));
  return ok(call, { unsubscribes, campaign_id: campaign.id, total_items });
}

const personOf = ({ email }: MailchimpReceipt) => ({
  email_id: hashOf(email),
  email_address: email,
});

const opens = ({ activity = [] }: MailchimpReceipt) =>
  activity.filter(({ action }) => action === "open");

function campaignOf({ account, params }: Call): Campaign {
  const campaign = account.campaigns.get(params.campaign_id);
  if (campaign) return campaign;
  throw notFound();
}
