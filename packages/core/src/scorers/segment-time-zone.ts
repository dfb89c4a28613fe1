import type { Field, Instant } from "@inchworm/spec";
import type { History, Scorer } from "../scorer.js";
import { raceGroups } from "./segment-race.js";

const name = "time-zones";
export const unknownZone = "unknown";

/**
 * Groups contacts by what the clock says where they are: zones that keep the same time all year are one group. It is a fact
 * rather than a forecast, and is published whether or not it tells who buys; the card says how well it does.
 */
export function timeZoneSegments(): Scorer {
  const fields = [
    {
      name: "time_zone_segment",
      label: "Time zone",
      description: `Time that clocks show where the contact is, in January and, if another, in July; "${unknownZone}" where no time zone is known.`,
      type: "text",
    },
  ] as const satisfies readonly Field[];
  return {
    name,
    options: { by: "time-zone" },
    fields,

    async train(history, options) {
      const groups = await zonesOf(history, options.asOf);
      const { card, seen } = await raceGroups(
        history,
        {
          scorer: name,
          question: (days) =>
            `What time is it where this contact is, and who of them buys within ${days} days?`,
          columns: ["orders_total"],
          learn: async () => (rows) =>
            Array.from(rows.contacts, (contact) => groups.get(contact)?.group ?? unknownZone),
        },
        options,
      );
      const located = [...groups.values()].filter(({ group }) => group !== unknownZone).length;
      const because = `A time zone is a fact and no forecast, and is published as it is: ${located} of ${groups.size} contacts have one.`;
      return { card: { ...card, verdict: "published", because }, seen, artifact: {} };
    },

    async score(history, _artifact, { asOf, signal }) {
      const groups = await zonesOf(history, asOf, signal);
      const found = [...groups.values()];
      return {
        contacts: Int32Array.from(groups.keys()),
        fields: { time_zone_segment: found.map(({ group }) => group) },
        reasons: found.map(({ zone, group }) => [reason(zone, group)]),
        abstained: found.map(() => undefined),
      };
    },
  };
}

function reason(zone: string | undefined, group: string): string {
  if (zone === undefined) return "no time zone is known";
  return group === unknownZone ? `"${zone.slice(0, 40)}" is no time zone` : `lives by ${zone}`;
}

interface Located {
  /** As it is written on the contact. */
  readonly zone: string | undefined;
  readonly group: string;
}

async function zonesOf(
  history: History,
  asOf: Instant,
  signal?: AbortSignal,
): Promise<Map<number, Located>> {
  const everybody = await history.features({
    asOf,
    columns: ["tenure_days"],
    ...(signal && { signal }),
  });
  const profiles = await history.profiles({ columns: ["timeZone"] });
  const [{ codes, levels }] = profiles.columns;
  const groups = levels.map((zone) => ({ zone, group: clockOf(zone, asOf) }));
  const nowhere: Located = { zone: undefined, group: unknownZone };
  const known = new Map(
    Array.from(profiles.contacts, (contact, row) => [contact, groups[codes[row]] ?? nowhere]),
  );
  return new Map(
    Array.from(everybody.contacts, (contact) => [contact, known.get(contact) ?? nowhere]),
  );
}

/**
 * The clock of a zone in the year of an instant, such as "UTC+01:00, July +02:00". Takes IANA names in any case, and with
 * "_slash_" as HubSpot writes them.
 */
export function clockOf(zone: string, asOf: Instant): string {
  const timeZone = zone.trim().replaceAll(/_slash_/gi, "/");
  const year = new Date(asOf).getUTCFullYear();
  try {
    const format = new Intl.DateTimeFormat("en-US", { timeZone, timeZoneName: "longOffset" });
    const offset = (month: number): string => {
      const parts = format.formatToParts(Date.UTC(year, month, 1));
      const text = parts.find(({ type }) => type === "timeZoneName")?.value ?? "";
      return text.replace(/^GMT/, "") || "+00:00";
    };
    const [january, july] = [offset(0), offset(6)];
    return january === july ? `UTC${january}` : `UTC${january}, July ${july}`;
  } catch {
    return unknownZone;
  }
}
