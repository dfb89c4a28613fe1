import type { Contact } from "@inchworm/spec";

/** What the stand-in is told of a contact beside its canonical fields. */
export interface HubspotContactInput extends Omit<Contact, "id"> {
  /** The shop's own number, kept in the property `customer_id`. */
  readonly customer?: string;
  /** Kept in the property `profiling_opt_out`. */
  readonly profilingDenied?: boolean;
  /** Kept in `hs_email_optout`. */
  readonly emailOptOut?: boolean;
}

/** A contact in HubSpot's own words, for `HubspotSandbox.addContacts`. */
export function hubspotProperties(contact: HubspotContactInput): Record<string, string> {
  const properties = {
    email: contact.email,
    firstname: contact.firstName,
    lastname: contact.lastName,
    phone: contact.phone,
    country: contact.country,
    state: contact.region,
    city: contact.city,
    zip: contact.postalCode,
    hs_timezone: contact.timeZone?.toLowerCase().replaceAll("/", "_slash_"),
    hs_language: contact.language,
    createdate: contact.createdAt === undefined ? undefined : String(contact.createdAt),
    customer_id: contact.customer,
    profiling_opt_out: contact.profilingDenied ? "true" : undefined,
    hs_email_optout: contact.emailOptOut ? "true" : undefined,
  };
  return Object.fromEntries(
    Object.entries(properties).filter((entry): entry is [string, string] => entry[1] !== undefined),
  );
}

/** The two custom properties that made-up and filled-in contacts have, for `HubspotSandboxOptions.properties`. */
export const shopProperties = [
  { name: "customer_id", label: "Customer number", type: "string", fieldType: "text" },
  {
    name: "profiling_opt_out",
    label: "Refuses profiling",
    type: "bool",
    fieldType: "booleancheckbox",
  },
] as const;
