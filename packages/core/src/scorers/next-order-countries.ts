import type { History } from "../scorer.js";
import { placesIn } from "./value-customers.js";

/** Customers by country, who lean on one another before they lean on everybody. */
export interface Countries {
  readonly names: readonly string[];
  /** For each customer the place of the country among the names; -1 where it is not known, or has no name here. */
  readonly groups: Int32Array;
}

/** A country of fewer has no pace of its own to speak of. */
const leastCustomers = 20;

/**
 * @param contacts ascending
 * @param known countries that a model was fitted to; without, those with customers enough, if there are two
 */
export async function countriesOf(
  history: Pick<History, "profiles">,
  contacts: Int32Array,
  known?: readonly string[],
): Promise<Countries> {
  const none = { names: [], groups: new Int32Array(contacts.length).fill(-1) };
  if (known?.length === 0) return none;
  const profiles = await history.profiles({ columns: ["country"] });
  const [{ codes, levels }] = profiles.columns;
  const levelOf = placesIn(contacts, profiles.contacts).map((row) => (row < 0 ? -1 : codes[row]));
  const counts = new Int32Array(levels.length);
  for (const level of levelOf) if (level >= 0) counts[level]++;
  const names = known ?? levels.filter((_, level) => counts[level] >= leastCustomers);
  if (!known && names.length < 2) return none;
  const places = new Map(names.map((name, place) => [name, place]));
  const placeOf = Int32Array.from(levels, (name) => places.get(name) ?? -1);
  return { names, groups: levelOf.map((level) => (level < 0 ? -1 : placeOf[level])) };
}
