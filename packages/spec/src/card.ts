import type { Instant } from "./records.js";

/** A measured number and its 95 % interval. */
export interface Measured {
  readonly value: number;
  readonly low: number;
  readonly high: number;
}

/** What a model was measured to be. Written beside every model, as JSON and Markdown. */
export interface ModelCard {
  readonly scorer: string;
  readonly question: string;
  /** `published` only when the model beat its simple rule on a later window that training never saw. */
  readonly verdict: "published" | "withheld";
  /** One sentence with the numbers that decided it. */
  readonly because: string;
  readonly trainedAt: Instant;
  readonly windows: {
    /** The days at which features were cut for training, and the day by which their labels were complete. */
    readonly training: { readonly cutoffs: readonly Instant[]; readonly labelsUntil: Instant };
    /** The later day the model was judged on. */
    readonly evaluation: { readonly cutoff: Instant; readonly labelsUntil: Instant };
    /** Once judged, the same recipe is fitted again on these later days; that model gives the scores. */
    readonly refit: { readonly cutoffs: readonly Instant[]; readonly labelsUntil: Instant };
  };
  readonly counts: {
    readonly trainingRows: number;
    readonly trainingPositives: number;
    readonly evaluationRows: number;
    readonly evaluationPositives: number;
  };
  /** Share of positives among the evaluation rows. */
  readonly baseRate: number;
  readonly metrics: {
    readonly auc: Measured;
    readonly logLoss: Measured;
    readonly brier: Measured;
    readonly calibrationError: Measured;
    /** Rate in the best-scored tenth over the overall rate. */
    readonly liftTopDecile: Measured;
  };
  /** The simple rule on the same rows. */
  readonly rule: {
    readonly name: string;
    readonly auc: Measured;
    readonly logLoss: Measured;
    readonly calibrationError: Measured;
    readonly liftTopDecile: Measured;
  };
  /** Model minus rule on the same resampled rows. */
  readonly gain: { readonly auc: Measured; readonly logLoss: Measured };
  /** Ten groups by score: mean predicted probability, observed rate and size. */
  readonly calibration: readonly {
    readonly predicted: number;
    readonly observed: number;
    readonly rows: number;
  }[];
  /** Mean absolute contribution in log-odds, largest first. */
  readonly drivers: readonly { readonly feature: string; readonly weight: number }[];
  readonly seed: number;
  /** Digest of the training and evaluation tables: the same data, seed and version give the same card. */
  readonly dataHash: string;
}
