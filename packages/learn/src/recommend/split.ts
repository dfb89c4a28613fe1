import { random } from "../random.js";
import { historiesOf } from "./histories.js";
import type { Interactions } from "./types.js";

export interface Parts {
  readonly train: Interactions;
  readonly test: Interactions;
}

export interface SplitOptions {
  /** Draws what is kept back where there are no times. */
  readonly seed: number;
  /** Share kept back. Defaults to 0.2. */
  readonly share?: number;
}

/**
 * Keeps interactions back to judge a model by: the latest of all where there are times, so that nothing is learned from the future; else
 * a share of each user's, drawn at random. Pairs known from training are no test.
 */
export function splitInteractions(
  interactions: Interactions,
  { seed, share = 0.2 }: SplitOptions,
): Parts {
  const { users, items, times, userCount } = interactions;
  const isTest = times ? latest(times, share) : drawn(users, userCount, share, seed);
  const count = isTest.reduce((sum, one) => sum + one, 0);
  const train = takeInteractions(interactions, places(isTest, 0, users.length - count));
  const { entries } = historiesOf("split", train);
  const known = (row: number): boolean => {
    const user = users[row];
    let low = entries.pointers[user];
    let high = entries.pointers[user + 1];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (entries.indices[middle] < items[row]) low = middle + 1;
      else high = middle;
    }
    return low < entries.pointers[user + 1] && entries.indices[low] === items[row];
  };
  const test = places(isTest, 1, count).filter((row) => !known(row));
  return { train, test: takeInteractions(interactions, test) };
}

/** Where a flag has this value, of which there are so many. */
function places(flags: Uint8Array, value: number, count: number): Int32Array {
  const found = new Int32Array(count);
  let next = 0;
  for (let row = 0; row < flags.length; row++) if (flags[row] === value) found[next++] = row;
  return found;
}

export function takeInteractions(from: Interactions, rows: Int32Array): Interactions {
  const { users, items, weights, times } = from;
  return {
    ...from,
    users: taken(users, rows, new Int32Array(rows.length)),
    items: taken(items, rows, new Int32Array(rows.length)),
    ...(weights && { weights: taken(weights, rows, new Float32Array(rows.length)) }),
    ...(times && { times: taken(times, rows, new Float64Array(rows.length)) }),
  };
}

function taken<T extends Int32Array | Float32Array | Float64Array>(
  values: T,
  rows: Int32Array,
  target: T,
): T {
  for (let row = 0; row < rows.length; row++) target[row] = values[rows[row]];
  return target;
}

/** Rows of one time stay together, on the side of training. */
function latest(times: Float64Array, share: number): Uint8Array {
  const sorted = times.slice().sort();
  const cut = sorted[Math.max(0, Math.ceil((1 - share) * times.length) - 1)];
  return Uint8Array.from(times, (time) => (time > cut ? 1 : 0));
}

/** Each user keeps at least one interaction, and of those with few a fraction is rounded by chance. */
function drawn(users: Int32Array, userCount: number, share: number, seed: number): Uint8Array {
  const draw = random(seed, 17);
  const counts = new Int32Array(userCount);
  for (const user of users) counts[user]++;
  const wanted = Int32Array.from(counts, (count) =>
    Math.min(count - 1, Math.floor(share * count + draw.uniform())),
  );
  const left = counts.slice();
  const isTest = new Uint8Array(users.length);
  users.forEach((user, row) => {
    if (wanted[user] > 0 && draw.uniform() * left[user] < wanted[user]) {
      isTest[row] = 1;
      wanted[user]--;
    }
    left[user]--;
  });
  return isTest;
}
