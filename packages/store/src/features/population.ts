import { profiling } from "../people.js";
import { call, instant, type Sql, sql } from "../sql.js";
import { type Cut, known } from "./cut.js";

const answers: Sql = { kind: "sql", parts: [profiling], values: [] };
/** Contacts who refuse profiling. */
export const profilingDenied: Sql = sql`(select contact_id from (${answers}) answers where status = 'denied')`;

/**
 * Who has features at a cut, in ascending order, and for how many days they have been known. A contact exists from its creation
 * or its first event on, whichever came first. Consent is taken as it stands today, not as it stood then.
 */
export function population(cut: Cut, orderedSince?: number): Sql {
  const ordered =
    orderedSince === undefined
      ? sql``
      : sql`and contact_id in (
          select contact_id from orders
          where contact_id is not null and total > 0 and ${known(cut)} and occurred_at >= ${instant(orderedSince)}
        )`;
  return sql`
    select contact_id, ${call("f32", call("days", sql`least(coalesce(created_at, first_at), coalesce(first_at, created_at))`, cut.end))} as tenure_days
    from contacts
    left join (
      select contact_id as seen_id, min(occurred_at) as first_at
      from (
        select contact_id, occurred_at from engagements where ${known(cut)}
        union all
        select contact_id, occurred_at from orders where contact_id is not null and ${known(cut)}
        union all
        select contact_id, start_at from contracts where start_at < ${cut.end}
      ) events
      group by contact_id
    ) seen on seen_id = contact_id
    where (created_at < ${cut.end} or first_at is not null)
      and contact_id not in ${profilingDenied} ${ordered}
    order by contact_id`;
}
