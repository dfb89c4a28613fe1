import type { FrequencyEvidence, FrequencyLog } from "./types.js";

/** Rows that a curve is learned from, and what they can show. */
export interface Evidence {
  readonly grade: FrequencyEvidence;
  readonly rows: Int32Array;
  /** Whose level is taken out: each person's, or only each segment's. */
  readonly apart: "people" | "segments";
}

/** People that a curve is learned from, at most: more hardly move it. */
const mostPeople = 20_000;
/** Weeks with an event that a curve needs from random weeks alone, where the others could tell, too. */
const leastRandom = 200;

/**
 * Weeks with a random number of messages, where they saw enough events; else people whose weeks differed, where those saw enough;
 * else everything.
 */
export function evidenceFor(
  { rows, people, person, randomised }: FrequencyLog,
  levels: Uint8Array,
  counts: ArrayLike<number>,
  leastEvents: number,
): Evidence {
  const lowest = new Uint8Array(people).fill(255);
  const highest = new Uint8Array(people);
  const active = new Uint8Array(people);
  for (let row = 0; row < rows; row++) {
    const who = person[row];
    lowest[who] = Math.min(lowest[who], levels[row]);
    highest[who] = Math.max(highest[who], levels[row]);
    if (counts[row] > 0) active[who] = 1;
  }
  /** Rows of a share of the people, evenly, where there are more than needed. */
  const gather = (wanted: (row: number) => boolean) => {
    const place = new Int32Array(people).fill(-1);
    let found = 0;
    let events = 0;
    for (let row = 0; row < rows; row++) {
      if (!wanted(row)) continue;
      if (counts[row] > 0) events++;
      if (place[person[row]] < 0) place[person[row]] = found++;
    }
    const step = Math.max(1, Math.ceil(found / mostPeople));
    const those: number[] = [];
    for (let row = 0; row < rows; row++)
      if (wanted(row) && place[person[row]] % step === 0) those.push(row);
    return { rows: Int32Array.from(those), events };
  };
  if (randomised) {
    const drawn = gather((row) => randomised[row] === 1);
    if (drawn.events >= leastRandom)
      return { grade: "randomised", rows: drawn.rows, apart: "segments" };
  }
  // who did nothing in any week says nothing about weeks with more and with fewer
  const within = gather(
    (row) => active[person[row]] === 1 && lowest[person[row]] < highest[person[row]],
  );
  if (within.events >= leastEvents)
    return { grade: "within-person", rows: within.rows, apart: "people" };
  return { grade: "between-people", rows: gather(() => true).rows, apart: "segments" };
}
