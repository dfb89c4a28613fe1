import { levels } from "./next-order-rules.js";
import { place, type Spread } from "./value-spread.js";

/** How a forecast is set right: the factor its means lack, and the levels at which its ranges are what `levels` say. */
export interface Correction {
  readonly factor: number;
  readonly levels: readonly number[];
}

/** Whether what was stored is one. */
export function isCorrection(stored: unknown): stored is Correction {
  const { factor, levels: own } = (stored ?? {}) as Partial<Correction>;
  return (
    Number(factor) > 0 &&
    Number.isFinite(factor) &&
    Array.isArray(own) &&
    own.length === levels.length &&
    own.every((level) => level >= 0 && level <= 1)
  );
}

/** A factor further from 1 than this, as a standard deviation of its logarithm, would surprise. */
const usualDrift = 0.15;

/**
 * By how much spending went beyond a past forecast: a shop grows, shrinks or has its seasons, which no model of single customers
 * sees. Drawn towards 1 by how uncertain it is itself.
 */
function lackingFactor({ mean }: Spread, spent: Float64Array): number {
  const expected = mean.reduce((sum, amount) => sum + amount, 0);
  const came = spent.reduce((sum, amount) => sum + amount, 0);
  if (!(expected > 0) || !(came > 0)) return 1;
  let square = 0;
  for (let row = 0; row < spent.length; row++)
    square += (spent[row] - (mean[row] * came) / expected) ** 2;
  const variance = square / (came * came);
  const weight = usualDrift ** 2 / (usualDrift ** 2 + variance);
  return Math.exp(weight * Math.log(came / expected));
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
export function correction(past: Spread, spent: Float64Array): Correction {
  const factor = lackingFactor(past, spent);
  const spread = scaled(past, factor);
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
  return { factor, levels: levels.map(where) };
}
