import type { Contact, Identity, RecordBatch, Source } from "@inchworm/spec";
import type { Settings } from "../options.js";
import type { Row } from "../row.js";
import type { Connection } from "../wire/connection.js";
import { findPeople } from "./find-people.js";
import { type PersonFields, type PersonRecord, personRecord, personSelect } from "./people.js";
import { personFields } from "./person-fields.js";
import { source } from "./source.js";
import type { Step } from "./steps.js";

/**
 * Contacts and person accounts, with their consents: who was deleted as archived, who was merged as identities of the survivor. A
 * person account's record is the account; the contact that comes with it is another name of it. Records that were deleted for good,
 * past the recycle bin, leave no trace: read without a cursor now and then.
 */
export function contacts(settings: Settings, call: Connection): Source {
  return source(settings, call, {
    name: "contacts",
    async steps(options) {
      const { people, persons } = await personFields(settings, call, "Contact", options);
      const kinds = persons === undefined ? [people] : [people, persons];
      return {
        asked: askedFor(kinds),
        steps: [
          ...kinds.map((fields) =>
            livingStep(settings, fields, whereOf(fields, persons !== undefined)),
          ),
          ...kinds.map((fields) =>
            deletedStep(settings, call, fields, whereOf(fields, persons !== undefined)),
          ),
        ],
      };
    },
  });
}

function whereOf({ object }: PersonFields, personAccounts: boolean): string | undefined {
  if (!personAccounts) return undefined;
  return `IsPersonAccount = ${object === "Account"}`;
}

/** What was never seen before is read for everybody: a newly named field, privacy choices that were switched on. */
export function askedFor(kinds: readonly PersonFields[]): string {
  return kinds
    .map(({ object, individual, customerId, profilingOptOut }) =>
      [object, individual, customerId, profilingOptOut]
        .filter((one) => one !== undefined)
        .join(" "),
    )
    .join(", ");
}

export function livingStep(
  settings: Settings,
  fields: PersonFields,
  where: string | undefined,
): Step {
  const { individual } = fields;
  return {
    object: fields.object,
    fields: personSelect(fields),
    ...(where === undefined ? {} : { where }),
    // a choice changes on the Individual, and leaves the contact's own time alone
    changed: (since) =>
      individual === undefined
        ? `SystemModstamp >= ${since}`
        : `SystemModstamp >= ${since} OR ${individual}.SystemModstamp >= ${since}`,
    records: (rows, { now }) =>
      batchOf(rows.map((row) => personRecord(row, fields, settings, now))),
  };
}

/** The recycle bin, fifteen days deep. `living` is what survivors of merges must be to be written on. */
export function deletedStep(
  settings: Settings,
  call: Connection,
  fields: PersonFields,
  where: string | undefined,
  living?: string,
): Step {
  return {
    object: fields.object,
    fields: ["MasterRecordId"],
    deleted: true,
    ...(where === undefined ? {} : { where }),
    async records(rows, context) {
      const merged = new Map<string, Row[]>();
      const contact: Contact[] = [];
      for (const row of rows) {
        const master = row.text("MasterRecordId");
        if (master === undefined) contact.push(...archived(row));
        else merged.set(master, [...(merged.get(master) ?? []), row]);
      }
      if (merged.size === 0) return { contact };
      const survivors = await findPeople(call, fields, "Id", [...merged.keys()], context, living);
      const names = (master: string): Identity[] =>
        (merged.get(master) ?? []).flatMap((row) => {
          const id = row.text("Id");
          return id === undefined ? [] : { system: settings.system, id };
        });
      const found = survivors.map((row) => {
        const id = row.text("Id") ?? "";
        const identities = names(id);
        merged.delete(id);
        return personRecord(row, fields, settings, context.now, identities);
      });
      // a survivor that is gone itself: the people are still one
      for (const [master] of merged)
        contact.push({ id: master, identities: names(master), archived: true });
      const batch = batchOf(found);
      return { ...batch, contact: [...contact, ...(batch.contact ?? [])] };
    },
  };
}

export function archived(row: Row): Contact[] {
  const id = row.text("Id");
  const modifiedAt = row.instant("SystemModstamp");
  return id === undefined
    ? []
    : [{ id, archived: true, ...(modifiedAt === undefined ? {} : { modifiedAt }) }];
}

export function batchOf(found: readonly (PersonRecord | undefined)[]): RecordBatch {
  const people = found.filter((one) => one !== undefined);
  return {
    contact: people.map(({ contact }) => contact),
    consent: people.flatMap(({ consents }) => consents),
  };
}
