import type { Engagement, Source } from "@inchworm/spec";
import { requireFields } from "../describe.js";
import type { Settings } from "../options.js";
import type { Row } from "../row.js";
import type { Connection } from "../wire/connection.js";
import { source } from "./source.js";

const mail = "EmailMessage";
const people = "RelationObjectType IN ('Contact', 'Lead')";

/**
 * Single e-mails between the organisation and its people as engagements: sent, opened, bounced, and what people wrote as replies. An
 * e-mail has no machine's mark for opens: learn from replies rather than from these.
 */
export function emails(settings: Settings, call: Connection): Source {
  return source(settings, call, {
    name: "emails",
    async steps(options) {
      await requireFields(
        call,
        mail,
        ["Incoming", "MessageDate", "FirstOpenedDate", "IsBounced"],
        options,
      );
      await requireFields(
        call,
        "EmailMessageRelation",
        ["RelationId", "RelationType", "RelationObjectType"],
        options,
      );
      return {
        steps: [
          {
            object: "EmailMessageRelation",
            fields: [
              "RelationId",
              "RelationType",
              ...["Incoming", "MessageDate", "FirstOpenedDate", "IsBounced", "SystemModstamp"].map(
                (name) => `${mail}.${name}`,
              ),
            ],
            where: people,
            changed: (since) => `SystemModstamp >= ${since} OR ${mail}.SystemModstamp >= ${since}`,
            records: (rows) => ({ engagement: rows.flatMap(engagements) }),
          },
        ],
      };
    },
  });
}

function engagements(row: Row): Engagement[] {
  const id = row.text("Id");
  const contact = row.text("RelationId");
  const at = row.instant(`${mail}.MessageDate`);
  if (id === undefined || contact === undefined || at === undefined) return [];
  const one = (type: Engagement["type"], when: number): Engagement => ({
    id: `${id}:${type}`,
    contact,
    type,
    at: when,
  });
  const role = row.text("RelationType");
  if (row.flag(`${mail}.Incoming`) === true)
    return role === "FromAddress" ? [one("reply", at)] : [];
  if (role !== "ToAddress") return [];
  const opened = row.instant(`${mail}.FirstOpenedDate`);
  return [
    one("sent", at),
    ...(opened === undefined ? [] : [one("open", Math.max(opened, at))]),
    ...(row.flag(`${mail}.IsBounced`) === true ? [one("bounce", at)] : []),
  ];
}
