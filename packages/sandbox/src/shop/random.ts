/**
 * Counter-based random numbers: the n-th number of a contact's stream depends on seed, contact, stream and n alone, so nothing
 * changes when contacts are drawn in another order, in other chunks or not at all.
 *
 * Only integer arithmetic, `Math.sqrt`, `Math.log` and `Math.exp` are used here and wherever a draw depends on the outcome:
 * engines differ in the last bit of `Math.pow` and the trigonometric functions.
 */
export interface Random {
  /** Goes to the first number of a contact's stream. */
  at(contact: number, stream: number): Random;
  /** Strictly between 0 and 1. */
  uniform(): number;
  /** An integer from 0 to `n - 1`. */
  below(n: number): number;
  /** Mean 1. */
  exponential(): number;
  /** Mean 1; a shape of at least 1. */
  gamma(shape: number): number;
}

const golden = 0x9e3779b9;

/** The n-th number of a contact's stream by itself, strictly between 0 and 1. */
export function uniformAt(seed: number, contact: number, stream: number, n: number): number {
  const first = mix(mix(seed ^ 0x5bd1e995) ^ Math.imul(contact, golden));
  return draw(mix(first + stream), mix(first ^ ~stream), n);
}

export function random(seed: number): Random {
  return new Stream(seed);
}

class Stream implements Random {
  private readonly seed: number;
  private first = 0;
  private second = 0;
  private n = 0;

  constructor(seed: number) {
    this.seed = mix(seed ^ 0x5bd1e995);
  }

  at(contact: number, stream: number): this {
    const first = mix(this.seed ^ Math.imul(contact, golden));
    this.first = mix(first + stream);
    this.second = mix(first ^ ~stream);
    this.n = 0;
    return this;
  }

  uniform(): number {
    return draw(this.first, this.second, this.n++);
  }

  below(n: number): number {
    return Math.floor(this.uniform() * n);
  }

  exponential(): number {
    return -Math.log(this.uniform());
  }

  // Marsaglia & Tsang 2000, with a polar normal
  gamma(shape: number): number {
    const d = shape - 1 / 3;
    const c = 1 / Math.sqrt(9 * d);
    for (;;) {
      const x = this.normal();
      const root = 1 + c * x;
      if (root <= 0) continue;
      const v = root * root * root;
      if (Math.log(this.uniform()) < 0.5 * x * x + d - d * v + d * Math.log(v))
        return (d * v) / shape;
    }
  }

  private normal(): number {
    for (;;) {
      const x = 2 * this.uniform() - 1;
      const y = 2 * this.uniform() - 1;
      const s = x * x + y * y;
      if (s < 1 && s > 0) return x * Math.sqrt((-2 * Math.log(s)) / s);
    }
  }
}

function draw(first: number, second: number, n: number): number {
  return ((mix(mix(first + Math.imul(n + 1, golden)) ^ second) >>> 0) + 0.5) / 4294967296;
}

// "lowbias32" of hash-prospector: every input bit moves every output bit
function mix(x: number): number {
  x = Math.imul(x ^ (x >>> 16), 0x21f0aaad);
  x = Math.imul(x ^ (x >>> 15), 0xd35a2d97);
  return x ^ (x >>> 15);
}
