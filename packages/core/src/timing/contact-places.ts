import type { ProfileColumn, Profiles } from "@inchworm/store";
import type { History } from "../scorer.js";
import type { ContactPlace } from "./types.js";

/** Where contacts are, many of them in one place. */
export interface ContactPlaces {
  /** Ascending. */
  readonly contacts: Int32Array;
  /** Place in `places`, one per contact. */
  readonly which: Int32Array;
  readonly places: readonly ContactPlace[];
}

/** What zones are told by without a resolver. */
export const usualColumns = ["timeZone", "country", "region", "phonePrefix"] as const;

/** The places of all contacts who allow profiling, as far as these columns tell them apart. */
export async function contactPlaces(
  history: Pick<History, "profiles">,
  columns: readonly ProfileColumn[],
): Promise<ContactPlaces> {
  const profiles = await history.profiles({ columns });
  const { contacts } = profiles;
  const told = profiles.columns.filter(({ levels }) => levels.length > 0);
  const which = new Int32Array(contacts.length);
  let places: ContactPlace[] = [{}];
  for (const column of told) places = split(which, places, column);
  return { contacts, which, places };
}

/** Tells places apart by one more column. */
function split(
  which: Int32Array,
  places: readonly ContactPlace[],
  { name, codes, levels }: Profiles["columns"][number],
): ContactPlace[] {
  const found = new Map<number, number>();
  const finer: ContactPlace[] = [];
  for (let row = 0; row < which.length; row++) {
    const key = which[row] * (levels.length + 1) + codes[row] + 1;
    let place = found.get(key);
    if (place === undefined) {
      place = finer.length;
      found.set(key, place);
      const coarse = places[which[row]];
      finer.push(codes[row] < 0 ? coarse : { ...coarse, [name]: levels[codes[row]] });
    }
    which[row] = place;
  }
  return finer;
}
