import type { Leak } from "@inchworm/learn";
import type { Measured } from "@inchworm/spec";
import type { LeftOut } from "../table/tell.js";

/** What a model fitted on a flat file was measured to be. The same data, options and seed give the same card. */
export interface FitCard {
  /** Which learner won the race on all rows. */
  readonly learner: string;
  readonly target: string;
  readonly positive: string;
  /** Rows and columns that were learned from. */
  readonly rows: number;
  readonly columns: number;
  readonly baseRate: number;
  /** "better" only when it ranks better than its baseline beyond doubt, and its probabilities are no worse. */
  readonly verdict: "better" | "no better";
  /** One sentence with the numbers that decided it. */
  readonly because: string;
  /** On rows that the models had not seen. */
  readonly crossValidation: {
    /** Such as "5 folds, 3 times". */
    readonly method: string;
    readonly rows: number;
    readonly auc: Measured;
    readonly logLoss: Measured;
    readonly brier: Measured;
    readonly calibrationError: Measured;
    /** Rate in the best-scored tenth over the overall rate. */
    readonly liftTopDecile: Measured;
  };
  readonly baseline: { readonly name: string; readonly auc: Measured; readonly logLoss: Measured };
  /** Model minus baseline on the same rows. */
  readonly gain: { readonly auc: Measured; readonly logLoss: Measured };
  /** Ten groups by score: mean predicted probability, observed rate and size. */
  readonly calibration: readonly {
    readonly predicted: number;
    readonly observed: number;
    readonly rows: number;
  }[];
  readonly importance: readonly { readonly column: string; readonly gain: number }[];
  /** Columns that look as if they were filled in after the outcome. */
  readonly leakage: readonly Leak[];
  readonly leftOut: readonly LeftOut[];
  readonly notes: readonly string[];
  readonly seed: number;
}
