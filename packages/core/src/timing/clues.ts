import { countriesCalled } from "./calling-codes.js";
import { countryNamed, zonesOfCode } from "./countries.js";
import { peopleByZone, zonesOfRegion } from "./regions.js";
import type { Clue, ContactPlace } from "./types.js";
import { isOffset, zoneNamed } from "./zone-name.js";

/** How likely each says true. A bare offset knows nothing of summer time; people keep their numbers when they move. */
export const reliabilities = {
  "time zone": 0.97,
  "offset from UTC": 0.8,
  region: 0.97,
  country: 0.95,
  phone: 0.9,
} as const;

export type Reliabilities = Readonly<Partial<Record<string, number>>>;

type Shares = Clue["shares"];

/** Of a number shared by countries, how likely it is of the largest. */
const largestShare = 0.85;

/** What a place says of its zone by itself: the platform's field, country and region, and the beginning of a phone number. */
export function cluesOf(place: ContactPlace, told: Reliabilities = {}): Clue[] {
  const reliable = (evidence: keyof typeof reliabilities) =>
    told[evidence] ?? reliabilities[evidence];
  const clues: Clue[] = [];
  const field = place.timeZone === undefined ? undefined : zoneNamed(place.timeZone);
  if (field !== undefined) {
    const evidence = isOffset(field) ? "offset from UTC" : "time zone";
    clues.push({ evidence, shares: [{ zone: field, share: 1 }], reliability: reliable(evidence) });
  }
  const country = place.country === undefined ? undefined : countryNamed(place.country);
  const called = place.phonePrefix === undefined ? [] : countriesCalled(place.phonePrefix);
  if (country !== undefined) {
    const region = place.region === undefined ? undefined : zonesOfRegion(country, place.region);
    const evidence = region === undefined ? "country" : "region";
    const own = reliable(evidence);
    // a number of the same country makes that country surer, and says nothing more of where in it
    const doubt = (1 - own) * (called.includes(country) ? 1 - reliable("phone") : 1);
    clues.push({ evidence, shares: region ?? zonesOfCountry(country), reliability: 1 - doubt });
  }
  if (called.length > 0 && (country === undefined || !called.includes(country)))
    clues.push({ evidence: "phone", shares: sharedBy(called), reliability: reliable("phone") });
  return clues.filter(({ shares }) => shares.length > 0);
}

/** Zones of a country with the share of its people; alike where nothing is known of them. */
function zonesOfCountry(country: string): Shares {
  const zones = zonesOfCode(country);
  const known = peopleByZone[country];
  if (known === undefined) return zones.map((zone) => ({ zone, share: 1 / zones.length }));
  const shares = Object.entries(known).map(([zone, share]) => ({ zone, share }));
  const rest = zones.filter((zone) => known[zone] === undefined);
  const left = Math.max(0, 1 - shares.reduce((sum, { share }) => sum + share, 0));
  return [...shares, ...rest.map((zone) => ({ zone, share: left / rest.length }))];
}

function sharedBy(countries: readonly string[]): Shares {
  return countries.flatMap((country, index) => {
    const part =
      countries.length === 1
        ? 1
        : index === 0
          ? largestShare
          : (1 - largestShare) / (countries.length - 1);
    return zonesOfCountry(country).map(({ zone, share }) => ({ zone, share: share * part }));
  });
}
