import { breathe } from "../abort.js";
import type { Histories } from "./histories.js";
import type { Sparse } from "./matrix.js";
import { keepLargest } from "./neighbours.js";
import type { RecommenderFitOptions } from "./types.js";

export interface TransitionRules {
  readonly window: number;
  readonly stepHalfLife: number;
  readonly neighbours: number;
  readonly shrinkage: number;
}

/** What each item leads to: those had up to `window` items later in a history, fewer the further apart. Item by item, so that only one row is dense. */
export async function transitions(
  histories: Histories,
  { window, stepHalfLife, neighbours, shrinkage }: TransitionRules,
  { signal, onProgress }: RecommenderFitOptions,
): Promise<Sparse> {
  const { entries, times } = histories;
  const itemCount = entries.columns;
  // items and times of all histories in the order of time, and where each item stands in them
  const order = new Int32Array(entries.indices.length);
  for (let user = 0; user < entries.rows; user++)
    order.set(inTime(histories, user), entries.pointers[user]);
  const items = order.map((entry) => entries.indices[entry]);
  const timeAt = (place: number): number => times?.[order[place]] ?? 0;
  const { starts, places, firsts, ends } = occurrences(items, entries);
  const weights = Float64Array.from(
    { length: window + 1 },
    (_, steps) => 2 ** ((1 - steps) / stepHalfLife),
  );
  const rows = keepLargest(itemCount, neighbours);
  const sums = new Float64Array(itemCount);
  const met = new Int32Array(itemCount);
  let work = 0;
  for (let item = 0; item < itemCount; item++) {
    let count = 0;
    let led = 0;
    const lead = (place: number, steps: number): void => {
      const to = items[place];
      if (sums[to] === 0) met[count++] = to;
      sums[to] += weights[steps];
      led += weights[steps];
    };
    for (let at = starts[item]; at < starts[item + 1]; at++) {
      const place = places[at];
      const first = Math.max(firsts[at], place - window);
      const end = Math.min(ends[at], place + window + 1);
      // had together: neither came first
      for (let other = place - 1; other >= first && timeAt(other) === timeAt(place); other--)
        lead(other, place - other);
      for (let other = place + 1; other < end; other++) lead(other, other - place);
      work += end - first;
    }
    for (let at = 0; at < count; at++) {
      rows.add(met[at], sums[met[at]] / (led + shrinkage));
      sums[met[at]] = 0;
    }
    rows.endRow();
    if (work < 20_000_000) continue;
    work = 0;
    onProgress?.(item / itemCount);
    await breathe(signal);
  }
  return rows.done();
}

/** Entries of a user in the order of time, of equal times in that of items. */
export function inTime({ entries, times }: Histories, user: number): Int32Array {
  const from = entries.pointers[user];
  const order = Int32Array.from(
    { length: entries.pointers[user + 1] - from },
    (_, at) => from + at,
  );
  return times ? order.sort((one, other) => times[one] - times[other] || one - other) : order;
}

/** The places of each item, one item after the other, and where the history that each is in begins and ends. */
function occurrences(items: Int32Array, { rows, columns, pointers }: Sparse) {
  const starts = new Int32Array(columns + 1);
  for (const item of items) starts[item + 1]++;
  for (let item = 0; item < columns; item++) starts[item + 1] += starts[item];
  const next = starts.slice(0, columns);
  const places = new Int32Array(items.length);
  const firsts = new Int32Array(items.length);
  const ends = new Int32Array(items.length);
  for (let user = 0; user < rows; user++)
    for (let place = pointers[user]; place < pointers[user + 1]; place++) {
      const to = next[items[place]]++;
      places[to] = place;
      firsts[to] = pointers[user];
      ends[to] = pointers[user + 1];
    }
  return { starts, places, firsts, ends };
}
