import { logBeta } from "../special/gamma.js";
import { incompleteBeta } from "../special/incomplete-beta.js";

/** Counts less likely than this are left out of a sum of probabilities. */
const negligible = 1e-6;

/** Step of the tabulated logarithm: interpolation errs by less than a thousandth of the value. */
const step = 0.04;
/** From this many customers on a table pays. */
const many = 24;

/**
 * Quantiles of V/scale, where V is the sum of n purchases, n given by the probabilities of 0, 1, …: with Gamma-Gamma, V is
 * gamma(pn, ν) and ν ~ gamma(shape, scale) given what was spent before, so V/(V + scale) ~ beta(pn, shape). Made once for all
 * `customers` of one shape, who have up to `most` purchases.
 */
export function totalQuantiles(
  p: number,
  shape: number,
  most: number,
  customers: number,
): (probabilities: Float64Array, levels: readonly number[]) => number[] {
  const start = Math.log(p / (shape - 1));
  const logBetas = Float64Array.from({ length: most + 1 }, (_, count) =>
    count > 0 ? logBeta(p * count, shape) : 0,
  );
  const below = (count: number, log: number) =>
    incompleteBeta(p * count, shape, 1 / (1 + Math.exp(-log)), logBetas[count]);
  const from = start - 3;
  const size = customers < many ? 0 : Math.ceil((6 + Math.log(most)) / step);
  const tables: Float64Array[] = [];
  const table = (count: number): Float64Array => {
    tables[count] ??= Float64Array.from({ length: size }, (_, at) =>
      below(count, from + at * step),
    );
    return tables[count];
  };

  return (probabilities, levels) => {
    const counts: number[] = [];
    for (let count = 1; count < probabilities.length; count++)
      if (probabilities[count] > negligible) counts.push(count);
    const cumulated = (of: (count: number) => number): number => {
      let sum = probabilities[0];
      for (const count of counts) sum += probabilities[count] * of(count);
      return sum;
    };
    return levels.map((level) => {
      if (probabilities[0] >= level) return 0;
      const tabulated = (at: number) => cumulated((count) => table(count)[at]) - level;
      if (size > 1 && tabulated(0) < 0 && tabulated(size - 1) > 0) {
        let low = 0;
        let high = size - 1;
        while (high - low > 1) {
          const middle = (low + high) >> 1;
          if (tabulated(middle) < 0) low = middle;
          else high = middle;
        }
        const [under, over] = [tabulated(low), tabulated(high)];
        return Math.exp(from + step * (low - under / (over - under)));
      }
      return Math.exp(root((log) => cumulated((count) => below(count, log)) - level, start));
    });
  };
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
