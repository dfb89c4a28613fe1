import type { Session } from "../session.js";
import type { TimelineEntry } from "../types/figures.js";

interface Row {
  readonly at: number;
  readonly kind: string;
  readonly total: number | null;
  readonly currency: string | null;
  readonly campaign: string | null;
  readonly machine: boolean;
}

/** See `Store.timeline`. */
export async function timeline(
  session: Session,
  contact: number,
  limit: number,
): Promise<TimelineEntry[]> {
  const rows = await session.rows<Row>(
    `with told as (
      select occurred_at as at_time, 'order' as kind, cast(total as double) as total, currency, null::varchar as campaign, false as machine
      from orders where contact_id = $1
      union all
      select occurred_at, type::varchar, null, null, coalesce(name, campaign_id), machine
      from engagements left join campaigns using (campaign_id) where contact_id = $1)
    select at_time as "at", kind, total, currency, campaign, machine from told
    order by at_time desc, kind, total, campaign limit $2`,
    [contact, limit],
  );
  return rows.map(({ at, kind, total, currency, campaign, machine }) => ({
    at,
    kind,
    ...(total !== null && { total }),
    ...(currency !== null && { currency }),
    ...(campaign !== null && { campaign }),
    ...(machine && { machine }),
  }));
}
