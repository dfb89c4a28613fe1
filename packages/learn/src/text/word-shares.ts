import { bucketOf, textHasher } from "./hasher.js";
import { tokens } from "./tokens.js";

/**
 * What each different word of a text adds: its own bucket and those of the runs of characters in it, each shared out by how often it occurs;
 * what a pair of words adds is halved between the two. `added` holds each bucket's part in the whole.
 */
export function wordShares(
  text: string,
  added: ReadonlyMap<number, number>,
): { word: string; effect: number }[] {
  const all = tokens(text);
  const inWord = textHasher({ words: 1 });
  const total = new Map<number, number>();
  const own = new Map<string, Map<number, number>>();
  for (const word of all) {
    const parts = own.get(word) ?? new Map<number, number>();
    const { n, buckets, counts } = inWord.count(word);
    for (let at = 0; at < n; at++) {
      parts.set(buckets[at], (parts.get(buckets[at]) ?? 0) + counts[at]);
      total.set(buckets[at], (total.get(buckets[at]) ?? 0) + counts[at]);
    }
    own.set(word, parts);
  }
  for (const [at, word] of all.slice(1).entries()) {
    const pair = bucketOf([all[at], word]);
    for (const one of [all[at], word]) {
      const parts = own.get(one);
      parts?.set(pair, (parts.get(pair) ?? 0) + 1);
      total.set(pair, (total.get(pair) ?? 0) + 1);
    }
  }
  return [...own].map(([word, parts]) => {
    let effect = 0;
    for (const [bucket, count] of parts)
      effect += ((added.get(bucket) ?? 0) * count) / (total.get(bucket) as number);
    return { word, effect };
  });
}
