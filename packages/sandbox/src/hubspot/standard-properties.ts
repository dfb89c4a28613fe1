import type { HubspotPropertyInput } from "./types.js";

export interface StandardProperty extends HubspotPropertyInput {
  readonly readOnly?: boolean;
  readonly calculated?: boolean;
}

type Type = HubspotPropertyInput["type"];

const text = (name: string, label: string, groupName = "contactinformation"): StandardProperty => ({
  name,
  label,
  groupName,
  type: "string",
  fieldType: "text",
});

/** A property that the portal fills itself. */
const kept = (
  name: string,
  label: string,
  type: Type,
  groupName = "emailinformation",
): StandardProperty => ({
  name,
  label,
  groupName,
  type,
  fieldType: type === "number" ? "number" : type === "bool" ? "booleancheckbox" : fieldTypeOf(type),
  readOnly: true,
});

function fieldTypeOf(type: Type): string {
  return type === "date" || type === "datetime" ? "date" : "text";
}

const choice = (
  name: string,
  label: string,
  options: readonly (readonly [value: string, label: string])[],
): StandardProperty => ({
  name,
  label,
  groupName: "contactinformation",
  type: "enumeration",
  fieldType: "select",
  options: options.map(([value, label]) => ({ label, value })),
});

/** A contact moves only forward along these. */
export const lifecycleStages = [
  ["subscriber", "Subscriber"],
  ["lead", "Lead"],
  ["marketingqualifiedlead", "Marketing Qualified Lead"],
  ["salesqualifiedlead", "Sales Qualified Lead"],
  ["opportunity", "Opportunity"],
  ["customer", "Customer"],
  ["evangelist", "Evangelist"],
  ["other", "Other"],
] as const;

// the portal spells zones as america_slash_new_york
const timeZones = Intl.supportedValuesOf("timeZone").map(
  (zone) => [zone.toLowerCase().replaceAll("/", "_slash_"), zone] as const,
);

export const standardGroups = [
  { name: "contactinformation", label: "Contact information" },
  { name: "emailinformation", label: "Email information" },
  { name: "analyticsinformation", label: "Web analytics history" },
  { name: "deal_information", label: "Deal information" },
] as const;

/** The contact properties of a new portal that a marketing integration is likely to meet. */
export const standardProperties: readonly StandardProperty[] = [
  kept("hs_object_id", "Record ID", "number", "contactinformation"),
  kept("createdate", "Create Date", "datetime", "contactinformation"),
  kept("lastmodifieddate", "Last Modified Date", "datetime", "contactinformation"),
  text("email", "Email"),
  kept("hs_additional_emails", "Additional email addresses", "string", "contactinformation"),
  kept("hs_merged_object_ids", "Merged record IDs", "string", "contactinformation"),
  text("firstname", "First Name"),
  text("lastname", "Last Name"),
  text("phone", "Phone Number"),
  text("mobilephone", "Mobile Phone Number"),
  text("company", "Company Name"),
  text("jobtitle", "Job Title"),
  text("website", "Website URL"),
  text("address", "Street Address"),
  text("city", "City"),
  text("state", "State/Region"),
  text("zip", "Postal Code"),
  text("country", "Country/Region"),
  text("hs_language", "Preferred language"),
  choice("hs_timezone", "Time Zone", timeZones),
  choice("lifecyclestage", "Lifecycle Stage", lifecycleStages),
  choice("hs_lead_status", "Lead Status", [
    ["NEW", "New"],
    ["OPEN", "Open"],
    ["IN_PROGRESS", "In Progress"],
    ["UNQUALIFIED", "Unqualified"],
  ]),
  text("hubspot_owner_id", "Contact owner"),
  choice("hs_marketable_status", "Marketing contact status", [
    ["true", "Marketing contact"],
    ["false", "Non-marketing contact"],
  ]),
  {
    // writable, so that a client which should not touch it leaves a trace when it does
    name: "hs_email_optout",
    label: "Unsubscribed from all email",
    groupName: "emailinformation",
    type: "bool",
    fieldType: "booleancheckbox",
  },
  kept("hs_email_bounce", "Marketing emails bounced", "number"),
  kept("hs_email_hard_bounce_reason_enum", "Email hard bounce reason", "string"),
  kept("hs_email_delivered", "Marketing emails delivered", "number"),
  kept("hs_email_open", "Marketing emails opened", "number"),
  kept("hs_email_click", "Marketing emails clicked", "number"),
  kept("hs_email_last_send_date", "Last marketing email send date", "datetime"),
  kept("hs_email_last_open_date", "Last marketing email open date", "datetime"),
  kept("hs_email_last_click_date", "Last marketing email click date", "datetime"),
  kept("hs_analytics_num_visits", "Number of Sessions", "number", "analyticsinformation"),
  kept(
    "hs_analytics_last_visit_timestamp",
    "Time of Last Session",
    "datetime",
    "analyticsinformation",
  ),
  kept("notes_last_contacted", "Last Contacted", "datetime", "contactinformation"),
  {
    ...kept("num_associated_deals", "Number of Associated Deals", "number", "deal_information"),
    calculated: true,
  },
  { ...kept("total_revenue", "Total Revenue", "number", "deal_information"), calculated: true },
];
