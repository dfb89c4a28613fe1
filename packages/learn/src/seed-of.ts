/** A seed for every list of texts, the same on every machine: FNV-1a over UTF-16 units, finished as murmur3 does. Two lists share one by a chance of 2^-32. */
export function seedOf(seed: number, ...parts: readonly string[]): number {
  let hash = 0x811c9dc5 ^ (seed >>> 0) ^ Math.imul(Math.floor(seed / 2 ** 32), 0x9e3779b1);
  for (const part of parts) {
    for (let index = 0; index < part.length; index++)
      hash = Math.imul(hash ^ part.charCodeAt(index), 0x01000193);
    // where a part ends: no unit is as large
    hash = Math.imul(hash ^ 0x10000, 0x01000193);
  }
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) >>> 0;
}
