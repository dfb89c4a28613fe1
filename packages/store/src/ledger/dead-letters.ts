import type { DeadLetter } from "@inchworm/spec";
import type { Session } from "../session.js";

/** How each record of a destination's latest plan ended. Needs the destination as first parameter. */
const ended = `
  select o.record_id, o.contact_id, o.state, coalesce(o.code, o.state) as code, coalesce(o.settled_at, p.created_at) as at_
  from outbox o join plans p using (plan_id)
  where p.destination = $1 and p.latest and o.state in ('done', 'failed', 'unknown')`;

/** Records that stand to be written and were not, the latest plan's included. Needs the destination as first parameter. */
export const failing = `
  with last as (${ended}), earlier as (select * from dead_letters where destination = $1)
  select coalesce(l.record_id, e.record_id) as record_id, coalesce(l.contact_id, e.contact_id) as contact_id,
    coalesce(l.code, e.code) as code,
    coalesce(e.failures, 0) + case when l.state = 'failed' then 1 else 0 end as failures,
    coalesce(l.at_, e.failed_at) as failed_at
  from earlier e full join last l on l.record_id = e.record_id
  where l.state is null or l.state <> 'done'`;

/** Before the outbox of a plan goes: counts its failures, and drops the letters of records that it wrote. */
export async function foldFailures(session: Session, destination: string): Promise<void> {
  await session.run(`create or replace temp table in_failing as ${failing}`, [destination]);
  await session.run("delete from dead_letters where destination = ?", [destination]);
  await session.run(
    `insert into dead_letters (destination, record_id, contact_id, code, failures, failed_at)
    select ?, record_id, contact_id, code, failures, failed_at from in_failing where failures > 0`,
    [destination],
  );
  await session.run("drop table in_failing");
}

export async function readLetters(
  session: Session,
  destination: string,
): Promise<readonly DeadLetter[]> {
  return session.rows<DeadLetter>(
    `select contact_id as contact, record_id as "recordId", code, failures::integer as failures,
      epoch_ms(failed_at)::double as at
    from (${failing}) order by contact_id, record_id`,
    [destination],
  );
}
