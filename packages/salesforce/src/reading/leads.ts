import type { Contact, Identity, Source } from "@inchworm/spec";
import type { Settings } from "../options.js";
import type { Row } from "../row.js";
import type { Connection } from "../wire/connection.js";
import { archived, askedFor, batchOf, deletedStep, livingStep } from "./contacts.js";
import { findPeople } from "./find-people.js";
import { type PersonFields, personRecord } from "./people.js";
import { personFields } from "./person-fields.js";
import { source } from "./source.js";
import type { Step } from "./steps.js";

/**
 * Leads, with their consents. One that was converted comes as another name of the contact that it became: whatever was known of the
 * lead belongs to the contact from then on, and scores go there.
 */
export function leads(settings: Settings, call: Connection): Source {
  return source(settings, call, {
    name: "leads",
    async steps(options) {
      const { people: lead } = await personFields(settings, call, "Lead", options);
      const { people, persons } = await personFields(settings, call, "Contact", options);
      return {
        asked: askedFor([lead]),
        steps: [
          livingStep(settings, lead, "IsConverted = false"),
          convertedStep(settings, call, people, persons),
          deletedStep(settings, call, lead, undefined, "IsConverted = false"),
        ],
      };
    },
  });
}

function convertedStep(
  settings: Settings,
  call: Connection,
  people: PersonFields,
  persons: PersonFields | undefined,
): Step {
  return {
    object: "Lead",
    fields: ["ConvertedContactId"],
    where: "IsConverted = true",
    async records(rows, context) {
      const leadsOf = new Map<string, Row[]>();
      for (const row of rows) {
        const contact = row.text("ConvertedContactId");
        if (contact !== undefined) leadsOf.set(contact, [...(leadsOf.get(contact) ?? []), row]);
      }
      const names = (contact: string): Identity[] =>
        (leadsOf.get(contact) ?? []).flatMap((row) => {
          const id = row.text("Id");
          return id === undefined ? [] : { system: settings.system, id };
        });
      const wanted = [...leadsOf.keys()];
      if (wanted.length === 0) return { contact: rows.flatMap(archived) };
      const left = new Set(wanted);
      const found = [];
      // the contact of a person account is no record of its own
      const own = persons === undefined ? undefined : "IsPersonAccount = false";
      for (const row of await findPeople(call, people, "Id", wanted, context, own)) {
        const id = row.text("Id") ?? "";
        left.delete(id);
        found.push(personRecord(row, people, settings, context.now, names(id)));
      }
      if (persons !== undefined && left.size > 0) {
        for (const row of await findPeople(call, persons, "PersonContactId", [...left], context)) {
          const contact = row.text("PersonContactId") ?? "";
          left.delete(contact);
          found.push(personRecord(row, persons, settings, context.now, names(contact)));
        }
      }
      // the contact was deleted or merged away, or the user may not see it: lead and contact are one person all the same
      const contact = [...left].map(
        (id): Contact => ({ id, identities: names(id), archived: true }),
      );
      const batch = batchOf(found);
      return { ...batch, contact: [...contact, ...(batch.contact ?? [])] };
    },
  };
}
