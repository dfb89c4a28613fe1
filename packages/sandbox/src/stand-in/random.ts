/** A stream of numbers in [0, 1) that follows from the seed alone: sfc32, Chris Doty-Humphrey's PractRand, 2010. */
export function random(seed: number): () => number {
  let a = seed | 0;
  let b = Math.floor(seed / 2 ** 32) | 0;
  let c = 0x9e3779b9 | 0;
  let counter = 1;
  const next = () => {
    const sum = (((a + b) | 0) + counter) | 0;
    counter = (counter + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = ((c << 21) | (c >>> 11)) + sum;
    c |= 0;
    return (sum >>> 0) / 2 ** 32;
  };
  for (let warmUp = 0; warmUp < 12; warmUp++) next();
  return next;
}

/** A UUID-shaped text from a random stream. */
export function uuid(next: () => number): string {
  let digits = "";
  for (let word = 0; word < 4; word++) {
    digits += Math.floor(next() * 2 ** 32)
      .toString(16)
      .padStart(8, "0");
  }
  return `${digits.slice(0, 8)}-${digits.slice(8, 12)}-4${digits.slice(13, 16)}-a${digits.slice(17, 20)}-${digits.slice(20)}`;
}
