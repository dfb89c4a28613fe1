import type { Instant } from "@inchworm/spec";
import type { Reachable, Store } from "@inchworm/store";
import { readTimeZone, zonesWith } from "../scorers/time-zone.js";
import { zoneNamed } from "../timing/zone-name.js";

/** By which clock to write to people. One entry per contact of a `Reachable`, unless said otherwise. */
export interface Whereabouts {
  /** Place in `names`. */
  readonly zones: Int32Array;
  readonly names: readonly string[];
  /** 1 = nothing tells their zone, and it is the one that most people live by. */
  readonly guessed: Uint8Array;
  /** The zone that most people live by, a place in `names`; UTC where no zone is known. */
  readonly usual: number;
}

/** Zones of everybody. Of people who refuse profiling only what the platform says is taken. */
export async function whereabouts(
  store: Pick<Store, "model" | "moments" | "profiles">,
  { contacts, zones: fields, timeZones }: Reachable,
  asOf: Instant,
): Promise<Whereabouts> {
  const model = await store.model("time-zone");
  const known = await zonesWith(store, model ? readTimeZone(model.artifact) : {}, { asOf });
  const names = [...known.names];
  const places = new Map(names.map((name, place) => [name, place]));
  const placeOf = (name: string): number => {
    const place = places.get(name) ?? names.push(name) - 1;
    places.set(name, place);
    return place;
  };
  const told = timeZones.map((text) => {
    const zone = zoneNamed(text);
    return zone === undefined ? -1 : placeOf(zone);
  });
  const zones = new Int32Array(contacts.length).fill(-1);
  let next = 0;
  for (const [row, contact] of contacts.entries()) {
    while (next < known.contacts.length && known.contacts[next] < contact) next++;
    if (known.contacts[next] === contact) zones[row] = known.zones[next];
    else if (fields[row] >= 0) zones[row] = told[fields[row]];
  }
  const people = new Map<number, number>();
  for (const zone of zones) if (zone >= 0) people.set(zone, (people.get(zone) ?? 0) + 1);
  const [most] = [...people].sort(
    ([one, count], [other, others]) => others - count || (names[one] < names[other] ? -1 : 1),
  );
  const usual = most?.[0] ?? placeOf("UTC");
  const guessed = Uint8Array.from(zones, (zone) => (zone < 0 ? 1 : 0));
  return { zones: zones.map((zone) => (zone < 0 ? usual : zone)), names, guessed, usual };
}
