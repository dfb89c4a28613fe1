import {
  type Destination,
  type Gate,
  InchwormError,
  type Instant,
  type Ledger,
  type OnProgress,
  type Plan,
  type PlanRow,
  type PlanState,
  type WriteOutcome,
} from "@inchworm/spec";
import { confirmAccount } from "./confirm.js";
import { guard } from "./guard.js";
import { concurrencyOf } from "./plan.js";
import { settleUnknown } from "./settle-unknown.js";
import { pause, type Sleep, sleep } from "./sleep.js";
import { sweep } from "./sweep.js";

export interface PushOptions {
  readonly gate: Gate;
  /** What time it is, UTC milliseconds. Defaults to the system's clock. */
  readonly now?: Instant;
  /** A plan older than this is refused. Defaults to 24 hours. */
  readonly maxAgeMs?: number;
  /** How often rows whose failure another try can help are sent. Defaults to 3. */
  readonly rounds?: number;
  readonly signal?: AbortSignal;
  readonly onProgress?: OnProgress;
  readonly sleep?: Sleep;
}

/** What this push did; rows that an earlier push of the plan settled are not counted again. */
export interface PushReport {
  readonly updated: number;
  readonly cleared: number;
  /** Left alone by the destination, such as records archived meanwhile. */
  readonly skipped: number;
  readonly failed: number;
  /** No answer came, and reading back did not show them written; the next plan writes them again. */
  readonly unknown: number;
  readonly requests: number;
  /** Rows skipped, failed or unknown, by code. */
  readonly failures: Readonly<Record<string, number>>;
  /** True when an earlier push of the same plan had begun. */
  readonly resumed: boolean;
  readonly seconds: number;
}

const defaults = { maxAgeMs: 86_400_000, rounds: 3, sleep } satisfies Partial<PushOptions>;
/** Milliseconds before the next round, times the rounds so far. */
const roundDelay = 1_000;

/**
 * Carries out a plan: writes its pending rows, and nothing else, several batches at a time, and settles each batch in the ledger
 * as soon as it is answered. Pushing the same plan again after any end, a `kill -9` included, goes on with what is pending. Asks
 * before every request whether the plan still fits the store.
 *
 * @throws InchwormError "stale-plan" when the plan is unknown, too old or no longer fits the store; "config" when it was made for
 *   another account; else the failure that ended
 *   the push ("quota", "auth", "network", "aborted"…). Everything answered until then is settled, and the hint says how to go on
 */
export async function push(
  plan: Plan,
  destination: Destination,
  ledger: Ledger,
  options: PushOptions,
): Promise<PushReport> {
  const { maxAgeMs, rounds, sleep: wait, signal, onProgress } = { ...defaults, ...options };
  const begun = performance.now();
  const state = await usable(plan, destination, ledger, (options.now ?? Date.now()) - maxAgeMs);
  const total = state.pending + state.done + state.failed;
  const tally = { updated: 0, cleared: 0, skipped: 0, failed: 0, unknown: 0 };
  const failures: Record<string, number> = {};
  const unknown = new Map<PlanRow["recordId"], string>();
  let settled = total - state.pending;

  const count = (row: PlanRow, { outcome, code }: WriteOutcome): void => {
    settled++;
    if (outcome === "updated" || outcome === "created")
      tally[row.action === "clear" ? "cleared" : "updated"]++;
    else {
      const reason = code ?? outcome;
      tally[outcome]++;
      failures[reason] = (failures[reason] ?? 0) + 1;
      if (outcome === "unknown") unknown.set(row.recordId, reason);
    }
  };

  /** Rows without an answer that are found written after all. */
  const recount = (rows: readonly PlanRow[]): void => {
    for (const { action, recordId } of rows) {
      const reason = unknown.get(recordId);
      if (reason === undefined) continue;
      tally.unknown--;
      tally[action === "clear" ? "cleared" : "updated"]++;
      if (--failures[reason] === 0) delete failures[reason];
    }
  };

  let checking: Promise<string | undefined> | undefined;
  const gate = guard(options.gate, {
    signal,
    before: async () => {
      // requests that start together share one look at the store
      checking ??= ledger.stale(plan.id).finally(() => {
        checking = undefined;
      });
      const stale = await checking;
      if (stale !== undefined) throw stalePlan(plan, stale);
    },
  });
  const context = { gate, ...(signal && { signal }) };

  if (state.pending > 0) {
    try {
      const { system } = destination.account;
      await confirmAccount(destination, (found) => ledger.claim(system, found), context);
      await prepareFields(plan, destination, context);
      await ledger.begin(plan.id);
      const settle = async (rows: readonly PlanRow[], outcomes: readonly WriteOutcome[]) => {
        await ledger.settle(plan.id, rows, outcomes);
        for (const [index, row] of rows.entries()) count(row, outcomes[index]);
        onProgress?.({
          step: `pushing to ${plan.destination}`,
          done: settled,
          total,
          unit: "contacts",
        });
      };
      for (let round = 1; round <= rounds; round++) {
        const left = await sweep(plan, destination, ledger, {
          context,
          settle,
          last: round === rounds,
          workers: 2 * concurrencyOf(destination),
        });
        if (left === 0) break;
        await pause(wait, roundDelay * round, signal);
      }
      if (tally.unknown > 0)
        recount(await settleUnknown(plan, destination, ledger, context).catch(unlessPassing));
    } catch (error) {
      throw explained(error, settled, total);
    }
  }
  const seconds = (performance.now() - begun) / 1000;
  return { ...tally, requests: gate.sent(), failures, resumed: state.begun, seconds };
}

