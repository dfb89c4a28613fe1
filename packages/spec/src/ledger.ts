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

/** What the planner needs to know of one contact, and of one record of theirs. */
export interface PlanInput {
  readonly contact: number;
  /**
   * The contact's current record in the system, or a record we wrote on; never a merged or archived one. Somebody with several
   * comes once for each.
   */
  readonly recordId?: string;
  /** Known only where there is no record id: used to find one. */
  readonly email?: string;
  /** The wanted values, rounded; `undefined` for somebody who is not to have a score, with the reason. */
  readonly wanted: FieldValues | undefined;
  readonly reason?: string;
  /** What we last wrote on that record, if ever: every field, also those not asked for. */
  readonly written: FieldValues | undefined;
  /**
   * Fields whose value there is not known: a plan that has begun held them for this contact, and they were not settled, or
   * settled as "unknown". They are written again whatever `written` says.
   */
  readonly uncertain?: readonly string[];
  /** In how many plans, one after the other up to the last, writing on that record failed. Absent when it did not. */
  readonly failures?: number;
}

/** A record on which writing failed, or may have: kept until a write succeeds. */
export interface DeadLetter {
  readonly contact: number;
  readonly recordId: string;
  /** The reason of the last failure, as in `WriteOutcome.code`. */
  readonly code: string;
  /** Plans in which it failed, one after the other; 0 when it is only not known whether the last was carried out. */
  readonly failures: number;
  /** The last failure. */
  readonly at: Instant;
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
  /** True once a push of it has begun. */
  readonly begun: boolean;
  readonly pending: number;
  /** Rows settled as updated, created or skipped. */
  readonly done: number;
  /** Rows settled as failed or unknown. */
  readonly failed: number;
}

/**
 * Where plans, the outbox and the last written values are kept. The store implements it; every method is one transaction, and
 * what it has acknowledged survives a `kill -9`.
 */
export interface Ledger {
  /** Keeps whose the record ids of a system are, unless that is known already; gives the account that is kept. */
  claim(system: string, account: string): Promise<string>;
  /**
   * Everybody the planner must look at, in contact order: people with scores, people who once had one written, and people who
   * may have (`uncertain`). Read while `savePlan` takes in the rows made from it.
   */
  planInputs(
    destination: string,
    system: string,
    fields: readonly Field[],
  ): AsyncIterable<readonly PlanInput[]>;
  /** The latest definition of every field that a plan of the destination has ever held, earlier plans included. */
  knownFields(destination: string): Promise<readonly Field[]>;
  /**
   * Keeps a plan and its rows to carry out (updates and clears, in contact order, one per record), replacing any earlier plan of
   * the destination. Calls `finish` once all rows are in: only then is the plan counted. When `rows` or `finish` throws, nothing is
   * kept and the earlier plan stands. The plan is stale as soon as scores, consents, identities or contacts differ from what they
   * were when `savePlan` was called.
   */
  savePlan(
    planId: string,
    destination: string,
    rows: AsyncIterable<readonly PlanRow[]>,
    finish: () => Plan,
  ): Promise<Plan>;
  planState(planId: string): Promise<PlanState | undefined>;
  /** The latest plan of a destination. */
  latestPlan(destination: string): Promise<PlanState | undefined>;
  /** Why a plan can no longer be carried out, if so. Counts nothing: cheap enough to be asked before every request. */
  stale(planId: string): Promise<string | undefined>;
  /** From now on rows of this plan may reach the destination: until settled, their values there are uncertain. */
  begin(planId: string): Promise<void>;
  /**
   * The next rows not yet settled, at most `limit`, in contact order, only those of contacts above `after`. The rows of a contact
   * come together, as long as `limit` holds them.
   */
  pending(planId: string, limit: number, after?: number): Promise<readonly PlanRow[]>;
  /**
   * Records outcomes: the written values and the rows' end, together. Only values of updated and created rows are remembered as
   * written. Rows that are gone from the plan, because their person was forgotten meanwhile, are left out.
   */
  settle(
    planId: string,
    rows: readonly PlanRow[],
    outcomes: readonly WriteOutcome[],
  ): Promise<void>;
  /** Rows of a plan that were updated or created, for reading back, in contact order. */
  written(planId: string): AsyncIterable<readonly PlanRow[]>;
  /** Like `pending`, of the rows settled as unknown. */
  unknown(planId: string, limit: number, after?: number): Promise<readonly PlanRow[]>;
  /** Makes the plan's rows settled as failed or unknown pending again, and gives how many there were. */
  reopen(planId: string): Promise<number>;
  /** Records of a destination on which writing failed, in contact order. */
  deadLetters(destination: string): Promise<readonly DeadLetter[]>;
  /** Forgets the failures of earlier plans: the next plan holds those records again. */
  revive(destination: string): Promise<void>;
}
