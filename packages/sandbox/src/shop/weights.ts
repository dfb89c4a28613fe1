/** Picks an index with a chance in proportion to its weight, in constant time. */
export interface Picker {
  /** `u` from 0 to 1. */
  pick(u: number): number;
  /** Chance of each index; sums to 1. */
  readonly chance: Float64Array;
}

export function picker(weights: ArrayLike<number>): Picker {
  const n = weights.length;
  let total = 0;
  for (let i = 0; i < n; i++) total += weights[i];
  const chance = new Float64Array(n);
  const upTo = new Float64Array(n);
  let sum = 0;
  for (let i = 0; i < n; i++) {
    chance[i] = weights[i] / total;
    sum += chance[i];
    upTo[i] = sum;
  }
  upTo[n - 1] = 1;

  const cells = 4 * n;
  const guide = new Uint16Array(cells);
  for (let cell = 0, i = 0; cell < cells; cell++) {
    while (upTo[i] <= cell / cells) i++;
    guide[cell] = i;
  }
  return {
    chance,
    pick(u) {
      let i = guide[Math.floor(u * cells)];
      while (upTo[i] <= u) i++;
      return i;
    },
  };
}
