import type { History } from "../scorer.js";
import { placesIn } from "./value-customers.js";

/** Where people live, as far as it is known. */
export interface Homes {
  /** Lower case, per person. */
  readonly country: (row: number) => string | undefined;
  readonly region: (row: number) => string | undefined;
}

export async function homesOf(
  history: Pick<History, "profiles">,
  contacts: Int32Array,
): Promise<Homes> {
  const profiles = await history.profiles({ columns: ["country", "region"] });
  const rows = placesIn(contacts, profiles.contacts);
  const reader = (name: string) => {
    const column = profiles.columns.find((one) => one.name === name);
    const levels = (column?.levels ?? []).map((level) => level.toLowerCase());
    return (row: number) => (rows[row] < 0 ? undefined : levels[column?.codes[rows[row]] ?? -1]);
  };
  return { country: reader("country"), region: reader("region") };
}

/** Fewer people with a history have no favourites of their own; beyond so many countries the smaller ones do without. */
const leastPeople = 100;
const mostSegments = 50;

/** Countries with favourites of their own, the largest first; none where there is only one. */
export function segmentsOf(homes: Homes, pointers: Int32Array): string[] {
  const people = new Map<string, number>();
  for (let row = 0; row + 1 < pointers.length; row++) {
    const country = pointers[row + 1] > pointers[row] ? homes.country(row) : undefined;
    if (country !== undefined) people.set(country, (people.get(country) ?? 0) + 1);
  }
  const large = [...people]
    .filter(([, count]) => count >= leastPeople)
    .sort(([one, count], [other, its]) => its - count || (one < other ? -1 : 1));
  return large.length > 1 ? large.slice(0, mostSegments).map(([country]) => country) : [];
}

/** The segment of each person by its place; -1 for none. */
export function segmentRows(homes: Homes, count: number, segments: readonly string[]): Int32Array {
  const places = new Map(segments.map((segment, place) => [segment, place]));
  return Int32Array.from({ length: count }, (_, row) => places.get(homes.country(row) ?? "") ?? -1);
}
