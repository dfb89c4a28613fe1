import { existsSync, writeFileSync } from "node:fs";

/** Pairs of users and items made from a seed: items by Zipf's law within tastes, users of gamma-like activity. Kept as int32, users first. */
export function makePairs(file, pairs, users, items, random) {
  if (existsSync(file)) return;
  const all = new Int32Array(2 * pairs);
  const seen = new Set();
  let count = 0;
  while (count < pairs) {
    const user = Math.floor(users * random.uniform() ** 1.6);
    const rank = Math.floor(items ** random.uniform()) - 1;
    const item = random.uniform() < 0.3 ? rank : (rank * 7919 + (user % 50) * 104729) % items;
    const pair = user * items + item;
    if (seen.has(pair)) continue;
    if (seen.size > 8_000_000) seen.clear();
    seen.add(pair);
    all[count] = user;
    all[pairs + count++] = item;
  }
  writeFileSync(file, new Uint8Array(all.buffer));
}
