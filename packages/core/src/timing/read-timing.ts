import type { Instant } from "@inchworm/spec";
import type { Moments } from "@inchworm/store";
import type { History } from "../scorer.js";
import { contactZones } from "./contact-zones.js";
import { type MessageHistory, timingHistory } from "./timing-history.js";
import type { ZoneResolver } from "./types.js";

export interface ReadTiming {
  /** Who has any history, ascending. */
  readonly contacts: Int32Array;
  readonly moments: Moments;
  /** Groups are places in `zoneNames`. */
  readonly timing: MessageHistory;
  /** Place in `zoneNames` of everybody's clock; of people whose zone is not known, that of the most. */
  readonly zones: Int32Array;
  readonly zoneNames: readonly string[];
}

export interface ReadTimingOptions {
  readonly asOf: Instant;
  readonly since?: Instant | undefined;
  readonly channel: string;
  readonly resolvers?: readonly ZoneResolver[];
  /** Zones that are to keep their places, such as those of a model. */
  readonly zoneNames?: readonly string[];
  readonly signal?: AbortSignal | undefined;
}

/** What people were sent and did by the hours of their own weeks. */
export async function readTiming(
  history: Pick<History, "moments" | "profiles">,
  { asOf, since, channel, resolvers = [], zoneNames = [], signal }: ReadTimingOptions,
): Promise<ReadTiming> {
  const moments = await history.moments({
    asOf,
    channel: channel as NonNullable<Parameters<History["moments"]>[0]["channel"]>,
    ...(since !== undefined && { since }),
    ...(signal && { signal }),
  });
  const known = await contactZones(history, { asOf, resolvers });
  const names = [...zoneNames];
  const places = known.names.map((name) => {
    const place = names.indexOf(name);
    return place < 0 ? names.push(name) - 1 : place;
  });
  const { contacts } = moments;
  const zones = new Int32Array(contacts.length).fill(-1);
  const people = new Int32Array(names.length);
  let next = 0;
  for (const [row, contact] of contacts.entries()) {
    while (next < known.contacts.length && known.contacts[next] < contact) next++;
    if (known.contacts[next] !== contact || known.zones[next] < 0) continue;
    zones[row] = places[known.zones[next]];
    people[zones[row]]++;
  }
  const most = people.reduce((best, count, zone) => (count > people[best] ? zone : best), 0);
  const usual = names.length > 0 ? most : names.push("UTC") - 1;
  for (const [row, zone] of zones.entries()) if (zone < 0) zones[row] = usual;
  return {
    contacts,
    moments,
    timing: timingHistory(moments, zones, names, asOf),
    zones,
    zoneNames: names,
  };
}
