import type { Instant } from "@inchworm/spec";
import type { ProfileColumn } from "@inchworm/store";
import type { History } from "../scorer.js";
import type { Reliabilities } from "./clues.js";
import { contactPlaces, usualColumns } from "./contact-places.js";
import { leastConfidence, resolveZones } from "./resolve-zones.js";
import type { PlacedZone, ZoneResolver } from "./types.js";

export interface ContactZones {
  /** Everybody who allows profiling, ascending. */
  readonly contacts: Int32Array;
  /** Place in `names`, one per contact; -1 where the zone cannot be told. */
  readonly zones: Int32Array;
  /** IANA names. */
  readonly names: readonly string[];
  /** How likely the contact's clock is right, 0 to 1. */
  readonly confidence: Float64Array;
  /** Place in `evidences`: what was decisive; -1 where nothing is known. */
  readonly evidence: Int32Array;
  readonly evidences: readonly ZoneEvidence[];
  /** What is known of each contact's place. */
  placeOf(row: number): PlacedZone;
}

export interface ZoneEvidence {
  /** The strongest, such as "time zone", "country" or "rhythm". */
  readonly by: string;
  /** Of other clues, those that speak for it and against it. */
  readonly with: readonly string[];
  readonly against: readonly string[];
}

export interface ContactZonesOptions {
  readonly asOf: Instant;
  readonly resolvers?: readonly ZoneResolver[];
  readonly reliabilities?: Reliabilities;
  /** Clues that are not looked at, such as "time zone" when asking how well the others do. */
  readonly without?: readonly ProfileColumn[];
  /** Below this confidence a zone is not told. Defaults to 0.8. */
  readonly leastConfidence?: number;
}

/** The zone of everybody, by what is known of their place. */
export async function contactZones(
  history: Pick<History, "profiles">,
  options: ContactZonesOptions,
): Promise<ContactZones> {
  const { asOf, resolvers = [], reliabilities, without = [] } = options;
  const least = options.leastConfidence ?? leastConfidence;
  const columns = [...new Set([...usualColumns, ...resolvers.flatMap((one) => one.columns)])];
  const asked = columns.filter((column) => !without.includes(column));
  const { contacts, which, places } = await contactPlaces(history, asked);
  const placed = await resolveZones(places, {
    asOf,
    resolvers,
    leastConfidence: least,
    ...(reliabilities && { reliabilities }),
  });
  const found = { ...table(contacts), placeOf: (row: number) => placed[which[row]] };
  const evidenceOf = placed.map((place) => (place.evidence.length > 0 ? found.told(place) : -1));
  const zoneOf = placed.map(({ zone }) => (zone === undefined ? -1 : found.zone(zone)));
  for (let row = 0; row < contacts.length; row++) {
    const place = which[row];
    found.zones[row] = zoneOf[place];
    found.confidence[row] = placed[place].confidence;
    found.evidence[row] = evidenceOf[place];
  }
  return found;
}

function table(contacts: Int32Array) {
  const names: string[] = [];
  const evidences: ZoneEvidence[] = [];
  const places = { zones: new Map<string, number>(), evidences: new Map<string, number>() };
  const placeIn = <T>(known: Map<string, number>, all: T[], key: string, value: T): number => {
    const place = known.get(key) ?? all.push(value) - 1;
    known.set(key, place);
    return place;
  };
  return {
    contacts,
    zones: new Int32Array(contacts.length),
    confidence: new Float64Array(contacts.length),
    evidence: new Int32Array(contacts.length),
    names,
    evidences,
    zone: (name: string) => placeIn(places.zones, names, name, name),
    told({ evidence: [by, ...others], against }: Pick<PlacedZone, "evidence" | "against">): number {
      const one = { by, with: others, against };
      return placeIn(places.evidences, evidences, JSON.stringify(one), one);
    },
  };
}

/** What people read of how a zone is known. */
export function zoneReason(zone: string, { by, with: others, against }: ZoneEvidence): string {
  const words: Readonly<Record<string, string>> = {
    "time zone": "the platform says so",
    "offset from UTC": "the platform says so",
    region: "country and region",
    country: "country",
    phone: "phone prefix",
    rhythm: "the hours of their activity",
  };
  const of = (clue: string) => words[clue] ?? clue;
  const further = others.length > 0 ? `, and ${others.map(of).join(", ")}` : "";
  const but = against.length > 0 ? `; against it: ${against.map(of).join(", ")}` : "";
  return `lives by ${zone}: ${of(by)}${further}${but}`;
}
