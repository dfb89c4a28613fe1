import type { Field, Ledger, Plan, PlanState } from "@inchworm/spec";
import type { Database } from "../database.js";
import { meta, type Revision, setMeta } from "../meta.js";
import type { Session } from "../session.js";
import { foldFailures, readLetters } from "./dead-letters.js";
import { foldOutbox } from "./last-written.js";
import { appendRows, endRows, rowsIn, writtenRows } from "./outbox.js";
import { planInputs } from "./plan-inputs.js";

const moved: Readonly<Record<Revision, string>> = {
  people: "contacts, identities or consents have changed since",
  scores: "scores have changed since",
};
const revisions = Object.keys(moved) as Revision[];

interface PlanEntry {
  readonly plan: string;
  readonly basis: string;
  readonly begun: boolean;
}

/** Plans, the outbox and the last written values, kept in a store. */
export function ledger(database: Database): Ledger {
  const entry = async (planId: string): Promise<PlanEntry | undefined> => {
    const [found] = await database.rows<PlanEntry>(
      "select plan::varchar as plan, basis::varchar as basis, begun from plans where plan_id = ? and latest",
      [planId],
    );
    return found;
  };

  const planState = async (planId: string): Promise<PlanState | undefined> => {
    const found = await entry(planId);
    if (!found) return undefined;
    const [counts] = await database.rows<{ pending: number; done: number; failed: number }>(
      `select count(*) filter (where state = 'pending') as pending, count(*) filter (where state = 'done') as done,
        count(*) filter (where state in ('failed', 'unknown')) as failed
      from outbox where plan_id = ?`,
      [planId],
    );
    const stale = await staleness(database, found.basis);
    return {
      plan: JSON.parse(found.plan) as Plan,
      ...(stale !== undefined && { stale }),
      begun: found.begun,
      ...counts,
    };
  };

  return {
    claim: (system, account) =>
      database.transaction(async (session) => {
        const key = `account ${system}`;
        const kept = await meta(session, key);
        if (kept === "") await setMeta(session, key, account);
        return kept || account;
      }),

    planInputs: (destination, system, fields) => planInputs(database, destination, system, fields),

    async knownFields(destination) {
      const found = await database.rows<{ fields: string }>(
        `select json_extract(plan, '$.fields')::varchar as fields from plans where destination = ? order by created_at, rowid`,
        [destination],
      );
      const latest = new Map<string, Field>();
      for (const { fields } of found)
        for (const field of JSON.parse(fields) as Field[]) latest.set(field.name, field);
      return [...latest.values()];
    },

    savePlan: (planId, destination, rows, finish) =>
      database.transaction(async (session) => {
        const basis = await readBasis(session);
        await foldOutbox(session, destination);
        await foldFailures(session, destination);
        await session.run(
          "delete from outbox where plan_id in (select plan_id from plans where destination = ?)",
          [destination],
        );
        let count = 0;
        for await (const page of rows) {
          await appendRows(session, planId, page, count);
          count += page.length;
        }
        const plan = finish();
        await session.run("update plans set latest = false where destination = ?", [destination]);
        await session.append("plans", {
          plan_id: [planId],
          destination: [destination],
          plan: [JSON.stringify(plan)],
          basis: [JSON.stringify(basis)],
          created_at: [plan.createdAt],
          begun: [false],
          latest: [true],
        });
        return plan;
      }),

    planState,

    async latestPlan(destination) {
      const [found] = await database.rows<{ id: string }>(
        "select plan_id as id from plans where destination = ? and latest",
        [destination],
      );
      return found && planState(found.id);
    },

    async stale(planId) {
      const [found] = await database.rows<Pick<PlanEntry, "basis">>(
        "select basis::varchar as basis from plans where plan_id = ? and latest",
        [planId],
      );
      return found
        ? staleness(database, found.basis)
        : "the store does not hold it, or a later plan took its place";
    },

    async begin(planId) {
      await database.run("update plans set begun = true where plan_id = ? and not begun", [planId]);
    },

    pending: (planId, limit, after = -1) => rowsIn("pending", database, planId, limit, after),

    settle: (planId, rows, outcomes) => endRows(database, planId, rows, outcomes),

    written: (planId) => writtenRows(database, planId),

    unknown: (planId, limit, after = -1) => rowsIn("unknown", database, planId, limit, after),

    reopen: (planId) =>
      database.run(
        `update outbox set state = 'pending', code = null, settled_at = null
        where plan_id = ? and state in ('failed', 'unknown')`,
        [planId],
      ),

    deadLetters: (destination) => readLetters(database, destination),

    async revive(destination) {
      await database.run("delete from dead_letters where destination = ?", [destination]);
    },
  };
}

type Basis = Partial<Record<string, string>>;

async function readBasis(session: Session): Promise<Basis> {
  const keys = revisions.map((name) => `'${name}'`).join(", ");
  const rows = await session.rows<{ key: string; value: string }>(
    `select key, value from meta where key in (${keys})`,
  );
  return Object.fromEntries(rows.map(({ key, value }) => [key, value]));
}

async function staleness(session: Session, basis: string): Promise<string | undefined> {
  const then = JSON.parse(basis) as Basis;
  const now = await readBasis(session);
  const changed = revisions.find((name) => now[name] !== then[name]);
  return changed && moved[changed];
}
