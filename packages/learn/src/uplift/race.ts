import { random } from "../random.js";
import type { CrossFitted } from "./cross-fit.js";
import { type Compared, perfectTrial, qini, type RankedTrial, rankedTrial } from "./qini.js";
import type { UpliftLearner, UpliftRace } from "./types.js";

export interface RaceOptions {
  readonly seed: number;
  readonly resamples: number;
}

const confidence = 0.95;
/**
 * Folds teach one another, so that chance which they share is taken for a pattern in each: on noise, cross-fitted coefficients
 * exceed what resampled rows show. Where one pattern is all there is to find, the upper 2.5 % begin 1.15 times as far out,
 * whatever the number of folds; the rest is for small samples.
 */
const shared = 1.2;

/**
 * Holds all learners' Qini coefficients beside each other on the same bootstrap samples. Their intervals hold together: the chance
 * that any of them leaves the truth out is 5 %, so that the best of many learners on noise is not taken for a find.
 */
export function race(
  { ranks }: Pick<CrossFitted, "ranks">,
  compared: Compared,
  { seed, resamples }: RaceOptions,
): UpliftRace[] {
  const perfect = perfectTrial(compared);
  const entrants = [...ranks].map(([name, repeats]) => {
    const trials = repeats.map((scores) => rankedTrial(scores, compared));
    return {
      name,
      trials,
      qini: mean(repeats.map((scores) => qini(scores, compared))),
      uplift30: mean(trials.map((trial) => trial.upliftAt(0.3))),
    };
  });
  const drawn = entrants.map(() => [] as number[]);
  const rows = compared.outcome.length;
  const { below } = random(seed, 0xb007);
  const draws = new Float64Array(rows);
  for (let sample = 0; sample < resamples; sample++) {
    draws.fill(0);
    for (let draw = 0; draw < rows; draw++) draws[below(rows)]++;
    const best = perfect.area(draws);
    if (!best.defined || !(best.above > 0)) continue;
    for (const [place, { trials }] of entrants.entries())
      drawn[place].push(
        mean(trials.map((trial: RankedTrial) => trial.area(draws).above)) / best.above,
      );
  }
  const errors = drawn.map(deviation);
  // the largest of all standardised distances, whose quantile holds for all at once
  const farthest = Array.from({ length: drawn[0].length }, (_, sample) =>
    Math.max(
      ...entrants.map(({ qini: value }, place) =>
        errors[place] > 0 ? Math.abs(drawn[place][sample] - value) / errors[place] : 0,
      ),
    ),
  ).sort((one, other) => one - other);
  const reach = shared * (farthest[Math.ceil(confidence * farthest.length) - 1] ?? 0);
  return entrants
    .map(({ name, qini: value, uplift30 }, place) => ({
      name,
      qini: value,
      low: value - reach * errors[place],
      high: value + reach * errors[place],
      uplift30,
    }))
    .sort((one, other) => other.qini - one.qini || order(one.name, other.name));
}

const order = (one: UpliftLearner, other: UpliftLearner): number => (one < other ? -1 : 1);

const mean = (values: readonly number[]): number =>
  values.reduce((sum, value) => sum + value, 0) / values.length;

function deviation(values: readonly number[]): number {
  const center = mean(values);
  return Math.sqrt(
    values.reduce((sum, value) => sum + (value - center) ** 2, 0) / Math.max(1, values.length - 1),
  );
}
