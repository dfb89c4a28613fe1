import { chiSquareTail } from "../drift/chi-square.js";
import { LearnError } from "../error.js";
import { studentCritical, studentTails } from "./student.js";
import type { Effect } from "./types.js";

export interface Pooled extends Effect {
  /** How many campaigns. */
  readonly campaigns: number;
  /** Standard deviation of the true effects from one campaign to another. */
  readonly spread: number;
  /** P-value of all campaigns having one effect. */
  readonly alike: number;
  /** Where the effect of a further campaign is to be expected; absent with fewer than three. */
  readonly next?: readonly [low: number, high: number];
}

/**
 * The mean effect over campaigns, each with its own true effect: random effects, the spread by Paule & Mandel (1982), the interval by
 * Hartung & Knapp (2001), which keeps its promise with few campaigns where the usual one does not. With two it is very wide, rightly.
 *
 * @throws LearnError "input" when there is no campaign, or an error is not above 0
 */
export function pool(effects: readonly Pick<Effect, "value" | "error">[], level = 0.05): Pooled {
  if (effects.length === 0) throw new LearnError("input", "pool: there is no campaign to pool.");
  if (effects.some(({ value, error }) => !Number.isFinite(value) || !(error > 0)))
    throw new LearnError("input", "pool: every campaign needs a value and an error above 0.");
  const campaigns = effects.length;
  const squares = spreadSquared(effects);
  const weights = effects.map(({ error }) => 1 / (error * error + squares));
  const whole = weights.reduce((total, weight) => total + weight, 0);
  const value =
    effects.reduce((total, effect, at) => total + weights[at] * effect.value, 0) / whole;
  const freedom = campaigns - 1;
  const scatter =
    campaigns === 1
      ? 1
      : effects.reduce(
          (total, effect, at) => total + weights[at] * (effect.value - value) ** 2,
          0,
        ) / freedom;
  const error = Math.sqrt(scatter / whole);
  const degrees = campaigns === 1 ? Infinity : freedom;
  const reach = studentCritical(level, degrees) * error;
  const fixed = distance(effects, 0);
  const ahead =
    campaigns > 2
      ? studentCritical(level, campaigns - 2) * Math.sqrt(squares + error * error)
      : undefined;
  return {
    value,
    low: value - reach,
    high: value + reach,
    error,
    p: error > 0 ? studentTails(value / error, degrees) : 1,
    campaigns,
    spread: Math.sqrt(squares),
    alike: freedom > 0 ? chiSquareTail(fixed, freedom) : 1,
    ...(ahead !== undefined && { next: [value - ahead, value + ahead] as const }),
  };
}

type Given = readonly Pick<Effect, "value" | "error">[];

/** Cochran's Q with weights that allow for a spread. */
function distance(effects: Given, squares: number): number {
  const weights = effects.map(({ error }) => 1 / (error * error + squares));
  const whole = weights.reduce((total, weight) => total + weight, 0);
  const mean = effects.reduce((total, { value }, at) => total + weights[at] * value, 0) / whole;
  return effects.reduce((total, { value }, at) => total + weights[at] * (value - mean) ** 2, 0);
}

function spreadSquared(effects: Given): number {
  const freedom = effects.length - 1;
  if (freedom === 0 || distance(effects, 0) <= freedom) return 0;
  let low = 0;
  let high = Math.max(...effects.map(({ error }) => error)) ** 2;
  while (distance(effects, high) > freedom) high *= 4;
  for (let step = 0; step < 100; step++) {
    const middle = (low + high) / 2;
    if (distance(effects, middle) > freedom) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}
