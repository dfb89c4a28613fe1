/** Whole numbers from 0 to below a bound, the same for the same seed. */
export function generator(seed: number): (below: number) => number {
  let state = seed * 2 + 1;
  return (below) => {
    state = (state * 48_271) % 0x7fffffff;
    return Math.floor((state / 0x7fffffff) * below);
  };
}
