import type { Effect, ExperimentResult, Verdict } from "@inchworm/learn";
import type { Instant } from "@inchworm/spec";
import type { ExperimentOutcome } from "../experiment/types.js";

/** A decision about people, to be carried out and to be proved later. */
export interface DecideOptions {
  /** The campaign's id: by it its events come back. */
  readonly campaign: string;
  /** Whose score chose people, if one did: its latest is kept with the decision. */
  readonly scorer?: string;
  /** The contacts it is meant for. Defaults to everybody with an arm. */
  readonly contacts?: ArrayLike<number>;
  /** The holdout that says who goes without. Defaults to the campaign's own, else "universal". */
  readonly holdout?: string;
  /** What is done for those who are treated. Defaults to "send". */
  readonly action?: string;
  /** What one action costs. Defaults to 0. */
  readonly cost?: number;
}

/** Who is to be treated, and who goes without for the sake of proof. Both ascending. */
export interface Decided {
  readonly treat: Int32Array;
  readonly without: Int32Array;
  /** Asked for, and in no arm: they came after arms were drawn, or refuse profiling. */
  readonly unassigned: number;
}

export interface CampaignProof extends Verdict {
  readonly campaign: string;
  readonly scorer?: string;
  readonly holdout?: string;
  readonly since: Instant;
  readonly people: number;
  readonly treated: number;
  /** Whether they ordered, and what they spent. */
  readonly ordered?: ExperimentResult;
  readonly spend?: ExperimentResult;
  /** Orders that came of it, of all who were treated: their number with its interval. */
  readonly incremental?: Pick<Effect, "value" | "low" | "high">;
  readonly cost: number;
  /** Absent where nothing was brought beyond doubt, or nothing was paid. `high` is absent where no bound can be given. */
  readonly costPerIncremental?: {
    readonly value: number;
    readonly low: number;
    readonly high?: number;
  };
  /** The increase in the rate of those who order that it can still show with a chance of 80 %. */
  readonly detectable?: number;
}

export interface ScorerProof extends Verdict {
  /** Absent for what no score decided. */
  readonly scorer?: string;
  readonly since: Instant;
  readonly campaigns: number;
  /** The mean effect of its campaigns on the share who order, each campaign having its own (random effects). */
  readonly pooled?: Effect;
  readonly incremental?: Pick<Effect, "value" | "low" | "high">;
  readonly cost: number;
  readonly alarms: readonly Alarm[];
}

export interface Alarm {
  readonly kind: "drift" | "inflation";
  /** One sentence with the numbers. */
  readonly because: string;
}

/** What was brought since the start, as the log tells it on a day. The same log, history and day give the same report. */
export interface Proof {
  readonly asOf: Instant;
  readonly days: number | undefined;
  readonly campaigns: readonly CampaignProof[];
  readonly scorers: readonly ScorerProof[];
  /** What everything brought together, where there is a universal holdout. */
  readonly universal?: { readonly outcome: ExperimentOutcome; readonly result: ExperimentResult };
  readonly notes: readonly string[];
}

export interface ProofOptions {
  /** Defaults to the end of the last day in history. */
  readonly asOf?: Instant;
  /** How long after a decision outcomes count. Defaults to 30. */
  readonly days?: number;
}
