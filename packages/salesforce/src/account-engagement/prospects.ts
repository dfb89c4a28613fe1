import type { Consent, Contact, Identity, RecordBatch, Source } from "@inchworm/spec";
import type { Row } from "../row.js";
import type { Connection } from "./connection.js";
import { customFields } from "./custom-fields.js";
import { config, type Settings } from "./options.js";
import { source } from "./source.js";

export const needsProspects = "the ability Prospects > Prospects > View";

/** Fields without which a prospect is not read: an opt-out that is not seen would be none. */
const fields = [
  "id",
  "email",
  "firstName",
  "lastName",
  "phone",
  "city",
  "state",
  "zip",
  "country",
  "optedOut",
  "isDoNotEmail",
  "isDeleted",
  "salesforceContactId",
  "salesforceLeadId",
  "createdAt",
  "updatedAt",
];

/**
 * Prospects as contacts, with what they refuse; those in the recycle bin as archived. Whom a merged prospect became is not told:
 * it is archived, and shares its address with the survivor.
 */
export function prospects(settings: Settings, call: Connection): Source {
  const { customerIdField, profilingOptOutField } = settings;
  const own = [customerIdField, profilingOptOutField].filter((name) => name !== undefined);
  return source(settings, call, {
    name: "prospects",
    path: "objects/prospects",
    exported: "Prospect",
    fields: [...fields, ...own],
    bin: true,
    asked: own.join(" "),
    needs: needsProspects,
    async ready(options) {
      if (own.length === 0) return;
      const standing = await customFields(call, options);
      for (const name of own) {
        const type = standing.get(name.toLowerCase())?.type;
        if (type === undefined) {
          throw config(
            `prospects have no custom field "${name}".`,
            "Take the API name from Account Engagement Settings > Object and Field Configuration > Prospect Fields, and add __c.",
          );
        }
        if (type !== "Checkbox" && type !== "Multi-Select") continue;
        throw config(
          `the custom field "${name}" is a ${type} field, which queries leave out.`,
          "Name a field of one value: Text, Dropdown, Radio Button or Hidden.",
        );
      }
    },
    records: (rows, now) => records(rows, settings, now),
  });
}

function records(rows: readonly Row[], settings: Settings, now: number): RecordBatch {
  const contact: Contact[] = [];
  const consent: Consent[] = [];
  for (const row of rows) {
    const id = row.text("id");
    if (id === undefined) continue;
    contact.push(contactOf(id, row, settings));
    // no date stands beside the choices: the last change is the earliest that can be vouched for
    const at = row.instant("updatedAt") ?? now;
    const refusesEmail = yes(row.text("optedOut")) || yes(row.text("isDoNotEmail"));
    // no opt-out is no permission: a withdrawn one takes this source's own denial back and grants nothing
    consent.push({
      contact: id,
      purpose: "email",
      status: refusesEmail ? "denied" : "unknown",
      at,
    });
    if (settings.profilingOptOutField === undefined) continue;
    const own = row.text(settings.profilingOptOutField);
    const status = own !== undefined && !no(own) ? "denied" : "unknown";
    consent.push({ contact: id, purpose: "profiling", status, at });
  }
  return { contact, consent };
}

function contactOf(id: string, row: Row, settings: Settings): Contact {
  const { customerIdField, salesforceSystem } = settings;
  const customer = customerIdField === undefined ? undefined : row.text(customerIdField);
  const identities: Identity[] = [
    ...(customer === undefined ? [] : [{ system: "customer", id: customer }]),
    ...["salesforceContactId", "salesforceLeadId"].flatMap((name) => {
      const other = row.text(name);
      return other?.length === 18 ? [{ system: salesforceSystem, id: other }] : [];
    }),
  ];
  const contact: { -readonly [K in keyof Contact]?: Contact[K] | undefined } = {
    email: row.text("email")?.toLowerCase(),
    firstName: row.text("firstName"),
    lastName: row.text("lastName"),
    phone: row.text("phone"),
    country: row.text("country"),
    region: row.text("state"),
    city: row.text("city"),
    postalCode: row.text("zip"),
    createdAt: row.instant("createdAt"),
    modifiedAt: row.instant("updatedAt"),
    identities: identities.length > 0 ? identities : undefined,
    archived: yes(row.text("isDeleted")) ? true : undefined,
  };
  for (const key of Object.keys(contact) as (keyof Contact)[]) {
    if (contact[key] === undefined) delete contact[key];
  }
  return { ...(contact as Contact), id };
}

/** In exports, too, where a flag is a text. */
function yes(text: string | undefined): boolean {
  return text !== undefined && /^(true|1|yes)$/i.test(text);
}

/** Anything but a clear "no" counts as an opt-out: leaving somebody unscored does no harm. */
function no(text: string): boolean {
  return /^(false|no|n|off|0)$/i.test(text);
}
