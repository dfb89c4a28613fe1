import type { Account } from "./account.js";
import { timeText } from "./call.js";
import { asksFor } from "./fields.js";
import type { Member } from "./member-table.js";

/** A member as the API writes it. Parts that cost much are left out where `fields` does not ask for them. */
export function memberBody(
  account: Account,
  member: Member,
  query: URLSearchParams,
  prefix = "",
): Record<string, unknown> {
  const merge: Record<string, unknown> = {};
  if (asksFor(query, `${prefix}merge_fields`)) {
    for (const { tag } of account.fields.list()) merge[tag] = member.merge.get(tag) ?? "";
  }
  const tags = asksFor(query, `${prefix}tags`)
    ? [...member.tags].map((name) => ({ id: account.tags.get(name), name }))
    : [];
  return {
    id: member.hash,
    email_address: member.email,
    unique_email_id: member.hash.slice(0, 10),
    contact_id: member.contactId,
    full_name: [member.merge.get("FNAME"), member.merge.get("LNAME")].filter(Boolean).join(" "),
    web_id: member.webId,
    email_type: member.emailType,
    status: member.status,
    consents_to_one_to_one_messaging: true,
    merge_fields: merge,
    interests: {},
    stats: { avg_open_rate: 0, avg_click_rate: 0 },
    ip_signup: "",
    timestamp_signup: timeText(member.signedUpAt),
    ip_opt: "",
    timestamp_opt: member.optedInAt === undefined ? "" : timeText(member.optedInAt),
    member_rating: 2,
    last_changed: timeText(member.changedAt),
    language: member.language,
    vip: member.vip,
    email_client: "",
    location: {
      latitude: 0,
      longitude: 0,
      gmtoff: 0,
      dstoff: 0,
      country_code: member.countryCode,
      timezone: member.timezone,
      region: "",
    },
    source: "API - Generic",
    tags_count: member.tags.size,
    tags,
    list_id: account.audience,
  };
}
