import type { Plan } from "@inchworm/spec";
import type { Session } from "../session.js";
import type { Delivery } from "../types/figures.js";

interface Row {
  readonly destination: string;
  readonly plan: string;
  readonly createdAt: number;
  readonly begun: boolean;
  readonly updated: number;
  readonly cleared: number;
  readonly skipped: number;
  readonly failed: number;
  readonly pending: number;
  readonly records: number;
  readonly writtenAt: number | null;
}

/** See `Figures.deliveries`, by destination. */
export async function deliveries(session: Session): Promise<Delivery[]> {
  const rows = await session.rows<Row>(
    `with counted as (
      select plan_id, count(*) filter (where state = 'done' and code is null and action = 'update') as updated,
        count(*) filter (where state = 'done' and code is null and action = 'clear') as cleared,
        count(*) filter (where state = 'done' and code is not null) as skipped,
        count(*) filter (where state in ('failed', 'unknown')) as failed, count(*) filter (where state = 'pending') as pending
      from outbox group by plan_id),
    settled as (
      select destination, record_id, action, settled_at from outbox join plans using (plan_id) where state = 'done' and code is null),
    held as (
      select destination, record_id, written_at as at_time from ledger
      where len(list_filter(json_extract(fields, '$.*'), value -> json_type(value) <> 'NULL')) > 0
        and (destination, record_id) not in (select (destination, record_id) from settled where action = 'clear')
      union all
      select destination, record_id, settled_at from settled where action = 'update'),
    holding as (
      select destination, count(distinct record_id) as records, max(at_time) as last_time from held group by destination)
    select destination, plan::varchar as plan, created_at as "createdAt", begun, coalesce(updated, 0) as updated,
      coalesce(cleared, 0) as cleared, coalesce(skipped, 0) as skipped, coalesce(failed, 0) as failed,
      coalesce(pending, 0) as pending, coalesce(records, 0) as records, last_time as "writtenAt"
    from plans left join counted using (plan_id) left join holding using (destination) where latest order by destination`,
  );
  return rows.map(({ plan, skipped, writtenAt, ...row }) => {
    const { skips, skipReasons } = JSON.parse(plan) as Plan;
    return {
      ...row,
      skipped: skipped + skips,
      skipReasons,
      ...(writtenAt !== null && { writtenAt }),
    };
  });
}
