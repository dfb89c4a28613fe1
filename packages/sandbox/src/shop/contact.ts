import type { Consent, Contact } from "@inchworm/spec";
import { type Person, streams } from "./person.js";
import { places } from "./places.js";
import type { Random } from "./random.js";

/** A contact as the shop's systems know it at the end of the history. */
export interface ShopContact extends Contact {
  /** The shop's own number, "C000123"; the same as `id`. */
  readonly customer: string;
  readonly email: string;
  /** Unsubscribed, complained, or never wanted mail. */
  readonly emailOptOut: boolean;
  readonly profilingDenied: boolean;
}

/** "C000001" for the first contact. */
export function customerNumber(index: number): string {
  return `C${String(index + 1).padStart(6, "0")}`;
}

export function shopContact(
  person: Person,
  leftAt: number,
  until: number,
  draws: Random,
): ShopContact {
  draws.at(person.index, streams.name);
  const place = places[person.place];
  const of = (words: readonly string[]): string => words[draws.below(words.length)];
  const [firstName, firstSpelling] = spelled(of(place.names.first));
  const [lastName, lastSpelling] = spelled(of(place.names.last));
  const customer = customerNumber(person.index);
  const city = of(place.cities);
  const phone =
    place.phone !== undefined && draws.uniform() < 0.6
      ? place.phone.replace(/#/g, () => String(draws.below(10)))
      : undefined;
  // as a browser once told; not all came by one
  const zoneTold = draws.uniform() < 0.75;
  return {
    id: customer,
    customer,
    email: `${firstSpelling}.${lastSpelling}.${person.index + 1}@example.com`,
    firstName,
    lastName,
    ...(phone === undefined ? {} : { phone }),
    country: place.country,
    city,
    ...(zoneTold && { timeZone: place.timeZone }),
    language: place.language,
    createdAt: person.createdAt * 1000,
    emailOptOut: person.emailConsent === "denied" || leftAt < until,
    profilingDenied:
      person.profilingDeniedAt !== undefined && person.profilingGrantedAgainAt === undefined,
  };
}

/** What a contact allowed and denied before `until`, oldest first per purpose. */
export function consentsOf(person: Person, leftAt: number, until: number): Consent[] {
  const contact = customerNumber(person.index);
  const consents: Consent[] = [];
  const add = (purpose: Consent["purpose"], status: Consent["status"], at: number | undefined) => {
    if (at !== undefined && at < until) consents.push({ contact, purpose, status, at: at * 1000 });
  };
  if (person.emailConsent !== undefined) add("email", person.emailConsent, person.createdAt);
  add("email", "denied", leftAt);
  add("profiling", "denied", person.profilingDeniedAt);
  add("profiling", "granted", person.profilingGrantedAgainAt);
  return consents;
}

const letters: Readonly<Record<string, string>> = { ß: "ss", ł: "l", ø: "o" };
const spellings = new Map<string, readonly [string, string]>();

/** A name and its spelling in an address: lower-case ASCII letters. */
function spelled(word: string): readonly [name: string, spelling: string] {
  let known = spellings.get(word);
  if (known === undefined) {
    const [name, spelling = name] = word.split("|");
    const ascii = spelling
      .toLowerCase()
      .normalize("NFD")
      .replace(/[ßłø]/g, (letter) => letters[letter])
      .replace(/[^a-z]/g, "");
    known = [name, ascii];
    spellings.set(word, known);
  }
  return known;
}
