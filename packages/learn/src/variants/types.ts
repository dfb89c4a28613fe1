import type { Artifact } from "../types.js";

/** What came of one variant in one batch. */
export interface VariantCounts {
  readonly shown: number;
  /** Of them, so far: no more than were shown it. */
  readonly clicked: number;
}

/** Some of the list that was sent at one time. Told again under the same name, the later word counts. */
export interface VariantBatch {
  readonly name: string;
  /** By variant; those that are not named were not sent. */
  readonly counts: Readonly<Record<string, VariantCounts>>;
  /** Hours since it was sent: answers that are still to come are allowed for, by the `curve`. Defaults to long ago. */
  readonly hours?: number;
}

/** How soon an account's answers come: of those that ever do, `shares[i]` have come after `hours[i]`. Both rise. */
export interface AnswerCurve {
  readonly hours: readonly number[];
  readonly shares: readonly number[];
}

export interface VariantTestOptions {
  readonly variants: readonly string[];
  /** "thompson": better variants are sent to more people, batch by batch; "fixed": all to as many. Defaults to "thompson". */
  readonly mode?: "thompson" | "fixed";
  /** Stops when one is the best with more than this chance … Defaults to 0.95. */
  readonly confidence?: number;
  /** … and what is lost if it is not is expected to be less than this share of its rate. Defaults to 0.01. */
  readonly loss?: number;
  /** People who are shown each variant before one is dropped or chosen. Defaults to 100. */
  readonly least?: number;
  /** Share of a batch that every variant keeps, so that the log can judge other policies later. Defaults to 0.01. */
  readonly floor?: number;
  /** What is believed of each rate beforehand, as people who clicked and did not. Defaults to 1 and 1. */
  readonly prior?: { readonly clicked: number; readonly not: number };
  readonly curve?: AnswerCurve;
  /** Of who gets what. Defaults to 0. */
  readonly seed?: number;
}

/** What is known of a variant. */
export interface VariantStanding {
  readonly variant: string;
  readonly shown: number;
  readonly clicked: number;
  /** Click rate when all answers are in, mean and 95 % interval. */
  readonly rate: number;
  readonly low: number;
  readonly high: number;
  /** Chance that it is the best. */
  readonly best: number;
  /** What is expected to be lost by sending it rather than the best, as a rate. */
  readonly loss: number;
  /** Share of the next batch; 1 and 0 once there is a winner. Also the chance with which each person gets it. */
  readonly share: number;
}

export interface VariantVerdict {
  readonly stop: boolean;
  /** Who goes to the rest of the list. */
  readonly winner?: string;
  readonly because: string;
  /** In the order of the options. */
  readonly standings: readonly VariantStanding[];
}

export interface VariantTest {
  readonly kind: "variant-test";
  readonly variants: readonly string[];
  /** A test that also knows this batch. The old one stays as it is. @throws LearnError "input" for counts that cannot be, or an unknown variant */
  add(batch: VariantBatch): VariantTest;
  /** Where it stands, and what to send to the next `size` people. Defaults to a batch so large that `least` is no matter. */
  next(size?: number): VariantVerdict;
  /**
   * Which variant a person of the next batch gets, and with what chance, to be logged. The same person and batches give the same.
   * Ask `next` once for the batch and pass its verdict.
   */
  choose(
    person: string,
    verdict: VariantVerdict,
  ): { readonly variant: string; readonly propensity: number };
  save(): Artifact;
}
