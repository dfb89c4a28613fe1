import { random, timeZoneClock } from "@inchworm/learn";
import { type Moments, momentKinds, type Profiles } from "@inchworm/store";
import type { History } from "../scorer.js";

const day = 86_400;
export const asOf = Date.UTC(2025, 5, 2);
const end = asOf / 1000;
export const zones = ["America/New_York", "Europe/Berlin"] as const;
export const kindOf = (kind: (typeof momentKinds)[number]): number => momentKinds.indexOf(kind);
const [sent, open] = [kindOf("sent"), kindOf("open")];

/** The hour of the day, on their own clock, at which a contact answers more; `undefined` for the one sort who do not care. */
export const likedHour = (contact: number): number | undefined =>
  contact % 3 === 0 ? 8 : contact % 3 === 1 ? 20 : undefined;

export interface PlantedOptions {
  readonly people: number;
  readonly messages: number;
  readonly seed: number;
  /** Chance of an answer at a good hour and at others. Defaults to 0.5 and 0.1. */
  readonly rates?: readonly [good: number, other: number];
}

/** People in two zones who were written to at all hours over the last year; every fifth does not tell the zone. */
export function planted({ people, messages, seed, rates = [0.5, 0.1] }: PlantedOptions) {
  const { uniform, below } = random(seed);
  const rows: { contact: number; at: number; kind: number; campaign: number }[] = [];
  for (let contact = 0; contact < people; contact++) {
    const clock = timeZoneClock(zones[contact % 2]);
    const liked = likedHour(contact);
    for (let campaign = 0; campaign < messages; campaign++) {
      const at = end - 1 - below(365 * day);
      rows.push({ contact, at, kind: sent, campaign });
      const hour = clock.weekHour(at * 1000) % 24;
      const good = liked !== undefined && Math.abs(hour - liked) <= 1;
      if (uniform() < rates[good ? 0 : 1])
        rows.push({ contact, at: at + 30 + below(1500), kind: open, campaign });
    }
  }
  return historyOf(rows, people);
}

export function historyOf(
  rows: readonly { contact: number; at: number; kind: number; campaign: number }[],
  people: number,
): History {
  const moments = ({ asOf: until, since = 0 }: { asOf: number; since?: number }): Moments => {
    const kept = rows.filter(({ at }) => at * 1000 < until && at * 1000 >= since);
    const contacts = [...new Set(kept.map(({ contact }) => contact))];
    const counts = new Map<number, number>();
    for (const { contact } of kept) counts.set(contact, (counts.get(contact) ?? 0) + 1);
    const offsets = new Int32Array(contacts.length + 1);
    for (const [row, contact] of contacts.entries())
      offsets[row + 1] = offsets[row] + (counts.get(contact) ?? 0);
    return {
      contacts: Int32Array.from(contacts),
      offsets,
      seconds: Uint32Array.from(kept, ({ at }) => at),
      kinds: Uint8Array.from(kept, ({ kind }) => kind),
      campaigns: Int32Array.from(kept, ({ campaign }) => campaign),
    };
  };
  const profiles = ({ columns }: { columns: readonly string[] }): Profiles => ({
    rows: people,
    contacts: Int32Array.from({ length: people }, (_, contact) => contact),
    columns: columns.map((name) => ({
      name: name as "timeZone",
      kind: "category",
      codes: Int32Array.from({ length: people }, (_, contact) =>
        name === "timeZone" && contact % 5 !== 4 ? contact % 2 : -1,
      ),
      levels: name === "timeZone" ? [...zones] : [],
    })),
  });
  return {
    moments: async (options: Parameters<typeof moments>[0]) => moments(options),
    profiles: async (options: Parameters<typeof profiles>[0]) => profiles(options),
  } as unknown as History;
}
