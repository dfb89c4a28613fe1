import type { FieldValues, PlanRow } from "@inchworm/spec";
import type { Session } from "../session.js";

interface Entry {
  readonly recordId: string;
  readonly fields: string;
  readonly uncertain: string | null;
}

/** Remembers what now stands on records: new values over earlier ones, a cleared field as `null`. */
export async function remember(
  session: Session,
  destination: string,
  planId: string,
  rows: readonly PlanRow[],
): Promise<void> {
  if (rows.length === 0) return;
  const ids = rows.map(({ recordId }) => recordId as string);
  const found = await session.rows<Entry>(
    `select record_id as "recordId", fields::varchar as fields, uncertain::varchar as uncertain
    from ledger where destination = ? and record_id in (select unnest(?::varchar[]))`,
    [destination, ids],
  );
  const earlier = new Map(found.map((entry) => [entry.recordId, entry]));
  await session.run(
    "delete from ledger where destination = ? and record_id in (select unnest(?::varchar[]))",
    [destination, ids],
  );
  const [{ now }] = await session.rows<{ now: number }>("select now()::timestamp as now");
  const merged = rows.map(({ recordId, values }) => merge(earlier.get(recordId as string), values));
  await session.append("ledger", {
    destination: rows.map(() => destination),
    record_id: ids,
    contact_id: Int32Array.from(rows, ({ contact }) => contact),
    fields: merged.map(({ fields }) => fields),
    uncertain: merged.map(({ uncertain }) => uncertain),
    written_at: rows.map(() => now),
    plan_id: rows.map(() => planId),
  });
}

function merge(earlier: Entry | undefined, values: FieldValues) {
  const fields = { ...(JSON.parse(earlier?.fields ?? "{}") as FieldValues), ...values };
  const uncertain = (JSON.parse(earlier?.uncertain ?? "[]") as string[]).filter(
    (name) => !(name in values),
  );
  return {
    fields: JSON.stringify(fields),
    uncertain: uncertain.length > 0 ? JSON.stringify(uncertain) : undefined,
  };
}

/**
 * Before the outbox of a begun plan goes: its rows without a known end may have been written, so their fields are uncertain from
 * now on.
 */
export async function rememberDoubts(session: Session, destination: string): Promise<void> {
  await session.run(
    `create or replace temp table doubts as
      select o.contact_id, o.record_id, o.plan_id, json_keys(o.fields) as names
      from outbox o join plans p using (plan_id)
      where p.destination = ? and p.latest and p.begun and o.state in ('pending', 'unknown')`,
    [destination],
  );
  await session.run(
    `update ledger l set uncertain = to_json(list_distinct(coalesce(l.uncertain::varchar[], []) || d.names))
    from doubts d where l.destination = ? and l.record_id = d.record_id`,
    [destination],
  );
  await session.run(
    `insert into ledger (destination, record_id, contact_id, fields, uncertain, written_at, plan_id)
    select ?, record_id, contact_id, '{}', to_json(names), now()::timestamp, plan_id
    from doubts anti join (select record_id from ledger where destination = ?) using (record_id)`,
    [destination, destination],
  );
  await session.run("drop table doubts");
}
