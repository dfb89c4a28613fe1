import { bump } from "../meta.js";
import type { Session } from "../session.js";
import { mergeAttributes } from "./attributes.js";
import { combineContacts } from "./combine.js";
import { mergeNames } from "./names.js";
import type { Merged } from "./orders.js";
import { labelPersons } from "./persons.js";
import { countRows, referring, type StagingTable } from "./staging.js";

/** How a batch's records stand to each other and to the store. Mostly they do not: then much work is spared. */
export interface Batch {
  /** Some records share a name or a known contact. */
  readonly linked: boolean;
  /** Some records are names of two known contacts or more. */
  readonly joining: boolean;
  /** Some records are of known contacts. */
  readonly known: boolean;
}

/**
 * Gives every staged record and every staged name its contact. A name that nobody knows makes a contact; records that share a
 * name are one person, and contacts that prove to be one become the one with the lowest number.
 */
export async function mergePeople(
  session: Session,
  staged: ReadonlySet<StagingTable>,
): Promise<Merged> {
  await nameTheUnknown(session, staged);
  if ((await countRows(session, "in_name")) === 0) return { added: 0, updated: 0 };
  await session.run(`create or replace temp table in_hit as
    select n.seq, n.system, n.external_id, n.state, n.modified_at, i.contact_id
    from in_name n left join identities i on i.system = n.system and i.external_id = n.external_id`);
  const [batch] = await session.rows<Batch>(`
    with records as (select seq, count(distinct contact_id) as contacts from in_hit group by seq)
    select count(distinct (system, external_id)) <> count(*)
        or count(distinct contact_id) <> (select sum(contacts) from records) as linked,
      (select max(contacts) > 1 from records) as joining, count(contact_id) > 0 as known
    from in_hit`);
  const added = await placePersons(session, batch.linked);
  let merged = 0;
  if (batch.linked || batch.joining) {
    await session.run(`create or replace temp table in_merged as
      select distinct h.contact_id as loser, p.contact_id as target
      from in_hit h join in_placed p using (seq) where h.contact_id <> p.contact_id`);
    merged = await countRows(session, "in_merged");
  }
  const updated = await mergeAttributes(session, staged.has("in_contact"), batch, merged > 0);
  if (merged > 0) {
    await combineContacts(session);
    await session.run("delete from contacts where contact_id in (select loser from in_merged)");
  }
  const named = await mergeNames(session, batch);
  if (added + merged + updated + named > 0) await bump(session, "people");
  return { added, updated };
}

/** Names that only orders and events mention become records that say nothing but the name. */
async function nameTheUnknown(session: Session, staged: ReadonlySet<StagingTable>): Promise<void> {
  const mentions = referring
    .filter((table) => staged.has(table))
    .map((table) => `select seq, who_system, who_id from ${table} where who_id is not null`);
  if (mentions.length === 0) return;
  await session.run(`
    create or replace temp table in_mention as
      with mention as (
        select who_system, who_id, min(seq) as first from (${mentions.join(" union all ")}) group by who_system, who_id
      )
      select who_system, who_id, first from mention m
        anti join identities i on i.system = m.who_system and i.external_id = m.who_id
        anti join in_name n on n.system = m.who_system and n.external_id = m.who_id`);
  if ((await countRows(session, "in_mention")) === 0) return;
  await session.run(`
    insert into in_name
      select (select coalesce(max(seq), 0) from in_name) + row_number() over (), who_system, who_id, null, null
      from (from in_mention order by first, who_system, who_id)`);
}

/** Makes `in_placed (seq, contact_id, is_new)`: the contact of every record. Gives the number of new contacts. */
async function placePersons(session: Session, linked: boolean): Promise<number> {
  if (linked) await labelPersons(session);
  const person = linked
    ? "select p.label, min(h.contact_id) as contact_id from in_person p join in_hit h using (seq) group by p.label"
    : "select seq as label, min(contact_id) as contact_id from in_hit group by seq";
  await session.run(`
    create or replace temp table in_seat as
      with person as (${person})
      select label, contact_id, false as is_new from person where contact_id is not null
      union all
      select label, ((select value::integer from meta where key = 'next_contact') - 1 + row_number() over ())::integer, true
      from (select label from person where contact_id is null order by label);
    create or replace temp table in_placed as
      ${
        linked
          ? "select p.seq, s.contact_id, s.is_new from in_person p join in_seat s using (label)"
          : "select label as seq, contact_id, is_new from in_seat"
      }`);
  const added = await countRows(session, "in_seat where is_new");
  if (added > 0) {
    await session.run(
      "update meta set value = (value::integer + ?)::varchar where key = 'next_contact'",
      [added],
    );
  }
  return added;
}
