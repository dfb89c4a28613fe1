import { LearnError } from "../error.js";
import { timeZoneClock } from "./time-zone-clock.js";
import type { Instants, TimeZoneClock, ZoneCandidate } from "./types.js";

/** Candidates that keep the same time as long as anybody was active. */
export interface ZoneClass {
  readonly clock: TimeZoneClock;
  /** Place in the candidates of the one with the largest weight. */
  readonly place: number;
  /** Log of the share of people. */
  readonly prior: number;
}

const week = 7 * 86_400_000;

export function zoneClasses(
  who: string,
  candidates: readonly ZoneCandidate[],
  { offsets, instants, contacts }: Instants,
): readonly ZoneClass[] {
  let [from, to] = [Infinity, -Infinity];
  for (let event = 0; event < offsets[contacts]; event++) {
    from = Math.min(from, instants[event]);
    to = Math.max(to, instants[event]);
  }
  if (!(from <= to)) [from, to] = [0, 0];
  const found = new Map<
    string,
    { clock: TimeZoneClock; place: number; most: number; weight: number }
  >();
  let all = 0;
  candidates.forEach(({ zone, weight }, place) => {
    if (!(weight >= 0 && weight < Infinity))
      throw new LearnError(
        "input",
        `${who}: a candidate's weight must be a number ≥ 0, got ${weight}.`,
      );
    const clock = timeZoneClock(zone);
    const changes = clock.transitions(from - week, to + week);
    const key = [
      clock.offset(from - week),
      ...Array.from(changes, (at) => `${at}:${clock.offset(at)}`),
    ].join();
    const known = found.get(key);
    all += weight;
    if (!known) found.set(key, { clock, place, most: weight, weight });
    else {
      known.weight += weight;
      if (weight > known.most) Object.assign(known, { clock, place, most: weight });
    }
  });
  if (!(all > 0))
    throw new LearnError("input", `${who}: pass at least one candidate with a weight above 0.`);
  return [...found.values()]
    .filter(({ weight }) => weight > 0)
    .map(({ clock, place, weight }) => ({ clock, place, prior: Math.log(weight / all) }));
}
