/** A seeded stream of numbers: the same seed gives the same stream on every machine. */
export interface Random {
  /** 0 … 2³² − 1. */
  uint32(): number;
  /** [0, 1), 53 bits. */
  uniform(): number;
  /** An integer in [0, limit), without bias to speak of. */
  below(limit: number): number;
  /** Standard normal. */
  normal(): number;
  /** Fisher-Yates, in place. */
  shuffle<T extends { readonly length: number; [index: number]: number }>(items: T): T;
}

/**
 * xoshiro128** (Blackman & Vigna 2018), its state filled by splitmix32 from `seed` and `stream`. Streams of one seed are
 * independent for any practical purpose.
 */
export function random(seed: number, stream = 0): Random {
  const fill = splitmix32(
    (seed >>> 0) ^
      Math.imul(Math.floor(seed / 2 ** 32) >>> 0, 0x9e3779b1) ^
      Math.imul(stream, 0x85ebca6b),
  );
  let a = fill();
  let b = fill();
  let c = fill();
  let d = fill() | 1; // never all zero
  let spare = Number.NaN;

  const uint32 = (): number => {
    const scrambled = Math.imul(b, 5);
    const result = Math.imul((scrambled << 7) | (scrambled >>> 25), 9);
    const shifted = b << 9;
    c ^= a;
    d ^= b;
    b ^= c;
    a ^= d;
    c ^= shifted;
    d = (d << 11) | (d >>> 21);
    return result >>> 0;
  };
  const uniform = (): number => ((uint32() >>> 5) * 67108864 + (uint32() >>> 6)) / 9007199254740992;
  const below = (limit: number): number => {
    if (limit > 2 ** 21) return Math.floor(uniform() * limit); // off by at most limit / 2^53
    // Lemire 2019: the high half of a product, drawn again where the low half would favour some values
    for (;;) {
      const product = uint32() * limit;
      const high = Math.floor(product / 4294967296);
      const low = product - high * 4294967296;
      if (low >= limit || low >= 4294967296 % limit) return high;
    }
  };
  const normal = (): number => {
    if (!Number.isNaN(spare)) {
      const result = spare;
      spare = Number.NaN;
      return result;
    }
    // Marsaglia's polar method
    for (;;) {
      const x = 2 * uniform() - 1;
      const y = 2 * uniform() - 1;
      const square = x * x + y * y;
      if (square >= 1 || square === 0) continue;
      const factor = Math.sqrt((-2 * Math.log(square)) / square);
      spare = y * factor;
      return x * factor;
    }
  };
  return {
    uint32,
    uniform,
    below,
    normal,
    shuffle(items) {
      for (let last = items.length - 1; last > 0; last--) {
        const other = below(last + 1);
        const kept = items[last];
        items[last] = items[other];
        items[other] = kept;
      }
      return items;
    },
  };
}

function splitmix32(seed: number): () => number {
  let state = seed | 0;
  return () => {
    state = (state + 0x9e3779b9) | 0;
    let mixed = state ^ (state >>> 16);
    mixed = Math.imul(mixed, 0x21f0aaad);
    mixed ^= mixed >>> 15;
    mixed = Math.imul(mixed, 0x735a2d97);
    return mixed ^ (mixed >>> 15);
  };
}
