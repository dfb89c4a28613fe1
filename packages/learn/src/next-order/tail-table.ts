/** A distribution's log odds of survival over asinh z, where tails of powers are straight lines: quick both ways, to about 1e-4. */
export interface TailTable {
  /** P(T > z). */
  survival(z: number): number;
  /** The z that a share of `survival` lies above. */
  inverse(survival: number): number;
}

const reach = 12;
const points = 1025;
const step = (2 * reach) / (points - 1);
/** Log odds beyond these cannot be told from certainty. */
const surest = 600;

export function tailTable(survival: (z: number) => number): TailTable {
  const logOdds = new Float64Array(points);
  for (let index = 0; index < points; index++) {
    const left = survival(Math.sinh(index * step - reach));
    const odds = Math.log(left) - Math.log1p(-left);
    logOdds[index] = Math.max(-surest, Math.min(surest, odds));
    if (index > 0) logOdds[index] = Math.min(logOdds[index], logOdds[index - 1]);
  }
  return {
    survival(z) {
      const place = Math.min(Math.max((Math.asinh(z) + reach) / step, 0), points - 1 - 1e-9);
      const below = Math.floor(place);
      const odds = logOdds[below] + (place - below) * (logOdds[below + 1] - logOdds[below]);
      return 1 / (1 + Math.exp(-odds));
    },
    inverse(survival) {
      const odds = Math.log(survival) - Math.log1p(-survival);
      let low = 0;
      let high = points - 1;
      while (high - low > 1) {
        const middle = (low + high) >> 1;
        if (logOdds[middle] >= odds) low = middle;
        else high = middle;
      }
      const width = logOdds[low] - logOdds[high];
      const within = width > 0 ? Math.min(1, Math.max(0, (logOdds[low] - odds) / width)) : 0;
      return Math.sinh((low + within) * step - reach);
    },
  };
}
