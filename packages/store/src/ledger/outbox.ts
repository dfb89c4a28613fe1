import type { FieldValues, PlanRow, WriteOutcome } from "@inchworm/spec";
import type { Session } from "../session.js";
import { plain } from "../values.js";

/** How a row stands in the outbox. A row that the destination skipped is done, and has a code. */
type State = "pending" | "done" | "failed" | "unknown";

const stateOf: Readonly<Record<WriteOutcome["outcome"], State>> = {
  updated: "done",
  created: "done",
  skipped: "done",
  failed: "failed",
  unknown: "unknown",
};

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

const columns = "contact_id, action, record_id, fields::varchar, reason";

export async function pendingRows(
  session: Session,
  planId: string,
  limit: number,
  after: number,
): Promise<readonly PlanRow[]> {
  const rows: PlanRow[] = [];
  const found = session.stream(
    `select ${columns} from outbox where plan_id = ? and state = 'pending' and contact_id > ? order by contact_id limit ?`,
    [planId, after, limit],
  );
  for await (const chunk of found) rows.push(...chunk.getRows().map(toRow));
  return rows;
}

export async function* writtenRows(
  session: Session,
  planId: string,
): AsyncIterable<readonly PlanRow[]> {
  const found = session.stream(
    `select ${columns} from outbox where plan_id = ? and state = 'done' and code is null order by contact_id`,
    [planId],
  );
  for await (const chunk of found) yield chunk.getRows().map(toRow);
}

function toRow(row: readonly unknown[]): PlanRow {
  const [contact, action, recordId, fields, reason] = row.map((value) =>
    plain(value as Parameters<typeof plain>[0]),
  ) as [number, PlanRow["action"], string, string, string | null];
  return {
    contact,
    action,
    recordId,
    values: JSON.parse(fields) as FieldValues,
    ...(reason !== null && { reason }),
  };
}

/** Ends rows in the outbox, and gives those of them that were written and still stand in the plan. */
export async function endRows(
  session: Session,
  planId: string,
  rows: readonly PlanRow[],
  outcomes: readonly WriteOutcome[],
): Promise<readonly PlanRow[]> {
  const ends = rows.map(({ contact }, index) => {
    const { outcome, code = outcome } = outcomes[index];
    const written = outcome === "updated" || outcome === "created";
    return { contact, state: stateOf[outcome], code: written ? "" : code };
  });
  const changed = await session.rows<{ contact: number }>(
    `update outbox o set state = e.state, code = nullif(e.code, '')
    from (select unnest(?::integer[]) as contact_id, unnest(?::varchar[]) as state, unnest(?::varchar[]) as code) e
    where o.plan_id = ? and o.contact_id = e.contact_id
    returning o.contact_id as contact`,
    [
      ends.map(({ contact }) => contact),
      ends.map(({ state }) => state),
      ends.map(({ code }) => code),
      planId,
    ],
  );
  const standing = new Set(changed.map(({ contact }) => contact));
  return rows.filter(({ contact }, index) => standing.has(contact) && ends[index].code === "");
}
