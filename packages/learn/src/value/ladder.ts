import type { Rising } from "./rising.js";

/** ln Γ(base + step) − ln Γ(base) and its derivative for every step from 0 to `most`. */
export function ladder(most: number): (base: number) => Rising {
  const value = new Float64Array(most + 1);
  const slope = new Float64Array(most + 1);
  return (base) => {
    for (let step = 0; step < most; step++) {
      value[step + 1] = value[step] + Math.log(base + step);
      slope[step + 1] = slope[step] + 1 / (base + step);
    }
    return { value, slope };
  };
}
