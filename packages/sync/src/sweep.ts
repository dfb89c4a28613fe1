import {
  type CallContext,
  type Destination,
  InchwormError,
  type Ledger,
  type Plan,
  type PlanRow,
  type WriteOutcome,
} from "@inchworm/spec";
import { type Settle, settler } from "./settler.js";

export interface SweepOptions {
  readonly context: CallContext;
  /** Settles every row that is not tried again. */
  readonly settle: Settle;
  /** True when nothing is tried again after this sweep. */
  readonly last: boolean;
  /** Batches under way at once, those that wait for their turn included. */
  readonly workers: number;
}

/** Calls that fail one after the other, none answered between, after which the rest is not tried. */
const maxFailures = 3;

/**
 * Sends every pending row of a plan once, and gives how many are left for another sweep.
 *
 * A call that is refused for its content is halved until the rows at fault stand alone, so that one bad row never costs the
 * others; in the last sweep so is a call that the vendor keeps failing on. Ends at the first failure that is not about its rows,
 * after the calls under way have ended and what they answered is settled.
 */
export async function sweep(
  plan: Plan,
  destination: Destination,
  ledger: Ledger,
  options: SweepOptions,
): Promise<number> {
  const { context, last, workers } = options;
  const settle = settler(options.settle);
  const allowed = new Set(plan.fields.map(({ name }) => name));
  const depth = Math.ceil(Math.log2(destination.batchSize)) + 1;
  // every worker may halve down to one bad row before a call is accepted; beyond it is not the rows that are at fault
  const maxRefusals = workers * depth;
  let ahead: readonly PlanRow[] = [];
  let after: number | undefined;
  let left = 0;
  let failures = 0;
  let refusals = 0;
  let stop: { readonly error: unknown } | undefined;

  const reading = queue();

  const nextBatch = (): Promise<readonly PlanRow[]> =>
    reading(async () => {
      if (stop) return [];
      if (ahead.length === 0) {
        ahead = await ledger.pending(plan.id, destination.batchSize * workers, after);
        after = ahead.at(-1)?.contact ?? after;
        for (const row of ahead) refuseForeign(row, allowed);
      }
      const batch = ahead.slice(0, destination.batchSize);
      ahead = ahead.slice(destination.batchSize);
      return batch;
    });

  const carryOut = async (rows: readonly PlanRow[]): Promise<void> => {
    let outcomes: readonly WriteOutcome[];
    try {
      outcomes = await write(destination, rows, context);
      failures = 0;
      refusals = 0;
    } catch (error) {
      if (!InchwormError.is(error)) throw error;
      const refused = error.code === "rejected" || error.code === "not-found";
      const passing = error.code === "server" || error.code === "network";
      if (!refused && !passing) throw error;
      if (refused && ++refusals >= maxRefusals) throw error;
      if (passing && ++failures >= (last ? maxFailures + depth : maxFailures)) throw error;
      if (passing && !last) {
        // still pending: whether they were written is not known, and sending them again leaves the same state
        left += rows.length;
        return;
      }
      if (error.code === "network") throw error;
      if (rows.length > 1) {
        const middle = rows.length >> 1;
        await carryOut(rows.slice(0, middle));
        return carryOut(rows.slice(middle));
      }
      outcomes = rows.map(({ recordId = "" }) => ({
        recordId,
        outcome: refused ? "failed" : "unknown",
        code: error.vendorCode ?? error.code,
        message: error.message,
      }));
    }
    const done = (index: number) => last || outcomes[index].retryable !== true;
    const ended = rows.filter((_, index) => done(index));
    left += rows.length - ended.length;
    if (ended.length > 0)
      await settle(
        ended,
        outcomes.filter((_, index) => done(index)),
      );
  };

  const work = async (): Promise<void> => {
    try {
      for (;;) {
        const rows = await nextBatch();
        if (rows.length === 0) return;
        await carryOut(rows);
      }
    } catch (error) {
      stop ??= { error };
    }
  };
  await Promise.all(Array.from({ length: workers }, work));
  if (stop) throw stop.error;
  return left;
}

/** One call, whose answer must be about the rows it was given. */
async function write(
  destination: Destination,
  rows: readonly PlanRow[],
  context: CallContext,
): Promise<readonly WriteOutcome[]> {
  const outcomes = await destination.write(
    rows.map(({ recordId = "", values }) => ({ recordId, values })),
    context,
  );
  if (
    outcomes.length === rows.length &&
    outcomes.every(({ recordId }, index) => recordId === rows[index].recordId)
  )
    return outcomes;
  throw new InchwormError(
    "internal",
    `${destination.name} answered for other rows than it was given.`,
  );
}

/** Runs tasks one after the other. */
function queue(): <T>(task: () => Promise<T>) => Promise<T> {
  let tail: Promise<unknown> = Promise.resolve();
  return (task) => {
    const result = tail.then(task);
    tail = result.catch(() => {});
    return result;
  };
}

/** A score must touch only its own fields: the adapter keeps the last allow-list before the wire, this is the one before it. */
function refuseForeign(row: PlanRow, allowed: ReadonlySet<string>): void {
  const foreign = Object.keys(row.values).find((name) => !allowed.has(name));
  if (row.recordId !== undefined && row.action !== "skip" && foreign === undefined) return;
  const why = foreign === undefined ? "" : `: "${foreign}" is no field of the plan`;
  throw new InchwormError(
    "internal",
    `The plan in the store holds a row that cannot be written${why}.`,
  );
}
