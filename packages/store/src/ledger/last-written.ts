import type { Session } from "../session.js";

/**
 * Rows of a destination's plan that the ledger does not hold yet: `written` when they were written, else such that a begun push may
 * have written. Needs the destination as first parameter.
 */
export const unfolded = `
  select o.contact_id, o.record_id, o.plan_id, o.fields, o.state = 'done' as written,
    coalesce(o.settled_at, p.created_at) as written_at
  from outbox o join plans p using (plan_id)
  where p.destination = $1 and p.latest
    and ((o.state = 'done' and o.code is null) or (p.begun and o.state in ('pending', 'unknown')))`;

const asMap = (json: string) => `cast(${json} as map(varchar, json))`;
const uncertain = "coalesce(l.uncertain::varchar[], [])";

/**
 * Before the outbox of a plan goes: takes what it wrote into the ledger, new values over earlier ones and a cleared field as null.
 * Fields of rows without a known end are uncertain from now on.
 */
export async function foldOutbox(session: Session, destination: string): Promise<void> {
  await session.run(
    `create or replace temp table in_folded as
      with ended as (select *, json_keys(fields) as names from (${unfolded})),
        earlier as (select * from ledger where destination = $1)
      select e.record_id, e.contact_id,
        case when not e.written then coalesce(l.fields, '{}')
          when l.fields is null then e.fields
          else to_json(map_concat(${asMap("l.fields")}, ${asMap("e.fields")})) end as fields,
        case when e.written then list_filter(${uncertain}, lambda name: not list_contains(e.names, name))
          else list_distinct(${uncertain} || e.names) end as uncertain,
        case when e.written or l.record_id is null then e.written_at else l.written_at end as written_at,
        case when e.written or l.record_id is null then e.plan_id else l.plan_id end as plan_id
      from ended e left join earlier l using (record_id)`,
    [destination],
  );
  await session.run(
    "delete from ledger where destination = ? and record_id in (select record_id from in_folded)",
    [destination],
  );
  await session.run(
    `insert into ledger (destination, record_id, contact_id, fields, uncertain, written_at, plan_id)
    select ?, record_id, contact_id, fields, case when len(uncertain) > 0 then to_json(uncertain) end, written_at, plan_id
    from in_folded`,
    [destination],
  );
  await session.run("drop table in_folded");
}
