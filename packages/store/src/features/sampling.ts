import { InchwormError } from "@inchworm/spec";
import type { Snapshot } from "../database.js";

/** Tables that tell of contacts and are read by the queries on history. */
const tables = ["contacts", "orders", "order_lines", "engagements"] as const;
const places = 2 ** 32;
/** Knuth's multiplier (The Art of Computer Programming 3, 6.4): neighbours in number lie far apart. */
const multiplier = 2_654_435_761;

/** Where a contact stands in the order in which samples take people: 0 … 2^32 − 1, no two alike. */
const placeOf = (contact: number): number => Math.imul(contact, multiplier) >>> 0;

/** The first place that a sample of this share of the contacts leaves out. */
export function shareEnd(share: number): number {
  if (share > 0 && share <= 1) return Math.ceil(share * places);
  throw new InchwormError("input", `"sample" must be a share above 0, at most 1, got ${share}.`);
}

/** The first place that a sample of so many of these contacts leaves out. */
export function countEnd(contacts: Int32Array, atMost: number): number {
  if (!(Number.isInteger(atMost) && atMost >= 1))
    throw new InchwormError("input", `"atMost" must be an integer ≥ 1, got ${atMost}.`);
  if (contacts.length <= atMost) return places;
  return Float64Array.from(contacts, placeOf).sort()[atMost];
}

export const inSample = (contacts: Int32Array, end: number): Int32Array =>
  contacts.filter((contact) => placeOf(contact) < end);

/** Lets a snapshot see only contacts before `end`, and what they did: the tables are hidden behind views of their names. */
export async function sampleContacts(snapshot: Snapshot, end: number): Promise<void> {
  if (end === places) return;
  const [{ catalog }] = await snapshot.rows<{ catalog: string }>(
    "select '\"' || replace(current_database(), '\"', '\"\"') || '\"' as catalog",
  );
  for (const table of tables)
    await snapshot.run(`create or replace temp view ${table} as select * from ${catalog}.main.${table}
      where contact_id is not null and (contact_id::bigint * ${multiplier}) % ${places} < ${end}`);
}
