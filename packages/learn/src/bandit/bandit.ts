import { LearnError } from "../error.js";
import { type Constraints, checkOptions } from "../options.js";
import { exploration } from "../policy/exploration.js";
import { saveBandit } from "./artifact.js";
import { inverseGap } from "./chances.js";
import { emptyRidge, learn, predict, uncertainty } from "./ridge.js";
import { type BanditState, type Settings, who, withConstant } from "./state.js";
import type { Bandit, BanditChoice, BanditOptions } from "./types.js";

const defaults = {
  method: "square-cb",
  seed: 0,
  halfLife: Infinity,
  ridge: 1,
  greed: 10,
  width: 1,
} satisfies Partial<BanditOptions>;
export const banditConstraints: Constraints = {
  features: { min: 0, max: 1000, integer: true },
  seed: { min: 0, integer: true },
  share: { min: 0, max: 1 },
  ridge: { above: 0 },
  greed: { above: 0 },
  width: { min: 0 },
};
/** Draws for one Thompson choice. */
const draws = 64;

/**
 * A contextual bandit on ridge regressions, one per arm: SquareCB, linear Thompson sampling (Agrawal & Goyal 2013) or LinUCB (Li et
 * al. 2010). Every choice comes with its exact propensity, so that its log can judge other policies.
 *
 * @throws LearnError "input" for options that are none
 */
export function bandit(options: BanditOptions): Bandit {
  const { arms, ...rest } = options;
  const method = rest.method ?? defaults.method;
  const settings: Settings = {
    ...defaults,
    share: method === "square-cb" ? 0 : 0.05,
    ...rest,
  };
  checkSettings(settings);
  const state: BanditState = {
    settings,
    active: new Set(),
    known: new Map(),
    waiting: new Map(),
    seen: 0,
    mean: 0,
    weight: 0,
    lowest: Infinity,
    highest: -Infinity,
  };
  const made = banditOf(state);
  for (const arm of arms) made.addArm(arm);
  return made;
}

export function checkSettings(settings: Settings): void {
  const { halfLife, method } = settings;
  checkOptions(who, settings, banditConstraints);
  if (!(halfLife > 0))
    throw new LearnError("input", `${who}: "halfLife" must be a number > 0, got ${halfLife}.`);
  if (!["square-cb", "thompson", "lin-ucb"].includes(method))
    throw new LearnError("input", `${who}: there is no method "${method}".`);
}

/** A bandit that goes on from what is known. */
export function banditOf(state: BanditState): Bandit {
  const { settings, active, known, waiting } = state;
  const { method, seed, share, halfLife, ridge, greed, width } = settings;
  const fadeSince = (seen: number): number =>
    halfLife === Infinity ? 1 : 0.5 ** ((state.seen - seen) / halfLife);
  const ridgeOf = (arm: string) => {
    const found = known.get(arm);
    if (found) return found;
    throw new LearnError("input", `${who}: there is no arm "${arm}".`);
  };
  const promises = (arms: readonly string[], x: Float64Array): Float64Array =>
    Float64Array.from(arms, (arm) => predict(ridgeOf(arm), x, state.mean));
  const explore = exploration({ seed, share, draws: method === "thompson" ? draws : 1 });

  const chosen = (id: string, arms: readonly string[], x: Float64Array) => {
    const means = promises(arms, x);
    const common = { person: id, arms: arms.length };
    if (method === "square-cb") {
      // gaps in units of the range that rewards were in, so that the greed is the same for clicks and for money
      const range = state.highest > state.lowest ? state.highest - state.lowest : 1;
      const chances = inverseGap(means, (greed * Math.sqrt(state.seen)) / range);
      return explore.choose({ ...common, chances });
    }
    const spread = (state.highest - state.lowest) / 2;
    const deviation = spread > 0 && Number.isFinite(spread) ? spread : 1;
    const errors = Float64Array.from(arms, (arm) => {
      const one = ridgeOf(arm);
      return width * deviation * Math.sqrt(uncertainty(one, x, ridge, fadeSince(one.seen)));
    });
    return explore.choose({
      ...common,
      draw: (random, worth) => {
        for (let arm = 0; arm < worth.length; arm++)
          worth[arm] = means[arm] + errors[arm] * (method === "thompson" ? random.normal() : 1);
      },
    });
  };

  const take = (id: string) => {
    const found = waiting.get(id);
    if (!found)
      throw new LearnError("input", `${who}: no choice with this id is pending.`, {
        hint: "Tell a reward once, with the id that was passed to choose.",
      });
    waiting.delete(id);
    return found;
  };

  return {
    method,
    get arms() {
      return [...active];
    },
    get pending() {
      return waiting.size;
    },
    choose(features, { id, allowed }) {
      const before = waiting.get(id);
      if (before) return before.choice;
      const x = withConstant(settings, features);
      const arms = allowed ? [...active].filter((arm) => allowed.includes(arm)) : [...active];
      if (arms.length === 0)
        throw new LearnError("input", `${who}: no arm is allowed.`, { hint: "Add an arm." });
      const { arm, propensity, probabilities } = chosen(id, arms, x);
      const choice: BanditChoice = { id, arm: arms[arm], propensity, arms, probabilities };
      waiting.set(id, { choice, x });
      return choice;
    },
    reward(id, reward) {
      if (!Number.isFinite(reward))
        throw new LearnError("input", `${who}: a reward must be a number, got ${reward}.`);
      const { choice, x } = take(id);
      const arm = ridgeOf(choice.arm);
      state.seen++;
      learn(arm, x, reward, ridge, fadeSince(arm.seen));
      arm.seen = state.seen;
      state.weight = state.weight * (halfLife === Infinity ? 1 : 0.5 ** (1 / halfLife)) + 1;
      state.mean += (reward - state.mean) / state.weight;
      state.lowest = Math.min(state.lowest, reward);
      state.highest = Math.max(state.highest, reward);
    },
    forget(id) {
      take(id);
    },
    addArm(arm) {
      if (active.has(arm))
        throw new LearnError("input", `${who}: there is an arm "${arm}" already.`);
      active.add(arm);
      if (!known.has(arm)) known.set(arm, emptyRidge(settings.features + 1, ridge));
    },
    removeArm(arm) {
      if (!active.delete(arm)) throw new LearnError("input", `${who}: there is no arm "${arm}".`);
    },
    expected: (features) => promises([...active], withConstant(settings, features)),
    save: () => saveBandit(state),
  };
}
