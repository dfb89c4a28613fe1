import { type Estimator, type LogisticModel, logisticRegression } from "@inchworm/learn";

/** What `fit` learns with. */
export interface LearnerOptions {
  readonly seed: number;
  /** Rows are in the order of time: later ones judge what is learned from earlier ones. */
  readonly ordered: boolean;
}

export type Fitted = LogisticModel;

export const learner = (_options: LearnerOptions): Estimator<Fitted> => logisticRegression();
