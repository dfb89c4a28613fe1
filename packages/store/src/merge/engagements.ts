import type { Session } from "../session.js";
import { literal } from "../values.js";
import { countChanged, type Merged } from "./orders.js";
import { numberEqual } from "./staging.js";

/**
 * Puts staged events into `engagements`. An event is known by its system's id; without one by its content, and equal events by
 * their number within the batch. The mark of a machine may change later, nothing else does.
 */
export async function mergeEngagements(session: Session, source: string): Promise<Merged> {
  await session.run(`
    create or replace temp table in_keyed as
      select s.seq, s.id is null as countable, i.contact_id, s.type, s.occurred_at, s.campaign_id, s.item_id,
        coalesce(s.machine, false) as machine, md5_number_lower(case when s.id is not null
          then concat_ws(chr(31), ${literal(source)}, s.id)
          else concat_ws(chr(31), '', s.who_system, s.who_id, s.type, epoch_us(s.occurred_at), coalesce(s.campaign_id, ''),
            coalesce(s.item_id, '')) end) as digest
      from in_engagement s join identities i on i.system = s.who_system and i.external_id = s.who_id;
    drop table in_engagement`);
  await numberEqual(session, "digest");
  await session.run(`
    create or replace temp view in_event as
      select contact_id, type, occurred_at, campaign_id, item_id, machine,
        case when nth = 1 then digest else md5_number_lower(digest || '#' || nth) end as event_key
      from in_numbered where countable or nth = 1;
    create or replace temp table in_changed as
      select n.*, e.event_key is null as is_new from in_event n left join engagements e using (event_key)
      where e.event_key is null or n.machine <> e.machine;
    drop table in_keyed`);
  const merged = await countChanged(session);
  if (merged.updated > 0) {
    await session.run(`update engagements e set machine = n.machine from in_changed n
      where n.event_key = e.event_key and not n.is_new`);
  }
  // together by contact: the features of a contact then read few row groups
  await session.run(`
    insert into engagements (contact_id, type, occurred_at, campaign_id, item_id, machine, event_key)
      select contact_id, type::engagement_type, occurred_at, campaign_id, item_id, machine, event_key
      from in_changed where is_new order by contact_id, occurred_at, event_key`);
  return merged;
}
