import type { Destination, Ledger } from "@inchworm/spec";
import { confirmAccount } from "./confirm.js";
import { guard } from "./guard.js";
import { type PushOptions, type PushReport, push } from "./push.js";
import { settleUnknown } from "./settle-unknown.js";

export interface RetryReport {
  /** Rows without an answer that reading back showed written. */
  readonly found: number;
  /** Rows that were pushed once more. */
  readonly reopened: number;
  /** Records that earlier plans gave up, and that the next plan holds again. */
  readonly revived: number;
  /** What pushing again did; absent when there was nothing to push, or the plan is stale. */
  readonly push?: PushReport;
  /** Why the latest plan can no longer be pushed, if so. */
  readonly stale?: string;
}

/**
 * Tries again what failed. Rows without an answer are read back first, and only those that were not written are sent once more,
 * with the rows that failed, if the latest plan still fits the store; a plan made after this holds all others again.
 *
 * @throws InchwormError what `push` throws
 */
export async function retry(
  destination: Destination,
  ledger: Ledger,
  options: PushOptions,
): Promise<RetryReport> {
  const { signal } = options;
  const state = await ledger.latestPlan(destination.name);
  const letters = await ledger.deadLetters(destination.name);
  await ledger.revive(destination.name);
  if (!state || state.failed === 0) return { found: 0, reopened: 0, revived: letters.length };
  const { plan, stale } = state;
  const gate = guard(options.gate, { signal });
  const context = { gate, ...(signal && { signal }) };
  const { system } = destination.account;
  await confirmAccount(destination, (account) => ledger.claim(system, account), context);
  const found = (await settleUnknown(plan, destination, ledger, context)).length;
  const failed = state.failed - found;
  const revived = letters.length - state.failed;
  if (stale !== undefined) return { found, reopened: 0, revived: revived + failed, stale };
  const reopened = await ledger.reopen(plan.id);
  if (reopened === 0) return { found, reopened, revived };
  return { found, reopened, revived, push: await push(plan, destination, ledger, options) };
}
