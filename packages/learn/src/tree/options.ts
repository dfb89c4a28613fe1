import { LearnError } from "../error.js";
import { type Constraints, checkOptions } from "../options.js";

export type Objective = "binary" | "squared-error" | "poisson" | "quantile";

/** Settings that boosting has in every form. */
export interface BoostingOptions {
  /** Trees to grow (per class), at most. Defaults to 300. */
  readonly trees?: number;
  /** Share of each tree's advice that is taken. Defaults to .03 below 50,000 rows, .05 below 500,000, else .1. */
  readonly learningRate?: number;
  /** Leaves of a tree, at most. Defaults to 4 below 2,000 rows, 7 below 50,000, 31 below 500,000, else 63. */
  readonly leaves?: number;
  /** Splits from the root to a leaf, at most. Defaults to 30. */
  readonly maxDepth?: number;
  /** Training rows a leaf must hold. Defaults to 20. */
  readonly minRows?: number;
  /** Hessian a leaf must hold, in units of one row's. Defaults to .001. */
  readonly minHessian?: number;
  /** Training loss a split must save. Defaults to 0. */
  readonly minGain?: number;
  /** Ridge penalty on leaf values. Defaults to 1. */
  readonly l2?: number;
  /** Bins per column, one more for missing values. Defaults to 255. */
  readonly bins?: number;
  /** Share of the rows each tree sees. Defaults to 1. */
  readonly rowSampling?: number;
  /** Share of the columns each tree sees. Defaults to 1. */
  readonly columnSampling?: number;
  /** Stop once the validation loss has not fallen for so many trees, and keep the best. 0 grows all trees. Defaults to 0. */
  readonly patience?: number;
  /** Share of the rows kept for validation where `patience` is set and no folds are given. Defaults to .1. */
  readonly validationShare?: number;
  /** Defaults to 0. */
  readonly seed?: number;
  /** 0 = one below 20,000 rows, else one per core. Never changes the result. Defaults to 0. */
  readonly threads?: number;
}

export interface GradientBoostingOptions extends BoostingOptions {
  /** What labels are: 0 or 1, any number, counts ≥ 0, or any number of which the `quantile` is wanted. Defaults to "binary". */
  readonly objective?: Objective;
  /** For the objective "quantile". Defaults to .5. */
  readonly quantile?: number;
  /** Columns whose effect may only rise (1) or fall (-1). Defaults to none. */
  readonly monotone?: Readonly<Record<string, -1 | 0 | 1>>;
}

/** 0 where the number of rows decides. */
export const defaults = {
  trees: 300,
  learningRate: 0,
  leaves: 0,
  maxDepth: 30,
  minRows: 20,
  minHessian: 1e-3,
  minGain: 0,
  l2: 1,
  bins: 255,
  rowSampling: 1,
  columnSampling: 1,
  patience: 0,
  validationShare: 0.1,
  seed: 0,
  threads: 0,
} satisfies Required<BoostingOptions>;

export const boostingDefaults = {
  ...defaults,
  objective: "binary",
  quantile: 0.5,
  monotone: {},
} satisfies Required<GradientBoostingOptions>;

export const constraints = {
  trees: { min: 1, max: 100_000, integer: true },
  learningRate: { min: 0, max: 1 },
  leaves: { min: 0, max: 4096, integer: true },
  maxDepth: { min: 1, max: 30, integer: true },
  minRows: { min: 1, integer: true },
  minHessian: { min: 0 },
  minGain: { min: 0 },
  l2: { min: 0 },
  bins: { min: 2, max: 255, integer: true },
  rowSampling: { above: 0, max: 1 },
  columnSampling: { above: 0, max: 1 },
  patience: { min: 0, integer: true },
  validationShare: { min: 0.01, max: 0.9 },
  seed: { min: 0, integer: true },
  threads: { min: 0, max: 16, integer: true },
} satisfies Constraints;

export type Settings = Required<BoostingOptions>;
export type BoostingSettings = Required<GradientBoostingOptions>;

export const objectives: readonly Objective[] = ["binary", "squared-error", "poisson", "quantile"];

/** @throws LearnError "input" naming the option, what it must be, and what it was */
export function boostingSettings(who: string, options: GradientBoostingOptions): BoostingSettings {
  const settings: BoostingSettings = { ...boostingDefaults, ...options };
  checkOptions(who, settings, { ...constraints, quantile: { above: 0, max: 1 } });
  if (settings.quantile >= 1)
    throw new LearnError("input", `${who}: "quantile" must be a number > 0 and < 1, got 1.`);
  if (!objectives.includes(settings.objective))
    throw new LearnError(
      "input",
      `${who}: "objective" must be one of ${objectives.join(", ")}, got ${String(settings.objective)}.`,
    );
  for (const [name, direction] of Object.entries(settings.monotone))
    if (direction !== -1 && direction !== 0 && direction !== 1)
      throw new LearnError(
        "input",
        `${who}: "monotone" must be -1, 0 or 1 for "${name}", got ${String(direction)}.`,
      );
  return settings;
}

export function sharedSettings(who: string, options: BoostingOptions): Settings {
  const settings: Settings = { ...defaults, ...options };
  checkOptions(who, settings, constraints);
  return settings;
}

/** Few rows want small trees and small steps: with the usual 31 leaves every booster loses to a straight line on 7,000 rows. */
export function byRows(settings: Settings, rows: number): { leaves: number; learningRate: number } {
  const leaves = rows < 2_000 ? 4 : rows < 50_000 ? 7 : rows < 500_000 ? 31 : 63;
  const learningRate = rows < 50_000 ? 0.03 : rows < 500_000 ? 0.05 : 0.1;
  return {
    leaves: settings.leaves || leaves,
    learningRate: settings.learningRate || learningRate,
  };
}
