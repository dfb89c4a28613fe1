import type { Consent, Contact, Identity, Instant } from "@inchworm/spec";
import type { Settings } from "./options.js";
import { instant, words } from "./values.js";

/** What is asked of every contact; HubSpot leaves out names that an account does not have. */
const standard = [
  "email",
  "firstname",
  "lastname",
  "phone",
  "country",
  "hs_country_region_code",
  "state",
  "city",
  "zip",
  "hs_timezone",
  "hs_language",
  "createdate",
  "lastmodifieddate",
  "hs_object_id",
  "hs_email_optout",
  "hs_merged_object_ids",
  "hs_additional_emails",
];

export function contactProperties(settings: Settings): readonly string[] {
  return [...new Set([...standard, ...Object.values(namedProperties(settings))])];
}

/** The properties that the user named, by the option that names them. */
export function namedProperties(settings: Settings): Readonly<Record<string, string>> {
  const { customerIdProperty, profilingOptOutProperty } = settings;
  return {
    ...(customerIdProperty === undefined ? {} : { customerIdProperty }),
    ...(profilingOptOutProperty === undefined ? {} : { profilingOptOutProperty }),
  };
}

export interface ContactRecord {
  readonly contact: Contact;
  readonly consents: readonly Consent[];
}

/** One contact of an answer in the field's own words, `undefined` for an entry without an id. */
export function contactRecord(
  entry: Readonly<Record<string, unknown>>,
  settings: Settings,
  now: Instant,
): ContactRecord | undefined {
  const properties = (entry.properties ?? {}) as Readonly<Record<string, unknown>>;
  const get = (name: string) => words(properties[name]);
  const id = words(entry.id) ?? get("hs_object_id");
  if (id === undefined) return undefined;
  const createdAt = instant(get("createdate")) ?? instant(entry.createdAt);
  const modifiedAt = instant(get("lastmodifieddate")) ?? instant(entry.updatedAt);
  const contact: { -readonly [K in keyof Contact]?: Contact[K] | undefined } = {
    email: get("email")?.toLowerCase(),
    firstName: get("firstname"),
    lastName: get("lastname"),
    phone: get("phone"),
    country: get("hs_country_region_code")?.toUpperCase() ?? get("country"),
    region: get("state"),
    city: get("city"),
    postalCode: get("zip"),
    timeZone: timeZone(get("hs_timezone")),
    language: language(get("hs_language")),
    createdAt,
    modifiedAt,
    identities: identities(id, get, settings),
    archived: entry.archived === true ? true : undefined,
  };
  for (const key of Object.keys(contact) as (keyof Contact)[]) {
    if (contact[key] === undefined) delete contact[key];
  }
  // HubSpot keeps no date beside its opt-outs: the record's last change is the earliest we can vouch for.
  const at = modifiedAt ?? createdAt ?? now;
  return { contact: { ...(contact as Contact), id }, consents: consents(id, at, get, settings) };
}

function identities(
  id: string,
  get: (name: string) => string | undefined,
  settings: Settings,
): readonly Identity[] | undefined {
  const list = (name: string) =>
    (get(name) ?? "")
      .split(/[;,]/)
      .map((part) => part.trim())
      .filter((part) => part !== "");
  const customer = settings.customerIdProperty && get(settings.customerIdProperty);
  const own = get("email")?.toLowerCase();
  const found: Identity[] = [
    ...(customer ? [{ system: "customer", id: customer }] : []),
    ...list("hs_merged_object_ids")
      .filter((merged) => merged !== id)
      .map((merged) => ({ system: settings.system, id: merged })),
    ...list("hs_additional_emails")
      .map((email) => email.toLowerCase())
      .filter((email) => email !== own)
      .map((email) => ({ system: "email", id: email })),
  ];
  return found.length > 0 ? found : undefined;
}

function consents(
  contact: string,
  at: Instant,
  get: (name: string) => string | undefined,
  settings: Settings,
): Consent[] {
  const found: Consent[] = [];
  const email = get("hs_email_optout");
  // No opt-out is no permission: a withdrawn one takes HubSpot's own denial back and grants nothing.
  if (email !== undefined) {
    found.push({ contact, purpose: "email", status: isNo(email) ? "unknown" : "denied", at });
  }
  if (settings.profilingOptOutProperty !== undefined) {
    const optOut = get(settings.profilingOptOutProperty);
    const status = optOut === undefined || isNo(optOut) ? "unknown" : "denied";
    found.push({ contact, purpose: "profiling", status, at });
  }
  return found;
}

/** Anything but a clear "no" counts as an opt-out: leaving somebody unscored does no harm. */
function isNo(text: string): boolean {
  return /^(false|no|n|off|0)$/i.test(text);
}

const zones = new Map<string, string | undefined>();

/** HubSpot's option values spell "America/New_York" as "america_slash_new_york". */
function timeZone(text: string | undefined): string | undefined {
  if (text === undefined) return undefined;
  if (!zones.has(text)) {
    const name = text
      .replaceAll("_slash_", "/")
      .replaceAll("_plus_", "+")
      .replaceAll(/_(hyphen|minus)_/g, "-");
    let zone: string | undefined;
    try {
      zone = new Intl.DateTimeFormat("en", { timeZone: name }).resolvedOptions().timeZone;
    } catch {
      zone = undefined;
    }
    zones.set(text, zone);
  }
  return zones.get(text);
}

function language(text: string | undefined): string | undefined {
  try {
    return text === undefined ? undefined : Intl.getCanonicalLocales(text.replaceAll("_", "-"))[0];
  } catch {
    return undefined;
  }
}
