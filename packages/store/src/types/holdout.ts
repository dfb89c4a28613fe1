import type { Instant } from "@inchworm/spec";
import type { ProfileColumn } from "./people.js";

export interface HoldoutArm {
  /** Such as "holdout" and "treated". */
  readonly name: string;
  /** Above 0; all of them add up to 1. */
  readonly share: number;
}

/** Who is left without what: a campaign's id, or "universal" for everything. */
export interface HoldoutDefinition {
  readonly name: string;
  /** The control first. */
  readonly arms: readonly HoldoutArm[];
  /** The same salt, name of a person and version give the same arm everywhere. Defaults to the holdout's name. */
  readonly salt?: string;
  /** Kept with each assignment, so that arms can be compared within it. */
  readonly stratum?: Exclude<ProfileColumn, "phonePrefix">;
  /** A holdout whose control gets no arm of this one: it is left without this too. */
  readonly within?: string;
}

export interface Holdout extends HoldoutDefinition {
  readonly version: number;
  readonly salt: string;
  readonly createdAt: Instant;
  /** People per arm, in the order of the arms: as assigned, those that are still here. */
  readonly counts: readonly number[];
  /** Contacts of two arms that proved to be one person: the earlier assignment was kept. */
  readonly conflicts: number;
}

export interface HoldOutResult {
  readonly holdout: Holdout;
  /** People who got an arm just now. */
  readonly added: number;
}

/** One entry per person with an arm, ascending. */
export interface HoldoutArms {
  readonly contacts: Int32Array;
  /** Place in the holdout's arms. */
  readonly arms: Uint8Array;
  readonly armNames: readonly string[];
  /** The chance of this arm. */
  readonly shares: Float64Array;
  /** UTC milliseconds. */
  readonly assignedAt: Float64Array;
  /** Place in `stratumNames`; -1 = not known. */
  readonly strata: Int32Array;
  readonly stratumNames: readonly string[];
}

/** The arms of one person, with all versions. */
export interface AssignedArm {
  readonly holdout: string;
  readonly version: number;
  readonly arm: string;
  readonly assignedAt: Instant;
}

/** One number per contact who has one now, ascending. */
export interface ScoreValues {
  readonly modelId: string;
  readonly contacts: Int32Array;
  readonly values: Float64Array;
}

/** What was done for people, or left undone, by which score. One entry per person and decision. */
export interface Decisions {
  readonly campaign: string;
  readonly at: Instant;
  readonly contacts: Int32Array;
  /** Place in `armNames`. */
  readonly arms: Uint8Array;
  readonly armNames: readonly string[];
  /** What was done in each arm, such as "mail" and "nothing". */
  readonly actions: readonly string[];
  /** The chance of the arm. */
  readonly propensities: Float64Array;
  readonly holdout?: string;
  /** Whose score decided, which model gave it, and the score; `NaN` = none. */
  readonly scorer?: string;
  readonly modelId?: string;
  readonly scores?: Float64Array;
  /** What one action cost, per arm. */
  readonly costs?: readonly number[];
}

/** The log of decisions before an instant, by campaign; see `Decisions`. Nobody who has opted out of profiling is among them. */
export interface DecisionLog {
  readonly campaign: string;
  /** When the first of them was made. */
  readonly since: Instant;
  readonly scorer?: string;
  readonly modelId?: string;
  readonly holdout?: string;
  /** Ascending; of somebody decided on twice in one campaign the first decision counts. */
  readonly contacts: Int32Array;
  readonly at: Float64Array;
  readonly arms: Uint8Array;
  /** By name. */
  readonly armNames: readonly string[];
  readonly actions: readonly string[];
  readonly scores: Float64Array;
  readonly propensities: Float64Array;
  /** What all actions of each arm cost together. */
  readonly costs: readonly number[];
}

export interface OutcomesOptions {
  /** Ascending. */
  readonly contacts: Int32Array;
  /** From when on each contact's outcomes count, UTC milliseconds. */
  readonly from: Float64Array;
  /** Nothing at or after it is looked at. */
  readonly to: Instant;
  /** So long after `from`, at most. Defaults to everything until `to`. */
  readonly days?: number;
  /** Opens, clicks and unsubscribes of this campaign alone. */
  readonly campaign?: string;
  readonly signal?: AbortSignal;
}

/** One entry per contact asked for. What machines did does not count. */
export interface Outcomes {
  readonly orders: Float64Array;
  /** Sum of orders, returns taken off. */
  readonly spend: Float64Array;
  readonly opens: Float64Array;
  readonly clicks: Float64Array;
  readonly visits: Float64Array;
  readonly unsubscribes: Float64Array;
  /** The same of as many days before `from` as passed until the end of each contact's window. */
  readonly ordersBefore: Float64Array;
  readonly spendBefore: Float64Array;
  readonly visitsBefore: Float64Array;
}
