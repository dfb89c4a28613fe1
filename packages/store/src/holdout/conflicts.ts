import type { Session } from "../session.js";

/**
 * Keeps what contacts that proved to be one person disagree on: whoever was assigned first says which arm the person is in, for what
 * was done since was done by it. Needs `in_merged (loser, target)`, before the assignments are made one.
 */
export async function rememberConflicts(session: Session): Promise<void> {
  await session.run(`
    insert into holdout_conflicts
      with together as (
        select a.*, coalesce(m.target, a.contact_id) as person
        from holdout_arms a left join in_merged m on m.loser = a.contact_id
        where a.contact_id in (select loser from in_merged union select target from in_merged)
      ), first as (
        select * from together
        qualify row_number() over (partition by person, holdout, version order by assigned_at, contact_id) = 1
      )
      select t.holdout, t.version, t.person, f.arm, t.arm, f.assigned_at, t.assigned_at, now()::timestamp
      from together t join first f using (person, holdout, version)
      where t.arm <> f.arm`);
}
