/** Pairs remembered at most; a new one takes the place of an old one. */
const slots = 1 << 15;
/** Fewer answers than this are not worth the room. */
const few = 256;

/**
 * A function of two numbers that remembers its answers: many customers share a number of purchases and an age. Costs next to nothing
 * where they do not.
 *
 * @param asked how often it will be asked
 */
export function remember(
  of: (x: number, age: number) => number,
  asked: number,
): (x: number, age: number) => number {
  if (asked < few) return of;
  const known = new Float64Array(3 * slots).fill(Number.NaN);
  const numbers = new Float64Array(2);
  const words = new Uint32Array(numbers.buffer);
  return (x, age) => {
    numbers[0] = x;
    numbers[1] = age;
    let hash = Math.imul(words[0] ^ (words[1] << 7), 0x9e3779b1) ^ words[2];
    hash = Math.imul(hash ^ (hash >>> 15) ^ words[3], 0x85ebca6b);
    const at = 3 * ((hash ^ (hash >>> 13)) & (slots - 1));
    if (known[at] !== x || known[at + 1] !== age) {
      known[at] = x;
      known[at + 1] = age;
      known[at + 2] = of(x, age);
    }
    return known[at + 2];
  };
}
