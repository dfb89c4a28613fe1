import type { Engagement, EngagementType, Source } from "@inchworm/spec";
import type { Row } from "../row.js";
import type { Connection } from "./connection.js";
import type { Settings } from "./options.js";
import { source } from "./source.js";

/**
 * What activities are, by number. Others, such as searches, errors and opportunities, are not read.
 * https://developer.salesforce.com/docs/marketing/pardot/guide/visitor-activity-v5.html
 */
const types: Readonly<Record<number, EngagementType>> = {
  1: "click",
  2: "view",
  4: "form",
  6: "sent",
  11: "open",
  12: "unsubscribe",
  13: "bounce",
  14: "complaint",
  17: "click",
  20: "visit",
  21: "click",
  26: "click",
  27: "view",
  34: "view",
  35: "unsubscribe",
  36: "bounce",
};

/** What an activity was done with: a list e-mail has its id alone, the others say what they are. */
const things: readonly (readonly [field: string, prefix: string])[] = [
  ["listEmailId", ""],
  ["emailTemplateId", "email-template:"],
  ["formId", "form:"],
  ["formHandlerId", "form-handler:"],
  ["landingPageId", "landing-page:"],
];

/**
 * What prospects did, and what was sent to them, as engagements. Visitors nobody knows are left out: they come once they are prospects.
 * Account Engagement drops what it takes for machines, and marks nothing.
 */
export function activities(settings: Settings, call: Connection): Source {
  return source(settings, call, {
    name: "activities",
    path: "objects/visitor-activities",
    exported: "VisitorActivity",
    fields: [
      "id",
      "prospectId",
      "type",
      ...things.map(([field]) => field),
      "createdAt",
      "updatedAt",
    ],
    filters: { prospectIdGreaterThan: "0" },
    needs: "the ability Prospects > Visitors > View",
    records: (rows) => ({ engagement: rows.flatMap(engagement) }),
  });
}

function engagement(row: Row): Engagement[] {
  const id = row.text("id");
  const contact = row.text("prospectId");
  const at = row.instant("createdAt");
  const type = types[row.number("type") ?? 0];
  if (id === undefined || contact === undefined || contact === "0" || at === undefined) return [];
  if (type === undefined) return [];
  for (const [field, prefix] of things) {
    const thing = row.text(field);
    if (thing === undefined || thing === "0") continue;
    return [{ id, contact, type, at, campaign: prefix + thing }];
  }
  return [{ id, contact, type, at }];
}
