import { invert } from "./invert.js";
import { kurtosisOf, type Moments, overall } from "./moments.js";
import { studentCritical, studentTails } from "./student.js";
import type { Contrast } from "./types.js";

/** How far, squared and as a share, one arm's variance is thought to lie from what both arms together say of it. */
const apart = 1;

/**
 * The difference of two means, `one` minus `other`. Where values are as regular as heights are, it is Welch's t. A variance that a
 * few large orders make is known badly from one arm alone: the less an arm tells of its own (by the kurtosis of both), the more it is
 * taken from both arms together, in proportion to the mean where no value is below 0. The test, whose interval this is, is corrected
 * for skewness by the first Edgeworth term in Hall's monotone form (Hall 1992; for two samples Zhou & Dinh 2005, Biostatistics 6).
 *
 * @param estimated how many numbers were estimated from the same rows beforehand, such as the weights of an adjustment
 */
export function meanDifference(one: Moments, other: Moments, estimated = 0): Contrast {
  const value = one.mean - other.mean;
  const arms = [one, other];
  const rows = one.rows + other.rows;
  const second = overall(arms, (arm) => arm.second);
  const scale = Math.max(Math.abs(one.mean), Math.abs(other.mean));
  const few = Math.min(one.rows, other.rows) < 2 + estimated;
  // sums of squares that are nothing but rounding
  if (few || !(second > 1e-24 * scale * scale))
    return { value, error: 0, p: 1, interval: () => [Number.NEGATIVE_INFINITY, Infinity] };
  const third = overall(arms, (arm) => arm.third);
  const kurtosis = kurtosisOf(arms);
  const mean = overall(arms, (arm) => arm.mean);
  const withMean = Math.min(one.least, other.least) >= 0 && mean > 0;
  const owns = arms.map((arm) => apart / (apart + (kurtosis - 1) / arm.rows));
  const spreads = arms.map((arm) => arm.rows / (arm.rows - 1 - estimated));

  const at = (difference: number) => {
    // means that add up to what was seen, and lie this far apart
    const base = mean - (one.rows * difference) / rows;
    const supposed = [base + difference, base];
    let [variance, skew, ownSkew, squares] = [0, 0, 0, 0];
    for (const [place, arm] of arms.entries()) {
      const factor = withMean ? Math.max(0.1, supposed[place] / mean) : 1;
      const own = owns[place];
      const part = (spreads[place] * (own * arm.second + (1 - own) * factor * second)) / arm.rows;
      const bent = (own * arm.third + (1 - own) * factor * third) / arm.rows ** 2;
      const sign = place === 0 ? 1 : -1;
      variance += part;
      skew += sign * bent;
      ownSkew += sign * own * bent;
      squares += (own * part) ** 2 / (arm.rows - 1 - estimated);
    }
    const error = Math.sqrt(variance);
    return {
      error,
      skew: skew / error ** 3,
      ownSkew: ownSkew / error ** 3,
      freedom: squares > 0 ? variance ** 2 / squares : Infinity,
    };
  };
  const test = (difference: number): number => {
    const { error, skew, ownSkew } = at(difference);
    const t = (value - difference) / error;
    // a mean and its own variance go together; a variance from elsewhere does not
    const square = ownSkew / 2 - skew / 6;
    const bent = Math.abs(square) < 1e-9 ? t : ((1 + square * t) ** 3 - 1) / (3 * square);
    return bent + skew / 6;
  };
  const { error, freedom } = at(value);
  return {
    value,
    error,
    p: Math.min(1, studentTails(test(0), freedom)),
    interval(level) {
      const critical = studentCritical(level, freedom);
      const reach = 100 * critical * error;
      return invert(test, value, critical, [value - reach, value + reach]);
    },
  };
}
