import {
  type Instants,
  type LocatedInstants,
  type ZoneCandidate,
  type ZoneModel,
  zoneFromRhythm,
} from "@inchworm/learn";
import { type Moments, momentKinds } from "@inchworm/store";
import { uniform } from "../dataset.js";
import type { ContactZones } from "./contact-zones.js";

/** What people do themselves, at hours of their own. */
const own = new Set(
  (["open", "click", "reply", "visit", "order"] as const).map((kind) => momentKinds.indexOf(kind)),
);
/** People that rhythms are learned from; of more, a sample. */
const mostPeople = 5000;
/** Of people with more acts the latest are looked at. */
const mostActs = 200;

/** Learns at which hours people of known zones are active; `undefined` where too few are. */
export async function learnRhythm(
  zones: ContactZones,
  moments: Moments,
  {
    seed,
    some = () => true,
    signal,
  }: { seed: number; some?: (contact: number) => boolean; signal?: AbortSignal | undefined },
): Promise<ZoneModel | undefined> {
  const located = [...zones.contacts.keys()].filter(
    (row) => zones.zones[row] >= 0 && some(zones.contacts[row]),
  );
  const share = mostPeople / Math.max(1, located.length);
  const rows = located.filter((row) => share >= 1 || uniform(zones.contacts[row], 0x2083) < share);
  const instants = instantsOf(
    moments,
    Int32Array.from(rows, (row) => zones.contacts[row]),
  );
  if (instants.instants.length < leastActs) return undefined;
  const known: LocatedInstants = {
    ...instants,
    names: zones.names,
    zones: Int32Array.from(rows, (row) => zones.zones[row]),
  };
  return zoneFromRhythm({ seed }).fit(known, { ...(signal && { signal }) });
}

/** What is known of a place in general counts as so many people of the shop's own, who may well live otherwise. */
const generalPeople = 20;
/** Fewer acts of all people together say nothing of rhythms. */
const leastActs = 1000;

export interface RhythmGuess {
  readonly row: number;
  readonly zone: string;
  readonly confidence: number;
}

/**
 * Zones of contacts by their activity, among those that fit their place, as many of the shop's people as live in each; where nothing is known of it, among those of all others, as
 * many people as live there. Only guesses that are sure enough.
 *
 * @param rows of `zones`, ascending
 * @param blind not to look at what is known of places
 */
export function guessByRhythm(
  model: ZoneModel,
  zones: ContactZones,
  moments: Moments,
  rows: readonly number[],
  blind = false,
): RhythmGuess[] {
  const people = new Map<string, number>();
  for (const zone of zones.zones)
    if (zone >= 0) people.set(zones.names[zone], (people.get(zones.names[zone]) ?? 0) + 1);
  const everywhere = [...people].map(([zone, weight]) => ({ zone, weight }));
  const groups = new Map<string, { candidates: readonly ZoneCandidate[]; rows: number[] }>();
  for (const row of rows) {
    const { candidates: fitting } = zones.placeOf(row);
    const candidates =
      blind || fitting.length === 0
        ? everywhere
        : fitting.map(({ zone, share }) => ({
            zone,
            weight: (people.get(zone) ?? 0) + generalPeople * share,
          }));
    if (candidates.length === 0) continue;
    const key = candidates.map(({ zone, weight }) => `${zone} ${weight}`).join();
    const group = groups.get(key) ?? { candidates, rows: [] };
    group.rows.push(row);
    groups.set(key, group);
  }
  const guesses: RhythmGuess[] = [];
  for (const { candidates, rows: those } of groups.values()) {
    const activity = instantsOf(
      moments,
      Int32Array.from(those, (row) => zones.contacts[row]),
    );
    const found = model.guess(activity, candidates);
    for (const [index, row] of those.entries())
      if (found.zones[index] >= 0)
        guesses.push({
          row,
          zone: candidates[found.zones[index]].zone,
          confidence: found.confidence[index],
        });
  }
  return guesses;
}

/** Adds what rhythm tells to zones that places do not tell. */
export function withRhythm(zones: ContactZones, guesses: readonly RhythmGuess[]): ContactZones {
  const names = [...zones.names];
  const evidences = [...zones.evidences];
  const found = {
    zones: zones.zones.slice(),
    confidence: zones.confidence.slice(),
    evidence: zones.evidence.slice(),
  };
  const places = new Map(names.map((name, place) => [name, place]));
  const kinds = new Map<string, number>();
  for (const { row, zone, confidence } of guesses) {
    const place = places.get(zone) ?? names.push(zone) - 1;
    places.set(zone, place);
    const { evidence, against } = zones.placeOf(row);
    const key = JSON.stringify([evidence, against]);
    const kind = kinds.get(key) ?? evidences.push({ by: "rhythm", with: evidence, against }) - 1;
    kinds.set(key, kind);
    found.zones[row] = place;
    found.confidence[row] = confidence;
    found.evidence[row] = kind;
  }
  return { ...zones, ...found, names, evidences };
}

/** What contacts (ascending) did, by instant; who did nothing has none. */
function instantsOf({ contacts, offsets, seconds, kinds }: Moments, wanted: Int32Array): Instants {
  const starts = new Int32Array(wanted.length + 1);
  const instants: number[] = [];
  let next = 0;
  for (const [index, contact] of wanted.entries()) {
    while (next < contacts.length && contacts[next] < contact) next++;
    if (contacts[next] === contact) {
      const acts: number[] = [];
      for (let at = offsets[next]; at < offsets[next + 1]; at++)
        if (own.has(kinds[at])) acts.push(seconds[at] * 1000);
      acts.sort((one, other) => one - other);
      // what somebody does within one hour is one act
      const apart = acts.filter((at, place) => place === 0 || at - acts[place - 1] > 3_600_000);
      for (const at of apart.slice(-mostActs)) instants.push(at);
    }
    starts[index + 1] = instants.length;
  }
  return { contacts: wanted.length, offsets: starts, instants: Float64Array.from(instants) };
}
