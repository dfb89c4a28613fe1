import type { PlanRow, WriteOutcome } from "@inchworm/spec";

export type Settle = (rows: readonly PlanRow[], outcomes: readonly WriteOutcome[]) => Promise<void>;

/**
 * Settles at once when nothing is being settled, else together with all that is answered meanwhile: a transaction costs about the
 * same for one batch as for many, so a slow disk never holds up the wire. Resolves once the rows are settled.
 */
export function settler(settle: Settle): Settle {
  let running: Promise<void> | undefined;
  let next: { rows: PlanRow[]; outcomes: WriteOutcome[]; done: Promise<void> } | undefined;

  return (rows, outcomes) => {
    if (!next) {
      const group = { rows: [] as PlanRow[], outcomes: [] as WriteOutcome[] };
      const done = (running ?? Promise.resolve())
        .catch(() => {})
        .then(() => {
          next = undefined;
          running = settle(group.rows, group.outcomes);
          return running;
        });
      next = { ...group, done };
    }
    next.rows.push(...rows);
    next.outcomes.push(...outcomes);
    return next.done;
  };
}
