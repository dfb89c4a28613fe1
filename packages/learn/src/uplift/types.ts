import type { Interval } from "../metrics/bootstrap.js";
import type { Artifact, Explanation, Table } from "../types.js";

/** Who was treated how, and what came of it; one entry per person everywhere. */
export interface UpliftTrial {
  /** What was known before the treatment. */
  readonly table: Table;
  /** Names of the arms; the first is the control, which got nothing. */
  readonly arms: readonly string[];
  /** Place in `arms`. */
  readonly arm: Int32Array;
  /** 0 or 1, or an amount. More is better. */
  readonly outcome: Float64Array;
  /**
   * With which probability each person was to get each arm, row-major (`rows × arms`), above 0 and adding up to 1; or "estimated" from
   * the table, for arms that were not drawn by lot. Defaults to the share of people in each arm, the same for all.
   */
  readonly propensities?: Float64Array | "estimated";
}

export interface UpliftOptions {
  /** Defaults to 0. */
  readonly seed?: number;
  /** Parts that each judge what the others teach. Defaults to 5. */
  readonly folds?: number;
  /** How often the parts are drawn anew. Defaults to 4 below 5,000 people of an arm and the control, 2 below 20,000, else 1. */
  readonly repeats?: number;
  /** Bootstrap samples for the intervals. Defaults to 500. */
  readonly resamples?: number;
}

export interface UpliftFitOptions {
  readonly signal?: AbortSignal;
  /** Share done, 0 to 1. */
  readonly onProgress?: (share: number) => void;
}

/**
 * What ranks people: by the difference of two outcome models ("t-learner" on boosted trees, "t-logistic"), by trees on imputed effects
 * ("x-learner"; Künzel et al. 2019), on doubly robust scores ("dr-learner"; Kennedy 2020) or on residuals ("r-learner"; Nie & Wager
 * 2021), by the mean of all these ("blend"), by how likely the outcome is anyway ("response"), or nobody before anybody ("ate-only").
 */
export type UpliftLearner =
  | "t-learner"
  | "x-learner"
  | "dr-learner"
  | "r-learner"
  | "t-logistic"
  | "blend"
  | "response"
  | "ate-only";

/** How well a learner ranks people that it had not seen. */
export interface UpliftRace {
  readonly name: UpliftLearner;
  /** Area between the Qini curve and a random order, over the same of the perfect order: 0 = random. */
  readonly qini: number;
  /** 95 % interval that holds for all learners of the race together. */
  readonly low: number;
  readonly high: number;
  /** Difference in mean outcome between treated and control among the 30 % ranked highest. */
  readonly uplift30: number;
}

/** What was learned of one arm beside the control. */
export interface ArmUplift {
  readonly arm: string;
  /** People of this arm and of the control. */
  readonly rows: number;
  readonly treated: number;
  /** Mean effect on everybody, by doubly robust scores, with its 95 % interval. */
  readonly ate: Interval;
  /** Best first. */
  readonly learners: readonly UpliftRace[];
  readonly chosen: UpliftLearner;
  /** Whether a ranking beats a random order beyond doubt. */
  readonly signal: boolean;
  /** "ranked": those who gain. Without a signal: "all" where the mean effect is above 0 beyond doubt, "none" where it is below, else "undecided". */
  readonly treat: "ranked" | "all" | "none" | "undecided";
  readonly verdict: string;
  /** One sentence with the numbers that decided it. */
  readonly because: string;
  /** Mean effect of tenths of the people, ranked highest first, by doubly robust scores. Empty without a signal. */
  readonly tenths: readonly Interval[];
}

/** What each arm would do to each person: one entry per person. */
export interface ArmEffects {
  readonly arm: string;
  /** Calibrated: the mean effect on people who are ranked alike. Without a signal it is the mean effect, the same for everybody. */
  readonly effect: Float64Array;
  /** 95 % interval of that mean effect. */
  readonly low: Float64Array;
  readonly high: Float64Array;
}

export interface UpliftEffects {
  /** Expected outcome of each person without any treatment. */
  readonly baseline: Float64Array;
  readonly arms: readonly ArmEffects[];
  /** Place in `arms` of the arm whose effect has the highest low end; -1 where no low end is above 0. */
  readonly best: Int32Array;
}

/** Fitted and immutable. */
export interface UpliftModel {
  readonly kind: "uplift";
  readonly control: string;
  readonly rows: number;
  /** Mean outcome of the control. */
  readonly controlMean: number;
  readonly arms: readonly ArmUplift[];
  /** Columns are found by name; an unknown category is missing. */
  effects(table: Table): UpliftEffects;
  /** Effect of the arm that is best for each person, or where none surely helps of the one that may help most. */
  predict(table: Table): Float64Array;
  /** What the effect of an arm comes from, by trees that imitate it: exact of the imitation, and `fidelity` says how near that is. */
  explain(table: Table, arm?: string): Explanation & { readonly fidelity: number };
  save(): Artifact;
}

export interface UpliftEstimator {
  readonly kind: "uplift";
  /** @throws LearnError "input" naming the arm, outcome or column that cannot be used; "aborted" */
  fit(trial: UpliftTrial, options?: UpliftFitOptions): Promise<UpliftModel>;
  /** @throws LearnError "artifact" when it is foreign, truncated, of another version, or hostile */
  load(artifact: Artifact): UpliftModel;
}
