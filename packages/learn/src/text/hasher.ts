import { longer } from "./longer.js";
import { spans } from "./tokens.js";

export interface TextHasherOptions {
  /** Buckets are 2 to the power of this. Defaults to 18. */
  readonly bits?: number;
  /** Longest run of words, 0 for none. Defaults to 2. */
  readonly words?: number;
  /** Shortest and longest run of characters within a word and its two boundaries, or `false`. Defaults to [3, 5]. */
  readonly characters?: readonly [shortest: number, longest: number] | false;
}

/** How often each n-gram occurs: entries `0 … n − 1`, each bucket once. The buffers are written over by the next count. */
export interface Counts {
  readonly n: number;
  readonly buckets: Int32Array;
  readonly counts: Int32Array;
}

export interface TextHasher {
  readonly buckets: number;
  count(text: string): Counts;
}

const seed = 0x811c9dc5;
const wordMark = 0x1f;
const boundary = 32;

function mix(hash: number, unit: number): number {
  const product = Math.imul(hash ^ unit, 0x5bd1e995);
  return product ^ (product >>> 15);
}

const finish = (hash: number, shift: number): number =>
  Math.imul(hash ^ (hash >>> 13), 0x9e3779b1) >>> shift;

/** The bucket that a hasher of so many bits counts a run of tokens in. */
export function bucketOf(run: readonly string[], bits = 18): number {
  let hash = seed;
  for (const one of run) {
    hash = mix(hash, wordMark);
    for (let at = 0; at < one.length; at++) hash = mix(hash, one.charCodeAt(at));
  }
  return finish(hash, 32 - bits);
}

/** Counts word and character n-grams in 2^bits buckets: no vocabulary to keep, whatever the language or script. */
export function textHasher(options: TextHasherOptions = {}): TextHasher {
  const { bits = 18, words: longest = 2, characters = [3, 5] } = options;
  const [shortest, most] = characters || [1, 0];
  const size = 2 ** bits;
  const shift = 32 - bits;
  /** Place in `found` plus one of each bucket of this text, 0 for the others. */
  const places = new Int32Array(size);
  let found = new Int32Array(2048);
  let counts = new Int32Array(2048);
  let units = new Int32Array(64);
  let n = 0;

  const add = (bucket: number): void => {
    const place = places[bucket];
    if (place > 0) {
      counts[place - 1]++;
      return;
    }
    if (n === found.length) {
      found = longer(found);
      counts = longer(counts);
    }
    found[n] = bucket;
    counts[n] = 1;
    places[bucket] = ++n;
  };

  const addCharacters = (plain: string, from: number, to: number): void => {
    const length = to - from + 2;
    if (length > units.length) units = new Int32Array(2 * length);
    units[0] = boundary;
    for (let at = from; at < to; at++) units[at - from + 1] = plain.charCodeAt(at);
    units[length - 1] = boundary;
    for (let begin = 0; begin + shortest <= length; begin++) {
      const end = Math.min(length, begin + most);
      let hash = seed;
      let at = begin;
      for (const before = begin + shortest - 1; at < before; at++) hash = mix(hash, units[at]);
      for (; at < end; at++) {
        hash = mix(hash, units[at]);
        add(finish(hash, shift));
      }
    }
  };

  return {
    buckets: size,
    count(text) {
      for (let index = 0; index < n; index++) places[found[index]] = 0;
      n = 0;
      const { plain, n: tokens, starts, ends } = spans(text);
      for (let token = 0; token < tokens; token++) {
        let hash = seed;
        const last = Math.min(tokens, token + longest);
        for (let next = token; next < last; next++) {
          hash = mix(hash, wordMark);
          for (let at = starts[next]; at < ends[next]; at++) hash = mix(hash, plain.charCodeAt(at));
          add(finish(hash, shift));
        }
        if (characters) addCharacters(plain, starts[token], ends[token]);
      }
      return { n, buckets: found, counts };
    },
  };
}
