import type { FieldValues, PlanRow, WriteOutcome } from "@inchworm/spec";
import type { Session } from "../session.js";

/** How a row stands in the outbox. A row that the destination skipped is done, and has a code. */
type State = "pending" | "done" | "failed" | "unknown";

const stateOf: Readonly<Record<WriteOutcome["outcome"], State>> = {
  updated: "done",
  created: "done",
  skipped: "done",
  failed: "failed",
  unknown: "unknown",
};

/** `first` is the number of rows that the plan has already. */
export async function appendRows(
  session: Session,
  planId: string,
  rows: readonly PlanRow[],
  first: number,
): Promise<void> {
  await session.append("outbox", {
    plan_id: rows.map(() => planId),
    seq: Int32Array.from(rows, (_, index) => first + index),
    contact_id: Int32Array.from(rows, ({ contact }) => contact),
    record_id: rows.map(({ recordId }) => recordId),
    action: rows.map(({ action }) => action),
    fields: rows.map(({ values }) => JSON.stringify(values)),
    reason: rows.map(({ reason }) => reason),
    state: rows.map(() => "pending"),
  });
}

type Raw = readonly [number, PlanRow["action"], string, string, string | null];

async function select(
  session: Session,
  condition: string,
  params: readonly (string | number)[],
): Promise<PlanRow[]> {
  const rows: PlanRow[] = [];
  const chunks = session.stream(
    `select contact_id, action, record_id, fields::varchar, reason from outbox where ${condition}`,
    params,
  );
  for await (const chunk of chunks) {
    for (const row of chunk.getRows()) {
      const [contact, action, recordId, fields, reason] = row as unknown as Raw;
      const values = JSON.parse(fields) as FieldValues;
      rows.push({ contact, action, recordId, values, ...(reason !== null && { reason }) });
    }
  }
  return rows;
}

/**
 * The engine finds a range of contacts without reading the others, as rows lie in contact order: the range grows until it holds
 * enough. All rows of a contact come together, unless they are more than `limit`.
 */
export async function rowsIn(
  state: "pending" | "unknown",
  session: Session,
  planId: string,
  limit: number,
  after: number,
): Promise<readonly PlanRow[]> {
  const [{ last }] = await session.rows<{ last: number | null }>(
    "select max(contact_id) as last from outbox where plan_id = ?",
    [planId],
  );
  for (let width = 4 * limit; ; width *= 8) {
    const rows = await select(
      session,
      `plan_id = $1 and contact_id > $2 and contact_id <= $3 and state = '${state}'
      order by contact_id, seq limit $4`,
      [planId, after, after + width, limit + 1],
    );
    if (rows.length > limit) {
      const cut = rows[limit].contact;
      const whole = rows.filter(({ contact }) => contact !== cut);
      return whole.length > 0 ? whole : rows.slice(0, limit);
    }
    if (after + width >= (last ?? 0)) return rows;
  }
}

const pageSize = 10_000;

/** Rows that were written, in the order of the plan. */
export async function* writtenRows(
  session: Session,
  planId: string,
): AsyncIterable<readonly PlanRow[]> {
  const [{ last }] = await session.rows<{ last: number | null }>(
    "select max(seq) as last from outbox where plan_id = ?",
    [planId],
  );
  for (let from = 0; from <= (last ?? -1); from += pageSize) {
    const rows = await select(
      session,
      "plan_id = $1 and seq >= $2 and seq < $3 and state = 'done' and code is null order by seq",
      [planId, from, from + pageSize],
    );
    if (rows.length > 0) yield rows;
  }
}

/** Ends rows. One that was done stays done; one that is no longer in the plan is left out. */
export async function endRows(
  session: Session,
  planId: string,
  rows: readonly PlanRow[],
  outcomes: readonly WriteOutcome[],
): Promise<void> {
  if (rows.length === 0) return;
  const contacts = rows.map(({ contact }) => contact);
  const codes = outcomes.map(({ outcome, code = outcome }) =>
    outcome === "updated" || outcome === "created" ? "" : code,
  );
  await session.run(
    `update outbox o set state = e.state, code = nullif(e.code, ''), settled_at = now()::timestamp
    from (
      select unnest($2::integer[]) as contact_id, unnest($3::varchar[]) as record_id, unnest($4::varchar[]) as state,
        unnest($5::varchar[]) as code
    ) e
    where o.plan_id = $1 and o.contact_id between $6 and $7 and o.contact_id = e.contact_id and o.record_id = e.record_id
      and o.state <> 'done'`,
    [
      planId,
      contacts,
      rows.map(({ recordId = "" }) => recordId),
      outcomes.map(({ outcome }) => stateOf[outcome]),
      codes,
      Math.min(...contacts),
      Math.max(...contacts),
    ],
  );
}
