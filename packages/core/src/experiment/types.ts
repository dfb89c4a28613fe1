import type { ExperimentOptions, ExperimentResult } from "@inchworm/learn";
import type { Instant } from "@inchworm/spec";

/**
 * What came of people: whether they ordered, how often, for how much; whether they visited; whether they opened or clicked the
 * campaign, or unsubscribed by it.
 */
export const experimentOutcomes = [
  "ordered",
  "orders",
  "spend",
  "visited",
  "opened",
  "clicked",
  "unsubscribed",
] as const;
export type ExperimentOutcome = (typeof experimentOutcomes)[number];

export interface ShopExperiment extends Pick<ExperimentOptions, "worth" | "level" | "looking"> {
  /** A holdout of the ledger: its arms are compared, the first of them being the control. Defaults to "universal". */
  readonly holdout?: string;
  /** Defaults to "spend". */
  readonly outcome?: ExperimentOutcome;
  /** From when on outcomes count. Defaults to each person's assignment, which also holds for whoever was assigned later. */
  readonly since?: Instant;
  /** So long after it. Defaults to everything until `asOf`. */
  readonly days?: number;
  /** Nothing at or after it is looked at. Defaults to the end of the last day in history. */
  readonly asOf?: Instant;
  /**
   * What is taken out of outcomes to make the interval narrower: orders, spend and visits of as many days before (CUPED), or what
   * boosted trees expect by all features of the day before, out of fold (CUPAC). Defaults to "model" with 1,000 people or more, else
   * "history".
   */
  readonly adjust?: "history" | "model" | false;
}

export interface ShopExperimentResult extends ExperimentResult {
  readonly holdout: string;
  readonly outcome: ExperimentOutcome;
  /** The first instant that counted of anybody, and the end. */
  readonly from: Instant;
  readonly until: Instant;
  readonly people: number;
}
