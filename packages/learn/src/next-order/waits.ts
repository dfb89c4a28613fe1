/** How long each of many customers will wait for the next order, counted in days from one day common to all. */
export interface Waits {
  /** Probability of ever ordering again; `NaN` for one who has not ordered. */
  readonly again: Float64Array;
  /** Probability of an order within so many days. */
  within(row: number, days: number): number;
  /** The day by which a share, above 0 and below 1, of those who order again have done so. */
  day(row: number, share: number): number;
}

/** Further ahead than this nobody is waited for. */
export const furthest = 36_500;
const rounds = 60;

/** So near is near enough: days, shares of the wait, and shares of those who order again. */
const near = { days: 0.01, share: 0.001, probability: 0.0005 };
const farApart = (low: number, high: number): boolean => high - low > near.days + near.share * low;

/** Beyond these nothing can be told from certainty. */
const surest = 30;
const logOdds = (probability: number): number =>
  Math.max(-surest, Math.min(surest, Math.log(probability) - Math.log1p(-probability)));

/**
 * Of each customer a share `weight` is taken to behave as `other` says, and the rest as `one` does: probabilities are mixed, days
 * follow from the mixed probabilities.
 */
export function mixWaits(one: Waits, other: Waits, weight: number): Waits {
  const rest = 1 - weight;
  const again = one.again.map((own, row) => rest * own + weight * other.again[row]);
  const within = (row: number, days: number) =>
    rest * one.within(row, days) + weight * other.within(row, days);
  const dayOf = (waits: Waits, row: number, reached: number): number => {
    const share = reached / waits.again[row];
    return share < 1 ? Math.min(furthest, waits.day(row, share)) : furthest;
  };
  /** The same as `within`, on a day that one of the two gave: what that one says there is known. */
  const withinAt = (row: number, day: number, reached: number, ofOne: boolean): number => {
    if (!(day > 0 && day < furthest)) return within(row, day);
    return ofOne
      ? rest * reached + weight * other.within(row, day)
      : rest * one.within(row, day) + weight * reached;
  };
  return {
    again,
    within,
    day(row, share) {
      const reached = share * again[row];
      const [first, second] = [dayOf(one, row, reached), dayOf(other, row, reached)];
      let [low, high] = first < second ? [first, second] : [second, first];
      if (!farApart(low, high)) return (low + high) / 2;
      // the mixture's day lies between theirs: regula falsi of log odds over log days, which are close to straight, with the
      // Illinois weights
      const wanted = logOdds(share);
      const away = (probability: number) => logOdds(probability / again[row]) - wanted;
      let below = away(withinAt(row, low, reached, first < second));
      let above = away(withinAt(row, high, reached, first >= second));
      if (above < 0) return Infinity;
      let side = 0;
      for (let round = 0; round < rounds && farApart(low, high); round++) {
        const [from, to] = [Math.log(low + 1), Math.log(high + 1)];
        const place = round % 4 === 3 ? 0.5 : below / (below - above);
        const middle = Math.expm1(from + (to - from) * place);
        const probability = within(row, middle);
        if (Math.abs(probability - reached) <= near.probability * again[row]) return middle;
        const there = away(probability);
        if (there < 0) {
          if (side < 0) above /= 2;
          [low, below, side] = [middle, there, -1];
        } else {
          if (side > 0) below /= 2;
          [high, above, side] = [middle, there, 1];
        }
      }
      return (low + high) / 2;
    },
  };
}
