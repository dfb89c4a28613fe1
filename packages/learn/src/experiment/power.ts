import { LearnError } from "../error.js";
import { type Constraints, checkOptions } from "../options.js";
import { normalCdf, normalQuantile } from "../special/normal.js";

/** An experiment that is yet to be run, of one arm against a control. */
export interface ExperimentPlan {
  /** People in the control, and in the arm. */
  readonly control: number;
  readonly treated: number;
  /** The control's mean: of a proportion, 0.03 for 3 in 100. */
  readonly base: number;
  /** Standard deviation of the outcome. Absent: the outcome is a yes or no, and `base` its rate. */
  readonly deviation?: number;
  /** How closely the outcome goes with what is known from before, 0 to 1: adjustment takes its square off the variance. Defaults to 0. */
  readonly correlation?: number;
  /** Chance of claiming an effect where there is none. Defaults to 0.05, both sides together. */
  readonly level?: number;
  /** Chance of seeing an effect that is there. Defaults to 0.8. */
  readonly power?: number;
}

const defaults = { correlation: 0, level: 0.05, power: 0.8 };
const constraints: Constraints = {
  control: { min: 2, integer: true },
  treated: { min: 2, integer: true },
  correlation: { min: 0, max: 0.999 },
  level: { min: 1e-9, max: 0.5 },
  power: { min: 0.01, max: 0.999 },
};

type Settings = ExperimentPlan & typeof defaults;

function settingsOf(plan: ExperimentPlan): Settings {
  const settings = { ...defaults, ...plan };
  checkOptions("power", settings, constraints);
  const { base, deviation } = settings;
  if (deviation === undefined) checkOptions("power", { base }, { base: { above: 0, max: 1 } });
  else checkOptions("power", { base, deviation }, { base: {}, deviation: { above: 0 } });
  if (deviation === undefined && base === 1)
    throw new LearnError(
      "input",
      'power: "base" must be below 1: more than everybody cannot be shown.',
    );
  return settings;
}

/** Standard errors of the difference, supposing none and supposing this one. */
function errors({ control, treated, base, deviation, correlation }: Settings, effect: number) {
  const left = Math.sqrt(1 - correlation * correlation);
  if (deviation !== undefined) {
    const error = deviation * Math.sqrt(1 / control + 1 / treated) * left;
    return { none: error, there: error };
  }
  const raised = base + effect;
  const pooled = (base * control + raised * treated) / (control + treated);
  return {
    none: Math.sqrt(pooled * (1 - pooled) * (1 / control + 1 / treated)) * left,
    there: Math.sqrt((base * (1 - base)) / control + (raised * (1 - raised)) / treated) * left,
  };
}

function chance(settings: Settings, effect: number): number {
  const { none, there } = errors(settings, effect);
  const bar = -normalQuantile(settings.level / 2) * none;
  const size = Math.abs(effect);
  if (there === 0) return size > bar ? 1 : 0;
  return normalCdf((size - bar) / there) + normalCdf((-size - bar) / there);
}

/**
 * The chance that the experiment shows an effect of this size, in the outcome's own units; below 0 for a loss.
 *
 * @throws LearnError "input" for a plan that is none, or a rate outside 0 to 1
 */
export function powerOf(plan: ExperimentPlan, effect: number): number {
  const settings = settingsOf(plan);
  const raised = settings.base + effect;
  if (!Number.isFinite(effect) || (settings.deviation === undefined && (raised < 0 || raised > 1)))
    throw new LearnError(
      "input",
      `power: "effect" must keep the rate between 0 and 1, got ${effect}.`,
    );
  return chance(settings, effect);
}

/**
 * The smallest increase that the experiment shows with the power asked for; `undefined` where even the largest possible one is too
 * small to be seen.
 *
 * @throws LearnError "input" for a plan that is none
 */
export function detectable(plan: ExperimentPlan): number | undefined {
  const settings = settingsOf(plan);
  let high: number;
  if (settings.deviation === undefined) {
    high = 1 - settings.base;
    if (chance(settings, high) < settings.power) return undefined;
  } else {
    high = errors(settings, 0).none;
    while (chance(settings, high) < settings.power) high *= 2;
  }
  let low = 0;
  for (let step = 0; step < 100; step++) {
    const middle = (low + high) / 2;
    if (chance(settings, middle) < settings.power) low = middle;
    else high = middle;
  }
  return high;
}

/** So many are more than anybody has. */
const most = 1e12;

/**
 * How many people, both arms together and split as in the plan, it takes to show this effect; `undefined` where none would do.
 *
 * @throws LearnError "input" as `powerOf` does
 */
export function peopleNeeded(plan: ExperimentPlan, effect: number): number | undefined {
  powerOf(plan, effect);
  const settings = settingsOf(plan);
  const share = settings.control / (settings.control + settings.treated);
  const at = (people: number) =>
    chance({ ...settings, control: people * share, treated: people * (1 - share) }, effect);
  if (effect === 0 || at(most) < settings.power) return undefined;
  let low = 0;
  let high = 4;
  while (at(high) < settings.power) high *= 2;
  while (high - low > 0.5) {
    const middle = (low + high) / 2;
    if (at(middle) < settings.power) low = middle;
    else high = middle;
  }
  return Math.ceil(high);
}
