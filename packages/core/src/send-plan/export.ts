import { timeZoneClock } from "@inchworm/learn";
import type { Store, StoredContact } from "@inchworm/store";
import { armNames, type SendPlan } from "./types.js";

export interface ExportOptions {
  /** By which of their names people are told: "email", or a system such as "hubspot" or "customer". Defaults to "email". */
  readonly by?: string;
}

const weekdays = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"] as const;
const two = (value: number): string => String(value).padStart(2, "0");

/** "mon-09" for the hour of the week 9. */
export const hourName = (localHour: number): string =>
  `${weekdays[Math.floor(localHour / 24)]}-${two(localHour % 24)}`;

/**
 * A plan as CSV, in the order of the store's contacts: name, segment, when in UTC and on the person's clock, zone, by which rule, and the
 * chance with which that hour was chosen. People without such a name are left out. Lines end with a line feed.
 */
export async function* sendPlanCsv(
  store: Pick<Store, "contacts">,
  plan: SendPlan,
  options: ExportOptions = {},
): AsyncIterable<string> {
  yield `${[options.by ?? "email", "segment", "send_at", "local_time", "time_zone", "arm", "propensity"].map(cell).join(",")}\n`;
  for await (const { name, row } of named(store, plan, options)) {
    const at = plan.at[row];
    const zone = plan.zoneNames[plan.zones[row]];
    const wall = new Date(timeZoneClock(zone).wall(at)).toISOString().slice(0, 19);
    const cells = [
      name,
      hourName(plan.localHours[row]),
      new Date(at).toISOString(),
      wall,
      zone,
      armNames[plan.arms[row]],
      String(plan.propensities[row]),
    ];
    yield `${cells.map(cell).join(",")}\n`;
  }
}

/** People who get it at one hour of their own clocks, for platforms that send to a segment "at 09:00 where they are". */
export interface TimeZoneSegment {
  /** "tue-09": weekday and hour on each person's clock. */
  readonly name: string;
  readonly localHour: number;
  readonly rows: Int32Array;
  /** The first and the last instant at which it is that hour where any of them is. */
  readonly from: number;
  readonly to: number;
}

/** The segments of a plan by local hour, the earliest hour of the week first; each message is in exactly one. */
export function timeZoneSegments(plan: SendPlan): TimeZoneSegment[] {
  const rows = new Map<number, number[]>();
  for (let row = 0; row < plan.rows; row++) {
    const own = rows.get(plan.localHours[row]) ?? [];
    own.push(row);
    rows.set(plan.localHours[row], own);
  }
  return [...rows]
    .sort(([one], [other]) => one - other)
    .map(([localHour, own]) => ({
      name: hourName(localHour),
      localHour,
      rows: Int32Array.from(own),
      // rows are in the order of time
      from: plan.at[own[0]],
      to: plan.at[own[own.length - 1]],
    }));
}

/** The name of everybody in a plan, row by row; `undefined` where somebody has none of that kind. */
export async function sendPlanNames(
  store: Pick<Store, "contacts">,
  plan: SendPlan,
  options: ExportOptions = {},
): Promise<(string | undefined)[]> {
  const names: (string | undefined)[] = new Array(plan.rows).fill(undefined);
  for await (const { name, row } of named(store, plan, options)) names[row] = name;
  return names;
}

async function* named(
  store: Pick<Store, "contacts">,
  plan: SendPlan,
  { by = "email" }: ExportOptions,
): AsyncIterable<{ readonly name: string; readonly row: number }> {
  const rowOf = new Map(Array.from(plan.contacts, (contact, row) => [contact, row]));
  for await (const batch of store.contacts({ batch: 10_000 }))
    for (const one of batch) {
      const row = rowOf.get(one.contact);
      const name = row === undefined ? undefined : nameOf(one, by);
      if (row !== undefined && name !== undefined) yield { name, row };
    }
}

const nameOf = ({ email, identities }: StoredContact, by: string): string | undefined =>
  by === "email" ? email : identities.find(({ system }) => system === by)?.id;

/** RFC 4180; a text that a spreadsheet would take for a formula is made one that it does not. */
function cell(text: string): string {
  const safe = /^[=@\t\r]/.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
