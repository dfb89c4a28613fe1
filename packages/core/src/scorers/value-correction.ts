import { levelFactor } from "@inchworm/learn";
import { levels } from "./next-order-rules.js";
import type { Came } from "./value-customers.js";
import type { ValueForecast } from "./value-models.js";
import { place, quantilesOf, type Spread } from "./value-spread.js";

/**
 * How a forecast is set right: the factors its means of spending and of orders lack, the levels at which its ranges are what `levels` say, and what the amounts
 * there are to be multiplied by, so that those of large customers, of which losses are made, are right too.
 */
export interface Correction {
  readonly factor: number;
  readonly ordersFactor: number;
  readonly levels: readonly number[];
  readonly factors: readonly number[];
}

/** Whether what was stored is one. */
export function isCorrection(stored: unknown): stored is Correction {
  const { factor, ordersFactor, levels: own, factors } = (stored ?? {}) as Partial<Correction>;
  const isFactor = (value: unknown) => Number(value) > 0 && Number.isFinite(value);
  return (
    isFactor(factor) &&
    isFactor(ordersFactor) &&
    Array.isArray(own) &&
    own.length === levels.length &&
    own.every((level) => level >= 0 && level <= 1) &&
    Array.isArray(factors) &&
    factors.length === levels.length &&
    factors.every(isFactor)
  );
}

/** A factor further from 1 than this, as a standard deviation of its logarithm, would surprise. */
const usualDrift = 0.15;

/**
 * By how much what came went beyond a past forecast: a shop grows, shrinks or has its seasons, which no model of single customers
 * sees. Drawn towards 1 by how uncertain it is itself.
 */
function lackingFactor(mean: Float64Array, came: Float64Array): number {
  const expected = mean.reduce((sum, amount) => sum + amount, 0);
  const all = came.reduce((sum, amount) => sum + amount, 0);
  if (!(expected > 0) || !(all > 0)) return 1;
  let square = 0;
  for (let row = 0; row < came.length; row++)
    square += (came[row] - (mean[row] * all) / expected) ** 2;
  const variance = square / (all * all);
  const weight = usualDrift ** 2 / (usualDrift ** 2 + variance);
  return Math.exp(weight * Math.log(all / expected));
}

export const scaled = (spread: Spread, factor: number): Spread => ({
  ...spread,
  mean: spread.mean.map((amount) => amount * factor),
});

/** As many imaginary outcomes that fit say that the levels are right as they are. */
const trust = 50;

/**
 * What would have set a past forecast right: the factor, and levels at which it would have left a tenth of the outcomes on either
 * side, and so on (Kuleshov et al. 2018, on the non-randomised probability integral transform of Czado, Gneiting & Held 2009).
 */
export function correction(past: Pick<ValueForecast, "orders" | "spread">, came: Came): Correction {
  const { spent } = came;
  const factor = lackingFactor(past.spread.mean, spent);
  const spread = scaled(past.spread, factor);
  const places = Array.from(spent, (amount, row) => place(spread, row, amount));
  const below = (level: number): number => {
    let sum = trust * level;
    for (const { low, high } of places)
      if (high > low) sum += Math.min(1, Math.max(0, (level - low) / (high - low)));
      else if (low <= level) sum++;
    return sum / (places.length + trust);
  };
  const where = (share: number): number => {
    let [low, high] = [0, 1];
    for (let step = 0; step < 30; step++) {
      const middle = (low + high) / 2;
      if (below(middle) < share) low = middle;
      else high = middle;
    }
    return (low + high) / 2;
  };
  const own = levels.map(where);
  const factors = quantilesOf(spread, own).map((amounts, index) =>
    levelFactor(amounts, spent, levels[index]),
  );
  return { factor, ordersFactor: lackingFactor(past.orders, came.orders), levels: own, factors };
}

/** The amounts at each of `levels`, set right; those at a higher level are never less than at a lower one. */
export function correctedQuantiles(
  spread: Spread,
  { factor, levels: own, factors }: Correction,
): Float64Array[] {
  const found: Float64Array[] = [];
  for (const [index, amounts] of quantilesOf(scaled(spread, factor), own).entries()) {
    const below = found.at(-1);
    found.push(amounts.map((amount, row) => Math.max(below?.[row] ?? 0, factors[index] * amount)));
  }
  return found;
}
