import type { Field, FieldValues, WriteOutcome } from "./destination.js";
import type { Instant } from "./records.js";

/** One row of a plan: what will happen to one record, or why nothing will. */
export interface PlanRow {
  /** The store's own number of the contact. */
  readonly contact: number;
  readonly action: "update" | "clear" | "skip";
  /** Absent only when skipped for want of a record. */
  readonly recordId?: string;
  /** Only what differs from the last written value; every value `null` for a clear. */
  readonly values: FieldValues;
  /** Why it is skipped or cleared, such as "unchanged", "opted out of profiling", "no record in hubspot". */
  readonly reason?: string;
}

/** What the planner needs to know of one contact. */
export interface PlanInput {
  readonly contact: number;
  readonly recordId?: string;
  /** Known only where there is no record id: used to find one. */
  readonly email?: string;
  /** The wanted values, rounded; `undefined` for somebody who is not to have a score, with the reason. */
  readonly wanted: FieldValues | undefined;
  readonly reason?: string;
  /** What we last wrote there, if ever. */
  readonly written: FieldValues | undefined;
}

/** A dry run that can be carried out: counted, kept in the store, and refused once the store has moved on. */
export interface Plan {
  readonly id: string;
  readonly destination: string;
  readonly createdAt: Instant;
  readonly fields: readonly Field[];
  /** Names of fields that the push will create first. */
  readonly missingFields: readonly string[];
  readonly updates: number;
  readonly clears: number;
  readonly skips: number;
  readonly skipReasons: Readonly<Record<string, number>>;
  /** Requests that the push needs when all goes well, and the minutes they take at the account's pace. */
  readonly requests: number;
  readonly minutes: number;
  /** Digest over every row: confirms that what is pushed is what was shown. */
  readonly digest: string;
}

/** How a plan stands. */
export interface PlanState {
  readonly plan: Plan;
  /** Why it can no longer be carried out, if so. */
  readonly stale?: string;
  readonly pending: number;
  readonly done: number;
  readonly failed: number;
}

/**
 * Where plans, the outbox and the last written values are kept. The store implements it; every method is one transaction, and
 * what it has acknowledged survives a `kill -9`.
 */
export interface Ledger {
  /** Everybody the planner must look at: people with scores, and people who once had one written. In contact order. */
  planInputs(
    destination: string,
    system: string,
    fields: readonly Field[],
  ): AsyncIterable<readonly PlanInput[]>;
  /** Keeps a plan and its rows (skips only counted), replacing any earlier plan of the destination. */
  savePlan(plan: Plan, rows: AsyncIterable<readonly PlanRow[]>): Promise<void>;
  planState(planId: string): Promise<PlanState | undefined>;
  /** The latest plan of a destination. */
  latestPlan(destination: string): Promise<PlanState | undefined>;
  /** The next rows not yet done, at most `limit`, in a fixed order, leaving out the first `skip`. */
  pending(planId: string, limit: number, skip: number): Promise<readonly PlanRow[]>;
  /** Records outcomes: the written values and the rows' end, together. Values of a failed row are not remembered as written. */
  settle(
    planId: string,
    rows: readonly PlanRow[],
    outcomes: readonly WriteOutcome[],
  ): Promise<void>;
  /** Rows of a plan that were written, for reading back. */
  written(planId: string): AsyncIterable<readonly PlanRow[]>;
}
