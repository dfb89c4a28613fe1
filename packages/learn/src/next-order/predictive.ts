import type { GapParameters } from "./likelihood.js";

/** Student's t of a customer's next log gap: its location and deviation; the degrees of freedom are `2 shape + gaps`. */
export interface Predictive {
  readonly location: number;
  readonly deviation: number;
}

/** @param squares of the customer's `gaps` log gaps around their `mean` */
export function predictive(
  { location, trust, shape, scale }: GapParameters,
  gaps: number,
  mean: number,
  squares: number,
): Predictive {
  const weight = trust + gaps;
  const away = gaps > 0 ? mean - location : 0;
  const spread = scale + 0.5 * (squares + (trust * gaps * away * away) / weight);
  return {
    location: location + (gaps * away) / weight,
    deviation: Math.sqrt((spread * (weight + 1)) / ((shape + gaps / 2) * weight)),
  };
}
