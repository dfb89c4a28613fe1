import { type Constraints, checkOptions } from "../options.js";
import { seedOf } from "../seed-of.js";
import type { Model } from "../types.js";
import { type FittedArm, fitArm } from "./arm.js";
import { checkTrial } from "./check.js";
import { kind, loadUplift, upliftModel } from "./model.js";
import { sampleOf } from "./samples.js";
import type { UpliftEstimator, UpliftOptions } from "./types.js";

const defaults = { seed: 0, folds: 5, resamples: 500 } satisfies UpliftOptions;
export const upliftConstraints: Constraints = {
  seed: { min: 0, integer: true },
  folds: { min: 2, max: 20, integer: true },
  repeats: { min: 1, max: 100, integer: true },
  resamples: { min: 100, max: 100_000, integer: true },
};

/**
 * Whom a treatment changes, rather than who would have done it anyway. Learners race on people they had not seen, each arm against the
 * control; a ranking is taken only when it beats a random order beyond doubt (95 %, all learners together), and otherwise the answer
 * is that there is no signal, so that all or none should be treated. The effects of a ranking are calibrated by doubly robust scores.
 * The same trial, options and seed give the same model.
 *
 * @throws LearnError "input" for an option out of range
 */
export function uplift(options: UpliftOptions = {}): UpliftEstimator {
  const settings = { ...defaults, ...options };
  checkOptions(kind, { ...settings, repeats: settings.repeats ?? 1 }, upliftConstraints);
  return {
    kind,
    async fit(trial, { signal, onProgress } = {}) {
      checkTrial(kind, trial);
      const { arms, arm, outcome } = trial;
      const fitted: FittedArm[] = [];
      let baseline: Model | undefined;
      for (let place = 1; place < arms.length; place++) {
        const seed = seedOf(settings.seed, arms[place]);
        const sample = await sampleOf(trial, place, { seed, signal });
        const { control, ...rest } = await fitArm(arms[place], sample, {
          ...settings,
          repeats: settings.repeats,
          seed,
          signal,
          onProgress: (share) => onProgress?.((place - 1 + share) / (arms.length - 1)),
        });
        fitted.push(rest);
        baseline ??= control;
      }
      const controls = outcome.filter((_, row) => arm[row] === 0);
      return upliftModel({
        control: arms[0],
        rows: trial.table.rows,
        controlMean: controls.reduce((sum, value) => sum + value, 0) / controls.length,
        baseline: baseline as Model,
        arms: fitted,
      });
    },
    load: loadUplift,
  };
}
