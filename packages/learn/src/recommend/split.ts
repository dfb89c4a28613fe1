import { random } from "../random.js";
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
  const known = new Set<number>();
  const pair = (row: number): number => users[row] * interactions.itemCount + items[row];
  const train: number[] = [];
  const test: number[] = [];
  for (let row = 0; row < users.length; row++)
    if (isTest[row] === 0) {
      train.push(row);
      known.add(pair(row));
    }
  for (let row = 0; row < users.length; row++)
    if (isTest[row] === 1 && !known.has(pair(row))) test.push(row);
  return {
    train: takeInteractions(interactions, train),
    test: takeInteractions(interactions, test),
  };
}

export function takeInteractions(from: Interactions, rows: readonly number[]): Interactions {
  const { users, items, weights, times } = from;
  return {
    ...from,
    users: Int32Array.from(rows, (row) => users[row]),
    items: Int32Array.from(rows, (row) => items[row]),
    ...(weights && { weights: Float32Array.from(rows, (row) => weights[row]) }),
    ...(times && { times: Float64Array.from(rows, (row) => times[row]) }),
  };
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
