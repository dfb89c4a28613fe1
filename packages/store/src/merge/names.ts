import type { Session } from "../session.js";
import type { Batch } from "./people.js";
import { countRows } from "./staging.js";

/**
 * New names, and what records say of known ones: current, merged into another record, or archived. Gives the number of names that
 * are new or stand otherwise now.
 */
export async function mergeNames(session: Session, batch: Batch): Promise<number> {
  const placed =
    "select h.system, h.external_id, p.contact_id, h.state, h.modified_at from in_hit h join in_placed p using (seq)";
  let said = `(${placed})`;
  if (batch.linked) {
    await session.run(`
      create or replace temp table in_said as
        select h.system, h.external_id, min(p.contact_id) as contact_id,
          arg_max(h.state, (coalesce(h.modified_at, timestamp '-infinity'), h.seq)) as state, max(h.modified_at) as modified_at
        from in_hit h join in_placed p using (seq) group by h.system, h.external_id`);
    said = "in_said";
  }
  const added = await session.run(`
    insert into identities (system, external_id, contact_id, state, modified_at)
      select s.system, s.external_id, s.contact_id, coalesce(s.state, 'current'), s.modified_at
      from ${said} s anti join (from in_hit where contact_id is not null) h using (system, external_id)
      order by s.contact_id, s.system, s.external_id`);
  if (!batch.known) return added;
  await session.run(`create or replace temp table in_restated as
    select s.system, s.external_id, s.state, s.modified_at, s.state <> i.state as differs
    from ${said} s join identities i on i.system = s.system and i.external_id = s.external_id
    where s.state is not null and (s.modified_at is null or i.modified_at is null or s.modified_at >= i.modified_at)
      and (s.state <> i.state or s.modified_at is distinct from i.modified_at)`);
  if ((await countRows(session, "in_restated")) === 0) return added;
  await session.run(`
    update identities i set state = s.state, modified_at = coalesce(s.modified_at, i.modified_at)
      from in_restated s where i.system = s.system and i.external_id = s.external_id`);
  return added + (await countRows(session, "in_restated where differs"));
}
