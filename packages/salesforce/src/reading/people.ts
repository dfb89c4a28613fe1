import type { Consent, Contact, Identity } from "@inchworm/spec";
import type { Settings } from "../options.js";
import type { Row } from "../row.js";

/** Which fields of an object say what about a person. */
export interface PersonFields {
  readonly object: "Contact" | "Lead" | "Account";
  readonly email: string;
  readonly address: string;
  readonly optedOut: string;
  /** The way to the Individual record; absent where the organisation keeps none. */
  readonly individual?: string;
  readonly customerId?: string;
  readonly profilingOptOut?: string;
  /** The address's country as a code, where the organisation keeps codes. */
  readonly countryCode?: string;
  /** Further ids of the same person in Salesforce. */
  readonly alias?: string;
}

/** Privacy choices that forbid a score. https://developer.salesforce.com/docs/platform/object-reference/references/standard-objects/object-individual.html */
const unscored = ["HasOptedOutProfiling", "HasOptedOutProcessing", "ShouldForget"];
const unwritten = "HasOptedOutSolicit";

export function personSelect(fields: PersonFields): readonly string[] {
  const { email, address, optedOut, individual, customerId, profilingOptOut, countryCode, alias } =
    fields;
  const choices = individual === undefined ? [] : [...unscored, unwritten, "SystemModstamp"];
  return [
    email,
    "FirstName",
    "LastName",
    "Phone",
    ...["City", "State", "PostalCode", "Country"].map((part) => address + part),
    ...(countryCode === undefined ? [] : [countryCode]),
    "CreatedDate",
    optedOut,
    ...choices.map((choice) => `${individual}.${choice}`),
    ...[customerId, profilingOptOut, alias].filter((name) => name !== undefined),
  ];
}

export interface PersonRecord {
  readonly contact: Contact;
  readonly consents: readonly Consent[];
}

/** A person in the field's own words, `undefined` for a row without an id. `more` are further names of the same person. */
export function personRecord(
  row: Row,
  fields: PersonFields,
  settings: Settings,
  now: number,
  more: readonly Identity[] = [],
): PersonRecord | undefined {
  const id = row.text("Id");
  if (id === undefined) return undefined;
  const { email, address, individual, customerId, countryCode, alias } = fields;
  const stamps = [
    row.instant("SystemModstamp"),
    individual && row.instant(`${individual}.SystemModstamp`),
  ];
  const changed = stamps.filter((one) => typeof one === "number");
  const modifiedAt = changed.length > 0 ? Math.max(...changed) : undefined;
  const customer = customerId === undefined ? undefined : row.text(customerId);
  const other = alias === undefined ? undefined : row.text(alias);
  const identities = [
    ...(customer === undefined ? [] : [{ system: "customer", id: customer }]),
    ...(other === undefined ? [] : [{ system: settings.system, id: other }]),
    ...more,
  ];
  const contact: { -readonly [K in keyof Contact]?: Contact[K] | undefined } = {
    email: row.text(email)?.toLowerCase(),
    firstName: row.text("FirstName"),
    lastName: row.text("LastName"),
    phone: row.text("Phone"),
    country: (countryCode && row.text(countryCode)?.toUpperCase()) ?? row.text(`${address}Country`),
    region: row.text(`${address}State`),
    city: row.text(`${address}City`),
    postalCode: row.text(`${address}PostalCode`),
    createdAt: row.instant("CreatedDate"),
    modifiedAt: row.instant("SystemModstamp"),
    identities: identities.length > 0 ? identities : undefined,
  };
  for (const key of Object.keys(contact) as (keyof Contact)[]) {
    if (contact[key] === undefined) delete contact[key];
  }
  // no date stands beside the choices: the last change is the earliest that can be vouched for
  const at = modifiedAt ?? now;
  return { contact: { ...(contact as Contact), id }, consents: consents(id, at, row, fields) };
}

function consents(contact: string, at: number, row: Row, fields: PersonFields): Consent[] {
  const { optedOut, individual, profilingOptOut } = fields;
  const choice = (name: string) =>
    individual !== undefined && row.flag(`${individual}.${name}`) === true;
  // no opt-out is no permission: a withdrawn one takes Salesforce's own denial back and grants nothing
  const found: Consent[] = [];
  const said = (purpose: Consent["purpose"], denied: boolean) => {
    found.push({ contact, purpose, status: denied ? "denied" : "unknown", at });
  };
  said("email", row.flag(optedOut) === true || choice(unwritten));
  if (individual !== undefined || profilingOptOut !== undefined) {
    const own = profilingOptOut === undefined ? undefined : row.text(profilingOptOut);
    said("profiling", unscored.some(choice) || (own !== undefined && !isNo(own)));
  }
  return found;
}

/** Anything but a clear "no" counts as an opt-out: leaving somebody unscored does no harm. */
function isNo(text: string): boolean {
  return /^(false|no|n|off|0)$/i.test(text);
}
