import type { CallContext, Campaign, Source } from "@inchworm/spec";
import type { Row } from "../row.js";
import { type Connection, objectIn } from "./connection.js";
import type { Settings } from "./options.js";
import { source } from "./source.js";

const needs = "the ability Marketing > Emails > View";

/** Counts of one list e-mail, as Account Engagement keeps them. */
export interface ListEmailStats {
  readonly sent: number;
  readonly delivered: number;
  readonly opens: number;
  readonly uniqueOpens: number;
  readonly totalClicks: number;
  readonly uniqueClicks: number;
  readonly softBounced: number;
  readonly hardBounced: number;
  readonly optOuts: number;
  readonly spamComplaints: number;
}

/** List e-mails as campaigns. Operational ones go out whatever people chose, and are transactional. */
export function listEmails(settings: Settings, call: Connection): Source {
  return source(settings, call, {
    name: "campaigns",
    path: "objects/list-emails",
    fields: ["id", "name", "subject", "isOperational", "sentAt", "createdAt", "updatedAt"],
    needs,
    records: (rows) => ({ campaign: rows.flatMap(campaign) }),
  });
}

function campaign(row: Row): Campaign[] {
  const id = row.text("id");
  const name = row.text("name");
  const subject = row.text("subject");
  const sentAt = row.instant("sentAt");
  if (id === undefined) return [];
  return [
    {
      id,
      channel: "email",
      kind: row.flag("isOperational") === true ? "transactional" : "marketing",
      ...(name === undefined ? {} : { name }),
      ...(subject === undefined ? {} : { subject }),
      ...(sentAt === undefined ? {} : { sentAt }),
    },
  ];
}

/** https://developer.salesforce.com/docs/marketing/pardot/guide/list-email-v5.html */
export async function listEmailStats(
  call: Connection,
  id: string,
  context: CallContext,
): Promise<ListEmailStats> {
  const path = "objects/list-emails/{id}/stats";
  const answer = await call(context, { method: "GET", path, params: { id }, needs });
  const body = objectIn(answer, `GET ${path}`);
  const count = (name: keyof ListEmailStats) => {
    const value = Number(body[name] ?? 0);
    return Number.isFinite(value) ? value : 0;
  };
  return {
    sent: count("sent"),
    delivered: count("delivered"),
    opens: count("opens"),
    uniqueOpens: count("uniqueOpens"),
    totalClicks: count("totalClicks"),
    uniqueClicks: count("uniqueClicks"),
    softBounced: count("softBounced"),
    hardBounced: count("hardBounced"),
    optOuts: count("optOuts"),
    spamComplaints: count("spamComplaints"),
  };
}
