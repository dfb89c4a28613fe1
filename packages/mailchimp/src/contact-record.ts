import type { Consent, Contact, Identity, Instant } from "@inchworm/spec";
import type { Settings } from "./options.js";
import { instant, known, language, timeZone, words } from "./values.js";

/** What is asked of every member; Mailchimp leaves out what an audience does not have. */
export function memberFields(settings: Settings): readonly string[] {
  const tags = ["FNAME", "LNAME", "PHONE", "ADDRESS", ...Object.values(namedFields(settings))];
  return [
    "id",
    "contact_id",
    "email_address",
    "status",
    "language",
    "timestamp_signup",
    "last_changed",
    "location",
    ...new Set(tags.map((tag) => `merge_fields.${tag}`)),
  ];
}

/** The merge tags that the user named, by the option that names them. */
export function namedFields(settings: Settings): Readonly<Record<string, string>> {
  const { customerIdField, profilingOptOutField } = settings;
  return {
    ...(customerIdField === undefined ? {} : { customerIdField }),
    ...(profilingOptOutField === undefined ? {} : { profilingOptOutField }),
  };
}

export interface ContactRecord {
  readonly contact: Contact;
  readonly consents: readonly Consent[];
}

/**
 * One member in the field's own words, `undefined` for an entry without an id. Its record id is the contact id, which outlives a
 * change of address; reports and orders know it by the address's hash, which is told as a further name.
 */
export function contactRecord(
  entry: Readonly<Record<string, unknown>>,
  settings: Settings,
  now: Instant,
): ContactRecord | undefined {
  const hash = words(entry.id);
  const id = words(entry.contact_id) ?? hash;
  if (id === undefined) return undefined;
  const merge = (entry.merge_fields ?? {}) as Readonly<Record<string, unknown>>;
  const location = (entry.location ?? {}) as Readonly<Record<string, unknown>>;
  const address = (
    typeof merge.ADDRESS === "object" && merge.ADDRESS !== null ? merge.ADDRESS : {}
  ) as Readonly<Record<string, unknown>>;
  const createdAt = instant(entry.timestamp_signup);
  const modifiedAt = instant(entry.last_changed);
  const { customerIdField } = settings;
  const customer = customerIdField && words(merge[customerIdField]);
  const identities: Identity[] = [
    ...(hash !== undefined && hash !== id ? [{ system: settings.system, id: hash }] : []),
    ...(customer ? [{ system: "customer", id: customer }] : []),
  ];
  const contact = known<Contact>({
    id,
    email: words(entry.email_address)?.toLowerCase(),
    firstName: words(merge.FNAME),
    lastName: words(merge.LNAME),
    phone: words(merge.PHONE),
    country: (words(address.country) ?? words(location.country_code))?.toUpperCase(),
    region: words(address.state) ?? words(location.region),
    city: words(address.city),
    postalCode: words(address.zip),
    timeZone: timeZone(location.timezone),
    language: language(entry.language),
    createdAt,
    modifiedAt,
    identities: identities.length > 0 ? identities : undefined,
    archived: entry.status === "archived" ? true : undefined,
  });
  const at = modifiedAt ?? createdAt ?? now;
  return { contact, consents: consents(id, at, entry.status, merge, settings) };
}

function consents(
  contact: string,
  at: Instant,
  status: unknown,
  merge: Readonly<Record<string, unknown>>,
  settings: Settings,
): Consent[] {
  const found: Consent[] = [];
  // Being subscribed here takes back what was denied here and grants nothing: our own writing moves the date, and would otherwise
  // overrule what somebody has denied elsewhere. Archived members say nothing.
  if (status !== "archived") {
    const left = status === "unsubscribed" || status === "cleaned";
    found.push({ contact, purpose: "email", status: left ? "denied" : "unknown", at });
  }
  if (settings.profilingOptOutField !== undefined) {
    const optOut = words(merge[settings.profilingOptOutField]);
    // anything but a clear "no" counts as an opt-out: leaving somebody unscored does no harm
    const no = optOut === undefined || /^(false|no|n|off|0)$/i.test(optOut);
    found.push({ contact, purpose: "profiling", status: no ? "unknown" : "denied", at });
  }
  return found;
}
