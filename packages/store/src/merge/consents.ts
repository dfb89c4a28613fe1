import { bump } from "../meta.js";
import type { Session } from "../session.js";
import { literal } from "../values.js";
import { countChanged, type Merged } from "./orders.js";

/** Of two answers at one instant the stricter one stands. */
export const strictness = (status: string): string =>
  `case ${status} when 'denied' then 0 when 'unknown' then 1 else 2 end`;

/** Puts staged answers into `consents`, which keeps every answer; of each source the latest per contact and purpose counts. */
export async function mergeConsents(session: Session, source: string): Promise<Merged> {
  await session.run(`
    create or replace temp table in_fresh as
      select i.contact_id, s.purpose, ${literal(source)} as source, s.occurred_at, arg_min(s.status, ${strictness("s.status")}) as status
      from in_consent s join identities i on i.system = s.who_system and i.external_id = s.who_id
      group by i.contact_id, s.purpose, s.occurred_at;
    create or replace temp table in_changed as
      select n.*, c.contact_id is null as is_new
      from in_fresh n left join consents c using (contact_id, purpose, source, occurred_at)
      where c.contact_id is null
        or ${strictness("n.status")} < ${strictness("c.status")}`);
  const merged = await countChanged(session);
  if (merged.added + merged.updated === 0) return merged;
  if (merged.updated > 0) {
    await session.run(`delete from consents c using in_changed n
      where c.contact_id = n.contact_id and c.purpose = n.purpose and c.source = n.source and c.occurred_at = n.occurred_at`);
  }
  await session.run(`insert into consents (contact_id, purpose, source, status, occurred_at)
    select contact_id, purpose, source, status, occurred_at from in_changed order by contact_id, purpose, occurred_at`);
  await bump(session, "people");
  return merged;
}
