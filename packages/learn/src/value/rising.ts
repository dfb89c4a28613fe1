import { digamma, logGamma } from "../special/gamma.js";

/** From here on three terms of Stirling's series are exact to rounding. */
const large = 1000;

/** ln Γ(base + step) − ln Γ(base) and its derivative in the base, one entry per step. */
export interface Rising {
  readonly value: Float64Array;
  readonly slope: Float64Array;
}

/** For the steps of a model, prepared once and computed anew for each base. Steps are whole, ≥ 0. */
export function rising(steps: ArrayLike<number>): (base: number) => Rising {
  const value = new Float64Array(steps.length);
  const slope = new Float64Array(steps.length);
  return (base) => {
    const start = logGamma(base);
    const startSlope = digamma(base);
    for (let index = 0; index < steps.length; index++) {
      const step = steps[index];
      if (step <= 8) {
        // a short product keeps all digits, however large the base
        let product = 1;
        let sum = 0;
        for (let factor = 0; factor < step; factor++) {
          product *= base + factor;
          sum += 1 / (base + factor);
        }
        value[index] = Math.log(product);
        slope[index] = sum;
      } else if (base > large) {
        // Stirling's series less itself, term by term: the difference of two large numbers would lose its digits
        const end = base + step;
        const growth = Math.log1p(step / base);
        value[index] =
          (end - 0.5) * growth +
          step * Math.log(base) -
          step +
          (1 / end - 1 / base) / 12 -
          (1 / end ** 3 - 1 / base ** 3) / 360;
        slope[index] = growth - (1 / end - 1 / base) / 2 - (1 / end ** 2 - 1 / base ** 2) / 12;
      } else {
        value[index] = logGamma(base + step) - start;
        slope[index] = digamma(base + step) - startSlope;
      }
    }
    return { value, slope };
  };
}
