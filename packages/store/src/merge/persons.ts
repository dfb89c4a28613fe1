import type { Session } from "../session.js";
import { countRows } from "./staging.js";

/** Every round halves the longest chain, so 2^64 records would do. */
const mostRounds = 64;

/**
 * Which staged records are one person: makes `in_person (seq, label)`, where records that share a name, or a known contact,
 * carry the same label. Needs `in_hit (seq, system, external_id, contact_id)`.
 */
export async function labelPersons(session: Session): Promise<void> {
  await session.run(`
    create or replace temp table in_link as
      with links as (
        select distinct seq, system || chr(31) || external_id as bond from in_hit
        union all
        select distinct seq, contact_id::varchar from in_hit where contact_id is not null
      )
      select seq, bond from links
      where bond in (select bond from links group by bond having count(*) > 1);
    create or replace temp table in_person as select distinct seq, seq as label from in_hit`);
  if ((await countRows(session, "in_link")) === 0) return;
  for (let round = 0; round < mostRounds; round++) {
    await session.run(`
      create or replace temp table in_lower as
        with lowest as (
          select bond, min(p.label) as label from in_link l join in_person p using (seq) group by bond
        ), reached as (
          select l.seq, min(o.label) as label from in_link l join lowest o using (bond) group by l.seq
        )
        select r.seq, least(r.label, jump.label) as label
        from reached r join in_person jump on jump.seq = r.label join in_person p on p.seq = r.seq
        where least(r.label, jump.label) < p.label`);
    const changed = await session.run(
      "update in_person p set label = o.label from in_lower o where o.seq = p.seq",
    );
    if (changed === 0) return;
  }
}