/** Where even reading fails, what is not known stays so: the next plan, or a retry, finds out. */
function unlessPassing(error: unknown): readonly PlanRow[] {
  const passing = ["network", "server", "rate-limit", "quota"] as const;
  if (passing.some((code) => InchwormError.is(error, code))) return [];
  throw error;
}

async function usable(
  plan: Plan,
  destination: Destination,
  ledger: Ledger,
  oldest: Instant,
): Promise<PlanState> {
  if (plan.destination !== destination.name)
    throw new InchwormError(
      "input",
      `The plan is for ${plan.destination}, not for ${destination.name}.`,
      { hint: "Pass the destination that the plan was made for." },
    );
  const state = await ledger.planState(plan.id);
  if (!state) throw stalePlan(plan, "the store does not hold it, or a later plan took its place");
  if (state.plan.digest !== plan.digest)
    throw stalePlan(plan, "its digest is not that of the plan in the store");
  if (state.stale !== undefined) throw stalePlan(plan, state.stale);
  if (state.plan.createdAt < oldest) throw stalePlan(plan, "it is too old");
  return state;
}

function stalePlan(plan: Plan, why: string): InchwormError {
  return new InchwormError("stale-plan", `Plan ${plan.id} can no longer be carried out: ${why}.`, {
    hint: "Make a new plan and push that: what is written already is not written again.",
  });
}

/** Makes the fields that the plan said it would make, and no other. */
async function prepareFields(
  plan: Plan,
  destination: Destination,
  context: Parameters<Destination["prepare"]>[1],
): Promise<void> {
  const planned = new Set(plan.missingFields);
  const { missing } = await destination.prepare(plan.fields, { ...context, dryRun: true });
  // a field that stood when planned took its values with it: the plan's differences are no longer the differences
  const gone = missing.filter((name) => !planned.has(name));
  if (gone.length > 0)
    throw stalePlan(
      plan,
      `${gone.join(", ")} stood at the destination when it was made and is gone`,
    );
  await destination.prepare(plan.fields, context);
}

/** The failure that ended a push, with the way on in its hint. */
function explained(error: unknown, settled: number, total: number): unknown {
  if (!InchwormError.is(error) || error.code === "stale-plan" || error.code === "internal")
    return error;
  const { code, message, hint, retryAfterMs, vendorCode } = error;
  const way = `${settled} of ${total} rows are settled; pushing the same plan again goes on with the rest.`;
  return new InchwormError(code, message, {
    hint: hint === undefined ? way : `${hint} ${way}`,
    cause: error,
    ...(retryAfterMs !== undefined && { retryAfterMs }),
    ...(vendorCode !== undefined && { vendorCode }),
  });
}
