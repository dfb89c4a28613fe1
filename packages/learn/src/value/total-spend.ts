import { logBeta } from "./beta-integral.js";
import { incompleteBeta } from "./incomplete-beta.js";

/** Counts less likely than this are left out of a sum of probabilities. */
const negligible = 1e-6;

/**
 * Quantiles of V/scale, where V is the sum of n purchases, n given by the probabilities of 0, 1, …: with Gamma-Gamma, V is
 * gamma(pn, ν) and ν ~ gamma(shape, scale) given what was spent before, so V/(V + scale) ~ beta(pn, shape).
 */
export function totalQuantiles(
  p: number,
  shape: number,
  probabilities: Float64Array,
  levels: readonly number[],
): number[] {
  const none = probabilities[0];
  const logBetas = probabilities.map((weight, count) =>
    count > 0 && weight > negligible ? logBeta(p * count, shape) : 0,
  );
  const below = (log: number): number => {
    const share = 1 / (1 + Math.exp(-log));
    let sum = none;
    for (let count = 1; count < probabilities.length; count++)
      if (probabilities[count] > negligible)
        sum += probabilities[count] * incompleteBeta(p * count, shape, share, logBetas[count]);
    return sum;
  };
  return levels.map((level) =>
    none >= level ? 0 : Math.exp(root((log) => below(log) - level, Math.log(p / (shape - 1)))),
  );
}

/** Where an increasing function crosses 0: steps towards it until it lies between, then the Illinois method. */
function root(of: (at: number) => number, start: number): number {
  let low = start;
  let high = start;
  let valueLow = of(start);
  let valueHigh = valueLow;
  for (let step = 0.5; valueLow > 0 && step < 1000; step *= 2) {
    [high, valueHigh] = [low, valueLow];
    low -= step;
    valueLow = of(low);
  }
  for (let step = 0.5; valueHigh < 0 && step < 1000; step *= 2) {
    [low, valueLow] = [high, valueHigh];
    high += step;
    valueHigh = of(high);
  }
  for (let round = 0; round < 60 && high - low > 1e-6; round++) {
    const middle =
      valueHigh > valueLow
        ? high - (valueHigh * (high - low)) / (valueHigh - valueLow)
        : (low + high) / 2;
    const value = of(middle);
    if (Math.abs(value) < 1e-7) return middle;
    if (value < 0) {
      low = middle;
      valueLow = value;
      valueHigh /= 2;
    } else {
      high = middle;
      valueHigh = value;
      valueLow /= 2;
    }
  }
  return (low + high) / 2;
}
