import type { Cells } from "./cells.js";
import type { Family, Lever, Likelihood } from "./family.js";

/** Customers of equal covariates. */
export interface Group {
  readonly profile: Float64Array;
  readonly cells: Cells;
}

export const leversOf = ({ pace, leaving }: Family): readonly Lever[] =>
  leaving ? [pace, leaving] : [pace];

/**
 * The family's likelihood where the logarithms of pace and of leaving are linear in covariates (Fader & Hardie 2007, who do so for
 * Pareto/NBD and BG/NBD): the parameters' logarithms come first, then one coefficient per covariate for each lever.
 */
export function covariateLikelihood(
  family: Family,
  groups: readonly Group[],
  covariates: number,
): Likelihood {
  const size = family.letters.length;
  const levers = leversOf(family);
  const own = groups.map(({ cells }) => family.likelihood(cells));
  const slopes = new Float64Array(size);
  return (at, gradient) => {
    gradient.fill(0);
    let total = 0;
    for (const [index, { profile }] of groups.entries()) {
      total += own[index](logsAt(family, at, profile), slopes);
      for (let letter = 0; letter < size; letter++) gradient[letter] += slopes[letter];
      for (const [place, lever] of levers.entries()) {
        const from = size + place * covariates;
        for (let covariate = 0; covariate < covariates; covariate++)
          gradient[from + covariate] += lever.sign * slopes[lever.index] * profile[covariate];
      }
    }
    return total;
  };
}

/** The logarithms of the parameters of customers with a profile. */
export function logsAt(family: Family, at: Float64Array, profile: Float64Array): Float64Array {
  const size = family.letters.length;
  const logs = at.slice(0, size);
  for (const [place, { index, sign }] of leversOf(family).entries()) {
    const from = size + place * profile.length;
    for (let covariate = 0; covariate < profile.length; covariate++)
      logs[index] += sign * at[from + covariate] * profile[covariate];
  }
  return logs;
}

/** Their covariance, of that of parameters and coefficients together. */
export function covarianceAt(
  family: Family,
  covariance: Float64Array,
  profile: Float64Array,
): Float64Array {
  const size = family.letters.length;
  const levers = leversOf(family);
  const all = size + levers.length * profile.length;
  const slope = (letter: number, entry: number): number => {
    if (entry < size) return letter === entry ? 1 : 0;
    const place = Math.floor((entry - size) / profile.length);
    const { index, sign } = levers[place];
    return letter === index ? sign * profile[(entry - size) % profile.length] : 0;
  };
  const found = new Float64Array(size * size);
  for (let row = 0; row < size; row++)
    for (let column = 0; column < size; column++)
      for (let one = 0; one < all; one++) {
        const left = slope(row, one);
        if (left === 0) continue;
        for (let other = 0; other < all; other++)
          found[row * size + column] += left * covariance[one * all + other] * slope(column, other);
      }
  return found;
}
